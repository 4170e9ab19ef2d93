"""Candidates of the cliff-edge rule: grants that end with people uncovered."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.rules.dates import add_months, months_before
from grants.models import Cover, Grant, Notice, OutcomeReturn
from grants.models.decisions import MAY_BE_FUNDED, Purpose
from grants.models.endings import Certainty, Told
from grants.models.returns import CaseloadUnit
from grants.queries.as_at import runs_on
from grants.queries.candidates.base import CHUNK, Candidate, Context, Rows, Subjects, among
from grants.queries.durations import durations_for
from grants.rules.cliff import WINDOW_MONTHS, CliffCase, judge_cliff_edge
from grants.rules.levels import Facts
from grants.rules.safe_date import latest_safe

# The longest month is 31 days: a month end clipped on one side can not fall out of the candidates.
SLACK = timedelta(days=3)


def support_on(on: date) -> QuerySet[Grant]:
    """Direct support whose ending families feel: tracked and running on a day, and not declined or deferred."""
    return Grant.objects.filter(runs_on(on), MAY_BE_FUNDED, purpose=Purpose.DIRECT_SUPPORT)


def with_support(grants: QuerySet[Grant], on: date) -> QuerySet[Grant]:
    """Beside each grant: its last caseload by `on`, how many are covered, when the provider was given notice.

    Units are never mixed: cover in another unit than the last caseload's covers nobody of it, as `covers_of` says.
    """
    last_return = OutcomeReturn.objects.filter(
        grant=OuterRef("pk"), caseload__isnull=False, period_to__lte=on
    ).order_by("-period_to")
    covered = (
        Cover.objects.filter(plan__grant=OuterRef("pk"), certainty=Certainty.CONFIRMED, confirmed_on__lte=on)
        .filter(Q(unit__isnull=True) | Q(unit=OuterRef("caseload_unit")))
        .order_by()
        .values("plan__grant")
        .annotate(total=Sum("number"))
    )
    notice = (
        Notice.objects.filter(grant=OuterRef("pk"), told=Told.PROVIDER, told_on__lte=on)
        .order_by()
        .values("grant")
        .annotate(first=Min("told_on"))
    )
    return grants.annotate(
        caseload=Subquery(last_return.values("caseload")[:1]),
        caseload_on=Subquery(last_return.values("period_to")[:1]),
        caseload_unit=Subquery(last_return.values("caseload_unit")[:1]),
    ).annotate(
        covered=Coalesce(Subquery(covered.values("total")), 0),
        notice_given_on=Subquery(notice.values("first")),
    )


SUPPORT = (
    "ends_on",
    "planned_start",
    "caseload",
    "caseload_on",
    "covered",
    "notice_given_on",
    "caseload_unit",
)


def cliff_rows(context: Context) -> Rows:
    """A superset of the grants with a cliff edge, as plain rows in order of the grant."""
    first, last = (
        months_before(context.on, WINDOW_MONTHS) - SLACK,
        add_months(context.on, WINDOW_MONTHS) + SLACK,
    )
    ending = support_on(context.on).filter(ends_on__gte=first, ends_on__lte=last)
    return (
        with_support(ending, context.on)
        .order_by("id")
        .values_list("id", "ref", "fund_id", "lead_officer_id", "finance_owner_id", *SUPPORT)
    )


def cliff_edge(context: Context, only: Subjects = None) -> Iterator[Candidate]:
    """Tracked direct support that ends within twelve months, or ended within twelve: one query."""
    durations = {fund_id: durations_for(terms, context.own) for fund_id, terms in context.terms.items()}
    for grant_id, ref, fund_id, officer_id, owner_id, *support in among(cliff_rows(context), only).iterator(
        CHUNK
    ):
        ends_on, starts_on, caseload, caseload_on, covered, notice_on, unit = support
        fund = context.terms[fund_id]
        safe_on = latest_safe(ends_on, fund.notice_months, durations[fund_id]).latest_safe_on
        case = CliffCase(
            ends_on,
            starts_on,
            caseload,
            caseload_on,
            covered,
            fund.return_period_months,
            fund.notice_months,
            notice_on,
            safe_on,
        )
        verdict = judge_cliff_edge(case, context.on)
        if verdict is not None:
            extra: Facts | None = {"unit": UNIT_WORDS[unit]} if unit else None
            yield Candidate(
                "grant", grant_id, ref, verdict, officer_id or owner_id, fund.is_illustrative, extra
            )


UNIT_WORDS = {
    CaseloadUnit.FAMILIES.value: "families",
    CaseloadUnit.CHILDREN.value: "children and young people",
}
