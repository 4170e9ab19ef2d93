"""What needs a provider today: returns to send, payments to come, receipts to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import Grant, Instalment, OutcomeReturn, Payment
from grants.models.decisions import APPROVED
from grants.models.payments import PaymentKind
from grants.models.returns import ReturnState
from grants.queries.blocking import blockers_by_instalment
from grants.queries.due import with_left
from grants.queries.paid import with_standing
from grants.rules.blocking import Blocker

SHOWN = 8
RECEIPTS_SHOWN = 3


class NextPayment(NamedTuple):
    """An instalment that a provider waits for. `left` is what is not paid yet, None where the amount is not known.

    `blockers` is empty when nothing is in the way.
    """

    instalment: Instalment
    left: Decimal | None
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class ProviderDay:
    """What needs a provider: returns to send, payments to come, receipts to confirm, its grants."""

    returns: Sequence[OutcomeReturn]
    payments: Sequence[NextPayment]
    receipts: Sequence[Payment]
    grants: Sequence[Grant]


def provider_day(user: User, *, illustrative: bool, on: date) -> ProviderDay:
    """Today of a provider: seven queries."""
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    running = grants.tracked().filter(
        withdrawn_on__isnull=True, closed_on__isnull=True, decision__in=APPROVED
    )
    ids = running.order_by().values("pk")
    return ProviderDay(
        returns=list(
            OutcomeReturn.objects.filter(grant__in=ids, state__in=(ReturnState.DUE, ReturnState.SENT_BACK))
            .select_related("grant")
            .order_by("due_on", "period_to", "pk")[:SHOWN]
        ),
        payments=_coming(ids, on),
        receipts=list(
            with_standing(Payment.objects.all())
            .filter(
                grant__in=ids, kind=PaymentKind.PAYMENT, receipt_confirmed_on__isnull=True, standing__gt=0
            )
            .select_related("grant")
            .order_by("-paid_on", "-pk")[:RECEIPTS_SHOWN]
        ),
        grants=list(grants.select_related("fund").order_by("title")[:SHOWN]),
    )


def _coming(grants: Any, on: date) -> list[NextPayment]:
    """What is still to be paid on a due date, the earliest first; an instalment of nothing is none."""
    instalments = with_left(
        Instalment.objects.unpaid().filter(grant__in=grants, due_on__isnull=False).exclude(amount=0), on
    )
    coming: list[Any] = list(instalments.select_related("grant__fund").order_by("due_on", "pk")[:SHOWN])
    blocked = blockers_by_instalment(coming, on)
    return [NextPayment(each, each.left, blocked[each.pk]) for each in coming]


def expected_by(instalment: Instalment, on: date, calendar: WorkingDays) -> date | None:
    """When a provider may expect an instalment: its due date, or the payment standard after the decision if later."""
    implementable_on: date | None = instalment.grant.implementable_on
    if instalment.due_on is None or implementable_on is None:
        return instalment.due_on
    if instalment.number > 1:
        return max(instalment.due_on, implementable_on)
    standard = instalment.grant.fund.payment_standard_working_days
    return max(instalment.due_on, calendar.plus(implementable_on, standard))
