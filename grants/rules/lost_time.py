"""Funded time lost: how much of the approved window had gone when the first payment came.

Source of the rule and worked examples: docs/rules/funded-time-lost.md.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class LostTime(NamedTuple):
    """Days of the approved window gone unpaid, and the days in that window, its last day included."""

    days: int
    window_days: int

    @property
    def share(self) -> float:
        """The part of the window that was lost, from 0 to 1."""
        return self.days / self.window_days


def funded_time_lost(
    planned_start: date | None, planned_end: date | None, first_paid_on: date | None, on: date
) -> LostTime | None:
    """Days from the planned start to the first payment, or to `on` while unpaid, at most the window.

    The dates are those approved: an extension does not enlarge the window. None when either is not known,
    or when the end comes before the start.
    """
    if planned_start is None or planned_end is None or planned_end < planned_start:
        return None
    window_days = (planned_end - planned_start).days + 1
    until = on if first_paid_on is None else min(first_paid_on, on)
    return LostTime(min(max((until - planned_start).days, 0), window_days), window_days)


def pound_days(amount: Decimal | None, days: int) -> Decimal | None:
    """Pounds times days delayed; None when the amount is not known. These are never "pounds lost"."""
    return None if amount is None else amount * days
