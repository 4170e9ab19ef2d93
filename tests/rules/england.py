"""The England calendar that the tests of the rules judge by, and strategies that draw from it."""

from datetime import date

import holidays
from hypothesis import strategies as st

from core.rules.working_days import WorkingDays
from grants.rules.clock import FUNDER, PROVIDER, ClockCase, Stop

FIRST = date(2012, 1, 1)
LAST = date(2035, 12, 31)

BANK_HOLIDAYS = frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2036)))
CALENDAR = WorkingDays.from_days_off(FIRST, LAST, BANK_HOLIDAYS)

# Wide enough for a leap day, two Easters and two Christmases; narrow enough for stops to overlap.
days = st.dates(date(2023, 6, 1), date(2026, 6, 30))
near_days = st.dates(date(2024, 1, 1), date(2024, 6, 30))
standards = st.integers(1, 40)
maybe_days = st.none() | near_days


def is_worked(day: date) -> bool:
    """Whether a day is worked in England, found without the calendar under test."""
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


@st.composite
def stops(draw: st.DrawFn) -> Stop:
    """A stop of any length that does not end before it starts; it may be open."""
    start, end = draw(near_days), draw(maybe_days)
    if end is not None and end < start:
        start, end = end, start
    return Stop(draw(st.sampled_from([PROVIDER, FUNDER])), start, end)


@st.composite
def clock_cases(draw: st.DrawFn) -> ClockCase:
    """A grant in any state that the record allows: call-in never ends before the decision."""
    decided_on = draw(maybe_days)
    implementable_on = None if decided_on is None else max(decided_on, draw(near_days))
    if draw(st.booleans()):
        implementable_on = decided_on
    return ClockCase(
        implementable_on=implementable_on,
        first_due_on=draw(maybe_days),
        on_claim=draw(st.booleans()),
        claim_valid_on=draw(maybe_days),
        first_paid_on=draw(maybe_days),
        decided_on=decided_on,
        planned_start=draw(maybe_days),
        stops=tuple(draw(st.lists(stops(), max_size=4))),
    )
