"""Total wait, from decision to first payment, counted by length."""

from datetime import date
from typing import NamedTuple

from grants.models import Grant
from grants.queries.timing.scope import GROUP_COLUMNS, Group, Scope, with_groups
from grants.queries.timing.sql import days_between, grouped, number_of
from grants.rules.timing import Bin

DATES = ("decided_on", "until")
WORKING_DAYS = f"{number_of('until')} - {number_of('decided_on')}"
IS_PAID = "t.paid_on IS NOT NULL"


class Wait(NamedTuple):
    """So many grants of a group that waited, or still wait, so long from decision to first payment."""

    group: Group
    working_days: int
    days: int
    ended: bool
    n: int


def total_waits(scope: Scope) -> list[Wait]:
    """The histogram of the total wait by group. One query. Raises ValueError for a date outside the calendar."""
    rows = grouped(
        with_groups(scope.sample(), scope.on).values(*GROUP_COLUMNS, *DATES, "paid_on"),
        by=(
            *(f"t.{name}" for name in GROUP_COLUMNS),
            WORKING_DAYS,
            days_between("t.decided_on", "t.until"),
            IS_PAID,
        ),
        calendar=DATES,
    )
    return [
        Wait(Group(*row[:4]), at_least_0(row[4]), at_least_0(row[5]), bool(row[6]), row[7]) for row in rows
    ]


def timing_histogram(on: date, *, illustrative: bool) -> list[Bin]:
    """The histogram of the total wait of a whole register, in working days. One query."""
    sample = Scope(Grant.objects.in_register(illustrative=illustrative), on).sample()
    rows = grouped(sample.values(*DATES, "paid_on"), by=(WORKING_DAYS, IS_PAID), calendar=DATES)
    return [Bin(at_least_0(duration), bool(ended), n) for duration, ended, n in rows]


def at_least_0(duration: int | None) -> int:
    """A length as the clock counts it: a step taken before the one it follows took no time."""
    if duration is None:
        raise ValueError("A date lies outside the calendar. Put it right, or add days to the calendar.")
    return max(0, duration)
