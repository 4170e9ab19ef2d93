"""The payment clock: when the council's time starts and ends, and whose time each part was.

Source of the rule and worked examples: docs/rules/payment-clock.md. A fact dated after the day of judging
has not happened yet: a payment of tomorrow leaves the grant unpaid today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from core.rules.working_days import WorkingDays

PROVIDER = "provider"
FUNDER = "funder"


class Stop(NamedTuple):
    """A stretch in which the council waits; it includes its first day and not its end."""

    waiting_on: str
    start: date
    end: date | None


class ClockCase(NamedTuple):
    """What the payment clock needs to know of one grant; any of it may be unknown.

    `implementable_on` is the decision, or the end of call-in if later. `first_due_on` is when the first
    instalment falls due; `claim_valid_on` is when a valid claim for it came, where it is `on_claim`.
    """

    implementable_on: date | None
    first_due_on: date | None
    on_claim: bool
    claim_valid_on: date | None
    first_paid_on: date | None
    decided_on: date | None
    planned_start: date | None
    stops: tuple[Stop, ...]


class Clock(NamedTuple):
    """One grant's time, in working days. `end` is None while the first payment is awaited."""

    start: date
    end: date | None
    gross_working_days: int
    provider_working_days: int
    funder_working_days: int
    council_working_days: int
    total_wait_working_days: int


def is_paid(case: ClockCase, on: date) -> bool:
    """Whether the first payment had been made by `on`."""
    return case.first_paid_on is not None and case.first_paid_on <= on


def clock_start(case: ClockCase, standard_working_days: int, calendar: WorkingDays) -> date | None:
    """The day the council's time begins, or None when nothing is decided or no valid claim has come."""
    implementable_on = case.implementable_on
    if implementable_on is None:
        return None
    if case.on_claim:
        return case.claim_valid_on
    if case.first_due_on is None:
        return implementable_on
    return max(implementable_on, calendar.minus(case.first_due_on, standard_working_days))


def measure(case: ClockCase, standard_working_days: int, on: date, calendar: WorkingDays) -> Clock | None:
    """The clock as it stands on `on`; None when there is no decision by then, or no clock start.

    Council's time is the gross less what was spent waiting on the provider. Time waiting on the funder, and
    not at the same time on the provider, is shown beside it and not taken off.
    """
    start = clock_start(case, standard_working_days, calendar)
    if start is None or case.decided_on is None or case.decided_on > on:
        return None
    return time_used(case, start, case.decided_on, on, calendar)


def time_used(case: ClockCase, start: date, decided_on: date, on: date, calendar: WorkingDays) -> Clock:
    """The clock of a decided case whose start is known; nothing has been used before the start."""
    end = case.first_paid_on if is_paid(case, on) else None
    until = end or on
    gross = max(0, calendar.between(start, until))
    provider = stop_working_days(case.stops, PROVIDER, start, until, calendar)
    return Clock(
        start=start,
        end=end,
        gross_working_days=gross,
        provider_working_days=provider,
        funder_working_days=stop_working_days(case.stops, None, start, until, calendar) - provider,
        council_working_days=gross - provider,
        total_wait_working_days=max(0, calendar.between(decided_on, until)),
    )


def stop_working_days(
    stops: Iterable[Stop], waiting_on: str | None, start: date, end: date, calendar: WorkingDays
) -> int:
    """Working days of the stage from `start` to `end` that lie in a stop; overlapping stops count once.

    `waiting_on` is PROVIDER, FUNDER, or None for either. A stop with no end lasts to the end of the stage.
    """
    spans = sorted(
        (max(stop.start, start), min(stop.end or end, end))
        for stop in stops
        if waiting_on is None or stop.waiting_on == waiting_on
    )
    total = 0
    counted_to = start
    for span_start, span_end in spans:
        if span_end > counted_to and span_end > span_start:
            total += calendar.between(max(span_start, counted_to), span_end)
            counted_to = span_end
    return total
