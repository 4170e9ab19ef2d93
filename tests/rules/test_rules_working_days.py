"""docs/rules/working-days.md, and the numbered calendar against plain counts."""

from datetime import date, timedelta

import numpy as np
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from core.rules.working_days import CalendarRangeError, WorkingDays
from tests.rules.england import BANK_HOLIDAYS, CALENDAR, FIRST, LAST, days, is_worked
from tests.rules.worked_tables import Row, a_date, row_id, worked_table

PAGE = "working-days"
ALL_DAYS = [FIRST + timedelta(days=place) for place in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize("row", worked_table(PAGE, "Between two dates"), ids=row_id)
def test_between_two_dates(row: Row) -> None:
    assert CALENDAR.between(a_date(row["from"]), a_date(row["to"])) == int(row["working days"])


@pytest.mark.parametrize("row", worked_table(PAGE, "Counting on and back"), ids=row_id)
def test_counting_on_and_back(row: Row) -> None:
    count = int(row["working days"])
    assert CALENDAR.plus(a_date(row["from"]), count) == a_date(row["lands on"])
    assert CALENDAR.minus(a_date(row["from"]), -count) == a_date(row["lands on"])


@pytest.mark.parametrize("row", worked_table(PAGE, "One cut-off date for each standard"), ids=row_id)
def test_cut_off(row: Row) -> None:
    assert CALENDAR.cut_off(a_date(row["on"]), int(row["standard"])) == a_date(row["cut-off"])


@pytest.mark.parametrize("row", worked_table(PAGE, "A closure day"), ids=row_id)
def test_a_closure_day(row: Row) -> None:
    closed = WorkingDays.from_days_off(
        date(2026, 1, 1), date(2026, 12, 31), [*BANK_HOLIDAYS, date(2026, 3, 9)]
    )
    assert closed.between(a_date(row["from"]), a_date(row["to"])) == int(row["working days"])


def test_every_pair_of_days_is_a_plain_count() -> None:
    """All 8,766 × 8,766 pairs: from each day on, the working days gone by are counted up one by one."""
    numbers = np.array([CALENDAR.number(day) for day in ALL_DAYS], dtype=np.int32)
    worked = np.array([is_worked(day) for day in ALL_DAYS], dtype=np.int32)
    assert len(ALL_DAYS) == 8766
    for place in range(len(ALL_DAYS)):
        counted = np.cumsum(worked[place:-1], dtype=np.int32)
        assert np.array_equal(numbers[place + 1 :] - numbers[place], counted), ALL_DAYS[place]
        assert np.array_equal(numbers[place] - numbers[place + 1 :], -counted), ALL_DAYS[place]


@given(days, days)
def test_between_is_a_plain_count(one: date, other: date) -> None:
    start, end = sorted([one, other])
    plain = sum(is_worked(start + timedelta(days=place)) for place in range((end - start).days))
    assert CALENDAR.between(start, end) == plain
    assert CALENDAR.between(end, start) == -plain


@pytest.mark.parametrize("year", range(2012, 2029))
def test_bank_holidays_are_those_the_government_published(year: int) -> None:
    published = BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales", year=year)
    assert published, f"nothing published for {year}"
    ours = {day for day in BANK_HOLIDAYS if day.year == year and day.weekday() < 5}
    assert {holiday["date"] for holiday in published if holiday["date"].weekday() < 5} == ours


@given(days, days, days)
def test_splitting_a_period_never_changes_its_total(start: date, middle: date, end: date) -> None:
    assert CALENDAR.between(start, middle) + CALENDAR.between(middle, end) == CALENDAR.between(start, end)


@given(days, st.integers(0, 60), days)
def test_cut_off_parts_the_late_from_the_rest(on: date, standard: int, start: date) -> None:
    assert (start <= CALENDAR.cut_off(on, standard)) == (CALENDAR.between(start, on) > standard)


@given(days, st.integers(-60, 60))
def test_plus_and_minus_land_on_working_days(day: date, count: int) -> None:
    landed = CALENDAR.plus(day, count)
    assert is_worked(landed)
    assert CALENDAR.between(day, landed) == count
    assert CALENDAR.minus(day, -count) == landed


@given(days)
def test_a_day_not_worked_carries_the_number_of_the_next_working_day(day: date) -> None:
    number = CALENDAR.number(day)
    working_day, first = CALENDAR.working_day(number), CALENDAR.first_date(number)
    assert first <= day <= working_day
    assert CALENDAR.is_working(day) == is_worked(day) == (day == working_day)
    assert not any(is_worked(first + timedelta(days=place)) for place in range((working_day - first).days))
    assert CALENDAR.number(first - timedelta(days=1)) == number - 1


def test_the_zero_is_arbitrary() -> None:
    moved = WorkingDays(FIRST, [CALENDAR.number(day) + 1000 for day in ALL_DAYS])
    start, end = date(2026, 3, 3), date(2026, 4, 2)
    assert moved.between(start, end) == CALENDAR.between(start, end)
    assert moved.plus(start, 22) == CALENDAR.plus(start, 22)
    assert moved.first_date(moved.number(end)) == end
    assert (moved.first, moved.last) == (FIRST, LAST)


WEEK = WorkingDays.from_days_off(date(2026, 3, 2), date(2026, 3, 8), [])  # Monday to Sunday


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 9)])
def test_a_date_outside_says_what_to_do(day: date) -> None:
    with pytest.raises(CalendarRangeError, match=r"2026-03-02 to 2026-03-08: add days to the calendar"):
        WEEK.number(day)


def test_counts_that_leave_the_calendar_are_refused() -> None:
    with pytest.raises(CalendarRangeError, match="add days to the calendar"):
        WEEK.plus(date(2026, 3, 6), 1)  # Monday the 9th is not in it
    with pytest.raises(CalendarRangeError, match="add days to the calendar"):
        WEEK.cut_off(date(2026, 3, 2), 0)
    with pytest.raises(CalendarRangeError):
        WEEK.first_date(WEEK.number(date(2026, 3, 2)))  # the Saturday before may share its number
    with pytest.raises(CalendarRangeError):
        WEEK.is_working(date(2026, 3, 8))
    assert WEEK.plus(date(2026, 3, 2), 4) == date(2026, 3, 6)
    assert WEEK.first_date(WEEK.number(date(2026, 3, 3))) == date(2026, 3, 3)


def test_a_broken_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="broken at 2026-03-04"):
        WorkingDays(date(2026, 3, 2), [0, 1, 3])
    with pytest.raises(ValueError, match="broken at 2026-03-03"):
        WorkingDays(date(2026, 3, 2), [1, 0])
    with pytest.raises(ValueError, match="at least one day"):
        WorkingDays(date(2026, 3, 2), [])
