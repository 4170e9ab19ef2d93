"""The dates that the product takes, calendar months on them, and dates in words."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
"""The days that the product takes, typed or imported; the working-day calendar holds some years more at either end."""

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_EVERY_MONTH_HAS = 28


@lru_cache(maxsize=65536)
def add_months(day: date, months: int) -> date:
    """The same day of the month so many calendar months on, or that month's last day; may be negative."""
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    if day.day <= _EVERY_MONTH_HAS:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_before(day: date, months: int) -> date:
    """The same day of the month so many calendar months earlier, or that month's last day."""
    return add_months(day, -months)


@lru_cache(maxsize=65536)
def months_in(start: date | None, end: date | None) -> Fraction | None:
    """Calendar months from `start` to `end`, both days included.

    None when either is not known or the end comes first.
    1 April to 31 March is exactly 12. Days over are a share of the month that they fall in.
    """
    if start is None or end is None or end < start:
        return None
    after = end + timedelta(days=1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    if add_months(start, whole) > after:
        whole -= 1
    whole_until = add_months(start, whole)
    days_over = (after - whole_until).days
    month_length = (add_months(start, whole + 1) - whole_until).days
    return whole + Fraction(days_over, month_length)


def long_date(day: date) -> str:
    """A date as people read it: 3 March 2026, whatever the machine's locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
