"""How long groups wait for their first payment, counted by length: the total wait, and council's time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from core.calendar import working_days
from grants.models import Grant
from grants.queries.timing.columns import Columns, chosen, read_clocks
from grants.queries.timing.scope import TIMED, Scope, with_paid_on
from grants.queries.timing.sql import columns
from grants.rules.clocks import NOT_KNOWN, Bools, ClockColumns, Clocks, DayNumbers, day_of
from grants.rules.timing import Ints

YEAR_BEGINS = 4
MONTHS, EPOCH_YEAR = 12, 1970


class Lengths(NamedTuple):
    """A histogram: so many cases (`n`) of each length, ended or still going on."""

    durations: Ints
    ended: Bools
    n: Ints


@dataclass(frozen=True, slots=True)
class Waits:
    """The grants whose wait is timed, in columns. Working days, but for `days`."""

    total: Ints
    days: Ints
    cases: ClockColumns
    clocks: Clocks


class WhoseTime(NamedTuple):
    """Working days since the clock started, of all grants together, paid and waiting."""

    council: int
    provider: int
    funder: int


def read_waits(scope: Scope, timed: Columns, numbers: DayNumbers) -> Waits:
    """The lengths of grants whose wait is timed: one query. Raises CalendarRangeError."""
    cases, clocks = read_clocks(scope, timed, numbers)
    decided, until = timed["decided_on"], cases.until
    return Waits(numbers.between(decided, until), np.maximum(until - decided, 0), cases, clocks)


def whose_time(clocks: Clocks) -> WhoseTime:
    """All clocks added up. A day that waited on the funder is the funder's here, and on both the provider's."""
    council, provider, funder = (int(each.sum()) for each in (clocks.council, clocks.provider, clocks.funder))
    return WhoseTime(council - funder, provider, funder)


def lengths(durations: Ints, ended: Bools) -> Lengths:
    """The histogram of single cases."""
    found, n = np.unique(2 * durations + ended, return_counts=True)
    return Lengths(found >> 1, (found & 1).astype(np.bool_), n)


def lengths_by(groups: Ints, durations: Ints, ended: Bools) -> Iterator[tuple[int, Lengths]]:
    """The histogram of each group, in order of the groups' numbers."""
    span = int(durations.max(initial=0)) + 1
    found, n = np.unique((groups * span + durations) * 2 + ended, return_counts=True)
    group, rest = np.divmod(found, 2 * span)
    keys, begins = np.unique(group, return_index=True)
    ends = np.append(begins, found.size)[1:]
    for key, begin, end in zip(keys.tolist(), begins, ends, strict=True):
        yield key, Lengths(rest[begin:end] >> 1, (rest[begin:end] & 1).astype(np.bool_), n[begin:end])


def financial_years(days: Ints) -> Ints:
    """The calendar year in which the financial year of each day begins, on 1 April; NOT_KNOWN where the day is."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    years = EPOCH_YEAR + (months - (YEAR_BEGINS - 1)) // MONTHS
    return np.where(days == NOT_KNOWN, NOT_KNOWN, years)


def timing_histogram(on: date, *, illustrative: bool) -> Lengths:
    """The histogram of the total wait of a whole register, in working days: one query besides the calendar's."""
    scope = Scope(Grant.objects.in_register(illustrative=illustrative), on)
    grants = with_paid_on(scope.grants, on).annotate(standing=scope.standing())
    found = columns(grants, numbers=("standing",), dates=("decided_on", "paid_on"))
    timed = chosen(found, found["standing"] == TIMED)
    paid = timed["paid_on"] != NOT_KNOWN
    until = np.where(paid, timed["paid_on"], day_of(on))
    return lengths(DayNumbers(working_days()).between(timed["decided_on"], until), paid)
