"""Instalments, money that moved, stretches of waiting."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from core.models import Role
from grants.models import ClockStop, Grant, Instalment, Payment
from tests.factories.people import somebody


def make_instalment(grant: Grant, **fields: Any) -> Instalment:
    """The grant's next instalment: £4,500 due on 2 November 2026, in advance, unconditional, unpaid."""
    values = {
        "number": grant.instalments.count() + 1,
        "amount": Decimal("4500.00"),
        "due_on": date(2026, 11, 2),
    }
    return Instalment.objects.create(**{"grant": grant, **values, **fields})


def make_payment_row(grant: Grant, *, keep_dates: bool = True, **fields: Any) -> Payment:
    """£4,500 paid on 9 November 2026, or another line of the ledger (`kind=`, `reverses=`, `reason=`).

    A payment also moves the dates that payment operations keep, the instalment's `paid_on` (whatever the amount) and
    the grant's `first_paid_on`, unless `keep_dates` is false.
    """
    values: dict[str, Any] = {
        "amount": Decimal("4500.00"),
        "paid_on": date(2026, 11, 9),
        "recorded_by": somebody(Role.FINANCE),
        "recorded_at": datetime(2026, 11, 9, 12, tzinfo=UTC),
        **fields,
    }
    payment = Payment.objects.create(grant=grant, **values)
    if keep_dates and payment.kind == "payment":
        grant.first_paid_on = min(payment.paid_on, grant.first_paid_on or payment.paid_on)
        Grant.objects.filter(pk=grant.pk).update(first_paid_on=grant.first_paid_on)
        if payment.instalment is not None:
            payment.instalment.paid_on = payment.paid_on
            Instalment.objects.filter(pk=payment.instalment.pk).update(paid_on=payment.paid_on)
    return payment


def make_stop(grant: Grant, **fields: Any) -> ClockStop:
    """Waiting for the provider since 12 October 2026."""
    values = {"waiting_on": "provider", "reason": "Signed agreement", "started_on": date(2026, 10, 12)}
    return ClockStop.objects.create(**{"grant": grant, **values, **fields})
