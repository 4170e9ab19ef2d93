"""Instalments that are due, each with whether anything blocks it, what is left to pay, and who waits for it."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from core.models import User
from grants.models import Agreement, Check, ClockStop, Grant, Instalment, OutcomeReturn, Payment, PaymentKind
from grants.models.decisions import APPROVED, CheckResult, NeededBefore
from grants.models.payments import Basis

DUE_SOON_DAYS = 31
NOTHING = Decimal(0)
POUNDS = DecimalField(max_digits=16, decimal_places=2)


def due_instalments(user: User, *, illustrative: bool, on: date) -> QuerySet[Instalment]:
    """Unpaid instalments of tracked, approved, running grants that are due by a month from `on` or undated."""
    due = (
        Instalment.objects.unpaid()
        .filter(Q(due_on__lte=on + timedelta(days=DUE_SOON_DAYS)) | Q(due_on__isnull=True))
        .filter(
            grant__tracked_from__isnull=False,
            grant__decision__in=APPROVED,
            grant__fund__is_illustrative=illustrative,
        )
        .exclude(amount=0)
        .order_by()
    )
    # The council sees every grant: looking each up again would cost a page its speed.
    return due if user.is_council else due.filter(grant__in=Grant.objects.visible_to(user).order_by())


def with_readiness(instalments: QuerySet[Instalment], on: date) -> QuerySet[Instalment]:
    """Beside each instalment `is_ready`: nothing of docs/rules/blocking.md stands between it and its payment."""
    of_grant = OuterRef("grant")
    signed = Exists(Agreement.objects.filter(grant=of_grant, countersigned_on__lte=on))
    in_order = Q(result=CheckResult.PASSED, checked_on__lte=on) & (
        Q(expires_on__isnull=True) | Q(expires_on__gte=on)
    )
    open_check = Exists(
        Check.objects.filter(grant=of_grant, needed_before=NeededBefore.PAYMENT).exclude(in_order)
    )
    open_stop = Exists(
        ClockStop.objects.filter(grant=of_grant, started_on__lte=on).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=on)
        )
    )
    met = Q(condition="") | Q(condition_met_on__lte=on)
    claimed = Q(basis=Basis.IN_ADVANCE) | Q(claim_valid_on__lte=on)
    threshold = F("grant__fund__second_approver_threshold")
    authorised = (
        Q(authorised_on__lte=on)
        | Q(amount__isnull=True)
        | Q(grant__fund__second_approver_threshold__isnull=True)
        | Q(amount__lte=threshold)
    )
    ready = met & claimed & authorised & Q(signed) & ~Q(open_check) & ~Q(open_stop)
    return instalments.annotate(
        is_ready=Case(When(ready, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def with_left(instalments: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """Beside each instalment `left`: its amount less what stands of its payments; a reversal names its instalment."""
    signed = Case(When(kind=PaymentKind.PAYMENT, then=F("amount")), default=-F("amount"), output_field=POUNDS)
    lines = Payment.objects.filter(instalment=OuterRef("pk")).exclude(kind=PaymentKind.RECOVERY).order_by()
    summed = lines.values("instalment").annotate(total=Sum(signed)).values("total")
    paid = Coalesce(Subquery(summed), Value(NOTHING), output_field=POUNDS)
    # A grant without a payment that stands has paid towards none of its instalments: nothing to add up.
    unpaid = Q(grant__first_paid_on__isnull=True)
    left = Case(When(unpaid, then=F("amount")), default=F("amount") - paid, output_field=POUNDS)
    return instalments.annotate(left=left)


def with_payable_on(instalments: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """Beside each instalment `payable_on`: the first day on which it could have been paid, the rest being in order.

    The latest of its due date, the day the decision could be acted on, and the days its condition was met and its claim
    came; null while either of those two is awaited.
    """
    implementable = F("grant__implementable_on")
    met = Case(
        When(Q(condition=""), then=implementable), default=F("condition_met_on"), output_field=DateField()
    )
    claimed = Case(
        When(basis=Basis.ON_CLAIM, then=F("claim_valid_on")), default=implementable, output_field=DateField()
    )
    day = Case(
        When(
            Q(met__isnull=False, claimed__isnull=False),
            then=Greatest(Coalesce("due_on", implementable), "met", "claimed", implementable),
        ),
        default=None,
        output_field=DateField(),
    )
    return instalments.alias(met=met, claimed=claimed).annotate(payable_on=day)


def with_people(instalments: QuerySet[Instalment], on: date) -> QuerySet[Instalment]:
    """Beside each instalment the last caseload of its grant by `on`: `people`, counted in `people_unit`."""
    last_return = OutcomeReturn.objects.filter(
        grant=OuterRef("grant"), caseload__isnull=False, period_to__lte=on
    ).order_by("-period_to")
    return instalments.annotate(
        people=Subquery(last_return.values("caseload")[:1]),
        people_unit=Subquery(last_return.values("caseload_unit")[:1]),
    )
