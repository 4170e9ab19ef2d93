"""Instalments that are due, each with whether anything blocks it, what is left to pay, and who waits for it."""

from datetime import date, timedelta

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from core.models import User
from core.models.functions import DaysBetween
from grants.models import Grant, Instalment, OutcomeReturn, Payment, PaymentKind
from grants.models.decisions import APPROVED
from grants.models.payments import Basis
from grants.queries.pounds import SIGNED_AMOUNT, Pounds, total_of
from grants.queries.readiness import is_authorised, is_unblocked

DUE_SOON_DAYS = 31
LONG_AGO = date(2000, 1, 1)


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
    ready = is_unblocked(on) & is_authorised(on)
    return instalments.annotate(
        is_ready=Case(When(ready, then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def with_left(instalments: QuerySet[Instalment], on: date) -> QuerySet[Instalment]:
    """Beside each instalment `left`: its amount less what stands of its payments by `on`.

    A reversal names its instalment; a recovery takes back what was paid, it does not fall due again.
    """
    lines = Payment.objects.filter(instalment=OuterRef("pk"), paid_on__lte=on).exclude(
        kind=PaymentKind.RECOVERY
    )
    return instalments.annotate(left=Pounds(F("amount") - total_of(lines, SIGNED_AMOUNT)))


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
    return instalments.annotate(people=_last(on, "caseload"), people_unit=_last(on, "caseload_unit"))


def _last(on: date, column: str) -> Subquery:
    """What the last return with a caseload by `on` says."""
    counted = OutcomeReturn.objects.filter(
        grant=OuterRef("grant"), caseload__isnull=False, period_to__lte=on
    ).order_by("-period_to")
    return Subquery(counted.values(column)[:1])


def with_harm(instalments: QuerySet[Instalment], on: date) -> QuerySet[Instalment]:
    """Beside each instalment what sorts the most harmful first, each from small to large, the last by its id.

    `not_late` is 0 for what could have been paid before `on`; `kept` what is left of its window, 0 to 1, where a first
    payment is awaited, and 1 where none is; `waiting` the last caseload where people wait, which sorts from large to
    small; `payable_from` counts days to the earliest day on which it could have been paid. It is the order of
    `funded_time_lost` and `ToPay.harm` in SQL, to sift thousands: what is shown is worked out by the rules. Give
    instalments with `payable_on`.
    """
    start, end = F("grant__planned_start"), F("grant__planned_end")
    today, long_ago = (Value(day, output_field=DateField()) for day in (on, LONG_AGO))
    window = DaysBetween(start, end) + 1
    gone = Greatest(Least(DaysBetween(start, today), window), 0)
    first = Q(
        grant__first_paid_on__isnull=True, grant__planned_start__isnull=False, grant__planned_end__gte=start
    )
    payable_from = Greatest(Coalesce("due_on", "grant__implementable_on"), "grant__implementable_on")
    is_late = Q(payable_on__lt=on)
    return instalments.annotate(
        not_late=Case(When(is_late, then=0), default=1, output_field=IntegerField()),
        kept=Case(
            When(first, then=1.0 - Cast(gone, FloatField()) / Cast(window, FloatField())), default=Value(1.0)
        ),
        waiting=Case(When(is_late, then=Coalesce(_last(on, "caseload"), 0)), default=0),
        payable_from=DaysBetween(long_ago, payable_from),
    )
