"""A return that was sent back and is late says both, and is found as either."""

import re
from datetime import date

import pytest

from grants.models import Grant
from tests.conftest import ClientFor
from tests.factories import make_grant, make_return
from tests.factories.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BOTH = "Sent back and late"


@pytest.fixture
def grant(people: People) -> Grant:
    """A return of each state that waits for the provider, late and not."""
    found = make_grant(lead_provider=people.organisation)
    months = enumerate((("due", 14), ("due", 30), ("sent_back", 14), ("sent_back", 30)), start=1)
    for month, (state, due) in months:
        make_return(found, state=state, period_to=date(2026, month, 28), due_on=date(2026, 11, due))
    make_return(found, state="sent_back", period_to=date(2026, 6, 30), due_on=None)
    return found


def states(client_for: ClientFor, query: str) -> list[str]:
    """The states that the list says, in words."""
    page = client_for("commissioner").get(f"/returns/{query}").content.decode()
    return sorted(re.findall(r"<strong[^>]*app-tag[^>]*>\s*([^<]+?)\s*</strong>", page))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Due", "Late", "Sent back", "Sent back", BOTH]),
        ("?state=late", ["Late", BOTH]),
        ("?state=sent_back", ["Sent back", "Sent back", BOTH]),
        ("?state=due", ["Due"]),
    ],
)
def test_it_is_found_by_both_filters(
    query: str, expected: list[str], grant: Grant, client_for: ClientFor
) -> None:
    assert states(client_for, query) == expected


def test_it_is_counted_once(grant: Grant, client_for: ClientFor) -> None:
    page = client_for("commissioner").get("/returns/").content.decode()
    assert "5 returns: 1 late, 1 due, 2 sent back, 1 sent back and late" in page


@pytest.mark.parametrize("path", ["", "caseload/"])
def test_the_grant_and_the_form_say_the_same(path: str, grant: Grant, client_for: ClientFor) -> None:
    page = client_for("commissioner").get(f"/grants/{grant.ref}/{path}").content.decode()
    assert BOTH.lower() in page.lower()
