"""What the story of a grant says once the grant is over, and of how many its end leaves."""

from datetime import date
from typing import Any

import pytest

from grants.models import Grant
from tests.conftest import ClientFor
from tests.factories import make_grant, make_instalment, make_payment_row, make_return, make_stop
from tests.factories.people import People
from tests.grants.pages.test_story_page import steps_of, story

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def over(**fields: Any) -> Grant:
    """A grant that was approved, never paid, and is over."""
    grant = make_grant(planned_start=date(2026, 10, 1), **fields)
    make_instalment(grant, due_on=date(2026, 10, 12))
    return grant


@pytest.mark.parametrize("ended", [{"withdrawn_on": date(2026, 11, 6)}, {"closed_on": date(2026, 11, 6)}])
def test_nothing_is_due_any_more_of_a_grant_that_is_over(
    ended: dict[str, date], client_for: ClientFor
) -> None:
    steps = steps_of(story(client_for, "finance", over(**ended)))
    assert any(step.endswith("First payment never paid") for step in steps)
    assert any(step.endswith("Agreement issued not recorded") for step in steps)
    assert not [step for step in steps if " due" in step and "Ends" not in step]


@pytest.mark.parametrize("role", ["commissioner", "finance", "scrutiny", "provider"])
@pytest.mark.parametrize("paid", [True, False])
def test_a_closed_grant_says_that_it_is_closed(
    role: str, paid: bool, people: People, client_for: ClientFor
) -> None:
    grant = over(lead_provider=people.organisation, ends_on=date(2026, 11, 2), closed_on=date(2026, 11, 6))
    if paid:
        make_payment_row(grant, instalment=grant.instalments.get(), paid_on=date(2026, 10, 20))
    response = client_for(role).get(f"/grants/{grant.ref}/")
    said = "It was closed on 6 November 2026." if paid else "Closed on 6 November 2026 after"
    assert response.context["headline"].count("losed on 6 November 2026") == 1
    assert said in response.context["headline"]
    page = response.content.decode()
    assert "It was closed on 6 November 2026." in page.split("Ending</h2>")[1]
    assert steps_of(page)[-1].endswith("Closed 6 November 2026")


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ({"withdrawn_on": date(2026, 11, 6)}, "It was withdrawn on 6 November 2026."),
        ({"closed_on": date(2026, 11, 6)}, "It was closed on 6 November 2026."),
    ],
)
def test_an_untracked_grant_says_so_too(ended: dict[str, date], words: str, client_for: ClientFor) -> None:
    grant = make_grant(tracked=False, **ended)
    assert client_for("finance").get(f"/grants/{grant.ref}/").context["headline"].endswith(words)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 family on the last return has no"), (2, "2 families on the last return have no")],
)
def test_one_family_has_and_two_have(number: int, words: str, client_for: ClientFor) -> None:
    grant = make_grant(planned_start=date(2026, 2, 1), ends_on=date(2027, 1, 31))
    make_return(grant, caseload=number)
    client = client_for("commissioner")
    assert words in client.get(f"/grants/{grant.ref}/").context["headline"]
    counted = words.split(" on")[0]
    assert f"{counted}, 30 September 2026" in client.get(f"/grants/{grant.ref}/plan/").content.decode()
    assert f"{counted} (submitted)" in client.get(f"/grants/{grant.ref}/caseload/").content.decode()


def test_the_form_of_a_clock_stop_that_has_ended_says_so(client_for: ClientFor) -> None:
    stop = make_stop(make_grant())
    address = f"/grants/{stop.grant.ref}/clock-stops/{stop.pk}/end/"
    client = client_for("commissioner")
    assert "already" not in client.get(address).content.decode()
    stop.ended_on = date(2026, 11, 2)
    stop.save()
    assert ("Ended", "on 2 November 2026 already.") in [
        (label, words.split(" If")[0]) for label, words in client.get(address).context["facts"]
    ]
