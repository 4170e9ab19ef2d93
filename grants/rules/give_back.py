"""Money that may go back to the funder, per funding award.

Source of the rule and worked examples: docs/rules/money-that-may-go-back.md. Money is pounds.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from core.rules.dates import months_before
from grants.rules.levels import Facts, Level

LATE_WITHIN_MONTHS = 6


class AwardCase(NamedTuple):
    """One funding award. `spent` is by the award's own meaning: committed, paid or defrayed.

    `instalments_due` are the unblocked instalments due by the spend-by date and not yet in `spent`. Where
    spent means committed, pass 0: a commitment already contains its instalments. `forecast_underspend` is what
    providers of grants that run will not spend, as far as it is still in `spent` or in the instalments due.
    """

    available: Decimal | None
    spent: Decimal
    instalments_due: Decimal
    forecast_underspend: Decimal
    spend_by: date | None
    closed: bool


class AwardVerdict(NamedTuple):
    """A funding award with money at risk of going back."""

    level: Level
    at_risk: Decimal
    available: Decimal
    spend_by: date
    case: AwardCase
    p90_announcement_to_first_payment_days: int
    on: date

    @property
    def figures(self) -> str:
        """What the sentence hangs on: the pounds at risk and the spend-by date."""
        return f"{self.at_risk} {self.spend_by}"

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON; amounts in pounds as text."""
        round_days = self.p90_announcement_to_first_payment_days
        return {
            "on": self.on.isoformat(),
            "spend_by": self.spend_by.isoformat(),
            "at_risk": str(self.at_risk),
            "available": str(self.available),
            "spent": str(self.case.spent),
            "instalments_due": str(self.case.instalments_due),
            "forecast_underspend": str(self.case.forecast_underspend),
            "announcement_to_first_payment_days": round_days,
            "last_announcement_on": (self.spend_by - timedelta(days=round_days)).isoformat(),
        }


def assessable(case: AwardCase) -> bool:
    """Whether the rule can be applied: it needs the amount available and the spend-by date."""
    return case.available is not None and case.spend_by is not None


def at_risk(case: AwardCase) -> Decimal | None:
    """Pounds that nothing is set to spend in time; below zero when more is promised than is there.

    None when the amount available is not known.
    """
    if case.available is None:
        return None
    return case.available - case.spent - case.instalments_due + case.forecast_underspend


def judge_award(
    case: AwardCase, on: date, p90_announcement_to_first_payment_days: int
) -> AwardVerdict | None:
    """Whether money may go back; None when none is at risk, it is far off, closed, or cannot be assessed."""
    amount = at_risk(case)
    if case.closed or case.available is None or case.spend_by is None or amount is None or amount <= 0:
        return None
    if on + timedelta(days=p90_announcement_to_first_payment_days) > case.spend_by:
        level = Level.CRITICAL
    elif months_before(case.spend_by, LATE_WITHIN_MONTHS) <= on:
        level = Level.LATE
    else:
        return None
    return AwardVerdict(
        level, amount, case.available, case.spend_by, case, p90_announcement_to_first_payment_days, on
    )
