"""What the lines of a grant's ledger add up to. Amounts are pounds, always positive; the kind gives the direction.

Worked examples: docs/rules/money-moves.md. A reversal undoes a payment, whole or in part, as if that much had never
moved; a recovery is money that moved, did its work, and came back, so it undoes no first payment and no instalment.
A recovery that was recorded by mistake is reversed as a payment is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

PAYMENT = "payment"
REVERSAL = "reversal"
RECOVERY = "recovery"

_ZERO = Decimal(0)


class Line(NamedTuple):
    """One line of the ledger. `reverses` is the id of the line that a reversal undoes; lines come in any order.

    `above_award`: who recorded it said that it had moved although the award did not cover it.
    """

    id: int
    kind: str
    amount: Decimal
    paid_on: date
    reverses: int | None = None
    instalment: int | None = None
    above_award: bool = False


class Owed(NamedTuple):
    """One instalment of a schedule: its amount, None when it is not known, and what was paid towards it."""

    number: int
    amount: Decimal | None
    paid: Decimal


def net_paid(lines: Sequence[Line]) -> Decimal:
    """Payments less recoveries, each as far as it is not reversed."""
    return sum((amount if line.kind == PAYMENT else -amount for line, amount in _left(lines)), _ZERO)


def standing(lines: Sequence[Line]) -> list[tuple[Line, Decimal]]:
    """The payments that are not fully reversed, earliest first, each with the amount that stands."""
    found = [(line, amount) for line, amount in _left(lines) if line.kind == PAYMENT and amount > 0]
    return sorted(found, key=lambda pair: (pair[0].paid_on, pair[0].id))


def recovered(lines: Sequence[Line]) -> Decimal:
    """What came back, less what of it is reversed."""
    return sum((amount for line, amount in _left(lines) if line.kind == RECOVERY), _ZERO)


def left_of(line_id: int, lines: Sequence[Line]) -> Decimal:
    """How much of one payment or recovery stands: what could still be reversed."""
    return sum((amount for line, amount in _left(lines) if line.id == line_id), _ZERO)


def _left(lines: Sequence[Line]) -> list[tuple[Line, Decimal]]:
    """Every payment and recovery, each with its amount less its reversals."""
    back: dict[int | None, Decimal] = {}
    for line in lines:
        if line.kind == REVERSAL:
            back[line.reverses] = back.get(line.reverses, _ZERO) + line.amount
    return [(line, line.amount - back.get(line.id, _ZERO)) for line in lines if line.kind != REVERSAL]


def first_paid_on(lines: Sequence[Line]) -> date | None:
    """The day of the earliest payment that is not fully reversed; None when none is."""
    payments = standing(lines)
    return payments[0][0].paid_on if payments else None


def paid_towards(instalment: int | None, lines: Sequence[Line]) -> Decimal:
    """What stands of the payments for one instalment, named by its id; for None, of those outside the schedule."""
    return sum((amount for line, amount in standing(lines) if line.instalment == instalment), _ZERO)


def kept_outside(lines: Sequence[Line]) -> Decimal:
    """What was paid outside the schedule and did not come back."""
    return max(paid_towards(None, lines) - recovered(lines), _ZERO)


def covered_on(instalment: int, amount: Decimal | None, lines: Sequence[Line]) -> date | None:
    """The day on which what stands of an instalment's payments first covered its amount.

    None while it is not covered, and for an amount that is not known or is nothing.
    """
    if not amount:
        return None
    paid = _ZERO
    for line, left in standing(lines):
        if line.instalment == instalment:
            paid += left
            if paid >= amount:
                return line.paid_on
    return None


def known_above(lines: Sequence[Line]) -> Decimal:
    """What stands of the payments that were recorded as above the award."""
    return sum((amount for line, amount in standing(lines) if line.above_award), _ZERO)


def unscheduled(schedule: Iterable[Owed], award: Decimal, outside: Decimal) -> Decimal | None:
    """What a schedule lacks of the award, `outside` having been paid beside it; below zero where it asks for more.

    None while the amount of an instalment is not known.
    """
    asked = _ZERO
    for owed in schedule:
        if owed.amount is None:
            return None
        asked += max(owed.amount, owed.paid)
    return award - asked - outside


def shrink(schedule: Iterable[Owed], award: Decimal, outside: Decimal) -> dict[int, Decimal]:
    """New amounts, by instalment number, of a schedule that with what was paid `outside` is more than a lower award.

    The last instalments give way first, none below what was paid towards it. One whose amount is not known is
    left alone and counts for nothing. The caller has made sure that the award is not below what is paid.
    """
    known = [(owed, owed.amount) for owed in schedule if owed.amount is not None]
    over = sum((amount for _, amount in known), outside) - award
    changed: dict[int, Decimal] = {}
    for owed, amount in sorted(known, key=lambda pair: pair[0].number, reverse=True):
        cut = min(over, max(amount - owed.paid, _ZERO))
        if cut > 0:
            changed[owed.number] = amount - cut
            over -= cut
    return changed
