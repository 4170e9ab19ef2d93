"""docs/rules/funded-time-lost.md."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from grants.rules.lost_time import funded_time_lost, pound_days
from tests.rules.england import maybe_days, near_days
from tests.rules.worked_tables import Row, a_date, as_date, as_number, as_pounds, row_id, worked_table

PAGE = "funded-time-lost"


@pytest.mark.parametrize("row", worked_table(PAGE, "Worked example"), ids=row_id)
def test_worked_example(row: Row) -> None:
    lost = funded_time_lost(
        as_date(row["planned start"]),
        as_date(row["planned end"]),
        as_date(row["first paid"]),
        a_date(row["judged on"]),
    )
    assert (lost.days if lost else None) == as_number(row["days lost"])
    assert (lost.window_days if lost else None) == as_number(row["window days"])
    assert (f"{lost.share:.1%}" if lost else "not known") == row["share"]


@pytest.mark.parametrize("row", worked_table(PAGE, "In money"), ids=row_id)
def test_in_money(row: Row) -> None:
    assert pound_days(as_pounds(row["amount"]), int(row["days lost"])) == as_pounds(row["pounds × days"])


def test_a_window_that_ends_before_it_starts_is_not_known() -> None:
    assert funded_time_lost(date(2026, 4, 2), date(2026, 4, 1), None, date(2026, 5, 1)) is None


@given(near_days, near_days, maybe_days, near_days)
def test_it_counts_the_days_of_the_window_that_went_by_unpaid(
    start: date, end: date, paid_on: date | None, on: date
) -> None:
    lost = funded_time_lost(start, end, paid_on, on)
    if end < start:
        assert lost is None
        return
    window = [start + timedelta(days=place) for place in range((end - start).days + 1)]
    assert lost is not None
    assert lost.window_days == len(window)
    assert lost.days == len([day for day in window if day < on and (paid_on is None or day < paid_on)])
    assert 0 <= lost.share <= 1


@given(near_days, near_days, maybe_days, near_days)
def test_it_never_shrinks(start: date, end: date, paid_on: date | None, on: date) -> None:
    today = funded_time_lost(start, end, paid_on, on)
    tomorrow = funded_time_lost(start, end, paid_on, on + timedelta(days=1))
    assert today is None or (tomorrow is not None and today.share <= tomorrow.share)
