"""What was paid lately: two queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Sum

from core.models import User
from grants.models import Grant, Payment, PaymentKind
from grants.queries.pounds import Pounds, total_of

PAID_LATELY_DAYS = 31
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment made lately, of which something stands; `standing` is how much, after reversals."""

    payment_id: int
    ref: str
    title: str
    provider: str | None
    number: int | None
    standing: Decimal
    paid_on: date
    receipt_confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class PaidGroup:
    """Payments of the last month with what stands of all of them together, more than are shown perhaps."""

    items: tuple[Paid, ...]
    total: Decimal


def with_standing(payments: QuerySet[Payment]) -> QuerySet[Any]:
    """Beside each payment `standing`: its amount less its reversals."""
    back = Payment.objects.filter(reverses=OuterRef("pk"))
    return payments.annotate(standing=Pounds(F("amount") - total_of(back, F("amount"))))


def paid_lately(user: User, *, illustrative: bool, on: date, limit: int) -> PaidGroup:
    """The payments of the last month that a person may see, the newest first, of one register."""
    payments = with_standing(Payment.objects.all()).filter(
        kind=PaymentKind.PAYMENT, paid_on__gt=on - timedelta(days=PAID_LATELY_DAYS), paid_on__lte=on
    )
    if not user.is_council:
        payments = payments.filter(grant__in=Grant.objects.visible_to(user).order_by())
    # Those that are added up: without the other register's grants, not with this one's. Where one register is long, the
    # other is short or empty, and thousands of grants need not be looked up.
    others = Grant.objects.in_register(illustrative=not illustrative).order_by()
    whole = payments.exclude(grant__in=others).order_by().aggregate(total=Pounds(Sum("standing")))
    shown = (
        payments.filter(grant__fund__is_illustrative=illustrative, standing__gt=0)
        .select_related("grant__lead_provider", "instalment")
        .order_by("-paid_on", "-pk")[:limit]
    )
    items = tuple(
        Paid(
            payment_id=payment.pk,
            ref=payment.grant.ref,
            title=payment.grant.title,
            provider=payment.grant.lead_provider.name if payment.grant.lead_provider else None,
            number=payment.instalment.number if payment.instalment else None,
            standing=payment.standing,
            paid_on=payment.paid_on,
            receipt_confirmed_on=payment.receipt_confirmed_on,
        )
        for payment in shown
    )
    return PaidGroup(items, whole["total"] or NOTHING)
