"""docs/rules/latest-safe-date.md: who is in the sample of a council's own durations, and each judged by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from grants.models import Fund, Grant
from grants.queries.durations import own_durations
from grants.queries.planning import latest_safe_dates
from grants.rules.safe_date import Bases, OwnDuration, OwnDurations
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.oracle.durations import for_a_decision, for_a_payment
from tests.grants.oracle.facts import facts_of
from tests.rules.worked_tables import Row, row_id, worked_table

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON = date(2026, 11, 20)
ANNOUNCED = date(2026, 7, 1)
DECIDED, PAID = date(2026, 10, 9), date(2026, 11, 9)
TO_DECISION, TO_PAYMENT, SO_FAR = 100, 131, 142
STATES: dict[str, dict[str, Any]] = {
    "approved and paid": {"first_paid_on": PAID},
    "approved, not paid": {},
    "deferred": {"decision": "defer"},
    "not decided": {"decided": False},
    "declined": {"decision": "decline"},
    "approved, closed unpaid": {"closed_on": date(2026, 11, 2)},
    "not decided, closed": {"decided": False, "closed_on": date(2026, 11, 2)},
    "decided on a day not known": {"decided": False, "decided_about": "2026-10"},
    "withdrawn": {"withdrawn_on": date(2026, 11, 2)},
    "not tracked": {"tracked": False},
}
HOW = {
    "ended on the decision": (TO_DECISION, True),
    "ended on the first payment": (TO_PAYMENT, True),
    "still waiting": (SO_FAR, False),
    "left out": None,
}


def own(on: date = ON) -> OwnDurations:
    """What the illustrative register tells."""
    return own_durations(on)[True]


def in_three_rounds(count: int, **fields: Any) -> list[Grant]:
    """Grants of three rounds announced on one day."""
    rounds = [make.make_round(announced_on=ANNOUNCED) for _ in range(3)]
    return [make.make_grant(round=rounds[n % 3], **fields) for n in range(count)]


def test_every_state_stands_in_the_table() -> None:
    assert [row["the grant"] for row in worked_table("latest-safe-date", "Who is in the sample")] == list(
        STATES
    )


@pytest.mark.parametrize("row", worked_table("latest-safe-date", "Who is in the sample"), ids=row_id)
def test_who_is_in_the_sample(row: Row) -> None:
    in_three_rounds(1, **STATES[row["the grant"]])
    expected = [HOW[row[name]] for name in ("announcement to first payment", "announcement to decision")]
    first, second, _ = own()
    for found, case in zip((first, second), expected, strict=True):
        days = case[0] if case and case[1] else None
        assert found == OwnDuration(days, 0 if case is None else 1, 0 if case is None else 1)
    facts = facts_of(ON)
    if facts.grants[0].tracked_from is not None and facts.grants[0].withdrawn_on is None:
        assert [for_a_payment(facts.grants[0], facts), for_a_decision(facts.grants[0], facts)] == expected


def test_one_payment_beside_nine_refusals_tells_nothing_of_payments() -> None:
    in_three_rounds(9, decision="decline")
    in_three_rounds(1, first_paid_on=PAID)
    found = own()
    assert found.announcement_to_first_payment == OwnDuration(TO_PAYMENT, 1, 1)
    assert found.announcement_to_decision.days == TO_DECISION
    assert found.bases == Bases("planned", "own", "planned")


def test_those_who_wait_for_a_decision_make_it_longer() -> None:
    in_three_rounds(18)
    assert own().announcement_to_decision.days == TO_DECISION
    in_three_rounds(2, decided=False)
    assert own().announcement_to_decision.days == TO_DECISION
    in_three_rounds(1, decision="defer")
    found = own().announcement_to_decision
    assert (found.days, found.n_cases) == (None, 21)


def test_a_decision_of_tomorrow_is_awaited_today() -> None:
    in_three_rounds(10, decided_on=ON + timedelta(days=1))
    assert own().announcement_to_decision == OwnDuration(None, 10, 3)
    assert own(ON + timedelta(days=1)).announcement_to_decision == OwnDuration(SO_FAR + 1, 10, 3)


def test_a_wait_that_ended_before_it_began_counts_nowhere() -> None:
    in_three_rounds(10, decided_on=ANNOUNCED - timedelta(days=1))
    assert own().announcement_to_decision == OwnDuration(None, 0, 0)


def test_few_extensions_leave_the_other_two_durations_as_they_are() -> None:
    grants = in_three_rounds(10, first_paid_on=PAID)
    for grant in grants[:9]:
        make.make_variation(grant, proposed_on=date(2026, 11, 2), decided_on=date(2026, 11, 9))
    fund = Fund.objects.get(pk=grants[0].fund_id)
    safe = latest_safe_dates(date(2027, 8, 31), fund, own_durations(ON))
    assert safe.bases == Bases("own", "own", "planned")
    assert safe.new_round_by == date(2027, 5, 31) - timedelta(days=TO_DECISION)
    assert safe.extension_by == date(2027, 5, 31) - timedelta(days=30)
    make.make_variation(grants[9], proposed_on=date(2026, 11, 2), decided_on=date(2026, 11, 9))
    safe = latest_safe_dates(date(2027, 8, 31), fund, own_durations(ON))
    assert (safe.extension_by, safe.bases) == (date(2027, 5, 24), Bases("own", "own", "own"))


def test_the_pages_say_which_were_used(client_for: ClientFor) -> None:
    grants = in_three_rounds(10, first_paid_on=PAID)
    make.make_return(grants[0])
    words = (
        "orked out from how long this council’s own stages take; the time from the proposal to extend to its decision "
        "is as the fund plans, because the council’s own cases cannot tell it yet."
    )
    client = client_for("commissioner")
    assert f"W{words}" in client.get(f"/grants/{grants[0].ref}/").content.decode()
    assert f"Latest safe date: w{words}" in client.get("/reports/sustainability/").content.decode()
