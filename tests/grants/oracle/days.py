"""Working days counted one by one, and calendar months clipped to the month's end."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import holidays

BANK_HOLIDAYS = frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(2000, 2046)))
DAY = timedelta(days=1)


class WorkingDays:
    """Monday to Friday, less England's bank holidays, less the council's closure days."""

    def __init__(self, closures: Iterable[date] = ()) -> None:
        self.closures = frozenset(closures)

    def is_working(self, day: date) -> bool:
        """Whether the council works on this day."""
        return day.weekday() < 5 and day not in BANK_HOLIDAYS and day not in self.closures

    def list_between(self, start: date, end: date) -> list[date]:
        """The working days from `start` on, `end` itself left out."""
        days = []
        day = start
        while day < end:
            if self.is_working(day):
                days.append(day)
            day += DAY
        return days

    def between(self, start: date, end: date) -> int:
        """How many working days stand from `start` on, `end` itself left out."""
        return len(self.list_between(start, end))

    def before(self, day: date, working_days: int) -> date:
        """The last day from which that many working days stand before `day`."""
        while working_days > 0:
            day -= DAY
            if self.is_working(day):
                working_days -= 1
        return day


def months_later(day: date, months: int) -> date:
    """The same day of another month (earlier for a negative number), or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_of(first: date, last: date) -> Fraction:
    """Months from `first` to `last`, both included; the days left over are a share of the month they stand in."""
    after = last + DAY
    whole = 0
    while months_later(first, whole + 1) <= after:
        whole += 1
    begun, ended = months_later(first, whole), months_later(first, whole + 1)
    return whole + Fraction((after - begun).days, (ended - begun).days)
