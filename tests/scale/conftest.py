"""Every page in every role, and the flag pass, on a small register and on the same one grown to ten thousand grants."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from core.models import User
from demo.year.people import SIGN_INS
from grants.operations.flag_pass import raise_flags
from grants.queries import planning
from tests.demo.conftest import run_demo
from tests.factories.people import make_people
from tests.role_matrix import actions, reading
from tests.role_matrix.rows import Row
from tests.role_matrix.world import World, make_world

SMALL, LARGE = 100, 10_000
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ROLES = ("commissioner", "finance", "scrutiny", "administrator", "provider")
# What the addresses alone do not ask: the lists filtered, sorted, searched and on their last page.
QUERIES = {
    "grants": (
        "?sort=-ends_on",
        "?sort=awarded&tracked=yes",
        "?search=youth",
        "?level=critical",
        "?ends=3&state=running",
        "?page=4",
    ),
    "returns": ("?sort=period_to", "?state=late", "?page=3"),
    "flags": ("?sort=-opened_on", "?rule=cliff_edge&level=critical", "?show=cleared"),
    "today": ("?news=all",),
}
TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Pass(NamedTuple):
    """What a second flag pass sends: how many queries, and those that write."""

    queries: int
    writes: list[str]


class Measured(NamedTuple):
    """Queries by page and role, and those of a second pass, at one size of the register."""

    pages: Mapping[tuple[str, str], int]
    second_pass: Pass


def rows() -> Iterator[Row]:
    """Every address that shows something to somebody who has signed in."""
    for row in [*reading.ROWS, *actions.ROWS]:
        if any(row.expected("GET")[role] == 200 for role in ROLES):
            yield row


def measure(world: World) -> Measured:
    """Open every page in every role that may, each as the first after something was written."""
    found = {}
    demo = {sign_in.role.value: User.objects.get(email=sign_in.email) for sign_in in reversed(SIGN_INS)}
    for row in rows():
        for role in ROLES:
            if row.expected("GET")[role] != 200:
                continue
            client = Client()
            client.force_login(world.people[role] if row.needs else demo[role])
            address = reverse(row.name, kwargs=row.kwargs(world))
            for query in (row.query, *QUERIES.get(row.name, ())):
                found[f"{row.name}{query}", role] = _queries(client, address + query)
    return Measured(found, _second_pass())


def _queries(client: Client, address: str) -> int:
    planning._kept.clear()
    with CaptureQueriesContext(connection) as sent:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(_plain(sent))


def _plain(sent: CaptureQueriesContext) -> list[str]:
    statements = [query["sql"].lstrip() for query in sent.captured_queries]
    return [sql for sql in statements if not sql.upper().startswith(TRANSACTIONS)]


def _second_pass() -> Pass:
    by = User.objects.system("flag pass")
    raise_flags(on=NOON.date(), by=by, at=NOON)
    with CaptureQueriesContext(connection) as sent:
        raise_flags(on=NOON.date(), by=by, at=NOON)
    plain = _plain(sent)
    return Pass(len(plain), [sql for sql in plain if sql.upper().startswith(("INSERT", "UPDATE", "DELETE"))])


@pytest.fixture(scope="module")
def measured(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[int, Measured]]:
    """The same pages at both sizes; nothing of it remains."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        time_machine.travel(NOON, tick=False),
    ):
        run_demo("--grants", str(SMALL))
        world = make_world(make_people())
        small = measure(world)
        run_demo("--grants", str(LARGE))
        large = measure(world)
        yield {SMALL: small, LARGE: large}
        transaction.set_rollback(True)
