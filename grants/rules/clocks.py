"""The payment clocks of many grants at once, in columns: a place in each array is one grant.

grants/rules/clock.py, standard.py and slow.py stay the definition: a test holds every column to them, grant by grant.
A day is the number of days since 1 January 1970, NOT_KNOWN where a date is not known; lengths are working days.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.rules.working_days import CalendarRangeError, WorkingDays
from grants.rules.standard import StandardCounts
from grants.rules.timing import Ints

Bools: TypeAlias = NDArray[np.bool_]

NOT_KNOWN = -1_000_000
_DAY_0 = date(1970, 1, 1).toordinal()
# More than any working-day number of a calendar: keeps the stops of one grant from those of the next.
_APART = 1 << 32


class DayNumbers:
    """The working-day numbers of a calendar for whole columns of days."""

    def __init__(self, calendar: WorkingDays) -> None:
        self._first, self._numbers = _numbers(calendar)
        self._last = self._first + self._numbers.size - 1

    def __call__(self, days: Ints) -> Ints:
        """The number of each day, NOT_KNOWN where the day is. Raises CalendarRangeError outside the calendar."""
        known = days != NOT_KNOWN
        if np.any(known & ((days < self._first) | (days > self._last))):
            raise CalendarRangeError(
                "A date lies outside the calendar. Put it right, or add days to the calendar."
            )
        return np.where(known, self.clipped(days), NOT_KNOWN)

    def clipped(self, days: Ints) -> Ints:
        """The number of each day; one outside the calendar has that of its first or last day."""
        found: Ints = self._numbers[np.clip(days, self._first, self._last) - self._first]
        return found

    def between(self, start: Ints, end: Ints) -> Ints:
        """Working days from each start to each end, 0 where the end comes first. Both must be known."""
        found: Ints = np.maximum(self(end) - self(start), 0)
        return found


@lru_cache(maxsize=1)
def _numbers(calendar: WorkingDays) -> tuple[int, Ints]:
    first, last = calendar.first.toordinal(), calendar.last.toordinal()
    numbers = (calendar.number(date.fromordinal(day)) for day in range(first, last + 1))
    return first - _DAY_0, np.fromiter(numbers, dtype=np.int64, count=last - first + 1)


def day_of(day: date) -> int:
    """A date as the columns have it."""
    return day.toordinal() - _DAY_0


def date_of(day: int) -> date:
    """The date of a day as the columns have it."""
    return date.fromordinal(day + _DAY_0)


class ClockColumns(NamedTuple):
    """What the clocks are read from, as ClockCase has it. `until` is the first payment, or the day of judging."""

    implementable: Ints
    due: Ints
    on_claim: Bools
    claim: Ints
    paid: Bools
    until: Ints
    standard: Ints


class StopColumns(NamedTuple):
    """Clock stops: `place` is that of the grant in its columns, `ended` NOT_KNOWN while the stop is open."""

    place: Ints
    for_provider: Bools
    started: Ints
    ended: Ints


class Clocks(NamedTuple):
    """Each grant's time. Where no valid claim has `started` the clock every length is 0."""

    started: Bools
    council: Ints
    provider: Ints
    funder: Ints


def measure_all(cases: ClockColumns, stops: StopColumns, numbers: DayNumbers) -> Clocks:
    """The clocks of decided grants, as grants/rules/clock.py measures each."""
    started = ~cases.on_claim | (cases.claim != NOT_KNOWN)
    until = numbers(cases.until)
    start = np.where(started, _start(cases, numbers), until)
    gross = np.maximum(until - start, 0)
    provider = _stopped(stops, stops.for_provider, start, until, numbers)
    either = _stopped(stops, np.ones_like(stops.for_provider), start, until, numbers)
    return Clocks(started, gross - provider, provider, either - provider)


def _start(cases: ClockColumns, numbers: DayNumbers) -> Ints:
    """The number of the day on which each clock starts."""
    implementable = numbers(cases.implementable)
    due = numbers(np.where(cases.on_claim, NOT_KNOWN, cases.due))
    in_advance = np.where(due == NOT_KNOWN, implementable, np.maximum(implementable, due - cases.standard))
    return np.where(cases.on_claim, numbers(np.where(cases.on_claim, cases.claim, NOT_KNOWN)), in_advance)


def _stopped(stops: StopColumns, chosen: Bools, start: Ints, until: Ints, numbers: DayNumbers) -> Ints:
    """Working days of each clock that lie in one of the chosen stops; overlapping stops count once."""
    place = stops.place[chosen]
    opened = np.maximum(numbers.clipped(stops.started[chosen]), start[place])
    still_open = stops.ended[chosen] == NOT_KNOWN
    closed = np.where(
        still_open, until[place], np.minimum(numbers.clipped(stops.ended[chosen]), until[place])
    )
    lasting = closed > opened
    place, opened, closed = place[lasting], opened[lasting], closed[lasting]
    order = np.lexsort((opened, place))
    place = place[order]
    opened, closed = opened[order] + place * _APART, closed[order] + place * _APART
    counted_to = np.maximum.accumulate(np.concatenate(([opened[0] if opened.size else 0], closed)))[:-1]
    days = np.maximum(closed - np.maximum(opened, counted_to), 0)
    return np.bincount(place, weights=days, minlength=start.size).astype(np.int64)


def standard_places(cases: ClockColumns, clocks: Clocks) -> dict[str, Bools]:
    """Which grants gave each answer of grants/rules/standard.py."""
    past = clocks.started & (clocks.council > cases.standard)
    in_time = clocks.started & ~past
    return {
        "within": in_time & cases.paid,
        "past": past,
        "not_yet": in_time & ~cases.paid,
        "not_known": ~clocks.started & cases.paid,
    }


def standard_counts(cases: ClockColumns, clocks: Clocks) -> StandardCounts:
    """How many grants gave each of these answers."""
    places = standard_places(cases, clocks)
    return StandardCounts(**{answer: int(np.count_nonzero(given)) for answer, given in places.items()})


def is_critical(cases: ClockColumns, clocks: Clocks, decided: Ints, planned_start: Ints, on: int) -> Bools:
    """Which grants have a critical first payment on a day, as grants/rules/slow.py judges each."""
    counts = (planned_start != NOT_KNOWN) & (planned_start >= decided) & ~cases.on_claim
    start_passed = counts & (planned_start < on)
    found: Bools = ~cases.paid & clocks.started & (start_passed | (clocks.council > 2 * cases.standard))
    return found
