"""Every address × GET and POST × every kind of person × the exact status. An address without a row fails."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.conftest import ClientFor
from tests.factories import make_membership, make_user
from tests.reading import without_tokens
from tests.role_matrix import accounts
from tests.role_matrix.every import ROWS
from tests.role_matrix.rows import WHO, Row, every_address
from tests.role_matrix.world import EVERY_WORD, FLAG, REVERSAL, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]

SIGN_IN = "/accounts/login/"
DOCS = Path(__file__).resolve().parents[1] / "docs"
OPEN_TO_ALL = {row.name for row in accounts.ROWS}  # or answered by allauth, which leads to sign-in by itself


def statuses(row: Row, method: str, world: World, client_for: ClientFor) -> dict[str, int]:
    """The status each kind of person gets; nothing that one of them does remains for the next."""
    got = {}
    for who in WHO:
        with transaction.atomic():
            person = {"anonymous": None, "other": "other_provider"}.get(who, who)
            response = client_for(person).generic(method, row.address(world))
            got[who] = response.status_code
            transaction.set_rollback(True)
    return got


def test_every_address_has_one_row() -> None:
    listed = Counter(row.name for row in ROWS)
    assert [name for name, times in listed.items() if times > 1] == []
    assert sorted(set(every_address()) - set(listed)) == [], (
        "say who may open each of these, in tests/role_matrix/"
    )
    assert sorted(set(listed) - set(every_address())) == [], "these addresses do not exist"
    assert [name for name, times in Counter(every_address()).items() if times > 1] == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_statuses(row: Row, method: str, world: World, client_for: ClientFor) -> None:
    assert statuses(row, method, world, client_for) == row.expected(method)


@pytest.mark.parametrize(
    ("role", "name", "words"),
    [
        ("commissioner", "imports", "import"),
        ("administrator", "imports", "import"),
        ("finance", "record_payments", "several payments"),
    ],
)
def test_no_guide_denies_what_its_reader_may_do(role: str, name: str, words: str) -> None:
    (row,) = (row for row in ROWS if row.name == name)
    assert row.expected("POST")[role] != 403
    guide = (DOCS / f"{role}.md").read_text(encoding="utf-8")
    assert words not in guide.split("## Not in this version")[1].lower()


def test_nothing_is_taken_without_the_token_of_its_own_form(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people.commissioner)
    answers = {row.name: client.post(row.address(world)).status_code for row in ROWS}
    assert {name: status for name, status in answers.items() if status != 403} == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_is_asked_to_sign_in(method: str, world: World) -> None:
    asked = [row for row in ROWS if row.name not in OPEN_TO_ALL]
    assert len(asked) > 30
    for row in asked:
        response = Client().generic(method, row.address(world))
        assert response.status_code == 302, row.name
        assert response.headers["Location"].startswith(f"{SIGN_IN}?next=/"), row.name


def test_who_has_left_a_provider_sees_what_a_stranger_to_it_sees(world: World, client_for: ClientFor) -> None:
    leaver = make_user("provider")
    make_membership(user=leaver, organisation=world.people.organisation, ended_on=date(2026, 11, 21))
    client = client_for(leaver)
    of_one_provider = [row for row in ROWS if row.expected("GET")["provider"] != row.expected("GET")["other"]]
    assert len(of_one_provider) >= 3
    for row in of_one_provider:
        status = client.get(row.address(world)).status_code
        assert status == row.expected("GET")["other"] == 404, row.name


READABLE = [
    row for row in ROWS if 200 in row.expected("GET").values() and row.name not in {"healthz", "readyz"}
]


def test_pages_have_one_heading_and_nothing_inline(world: World, client_for: ClientFor) -> None:
    for row in READABLE:
        who = next(who for who, status in row.expected("GET").items() if status == 200)
        page = client_for(None if who == "anonymous" else who).get(row.address(world)).content.decode()
        assert len(re.findall(r"<h1\b", page)) == 1, row.name
        assert re.findall(r"""<[^>]+\s(?:style|on[a-z]+)\s*=\s*["'][^>]*>""", page) == [], row.name
        assert re.findall(r"<style\b|<script\b(?![^>]*\ssrc=)[^>]*>", page) == [], row.name


COUNCIL_WORDS = {"scrutiny": EVERY_WORD, "provider": (REVERSAL, FLAG)}


@pytest.mark.parametrize("who", COUNCIL_WORDS)
def test_free_text_and_people_figures_stay_with_whom_they_are_for(
    who: str, world: World, client_for: ClientFor
) -> None:
    client = client_for(who)
    opened = [row for row in ROWS if row.expected("GET")[who] == 200]
    assert len(opened) > 3
    for row in opened:
        page = without_tokens(client.get(row.address(world)).content.decode())
        assert [word for word in COUNCIL_WORDS[who] if word in page] == [], row.name


def test_only_tokens_are_drawn_by_lot(world: World, client_for: ClientFor) -> None:
    """So that a number found in a page, or not found, is never an accident."""
    client = client_for("scrutiny")
    opened = [row for row in READABLE if row.expected("GET")["scrutiny"] == 200]
    for row in opened:
        first, second = (client.get(row.address(world)).content.decode() for _ in range(2))
        assert without_tokens(first) == without_tokens(second), row.name


def test_officers_read_every_word(world: World, client_for: ClientFor) -> None:
    """The control of the test above: the words are there to be seen."""
    client = client_for("commissioner")
    pages = "".join(
        client.get(row.address(world), {"history": "all"}).content.decode()
        for row in ROWS
        if row.name in {"grant", "flag", "change_cover"}
    )
    assert [word for word in EVERY_WORD if word not in pages.replace(",", "")] == []
