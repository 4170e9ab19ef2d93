"""`/grants/<ref>/`: what it leads to next, and to whom it says so."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.web.timeline import Progress
from grants.models import Payment
from tests.conftest import ClientFor
from tests.factories import (
    make_agreement,
    make_check,
    make_fund,
    make_grant,
    make_instalment,
    make_payment_row,
    make_stop,
)
from tests.factories.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def first_payment(page: Any) -> tuple[str, str]:
    """How the first payment stands on the timeline and in the schedule."""
    step = next(step for step in page.context["steps"] if step.label == "First payment")
    return str(step.progress), page.context["story"].schedule[0].state


def test_a_first_payment_is_late_by_its_clock_not_by_its_due_date(client_for: ClientFor) -> None:
    """Due on 9 October 2026 with a standard of 21: 40 days on it is watched, or late, in one word everywhere."""
    due = date(2026, 10, 9)
    in_time = make_grant(fund=make_fund(payment_standard_working_days=35), planned_start=None)
    late = make_grant(planned_start=None)
    for grant in (in_time, late):
        make_instalment(grant, due_on=due)
    client = client_for("commissioner")
    found = [first_payment(client.get(f"/grants/{grant.ref}/")) for grant in (in_time, late)]
    assert [state for _, state in found] == ["waiting", "late"]
    assert found[0][0] != found[1][0] == str(Progress.MISSED)


def test_a_grant_without_an_end_says_so_first(client_for: ClientFor) -> None:
    grant = make_grant(ends_on=None, planned_end=None)
    make_payment_row(grant)
    page = client_for("commissioner").get(f"/grants/{grant.ref}/")
    assert page.context["headline"].endswith("When it ends is not known.")
    assert page.context["actions"].main.label == "Record when it ends"
    assert client_for("finance").get(f"/grants/{grant.ref}/").context["actions"].main is None


def test_no_button_leads_to_what_is_far_off(client_for: ClientFor) -> None:
    """Neither to a plan for an end in two years, nor to a payment that is due in half a year."""
    grant = make_grant(planned_end=date(2028, 8, 31), ends_on=date(2028, 8, 31))
    make_agreement(grant)
    make_instalment(grant, due_on=date(2027, 5, 1))
    for role in ("commissioner", "finance"):
        assert client_for(role).get(f"/grants/{grant.ref}/").context["actions"].main is None


def test_finance_is_not_led_to_authorise_what_it_could_then_not_pay(client_for: ClientFor) -> None:
    grant = make_grant(fund=make_fund(second_approver_threshold=Decimal(1000)))
    make_agreement(grant)
    make_instalment(grant)
    assert client_for("finance").get(f"/grants/{grant.ref}/").context["actions"].main is None
    form = client_for("finance").get(f"/grants/{grant.ref}/instalments/1/authorise/")
    assert "You cannot record its payment yourself" in form.content.decode()
    assert client_for("administrator").get(f"/grants/{grant.ref}/").context["actions"].main.label == (
        "Authorise the instalment"
    )


def test_a_provider_that_is_waited_for_is_told_what_to_do(people: People, client_for: ClientFor) -> None:
    grant = make_grant(lead_provider=people.organisation)
    make_agreement(grant)
    make_instalment(grant)
    make_check(grant)

    def page(role: str) -> str:
        return str(client_for(role).get(f"/grants/{grant.ref}/").content.decode())

    assert f"Send what is missing to {grant.lead_officer.name}." in page("provider")
    assert "The clock is not stopped" in page("finance")
    make_stop(grant, ended_on=None)
    assert "The clock is not stopped" not in page("finance")


def reversed_by(payment: Payment, amount: int) -> None:
    """So much of it was taken back."""
    back = {"kind": "reversal", "reverses": payment, "instalment": payment.instalment, "reason": "Bounced"}
    make_payment_row(payment.grant, amount=Decimal(amount), **back)


def test_of_what_was_taken_back_there_is_nothing_to_confirm_or_to_reverse(
    people: People, client_for: ClientFor
) -> None:
    grant = make_grant(lead_provider=people.organisation)
    whole, part = (make_payment_row(grant, amount=Decimal(6000)) for _ in range(2))
    reversed_by(whole, 6000)
    reversed_by(part, 1000)
    for role in ("provider", "finance"):
        offered = client_for(role).get(f"/grants/{grant.ref}/").context["actions"].payments
        assert offered.keys() == {part.pk}
    page = client_for("provider").get(f"/grants/{grant.ref}/")
    assert page.context["actions"].main.label == "Confirm you received £5,000"
    step = next(step for step in page.context["steps"] if step.label == "First payment")
    assert step.note == "£5,000"
    reversed_by(part, 5000)
    page = client_for("provider").get(f"/grants/{grant.ref}/")
    assert page.context["actions"].main.label == "Tell us who you support"


def test_money_paid_back_is_recorded_only_where_money_is_paid(client_for: ClientFor) -> None:
    grant = make_grant()
    paid = make_payment_row(grant, amount=Decimal(6000))

    def offered() -> bool:
        found = client_for("finance").get(f"/grants/{grant.ref}/").context["actions"].money
        return any(action.label == "Record money paid back" for action in found)

    reversed_by(paid, 5000)
    assert offered()
    reversed_by(paid, 1000)
    assert not offered()


def test_a_receipt_is_confirmed_only_of_a_payment_that_stands(client_for: ClientFor) -> None:
    grant = make_grant()
    make_payment_row(grant, amount=Decimal(500), receipt_confirmed_on=date(2026, 11, 10))
    make_payment_row(grant, amount=Decimal(600))
    reversed_by(make_payment_row(grant, amount=Decimal(700)), 700)
    make_payment_row(grant, kind="recovery", amount=Decimal(100), reason="Not spent")
    table = client_for("finance").get(f"/grants/{grant.ref}/").context["payments"]
    said = {
        (row.get_cell("kind"), row.get_cell("amount")): row.get_cell("receipt_confirmed_on")
        for row in table.rows
    }
    assert said == {
        ("Payment", "£500"): "10 November 2026",
        ("Payment", "£600"): "not confirmed",
        ("Payment", "£700"): "does not apply",
        ("Reversal", "−£700"): "does not apply",
        ("Recovery", "−£100"): "does not apply",
    }


def test_of_a_part_paid_instalment_the_rest_is_asked_for(client_for: ClientFor) -> None:
    grant = make_grant()
    make_agreement(grant)
    line = make_instalment(grant, amount=Decimal(7000))
    client = client_for("finance")
    assert "of it not paid" not in client.get(f"/grants/{grant.ref}/").content.decode()
    make_payment_row(grant, instalment=line, amount=Decimal(4000), keep_dates=False)
    page = client.get(f"/grants/{grant.ref}/")
    assert page.context["actions"].main.label == "Record the payment of £3,000"
    assert "£7,000, £3,000 of it not paid" in page.content.decode()
