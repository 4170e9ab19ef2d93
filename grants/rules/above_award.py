"""More was paid than was awarded. Worked examples: docs/rules/money-moves.md. Amounts are pounds."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from grants.rules.ledger import Line, net_paid
from grants.rules.levels import Facts, Level


class AboveAwardVerdict(NamedTuple):
    """A grant of which more stands as paid than was awarded."""

    level: Level
    paid: Decimal
    awarded: Decimal
    on: date

    @property
    def above(self) -> Decimal:
        """How much of what is paid the award does not cover."""
        return self.paid - self.awarded

    @property
    def figures(self) -> str:
        """What the sentence hangs on besides the days that pass: both amounts."""
        return f"{self.paid} {self.awarded}"

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON."""
        return {
            "on": self.on.isoformat(),
            "paid": str(self.paid),
            "awarded": str(self.awarded),
            "above": str(self.above),
        }


def judge_above_award(lines: Iterable[Line], awarded: Decimal | None, on: date) -> AboveAwardVerdict | None:
    """Whether more stands as paid by `on` than was awarded; None while it does not, or the award is not known."""
    if awarded is None:
        return None
    paid = net_paid([line for line in lines if line.paid_on <= on])
    return AboveAwardVerdict(Level.HIGH, paid, awarded, on) if paid > awarded else None
