"""docs/rules/payment-clock.md, and the clock against a count of single days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.clock import FUNDER, PROVIDER, ClockCase, Stop, clock_start, measure, stop_working_days
from tests.rules.england import CALENDAR, clock_cases, is_worked, near_days, standards, stops
from tests.rules.worked_tables import Row, a_date, as_date, as_yes_no, row_id, worked_table

PAGE = "payment-clock"


@pytest.mark.parametrize("row", worked_table(PAGE, "Where the clock starts"), ids=row_id)
def test_where_the_clock_starts(row: Row) -> None:
    case = ClockCase(
        implementable_on=as_date(row["implementable"]),
        first_due_on=as_date(row["first due"]),
        on_claim=as_yes_no(row["on claim"]),
        claim_valid_on=as_date(row["claim valid"]),
        first_paid_on=None,
        decided_on=as_date(row["decided"]),
        planned_start=None,
        stops=(),
    )
    assert clock_start(case, int(row["standard"]), CALENDAR) == as_date(row["clock starts"])


def stops_in(text: str) -> tuple[Stop, ...]:
    """Stops as the page writes them: "provider 9 March 2026 to 16 March 2026; funder …"."""
    if text == "none":
        return ()
    found = []
    for part in text.split("; "):
        waiting_on, _, dates = part.partition(" ")
        start, _, end = dates.partition(" to ")
        found.append(Stop(waiting_on, a_date(start), as_date(end)))
    return tuple(found)


@pytest.mark.parametrize("row", worked_table(PAGE, "Whose time it was"), ids=row_id)
def test_whose_time_it_was(row: Row) -> None:
    decided_on, due_on, on = date(2026, 1, 12), date(2026, 4, 1), a_date(row["judged on"])
    paid_on = as_date(row["paid"])
    case = ClockCase(decided_on, due_on, False, None, paid_on, decided_on, due_on, stops_in(row["stops"]))
    clock = measure(case, 21, on, CALENDAR)
    assert clock is not None
    assert clock.start == date(2026, 3, 3)
    assert clock.end == (paid_on if paid_on and paid_on <= on else None)
    assert clock[2:] == tuple(
        int(row[column]) for column in ("gross", "provider", "funder", "council", "total wait")
    )


def days_of(start: date, end: date) -> list[date]:
    return [start + timedelta(days=place) for place in range((end - start).days)]


def is_in(stop: Stop, day: date) -> bool:
    return stop.start <= day and (stop.end is None or day < stop.end)


@given(clock_cases(), standards, near_days)
def test_the_clock_counts_single_days(case: ClockCase, standard: int, on: date) -> None:
    clock = measure(case, standard, on, CALENDAR)
    start = clock_start(case, standard, CALENDAR)
    if start is None or case.decided_on is None or case.decided_on > on:
        assert clock is None
        return
    assert clock is not None
    paid = case.first_paid_on is not None and case.first_paid_on <= on
    until = case.first_paid_on if paid and case.first_paid_on else on
    stage = [day for day in days_of(start, until) if is_worked(day)]
    provider = {
        day for day in stage for stop in case.stops if stop.waiting_on == PROVIDER and is_in(stop, day)
    }
    funder = {day for day in stage for stop in case.stops if stop.waiting_on == FUNDER and is_in(stop, day)}
    assert clock.start == start
    assert clock.end == (until if paid else None)
    assert clock.gross_working_days == len(stage)
    assert clock.provider_working_days == len(provider)
    assert clock.funder_working_days == len(funder - provider)
    assert clock.council_working_days == len(stage) - len(provider)
    assert clock.total_wait_working_days == len(
        [day for day in days_of(case.decided_on, until) if is_worked(day)]
    )


@given(clock_cases(), standards, near_days, stops())
def test_a_stop_never_makes_councils_time_exceed_the_total(
    case: ClockCase, standard: int, on: date, another: Stop
) -> None:
    clock = measure(case, standard, on, CALENDAR)
    more = measure(case._replace(stops=(*case.stops, another)), standard, on, CALENDAR)
    if clock is None or more is None:
        assert clock is more is None
        return
    assert 0 <= clock.council_working_days <= clock.gross_working_days
    assert clock.provider_working_days + clock.funder_working_days <= clock.gross_working_days
    assert more.council_working_days <= clock.council_working_days
    assert more.gross_working_days == clock.gross_working_days
    if another.waiting_on == FUNDER:
        assert more.council_working_days == clock.council_working_days


@given(
    st.lists(stops(), max_size=5), near_days, near_days, near_days, st.sampled_from([PROVIDER, FUNDER, None])
)
def test_splitting_a_stage_never_changes_its_stops(
    some_stops: list[Stop], one: date, two: date, three: date, waiting_on: str | None
) -> None:
    start, middle, end = sorted([one, two, three])
    parts = stop_working_days(some_stops, waiting_on, start, middle, CALENDAR)
    parts += stop_working_days(some_stops, waiting_on, middle, end, CALENDAR)
    assert parts == stop_working_days(some_stops, waiting_on, start, end, CALENDAR)


@given(stops(), near_days, near_days)
def test_a_stop_split_in_two_or_told_twice_counts_the_same(stop: Stop, one: date, two: date) -> None:
    start, end = sorted([one, two])
    whole = stop_working_days([stop], stop.waiting_on, start, end, CALENDAR)
    cut = max(stop.start, min(one, stop.end or one))
    halves = [stop._replace(end=cut), stop._replace(start=cut)]
    assert stop_working_days(halves, stop.waiting_on, start, end, CALENDAR) == whole
    assert stop_working_days([stop, stop], stop.waiting_on, start, end, CALENDAR) == whole


@given(clock_cases(), standards, near_days, near_days)
def test_a_later_day_never_shortens_the_wait(case: ClockCase, standard: int, one: date, two: date) -> None:
    earlier, later = (measure(case, standard, on, CALENDAR) for on in sorted([one, two]))
    if earlier is not None and later is not None:
        assert all(sooner <= after for sooner, after in zip(earlier[2:6], later[2:6], strict=True))
        assert earlier.total_wait_working_days <= later.total_wait_working_days
