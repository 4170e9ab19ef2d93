"""The days to which the sustainability report counts what ends. Source: docs/rules/milestones.md."""

from __future__ import annotations

from datetime import date

from core.rules.dates import add_months

FINANCIAL_YEAR_END = (3, 31)
SCHOOL_YEAR_END = (8, 31)


def milestones(on: date) -> tuple[date, date]:
    """The next end of a financial year (31 March) and of a school year (31 August), on or after a day, in order."""
    days = [
        date(year, month, day)
        for year in (on.year, on.year + 1)
        for month, day in (FINANCIAL_YEAR_END, SCHOOL_YEAR_END)
    ]
    first, second = [day for day in days if day >= on][:2]
    return first, second


def months_until(on: date, last: date) -> list[date]:
    """The first day of each month from that of `on` to that of `last`."""
    month, months = on.replace(day=1), []
    while month <= last:
        months.append(month)
        month = add_months(month, 1)
    return months
