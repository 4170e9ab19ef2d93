"""How long this council's own stages take, as the latest safe date needs it. Durations are calendar days."""

from datetime import date
from typing import NamedTuple

import numpy as np
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When

from grants.models import Fund, Grant, Variation
from grants.models.decisions import APPROVED
from grants.queries.timing.sql import InOrder, days_between, flag, grouped, number
from grants.rules.safe_date import OwnP90s, StageDurations, choose_durations
from grants.rules.timing import Ints, kaplan_meier, quantile

P90 = 0.9
ENOUGH_PROPOSALS = 10
PAYMENT, DECISION, ANSWER = 1, 2, 3


class OwnDurations(NamedTuple):
    """One register's own ninetieth percentiles, and over how many grants and rounds they were taken."""

    p90s: OwnP90s
    n_grants: int
    n_rounds: int


class FundTerms(NamedTuple):
    """What the rules need of a fund."""

    standard_working_days: int
    notice_months: int
    return_period_months: int
    information_norm_working_days: int
    is_illustrative: bool
    planned: StageDurations


def fund_terms() -> dict[int, FundTerms]:
    """The terms of every fund by id: one query."""
    rows = Fund.objects.values_list(
        "id",
        "payment_standard_working_days",
        "notice_period_months",
        "return_period_months",
        "information_norm_working_days",
        "is_illustrative",
        "planned_announcement_to_first_payment_days",
        "planned_announcement_to_decision_days",
        "planned_proposal_to_decision_days",
    )
    return {row[0]: FundTerms(*row[1:6], StageDurations(row[6], row[7], row[8], "planned")) for row in rows}


def own_durations(on: date) -> dict[bool, OwnDurations]:
    """Each register's own durations at a date (True: illustrative), those still waiting included: one query.

    Withdrawn and untracked grants are left out; a fact dated after `on` has not happened yet.
    """
    columns = ("stage", "illustrative", "window", "began_on", "until", "ended")
    parts = (_to_payment(on), _to_decision(on), _to_answer(on))
    first, *rest = (part.order_by().values(*columns) for part in parts)
    found = grouped(
        first.union(*rest, all=True),
        by=("t.stage", "t.illustrative", "t.window", days_between("t.began_on", "t.until"), "t.ended"),
    )
    counted = np.array(found, dtype=np.int64).reshape(-1, 6)
    return {kind: _own(counted[counted[:, 1] == kind]) for kind in (True, False)}


def _timed(on: date) -> QuerySet[Grant]:
    return (
        Grant.objects.tracked()
        .annotate(decided=InOrder("decided_on"))
        .filter(withdrawn_on__isnull=True, round__announced_on__isnull=False, decided__lte=on)
        .annotate(illustrative=flag(Q(fund__is_illustrative=True)), began_on=F("round__announced_on"))
    )


def _to_payment(on: date) -> QuerySet[Grant]:
    """Grants from the announcement of their round to the first payment, or to `on` while they wait.

    What was not approved, or was closed unpaid, waits for nothing.
    """
    paid = Q(first_paid_on__lte=on)
    awaited = _timed(on).filter(paid | Q(closed_on__isnull=True), decision__in=APPROVED)
    return awaited.annotate(
        stage=number(PAYMENT),
        window=number(0),
        until=Case(When(paid, then=F("first_paid_on")), default=Value(on), output_field=DateField()),
        ended=flag(paid),
    )


def _to_decision(on: date) -> QuerySet[Grant]:
    """Grants by round, from its announcement to the decision."""
    return _timed(on).annotate(
        stage=number(DECISION), window=F("round_id"), until=F("decided_on"), ended=number(1)
    )


def _to_answer(on: date) -> QuerySet[Variation]:
    """Extensions from proposal to decision."""
    return Variation.objects.filter(
        grant__tracked_from__isnull=False,
        grant__withdrawn_on__isnull=True,
        decided_on__lte=on,
        new_ends_on__isnull=False,
    ).annotate(
        stage=number(ANSWER),
        illustrative=flag(Q(grant__fund__is_illustrative=True)),
        window=number(0),
        began_on=F("proposed_on"),
        until=F("decided_on"),
        ended=number(1),
    )


def _own(counted: Ints) -> OwnDurations:
    payment, decision, answer = (counted[counted[:, 0] == stage] for stage in (PAYMENT, DECISION, ANSWER))
    enough = answer[:, 5].sum() >= ENOUGH_PROPOSALS
    p90s = OwnP90s(_p90(payment), _p90(decision), _p90(answer) if enough else None)
    return OwnDurations(p90s, int(decision[:, 5].sum()), int(np.unique(decision[:, 2]).size))


def _p90(counted: Ints) -> int | None:
    """The ninetieth percentile in days, over those that did not end before they began."""
    days, ended, n = counted[counted[:, 3] >= 0][:, 3:].T
    return quantile(kaplan_meier(days, ended, n), P90) if days.size else None


def durations_for(terms: FundTerms, own: dict[bool, OwnDurations]) -> StageDurations:
    """The durations to plan a fund's endings with: the register's own, or the fund's plan while they are few."""
    mine = own[terms.is_illustrative]
    return choose_durations(mine.p90s, mine.n_grants, mine.n_rounds, terms.planned)
