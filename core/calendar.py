"""The calendar's writer and reader. England's bank holidays come from `holidays`, closure days from the council."""

import uuid
from datetime import date, timedelta
from typing import Any

import holidays
from django.db import transaction
from django.db.models import Max, Min

from core.models.calendar import CalendarDay, CalendarEdition, ClosureDay
from core.rules.dates import EARLIEST, LATEST
from core.rules.working_days import WorkingDays

# Two years more than the dates that the product takes: a standard may be counted back from the first of them, or on
# from the last.
FIRST_DAY = date(EARLIEST.year - 2, 1, 1)
LAST_DAY = date(LATEST.year + 2, 12, 31)

_kept: dict[uuid.UUID, WorkingDays] = {}


def england_bank_holidays(first: date, last: date) -> set[date]:
    """England's bank holidays between two dates, as the `holidays` package computes them."""
    years = range(first.year, last.year + 1)
    return set(holidays.country_holidays("GB", subdiv="ENG", years=years))


def compute(first: date = FIRST_DAY, last: date = LAST_DAY) -> WorkingDays:
    """The calendar from its sources, closure days included; reads the database, writes nothing.

    It holds one day more than asked, since whether a day is worked shows in the number of the next.
    """
    days_off = england_bank_holidays(first, last) | set(ClosureDay.objects.values_list("date", flat=True))
    return WorkingDays.from_days_off(first, last + timedelta(days=1), days_off)


@transaction.atomic
def rebuild() -> None:
    """Write the calendar table anew and move its edition, so that every reader takes the new one."""
    calendar = compute()
    CalendarDay.objects.all().delete()
    span = (LAST_DAY - FIRST_DAY).days + 1
    dates = [FIRST_DAY + timedelta(days=n) for n in range(span)]
    CalendarDay.objects.bulk_create(
        (CalendarDay(date=d, number=calendar.number(d), is_working=calendar.is_working(d)) for d in dates),
        batch_size=5000,
    )
    CalendarEdition.objects.update_or_create(id=1, defaults={"token": uuid.uuid4()})


def fit_calendar(**_: Any) -> None:
    """After a migration: build the calendar if there is none, or if it holds other days than this version asks for."""
    held = CalendarDay.objects.aggregate(first=Min("date"), last=Max("date"))
    if (held["first"], held["last"]) != (FIRST_DAY, LAST_DAY):
        rebuild()


def working_days() -> WorkingDays:
    """The calendar as the database has it, read once per process and edition (one small query otherwise)."""
    edition = CalendarEdition.objects.values_list("token", flat=True).get(id=1)
    if edition not in _kept:
        rows = list(CalendarDay.objects.order_by("date").values_list("date", "number"))
        _kept.clear()
        _kept[edition] = WorkingDays(rows[0][0], [number for _, number in rows])
    return _kept[edition]
