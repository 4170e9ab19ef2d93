"""A grant's ledger as the pure rules read it."""

from grants.models import Grant, Payment
from grants.rules.ledger import Line


def ledger_lines(grant: Grant) -> list[Line]:
    """Payments, reversals and recoveries of one grant, earliest first: one query."""
    rows = Payment.objects.filter(grant=grant).order_by("paid_on", "pk")
    columns = ("pk", "kind", "amount", "paid_on", "reverses_id", "instalment_id", "above_award")
    return [Line(*row) for row in rows.values_list(*columns)]
