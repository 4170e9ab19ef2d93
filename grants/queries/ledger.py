"""A grant's ledger as the pure rules read it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from grants.models import Grant, Instalment, Payment
from grants.rules.ledger import Line, Owed, paid_towards, unscheduled


def ledger_lines(grant: Grant) -> list[Line]:
    """Payments, reversals and recoveries of one grant, earliest first: one query."""
    rows = Payment.objects.filter(grant=grant).order_by("paid_on", "pk")
    columns = ("pk", "kind", "amount", "paid_on", "reverses_id", "instalment_id", "above_award")
    return [Line(*row) for row in rows.values_list(*columns)]


def lines_of_payments(payments: Iterable[Payment]) -> list[Line]:
    """The same of payments, reversals and recoveries that were read already."""
    return [
        Line(each.pk, each.kind, each.amount, each.paid_on, each.reverses_id, each.instalment_id)
        for each in payments
    ]


def scheduled_of(grant: Grant) -> Decimal:
    """What the instalments of one grant add up to, as far as their amounts are known: one query."""
    return sum((line.amount or Decimal(0) for line in grant.instalments.all()), Decimal(0))


def authorised_of(grant: Grant, lines: Sequence[Line], *besides: Instalment) -> Decimal:
    """What is left to pay of one grant's instalments that are authorised, and of those `besides`: one query."""
    released = [*grant.instalments.filter(authorised_on__isnull=False, paid_on__isnull=True), *besides]
    left = ((line.amount or Decimal(0)) - paid_towards(line.pk, lines) for line in released)
    return sum((max(each, Decimal(0)) for each in left), Decimal(0))


def owed_of(schedule: Iterable[Instalment], lines: Sequence[Line]) -> list[Owed]:
    """Each instalment with what the ledger paid towards it."""
    return [Owed(line.number, line.amount, paid_towards(line.pk, lines)) for line in schedule]


def lacking(schedule: Iterable[Instalment], award: Decimal | None, lines: Sequence[Line]) -> Decimal | None:
    """What a schedule lacks of the award; None where that is not known."""
    return None if award is None else unscheduled(owed_of(schedule, lines), award, paid_towards(None, lines))
