"""docs/rules/slow-disbursement.md: first payments, later instalments, stops and rounds."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grants.rules.clock import ClockCase, Stop, clock_start, measure
from grants.rules.levels import RANK, Level
from grants.rules.slow import (
    InstalmentCase,
    information_lead_time_working_days,
    instalment_state,
    judge_first_payment,
    judge_instalment,
    judge_round,
    judge_stop,
    thresholds,
    watch_at_working_days,
)
from tests.rules.england import CALENDAR, clock_cases, maybe_days, near_days, standards, stops
from tests.rules.worked_tables import Row, a_date, as_date, as_number, as_yes_no, row_id, worked_table

PAGE = "slow-disbursement"


@pytest.mark.parametrize("row", worked_table(PAGE, "When each level begins"), ids=row_id)
def test_when_each_level_begins(row: Row) -> None:
    case = ClockCase(
        implementable_on=as_date(row["decided"]),
        first_due_on=as_date(row["first due"]),
        on_claim=as_yes_no(row["on claim"]),
        claim_valid_on=as_date(row["claim valid"]),
        first_paid_on=None,
        decided_on=as_date(row["decided"]),
        planned_start=as_date(row["planned start"]),
        stops=(),
    )
    expected = tuple(
        as_date(row[column]) for column in ("clock start", "watch from", "late from", "critical from")
    )
    found = thresholds(case, int(row["standard"]), CALENDAR)
    assert (found or (None,) * 4) == expected
    verdict = judge_first_payment(case, int(row["standard"]), a_date(row["judged on"]), CALENDAR)
    assert (verdict.level if verdict else "none") == row["level"]


@pytest.mark.parametrize("row", worked_table(PAGE, "Where an instalment stands"), ids=row_id)
def test_where_an_instalment_stands(row: Row) -> None:
    case = InstalmentCase(
        as_date(row["due"]), as_date(row["condition met"]), as_yes_no(row["condition"]), as_date(row["paid"])
    )
    on = a_date(row["judged on"])
    assert instalment_state(case, on) == row["state"]
    verdict = judge_instalment(case, on, CALENDAR)
    assert (verdict is not None) == (row["state"] == "late")
    if verdict:
        assert (verdict.level, verdict.working_days_late) == (Level.LATE, int(row["working days late"]))


@pytest.mark.parametrize("row", worked_table(PAGE, "When a stop is chased"), ids=row_id)
def test_when_a_stop_is_chased(row: Row) -> None:
    stop = Stop(row["waiting on"], a_date(row["from"]), as_date(row["to"]))
    on = a_date(row["judged on"])
    assert CALENDAR.between(stop.start, on) == int(row["working days"])
    verdict = judge_stop(stop, on, CALENDAR)
    assert (verdict is not None) == as_yes_no(row["chased"])
    if verdict:
        assert (verdict.level, verdict.working_days) == (Level.LATE, int(row["working days"]))


def test_a_stop_that_has_not_begun_is_not_chased() -> None:
    assert judge_stop(Stop("provider", date(2026, 4, 1), None), date(2026, 3, 1), CALENDAR) is None


@pytest.mark.parametrize("row", worked_table(PAGE, "When a round is flagged"), ids=row_id)
def test_when_a_round_is_flagged(row: Row) -> None:
    announced_on, closes_on = as_date(row["announced"]), as_date(row["closes"])
    lead_time = information_lead_time_working_days(announced_on, closes_on, CALENDAR)
    assert lead_time == as_number(row["lead time"])
    verdict = judge_round(announced_on, closes_on, int(row["norm"]), a_date(row["judged on"]), CALENDAR)
    assert (verdict is not None) == as_yes_no(row["flagged"])
    if verdict:
        assert (verdict.level, verdict.lead_time_working_days) == (Level.WATCH, lead_time)
        assert verdict.extend_to == a_date(row["extend to"])


@given(near_days, near_days, st.integers(1, 40), near_days)
def test_extending_a_round_as_told_clears_it(
    announced_on: date, closes_on: date, norm: int, on: date
) -> None:
    verdict = judge_round(announced_on, closes_on, norm, on, CALENDAR)
    if verdict:
        assert verdict.extend_to > closes_on
        assert judge_round(announced_on, verdict.extend_to, norm, on, CALENDAR) is None


@pytest.mark.parametrize(
    ("standard", "watch_at"), [(21, 16), (20, 15), (1, 1), (2, 2), (4, 3), (10, 8), (30, 23)]
)
def test_watch_begins_with_the_first_whole_day_at_three_quarters(standard: int, watch_at: int) -> None:
    assert watch_at_working_days(standard) == watch_at


@pytest.mark.parametrize("standard", [1, 2, 5, 10, 21, 28])
def test_each_boundary_of_the_council_s_time(standard: int) -> None:
    decided_on = date(2024, 1, 8)
    case = ClockCase(decided_on, None, False, None, None, decided_on, None, ())

    def level_after(working_days: int) -> Level | None:
        on = CALENDAR.plus(decided_on, working_days)
        verdict = judge_first_payment(case, standard, on, CALENDAR)
        assert verdict is None or verdict.council_working_days == working_days
        return verdict.level if verdict else None

    watch_at = watch_at_working_days(standard)
    assert level_after(watch_at - 1) is None
    assert level_after(watch_at) is Level.WATCH
    assert level_after(standard) is Level.WATCH
    assert level_after(standard + 1) is Level.LATE
    assert level_after(2 * standard) is Level.LATE
    assert level_after(2 * standard + 1) is Level.CRITICAL


def plain_level(case: ClockCase, standard: int, on: date) -> str | None:
    """The rule once more, said slowly."""
    clock = measure(case, standard, on, CALENDAR)
    if clock is None or clock.end is not None or case.decided_on is None:
        return None
    start = case.planned_start
    if start and not case.on_claim and start >= case.decided_on and on > start:
        return "critical"
    reached = [
        name
        for name, holds in (
            ("critical", clock.council_working_days > standard * 2),
            ("late", clock.council_working_days > standard),
            ("watch", clock.council_working_days >= standard * 0.75),
        )
        if holds
    ]
    return reached[0] if reached else None


@given(clock_cases(), standards, near_days)
def test_first_payment_equals_the_rule_said_slowly(case: ClockCase, standard: int, on: date) -> None:
    verdict = judge_first_payment(case, standard, on, CALENDAR)
    assert (verdict.level.value if verdict else None) == plain_level(case, standard, on)
    if verdict:
        clock = measure(case, standard, on, CALENDAR)
        assert clock is not None
        assert verdict.council_working_days == clock.council_working_days
        assert verdict.clock_start == clock_start(case, standard, CALENDAR)


@given(clock_cases(), standards, near_days, near_days)
def test_a_later_day_never_lowers_the_level_while_unpaid(
    case: ClockCase, standard: int, one: date, two: date
) -> None:
    unpaid = case._replace(first_paid_on=None)
    earlier, later = (judge_first_payment(unpaid, standard, on, CALENDAR) for on in sorted([one, two]))
    assert (RANK[earlier.level] if earlier else 0) <= (RANK[later.level] if later else 0)


@given(clock_cases(), standards, near_days, stops())
def test_another_stop_never_raises_the_level(case: ClockCase, standard: int, on: date, another: Stop) -> None:
    before = judge_first_payment(case, standard, on, CALENDAR)
    after = judge_first_payment(case._replace(stops=(*case.stops, another)), standard, on, CALENDAR)
    assert (RANK[after.level] if after else 0) <= (RANK[before.level] if before else 0)


@given(clock_cases(), standards, near_days)
def test_a_payment_clears_it(case: ClockCase, standard: int, on: date) -> None:
    assert judge_first_payment(case._replace(first_paid_on=on), standard, on, CALENDAR) is None


@given(clock_cases(), standards)
def test_thresholds_are_the_first_days_of_their_levels(case: ClockCase, standard: int) -> None:
    plain = case._replace(stops=(), first_paid_on=None)
    found = thresholds(plain, standard, CALENDAR)
    assume(found is not None)
    assert found is not None
    for first_day, level in (
        (found.watch_from, Level.WATCH),
        (found.late_from, Level.LATE),
        (found.critical_from, Level.CRITICAL),
    ):
        on_the_day = judge_first_payment(plain, standard, first_day, CALENDAR)
        the_day_before = judge_first_payment(plain, standard, first_day - timedelta(days=1), CALENDAR)
        if plain.decided_on is None or first_day < plain.decided_on:
            continue  # a claim from before the decision: nothing is judged until there is one
        assert on_the_day is not None
        assert RANK[on_the_day.level] >= RANK[level]
        started_late = the_day_before is not None and the_day_before.start_passed
        assert started_late or the_day_before is None or RANK[the_day_before.level] < RANK[level]


@given(maybe_days, maybe_days, st.booleans(), maybe_days, near_days)
def test_an_instalment_is_late_only_when_somebody_could_have_paid_it(
    due_on: date | None, met_on: date | None, has_condition: bool, paid_on: date | None, on: date
) -> None:
    verdict = judge_instalment(InstalmentCase(due_on, met_on, has_condition, paid_on), on, CALENDAR)
    could_pay = (
        due_on is not None and due_on < on and (not has_condition or (met_on is not None and met_on < on))
    )
    assert (verdict is not None) == (could_pay and (paid_on is None or paid_on > on))
    if verdict:
        assert verdict.payable_on < on
        assert verdict.working_days_late >= 0
