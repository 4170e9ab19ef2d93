"""Funded time lost over many grants: docs/rules/funded-time-lost.md, in columns."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from grants.queries.timing.columns import Columns
from grants.rules.clocks import NOT_KNOWN
from grants.rules.timing import Ints

PENCE = Decimal(100)


class LostTotals(NamedTuple):
    """Funded time lost of all grants with a known window: calendar days, days of those windows, pounds × days.

    `window_not_known` grants are not in it; `amount_not_known` lost days that are in `days` and not in `pound_days`.
    """

    n: int
    delayed: int
    days: int
    window_days: int
    pound_days: Decimal
    window_not_known: int
    amount_not_known: int

    @property
    def share(self) -> float | None:
        """The part of all approved windows that was lost, from 0 to 1; None without a window."""
        return self.days / self.window_days if self.window_days else None


def lost_totals(timed: Columns, until: Ints) -> LostTotals:
    """Added up over the grants whose first payment is timed; `until` is that payment, or the day of judging."""
    start, end, pence = (timed[name] for name in ("planned_start", "planned_end", "amount_awarded"))
    known = (start != NOT_KNOWN) & (end != NOT_KNOWN)
    window = np.where(known, end - start + 1, 0)
    lost = np.clip(np.where(known, until - start, 0), 0, window)
    priced = pence != NOT_KNOWN
    # Added up as Python's integers, which do not overflow.
    pence_days = sum((np.where(priced, pence, 0) * lost).tolist())
    return LostTotals(
        n=int(np.count_nonzero(known)),
        delayed=int(np.count_nonzero(lost)),
        days=int(lost.sum()),
        window_days=int(window.sum()),
        pound_days=Decimal(pence_days) / PENCE,
        window_not_known=int(np.count_nonzero(~known)),
        amount_not_known=int(np.count_nonzero((lost > 0) & ~priced)),
    )
