"""The two dates that payments decide, `Grant.first_paid_on` and `Instalment.paid_on`, kept true by every operation."""

from core.models import User
from core.records import write
from grants.models import Grant
from grants.queries.ledger import ledger_lines
from grants.rules.ledger import covered_on, first_paid_on


def keep_paid_dates(grant: Grant, *, by: User, reason: str) -> None:
    """Bring both dates to what the ledger says; the caller holds the grant's lock. Writes only what changed."""
    lines = ledger_lines(grant)
    first = first_paid_on(lines)
    if grant.first_paid_on != first:
        grant.first_paid_on = first
        write(grant, by=by, reason=reason)
    for instalment in grant.instalments.order_by("number"):
        covered = covered_on(instalment.pk, instalment.amount, lines)
        if instalment.paid_on != covered:
            instalment.paid_on = covered
            write(instalment, by=by, reason=reason)
