"""What nobody would type, in every address, query and form: refused or not found, never an error, never run."""

import itertools
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.conftest import ClientFor
from tests.core.elements import Elements
from tests.role_matrix.every import ROWS
from tests.role_matrix.rows import Row
from tests.role_matrix.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:Use '__' to separate path components"),
]

MARK = "</p><script>alert(7)</script>"
HUGE, NUL = "9" * 30, "a\x00b"
HOSTILE = {
    "huge": HUGE,
    "nul": NUL,
    "negative": "-1",
    "power": "1e999999",
    "not a number": "NaN",
    "digit": "²",
    "long": "x" * 20_000,
    "script": MARK,
    "quote": "' OR 1=1 --",
    "template": "{{ request.user.password }}{% debug %}",
    "day": "2026-02-31",
}
# What the database itself does not take: SQLite no number of more than 64 bits, PostgreSQL no NUL.
NOT_TAKEN = {"sqlite": HUGE, "postgresql": NUL}
READERS = ("administrator", "finance", "commissioner", "provider")
IN_EVERY_QUERY = ("page", "sort", "fund", "instalment")


def reader(row: Row, method: str = "GET") -> str | None:
    """Somebody whom the address answers."""
    answered = row.expected(method)
    return next((who for who in READERS if answered[who] in {200, 302}), None)


def answered(response: HttpResponse, about: str) -> str:
    """The page. Errors of ours are raised by the client."""
    assert response.status_code < 500, about
    parts = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]
    page = b"".join(parts).decode(errors="replace")
    assert MARK not in page, about
    return page


def pages(world: World, client_for: ClientFor) -> list[tuple[Row, Client, str]]:
    """Each page that somebody reads, with that person's client, but for the gallery, which reads nothing."""
    found = []
    for row in ROWS:
        who = reader(row)
        if who is None or row.expected("GET")[who] != 200 or row.name == "gallery":
            continue
        client = client_for(who)
        found.append((row, client, answered(client.get(row.address(world)), row.name)))
    assert len(found) > 40
    return found


def fields(page: str) -> dict[str, str]:
    """Every field of the page's forms with its value."""
    elements = Elements(page)
    every = (each for kind in ("input", "select", "textarea") for each in elements.all(kind))
    return {each["name"]: each.get("value") or "" for each in every if each.get("name")}  # type: ignore[misc]


def names(page: str) -> set[str]:
    """What the page's links and fields put into a query, and what some page reads though this one offers it nowhere."""
    queries = (urlsplit(link.get("href") or "").query for link in Elements(page).all("a"))
    linked = {name for query in queries for name in parse_qs(query, keep_blank_values=True)}
    return linked | set(fields(page)) | set(IN_EVERY_QUERY)


def test_in_addresses(world: World, client_for: ClientFor) -> None:
    asked = 0
    for row in ROWS:
        for name, value in itertools.product(row.needs, HOSTILE.values()):
            try:
                address = reverse(row.name, kwargs={**row.kwargs(world), name: value})
            except NoReverseMatch:
                continue  # no view is asked
            asked += 1
            for method in ("GET", "POST"):
                client = client_for(reader(row, method) or "administrator")
                answered(client.generic(method, address), f"{row.name}: {value[:30]}")
    assert asked > 100


def query(client: Client, row: Row, world: World, values: Mapping[str, str]) -> None:
    """Ask a page with a query of these values."""
    address = row.address(world).split("?")[0]
    answered(client.get(f"{address}?{urlencode(values)}"), f"{row.name}: {str(values)[:90]}")


def test_in_queries(world: World, client_for: ClientFor) -> None:
    for row, client, page in pages(world, client_for):
        for value in HOSTILE.values():
            query(client, row, world, dict.fromkeys(names(page) - {"page"}, value))
        for name in names(page):
            query(client, row, world, {name: NOT_TAKEN[connection.vendor]})


def test_in_forms(world: World, client_for: ClientFor) -> None:
    for row, client, page in pages(world, client_for):
        filled, address = fields(page), row.address(world)
        for value in HOSTILE.values():
            answered(client.post(address, dict.fromkeys(filled, value)), f"{row.name}: {value[:30]}")
        for name in filled:
            sent = {**filled, name: NOT_TAKEN[connection.vendor]}
            answered(client.post(address, sent), f"{row.name}: {name}")
