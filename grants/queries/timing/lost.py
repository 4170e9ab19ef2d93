"""Funded time lost over many grants, added up by the database: docs/rules/funded-time-lost.md in SQL."""

from decimal import Decimal
from typing import NamedTuple

from grants.queries.timing.scope import Scope
from grants.queries.timing.sql import days_between, grouped

PENCE = Decimal(100)
PENCE_AWARDED = "CAST(ROUND(t.amount_awarded * 100) AS BIGINT)"


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


def lost_totals(scope: Scope) -> LostTotals:
    """Added up over the grants whose first payment is timed. One query."""
    window = f"({days_between('t.planned_start', 't.planned_end')} + 1)"
    gone = days_between("t.planned_start", "t.until")
    lost = f"""(CASE WHEN {window} IS NULL THEN NULL WHEN {gone} <= 0 THEN 0
        WHEN {gone} > {window} THEN {window} ELSE {gone} END)"""
    rows = grouped(
        scope.sample().values("planned_start", "planned_end", "until", "amount_awarded"),
        by=(),
        totals=(
            f"COUNT({window})",
            f"SUM(CASE WHEN {lost} > 0 THEN 1 ELSE 0 END)",
            f"SUM({lost})",
            f"SUM({window})",
            f"SUM({PENCE_AWARDED} * {lost})",
            f"SUM(CASE WHEN {window} IS NULL THEN 1 ELSE 0 END)",
            f"SUM(CASE WHEN {lost} > 0 AND t.amount_awarded IS NULL THEN 1 ELSE 0 END)",
        ),
    )
    n, delayed, days, window_days, pence_days, window_not_known, amount_not_known = (
        int(total or 0) for total in rows[0]
    )
    pound_days = Decimal(pence_days) / PENCE
    return LostTotals(n, delayed, days, window_days, pound_days, window_not_known, amount_not_known)
