"""Candidates of the rule about money that may go back to a funder."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Greatest

from core.rules.money import to_pence
from grants.models import Fund, FundingAward, Grant, Instalment, OutcomeReturn, Payment
from grants.models.decisions import APPROVED
from grants.models.funds import SpentMeans
from grants.models.payments import PaymentKind
from grants.queries.as_at import not_over, not_yet
from grants.queries.candidates.base import CHUNK, Candidate, Context
from grants.queries.due import with_left
from grants.queries.paying import (
    is_decided_nobody_knows_when,
    may_be_of_another,
    may_be_of_award,
    of_award,
)
from grants.queries.pounds import POUNDS, SIGNED_AMOUNT, ZERO, total_of
from grants.queries.readiness import is_unblocked
from grants.rules.give_back import AwardCase, judge_award

DEFAULT_ROUND_DAYS = 135


def money_may_go_back(context: Context) -> Iterator[Candidate]:
    """Open funding awards of which it is known what they are, and what was and will be spent of them: one query."""
    for award in award_rows(context.on).iterator(CHUNK):
        verdict = judge_award(award_case(award), context.on, _round_days(award, context))
        if verdict is not None:
            yield Candidate("funding_award", award.pk, award.ref, verdict, None, award.is_illustrative)


def award_case(award: FundingAward) -> AwardCase:
    """The rule's case of an award as `award_rows` gives it."""
    row: Any = award
    closed = award.closed_on is not None
    # To the penny here: rounded in SQL, the query would be too deep for SQLite to read.
    spent, due, underspend = map(to_pence, (row.spent, row.instalments_due, row.underspend))
    return AwardCase(row.available, spent, due, underspend, row.spend_by, closed)


def _round_days(award: FundingAward, context: Context) -> int:
    """Days from announcement to first payment: the register's own, or the plan of the slowest fund it pays for."""
    planned: int | None = award.planned_days  # type: ignore[attr-defined]
    if planned is None:
        return DEFAULT_ROUND_DAYS
    own = context.own[award.is_illustrative].announcement_to_first_payment.days
    return planned if own is None else own


def award_rows(on: date) -> QuerySet[FundingAward]:
    """Awards that can be assessed, each with what was spent, by its own meaning, and what is set to be paid."""
    slowest = Fund.objects.filter(awards=OuterRef("pk")).order_by(
        "-planned_announcement_to_first_payment_days"
    )
    due = _sum(_grants().filter(_is_approved(on)), total_of(_instalments_due(on), F("left")), on)
    return (
        FundingAward.objects.filter(
            closed_on__isnull=True,
            total_amount__isnull=False,
            spend_by__isnull=False,
            spent_means__isnull=False,
        )
        .exclude(_any(_grants().filter(_says_too_little(on)), on))
        .exclude(Exists(may_be_of_another(on)))
        .annotate(
            spent=_sum(_grants(), _spent(on), on),
            underspend=_sum(_grants().filter(_stands(on)), _underspend(on), on),
            # A commitment already contains its instalments.
            instalments_due=Case(When(spent_means=SpentMeans.COMMITTED, then=ZERO), default=due),
            planned_days=Subquery(slowest.values("planned_announcement_to_first_payment_days")[:1]),
        )
        .order_by("id")
    )


def _grants() -> QuerySet[Grant]:
    """Grants, each beside what "spent" means for the award that the query around goes through."""
    return Grant.objects.alias(means=ExpressionWrapper(OuterRef("spent_means"), output_field=CharField()))


def _is_approved(on: date) -> Q:
    return Q(decision__in=APPROVED, decided_on__lte=on)


def _stands(on: date) -> Q:
    """Commitments that stand: of a grant that is over only what was paid was spent, and the rest is free again."""
    return _is_approved(on) & not_over(on)


def _says_too_little(on: date) -> Q:
    """What was spent, or is to be, is not recorded: an untracked grant, one decided nobody knows when, a commitment or
    an instalment without an amount, a grant that has money and has not reported what it spent."""
    no_report = Q(first_paid_on__lte=on) & ~Exists(_latest(on, "spent_to_date"))
    no_amount = _is_approved(on) & Exists(_instalments_due(on).filter(amount__isnull=True))
    committed, defrayed = Q(means=SpentMeans.COMMITTED), Q(means=SpentMeans.DEFRAYED)
    return (
        Q(tracked_from__isnull=True)
        | is_decided_nobody_knows_when()
        | (committed & _stands(on) & Q(amount_awarded__isnull=True))
        | (defrayed & no_report)
        | (~committed & no_amount)
    )


def _any(grants: QuerySet[Grant], on: date) -> Q:
    """Whether such a grant counts against the award, or may."""
    named, unnamed = may_be_of_award(grants, on)
    return Q(Exists(named)) | Q(Exists(unnamed))


def _sum(grants: QuerySet[Grant], what: Any, on: date) -> CombinedExpression:
    """The sum over those of the grants that count against the award, of something that is known of each."""
    named, unnamed = of_award(grants, on)
    return total_of(named, what) + total_of(unnamed, what)


def _spent(on: date) -> Case:
    """What was spent of a grant."""
    return Case(
        When(means=SpentMeans.DEFRAYED, then=_said(on, "spent_to_date")),
        When(_stands(on), means=SpentMeans.COMMITTED, then=F("amount_awarded")),
        When(not_over(on), means=SpentMeans.COMMITTED, then=ZERO),
        default=_paid(on),
        output_field=POUNDS,
    )


def _underspend(on: date) -> Case:
    """What the provider of a grant that runs expects not to spend, less what is no longer in what is spent.

    A recovery takes it out of what is paid, not out of a commitment. Of what is defrayed, all that was paid and not
    reported as spent was never a part.
    """
    came_back, undone = (
        {f"{line}kind": PaymentKind.RECOVERY, f"{line}paid_on__gt": OuterRef("period_to")}
        for line in ("", "reverses__")
    )
    back = Payment.objects.filter(Q(**came_back) | Q(**undone), grant=OuterRef("grant"), paid_on__lte=on)
    forecast = _latest(on, "forecast_underspend")
    left = Subquery(forecast.values(left=F("forecast_underspend") + total_of(back, SIGNED_AMOUNT)))
    not_reported = _paid(on) - Coalesce(_said(on, "spent_to_date"), ZERO)
    return Case(
        When(means=SpentMeans.COMMITTED, then=_said(on, "forecast_underspend")),
        When(means=SpentMeans.PAID, then=_at_least_zero(left)),
        default=_at_least_zero(left - _at_least_zero(not_reported)),
        output_field=POUNDS,
    )


def _at_least_zero(pounds: Any) -> Greatest:
    return Greatest(pounds, ZERO, output_field=POUNDS)


def _paid(on: date) -> Coalesce:
    """What was paid to a grant, less what came back."""
    return total_of(Payment.objects.filter(grant=OuterRef("pk"), paid_on__lte=on), SIGNED_AMOUNT)


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
    due = Instalment.objects.filter(
        not_yet("paid_on", on),
        not_over(on, "grant__"),
        is_unblocked(on),
        grant=OuterRef("pk"),
        due_on__lte=OuterRef(OuterRef("spend_by")),
    )
    return with_left(due, on)
