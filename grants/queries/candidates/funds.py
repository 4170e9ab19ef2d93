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
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Greatest

from grants.models import Fund, FundingAward, Grant, Instalment, OutcomeReturn, Payment
from grants.models.decisions import APPROVED
from grants.models.funds import SpentMeans
from grants.models.payments import PaymentKind
from grants.queries.candidates.base import CHUNK, Candidate, Context
from grants.queries.decisions import RUNS
from grants.queries.due import with_left
from grants.queries.paying import may_be_of_award, of_award
from grants.queries.readiness import is_unblocked
from grants.rules.give_back import AwardCase, judge_award

NOTHING = Decimal(0)
POUNDS = DecimalField(max_digits=16, decimal_places=2)
ZERO = Value(NOTHING, output_field=POUNDS)
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
    slowest = Fund.objects.filter(awards=OuterRef("pk")).order_by(
        "-planned_announcement_to_first_payment_days"
    )
    over = Grant.objects.exclude(RUNS)
    return (
        FundingAward.objects.filter(
            closed_on__isnull=True,
            total_amount__isnull=False,
            spend_by__isnull=False,
            spent_means__isnull=False,
        )
        .exclude(_is_not_known(on))
        .annotate(
            committed=_sum(_standing(on), F("amount_awarded"), on) + _sum(over, _paid(on), on),
            paid=_sum(Grant.objects.all(), _paid(on), on),
            defrayed=_sum(Grant.objects.all(), _said(on, "spent_to_date"), on),
            underspend=_underspend(on),
            instalments_due=_sum(_approved(on), _total(_instalments_due(on), F("left")), on),
            planned_days=Subquery(slowest.values("planned_announcement_to_first_payment_days")[:1]),
        )
        .order_by("id")
    )


def _approved(on: date) -> QuerySet[Grant]:
    return Grant.objects.filter(decision__in=APPROVED, decided_on__lte=on)


def _standing(on: date) -> QuerySet[Grant]:
    """Commitments that stand: of a grant that is over only what was paid was spent, and the rest is free again."""
    return _approved(on).filter(RUNS)


def _is_not_known(on: date) -> Q:
    """What was spent, or is to be, is not recorded: by an untracked grant, a commitment or an instalment without an
    amount, a grant that has money and has not reported what it spent, or one that any of several awards may pay for."""
    no_report = Grant.objects.filter(~Exists(_latest(on, "spent_to_date")), first_paid_on__lte=on)
    no_amount = _approved(on).filter(Exists(_instalments_due(on).filter(amount__isnull=True)))
    return (
        _any(Grant.objects.filter(tracked_from__isnull=True), on)
        | Q(Exists(may_be_of_award(on)))
        | (_any(_standing(on).filter(amount_awarded__isnull=True), on) & Q(spent_means=SpentMeans.COMMITTED))
        | (_any(no_report, on) & Q(spent_means=SpentMeans.DEFRAYED))
        | (_any(no_amount, on) & ~Q(spent_means=SpentMeans.COMMITTED))
    )


SIGNED_AMOUNT = Case(
    When(kind=PaymentKind.PAYMENT, then=F("amount")), default=-F("amount"), output_field=POUNDS
)


def _any(grants: QuerySet[Grant], on: date) -> Q:
    """Whether such a grant counts against the award."""
    named, unnamed = of_award(grants, on)
    return Q(Exists(named)) | Q(Exists(unnamed))


def _sum(grants: QuerySet[Grant], what: Any, on: date) -> CombinedExpression:
    """The sum over those of the grants that count against the award, of something that is known of each."""
    named, unnamed = of_award(grants, on)
    return _total(named, what) + _total(unnamed, what)


def _total(rows: QuerySet[Any], what: Any) -> Coalesce:
    """The sum over the rows; nothing at all is zero pounds, since every row is recorded."""
    # Sum() would group the rows, and this goes over them all.
    summed = rows.order_by().values(total=Func(what, function="SUM", output_field=POUNDS))
    return Coalesce(Subquery(summed), ZERO, output_field=POUNDS)


def _underspend(on: date) -> Case:
    """What providers of grants that run expect not to spend, less what is no longer in what is spent.

    A recovery takes it out of what is paid, not out of a commitment. Of what is defrayed, all that was paid and not
    reported as spent was never a part.
    """
    back = Payment.objects.filter(
        grant=OuterRef("grant"), kind=PaymentKind.RECOVERY, paid_on__gt=OuterRef("period_to"), paid_on__lte=on
    )
    forecast = _latest(on, "forecast_underspend")
    left = Subquery(forecast.values(left=F("forecast_underspend") - _total(back, F("amount"))))
    not_reported = _paid(on) - Coalesce(_said(on, "spent_to_date"), ZERO)
    by_meaning = {
        SpentMeans.COMMITTED: _said(on, "forecast_underspend"),
        SpentMeans.PAID: _at_least_zero(left),
        SpentMeans.DEFRAYED: _at_least_zero(left - _at_least_zero(not_reported)),
    }
    meanings = (When(spent_means=one, then=_sum(_standing(on), what, on)) for one, what in by_meaning.items())
    return Case(*meanings, output_field=POUNDS)


def _at_least_zero(pounds: Any) -> Greatest:
    return Greatest(pounds, ZERO, output_field=POUNDS)


def _paid(on: date) -> Coalesce:
    """What was paid to a grant, less what came back."""
    return _total(Payment.objects.filter(grant=OuterRef("pk"), paid_on__lte=on), SIGNED_AMOUNT)


def _said(on: date, field: str) -> Subquery:
    """What the latest return of a grant that says anything on a field says."""
    return Subquery(_latest(on, field).values(field))


def _latest(on: date, field: str) -> QuerySet[OutcomeReturn]:
    told = OutcomeReturn.objects.filter(
        grant=OuterRef("pk"), period_to__lte=on, **{f"{field}__isnull": False}
    )
    return told.order_by("-period_to")[:1]


def _instalments_due(on: date) -> QuerySet[Instalment]:
    """A grant's unpaid instalments due by the spend-by date that only their due date holds back, with what is left.

    A second approver is asked for when payment is prepared, so a missing one does not count here.
    """
    due = Instalment.objects.unpaid().filter(
        is_unblocked(on), grant=OuterRef("pk"), due_on__lte=OuterRef(OuterRef("spend_by"))
    )
    return with_left(due, on)
