"""Several payments that went in one run of the bank: all are recorded, or none."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from grants.models import Instalment, Payment
from grants.models.payments import Route
from grants.operations.payments.ledger import record_payment


class Paid(NamedTuple):
    """What was paid of one instalment, in pounds."""

    instalment: Instalment
    amount: Decimal


@transaction.atomic
def record_payments(
    *,
    lines: Sequence[Paid],
    paid_on: date,
    route: str = Route.BACS,
    reference: str = "",
    by: User,
    on: date,
    at: datetime,
    request_key: uuid.UUID | None = None,
) -> list[Payment]:
    """Record a payment of each line, on one day, by one route. The same form sent twice pays once.

    Refuses as `record_payment` does, naming the grant; then nothing of the rest is recorded either.
    """
    if not lines:
        raise ActionRefused("Nothing is ticked. Tick what was paid on the payments page.")
    made = []
    # Grants are locked in one order, so that two people who tick the same ones wait for each other, not for ever.
    for line in sorted(lines, key=lambda each: (each.instalment.grant_id, each.instalment.pk)):
        try:
            made.append(
                record_payment(
                    grant=line.instalment.grant,
                    instalment=line.instalment,
                    amount=line.amount,
                    paid_on=paid_on,
                    route=route,
                    reference=reference,
                    by=by,
                    on=on,
                    at=at,
                    request_key=request_key and uuid.uuid5(request_key, str(line.instalment.pk)),
                )
            )
        except ActionRefused as refusal:
            about = f"{line.instalment.grant.title}, instalment {line.instalment.number}"
            field = refusal.field if refusal.field in {"paid_on", "reference"} else None
            raise ActionRefused(
                f"{about}: {refusal.message} Nothing was recorded. Put this right first, or go back to the payments "
                "and tick only the others.",
                field,
            ) from refusal
    return made
