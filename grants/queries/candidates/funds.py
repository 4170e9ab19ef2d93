"""Candidates of the rule about money that may go back to a funder."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
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
from django.db.models.functions import Coalesce

from grants.models import Fund, FundingAward, Grant, Instalment, OutcomeReturn, Payment
from grants.models.decisions import APPROVED
from grants.models.funds import SpentMeans
from grants.models.payments import PaymentKind
from grants.queries.candidates.base import CHUNK, Candidate, Context
from grants.queries.decisions import RUNS
from grants.queries.due import with_left
from grants.queries.readiness import is_unblocked
from grants.rules.give_back import AwardCase, judge_award

NOTHING = Decimal(0)
OF_WHAT_RUNS = Q(grant__withdrawn_on__isnull=True, grant__closed_on__isnull=True)
POUNDS = DecimalField(max_digits=16, decimal_places=2)
DEFAULT_ROUND_DAYS = 135


def money_may_go_back(context: Context) -> Iterator[Candidate]:
    """Open funding awards of which it is known what they are, and what was and will be spent of them: one query."""
    for award in award_rows(context.on).iterator(CHUNK):
        verdict = judge_award(award_case(award), context.on, _round_days(award, context))
        if verdict is not None:
            yield Candidate("funding_award", award.pk, award.ref, verdict, None, award.is_illustrative)


def award_case(award: FundingAward) -> AwardCase:
    """The rule's case of an award as `award_rows` gives it. A commitment already contains its instalments."""
    spent = {
        SpentMeans.COMMITTED.value: award.committed,  # type: ignore[attr-defined]
        SpentMeans.PAID.value: award.paid,  # type: ignore[attr-defined]
        SpentMeans.DEFRAYED.value: award.defrayed,  # type: ignore[attr-defined]
    }[award.spent_means or SpentMeans.PAID.value]
    due = NOTHING if award.spent_means == SpentMeans.COMMITTED else award.instalments_due  # type: ignore[attr-defined]
    closed = award.closed_on is not None
    return AwardCase(award.available, spent, due, award.underspend, award.spend_by, closed)  # type: ignore[attr-defined]


def _round_days(award: FundingAward, context: Context) -> int:
    """Days from announcement to first payment: the register's own, or the plan of the slowest fund it pays for."""
    planned: int | None = award.planned_days  # type: ignore[attr-defined]
    if planned is None:
        return DEFAULT_ROUND_DAYS
    own = context.own[award.is_illustrative].announcement_to_first_payment.days
    return planned if own is None else own


def award_rows(on: date) -> QuerySet[FundingAward]:
    """Awards that can be assessed, each with what was committed, paid and defrayed, and what is set to be paid."""
    grants = Grant.objects.filter(funding_award=OuterRef("pk"))
    running = _approved(on).filter(withdrawn_on__isnull=True)
    slowest = Fund.objects.filter(awards=OuterRef("pk")).order_by(
        "-planned_announcement_to_first_payment_days"
    )
    return (
        FundingAward.objects.filter(
            closed_on__isnull=True,
            total_amount__isnull=False,
            spend_by__isnull=False,
            spent_means__isnull=False,
        )
        .exclude(_is_not_known(on))
        .annotate(
            committed=_total(_standing(on), "funding_award", F("amount_awarded"))
            + _total(_payments(on).exclude(OF_WHAT_RUNS), "grant__funding_award", SIGNED_AMOUNT),
            paid=_total(_payments(on), "grant__funding_award", SIGNED_AMOUNT),
            defrayed=_total(grants, "funding_award", Subquery(_latest(on, "spent_to_date"))),
            underspend=_total(running, "funding_award", Subquery(_latest(on, "forecast_underspend"))),
            instalments_due=_total(_instalments_due(on), "grant__funding_award", F("left")),
            planned_days=Subquery(slowest.values("planned_announcement_to_first_payment_days")[:1]),
        )
        .order_by("id")
    )


def _approved(on: date) -> QuerySet[Grant]:
    return Grant.objects.filter(funding_award=OuterRef("pk"), decision__in=APPROVED, decided_on__lte=on)


def _standing(on: date) -> QuerySet[Grant]:
    """Commitments that stand: of a grant that is over only what was paid was spent, and the rest is free again."""
    return _approved(on).filter(RUNS)


def _is_not_known(on: date) -> Q:
    """What was spent, or is to be, is not recorded: by an untracked grant, a commitment or an instalment without an
    amount, or a grant that has money and has not reported what it spent."""
    grants = Grant.objects.filter(funding_award=OuterRef("pk"))
    no_report = grants.filter(~Exists(_latest(on, "spent_to_date")), first_paid_on__lte=on)
    return (
        Q(Exists(grants.filter(tracked_from__isnull=True)))
        | Q(Exists(_standing(on).filter(amount_awarded__isnull=True)), spent_means=SpentMeans.COMMITTED)
        | Q(Exists(no_report), spent_means=SpentMeans.DEFRAYED)
        | (Q(Exists(_instalments_due(on).filter(amount__isnull=True))) & ~Q(spent_means=SpentMeans.COMMITTED))
    )


SIGNED_AMOUNT = Case(
    When(kind=PaymentKind.PAYMENT, then=F("amount")), default=-F("amount"), output_field=POUNDS
)


def _total(rows: QuerySet[Any], by: str, what: object) -> Coalesce:
    """The sum over one award's rows; nothing at all is zero pounds, since every row is recorded."""
    summed = rows.order_by().values(by).annotate(total=Sum(what, output_field=POUNDS)).values("total")
    return Coalesce(Subquery(summed), Value(NOTHING), output_field=POUNDS)


def _payments(on: date) -> QuerySet[Payment]:
    return Payment.objects.filter(grant__funding_award=OuterRef("pk"), paid_on__lte=on)


def _latest(on: date, field: str) -> QuerySet[OutcomeReturn, Any]:
    """What the latest return of a grant that says anything on it says."""
    told = OutcomeReturn.objects.filter(
        grant=OuterRef("pk"), period_to__lte=on, **{f"{field}__isnull": False}
    )
    latest: QuerySet[OutcomeReturn, Any] = told.order_by("-period_to").values(field)[:1]
    return latest


def _instalments_due(on: date) -> QuerySet[Instalment]:
    """Unpaid instalments due by the spend-by date that only their due date holds back, with what is left of each.

    A second approver is asked for when payment is prepared, so a missing one does not count here.
    """
    due = Instalment.objects.unpaid().filter(
        is_unblocked(on),
        grant__funding_award=OuterRef("pk"),
        due_on__lte=OuterRef("spend_by"),
        grant__decision__in=APPROVED,
        grant__decided_on__lte=on,
    )
    return with_left(due, on)
