"""The calendar table against a plain count over the dates themselves, for every pair of days from 2012 to 2035."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import holidays
import numpy as np
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays

from core.calendar import FIRST_DAY, LAST_DAY, fit_calendar, rebuild, working_days
from core.models import CalendarDay, CalendarEdition, ClosureDay
from tests.conftest import Queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST, LAST = date(2012, 1, 1), date(2035, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2036))


def plainly_worked(closures: frozenset[date] = frozenset()) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether each of the days is worked: Monday to Friday, no bank holiday, not closed."""
    return np.array([d.weekday() < 5 and d not in BANK_HOLIDAYS and d not in closures for d in DAYS])


def disagreements(closures: frozenset[date] = frozenset()) -> int:
    """Pairs of days for which the table and a count of the days between them differ."""
    calendar = working_days()
    numbers = np.array([calendar.number(day) for day in DAYS])
    worked = plainly_worked(closures)
    differing = 0
    for start in range(len(DAYS)):
        counted: np.ndarray[Any, Any] = np.cumsum(worked[start:]) - worked[start:]
        differing += int(np.count_nonzero(numbers[start:] - numbers[start] != counted))
    return differing


def test_every_pair_of_days_counts_as_the_dates_do() -> None:
    assert len(DAYS) == 8766
    assert disagreements() == 0


def test_a_closure_day_moves_every_pair_that_spans_it() -> None:
    before, edition = working_days(), CalendarEdition.objects.get().token
    closed = date(2026, 12, 29)
    ClosureDay.objects.create(date=closed, reason="Office closed between the holidays")
    assert disagreements(frozenset({closed})) > 0, "the table is only as new as its last rebuild"
    rebuild()
    assert CalendarEdition.objects.get().token != edition
    assert disagreements(frozenset({closed})) == 0
    after = working_days()
    assert before.between(closed, date(2026, 12, 30)) == 1
    assert after.between(closed, date(2026, 12, 30)) == 0
    assert after.between(FIRST, closed) == before.between(FIRST, closed)


def test_a_closure_day_at_the_weekend_or_on_a_holiday_changes_nothing() -> None:
    before = working_days()
    ClosureDay.objects.create(date=date(2026, 12, 26), reason="Saturday")
    ClosureDay.objects.create(date=date(2026, 12, 25), reason="Christmas Day")
    rebuild()
    assert working_days().between(FIRST, LAST) == before.between(FIRST, LAST)


def test_splitting_a_period_never_changes_its_total() -> None:
    calendar, chance = working_days(), Random(2026)
    for _ in range(20_000):
        first, second, third = (
            FIRST_DAY + timedelta(chance.randrange((LAST_DAY - FIRST_DAY).days)) for _ in range(3)
        )
        assert calendar.between(first, second) + calendar.between(second, third) == calendar.between(
            first, third
        )


def test_bank_holidays_are_those_the_government_published() -> None:
    published = {
        event["date"]
        for event in BankHolidays(use_cached_holidays=True).get_holidays(
            division=BankHolidays.ENGLAND_AND_WALES
        )
        if 2012 <= event["date"].year <= 2028
    }
    assert len(published) > 100
    years = {day.year for day in published}
    off = {
        row.date
        for row in CalendarDay.objects.filter(is_working=False, date__year__in=years)
        if row.date.weekday() < 5
    }
    assert off == {day for day in published if day.weekday() < 5}


def test_the_table_is_whole_and_its_working_days_match_its_numbers() -> None:
    rows = list(CalendarDay.objects.order_by("date"))
    assert (rows[0].date, rows[-1].date) == (FIRST_DAY, LAST_DAY)
    assert len(rows) == (LAST_DAY - FIRST_DAY).days + 1
    wrong = [a.date for a, b in pairwise(rows) if b.number - a.number != a.is_working]
    assert wrong == []


def test_the_table_is_read_once_an_edition(django_assert_num_queries: Queries) -> None:
    kept = working_days()
    with django_assert_num_queries(1):
        assert working_days() is kept
    rebuild()
    with django_assert_num_queries(2):
        assert working_days() is not kept


def test_a_calendar_that_stands_is_left_alone() -> None:
    edition = CalendarEdition.objects.get().token
    fit_calendar()
    assert CalendarEdition.objects.get().token == edition
    CalendarDay.objects.all().delete()
    fit_calendar()
    assert CalendarEdition.objects.get().token != edition
    assert disagreements() == 0


def test_a_calendar_of_an_older_version_is_made_longer() -> None:
    CalendarDay.objects.filter(date__gt=date(2045, 12, 31)).delete()
    fit_calendar()
    assert CalendarDay.objects.latest("date").date == LAST_DAY
