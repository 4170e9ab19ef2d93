"""Whether a grant was paid within its payment standard, on council's time: one answer for every page.

Source of the rule and worked examples: docs/rules/resolutions.md ("Paid within the standard").
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from core.rules.working_days import WorkingDays
from grants.rules.clock import ClockCase, is_paid, measure

StandardAnswer: TypeAlias = Literal["within", "past", "not_yet", "not_known", "not_due"]


class StandardCounts(NamedTuple):
    """How many grants gave each answer. The share is of those whose answer is settled."""

    within: int
    past: int
    not_yet: int
    not_known: int

    @property
    def settled(self) -> int:
        """Paid, or unpaid and already past the standard."""
        return self.within + self.past


def standard_answer(
    case: ClockCase, standard_working_days: int, on: date, calendar: WorkingDays
) -> StandardAnswer:
    """How a tracked, approved, not withdrawn grant stands against its standard on `on`.

    "within": paid, and the council took no more than the standard. "past": paid or not, the council has
    taken more. "not_yet": unpaid with time left. "not_due": unpaid on claim, and no valid claim is recorded,
    so the clock has not begun; or not decided by `on`. "not_known": a date that the clock needs is
    missing: the decision, or the valid claim behind a payment that has been made.
    """
    if case.decided_on is None or case.implementable_on is None:
        return "not_known"
    if case.decided_on > on:
        return "not_due"
    clock = measure(case, standard_working_days, on, calendar)
    council = None if clock is None else clock.council_working_days
    return answer_of(council, standard_working_days, paid=is_paid(case, on))


def answer_of(council_working_days: int | None, standard_working_days: int, *, paid: bool) -> StandardAnswer:
    """The same for a decided grant whose clock has been read: council's time, None where it has not begun."""
    if council_working_days is None:
        return "not_known" if paid else "not_due"
    if council_working_days > standard_working_days:
        return "past"
    return "within" if paid else "not_yet"
