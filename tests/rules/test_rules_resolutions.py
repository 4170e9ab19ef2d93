"""docs/rules/resolutions.md: the answer of one grant, and the state of a resolution."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.clock import PROVIDER, ClockCase, Stop
from grants.rules.slow import judge_first_payment
from grants.rules.standard import StandardCounts, standard_answer
from reports.rules.milestones import milestones, months_until
from reports.rules.resolutions import State, early_help_state, speed_state
from tests.rules.england import CALENDAR
from tests.rules.worked_tables import Row, a_date, as_date, as_yes_no, row_id, worked_table

PAGE = "resolutions"
DECIDED = date(2026, 1, 12)


@pytest.mark.parametrize("row", worked_table(PAGE, "Paid within the standard"), ids=row_id)
def test_paid_within_the_standard(row: Row) -> None:
    stop_from = as_date(row["stop from"])
    case = ClockCase(
        implementable_on=DECIDED,
        first_due_on=as_date(row["first due"]),
        on_claim=as_yes_no(row["on claim"]),
        claim_valid_on=as_date(row["claim valid"]),
        first_paid_on=as_date(row["paid"]),
        decided_on=DECIDED,
        planned_start=None,
        stops=(Stop(PROVIDER, stop_from, as_date(row["stop to"])),) if stop_from else (),
    )
    standard, on = int(row["standard"]), a_date(row["judged on"])
    assert standard_answer(case, standard, on, CALENDAR) == row["answer"]


def test_nothing_is_known_of_a_grant_without_a_decision() -> None:
    case = ClockCase(None, None, False, None, date(2026, 2, 2), None, None, ())
    assert standard_answer(case, 21, date(2026, 3, 2), CALENDAR) == "not_known"


@given(st.dates(date(2026, 1, 12), date(2026, 8, 31)), st.integers(1, 40))
def test_who_is_late_is_past_the_standard(on: date, standard: int) -> None:
    """The flag and the report never disagree on one unpaid grant."""
    case = ClockCase(DECIDED, None, False, None, None, DECIDED, None, ())
    verdict = judge_first_payment(case, standard, on, CALENDAR)
    late = verdict is not None and verdict.level in ("late", "critical")
    assert (standard_answer(case, standard, on, CALENDAR) == "past") == late


@pytest.mark.parametrize("row", worked_table(PAGE, "The state of resolution 2"), ids=row_id)
def test_state_of_resolution_2(row: Row) -> None:
    counts = StandardCounts(int(row["within"]), int(row["past"]), 0, 0)
    state = speed_state(
        counts,
        critical=int(row["critical"]),
        cannot_be_assessed=int(row["cannot be assessed"]),
        in_scope=int(row["in scope"]),
    )
    assert state == row["state"]


COUNT = st.integers(0, 30)


@given(COUNT, COUNT, COUNT, COUNT)
def test_one_more_paid_in_time_never_makes_it_worse(
    within: int, past: int, critical: int, cannot: int
) -> None:
    order = [State.NOT_ON_TRACK, State.PARTLY, State.ON_TRACK]
    critical = min(critical, past)
    states = [
        speed_state(
            StandardCounts(within + more, past, 0, 0),
            critical=critical,
            cannot_be_assessed=cannot,
            in_scope=within + more + past + cannot,
        )
        for more in (0, 1)
    ]
    if State.NOT_KNOWN not in states:
        assert order.index(states[1]) >= order.index(states[0])
    if states[0] is not State.NOT_KNOWN:
        assert states[1] is not State.NOT_KNOWN


def test_resolution_1_waits_for_the_council() -> None:
    assert early_help_state() is State.NOT_KNOWN


@pytest.mark.parametrize("row", worked_table("milestones", "The two days"), ids=row_id)
def test_milestones(row: Row) -> None:
    on = a_date(row["day of the report"])
    assert milestones(on) == (a_date(row["first"]), a_date(row["second"]))


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_both_milestones_lie_ahead_within_a_year(on: date) -> None:
    first, second = milestones(on)
    assert on <= first < second
    assert (second - on).days < 366
    assert {(day.month, day.day) for day in (first, second)} == {(3, 31), (8, 31)}
    months = months_until(on, second)
    assert months[0] <= on
    assert months[-1] <= second
    assert len({(month.year, month.month) for month in months}) == len(months)
