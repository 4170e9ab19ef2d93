"""A grant's ledger as the pure rules read it."""

from collections.abc import Iterable

from grants.models import Grant, Payment
from grants.rules.ledger import Line


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
