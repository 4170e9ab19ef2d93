"""How long this council's own stages take, as the latest safe date needs it. Durations are calendar days."""

from datetime import date
from typing import NamedTuple

import numpy as np
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When

from grants.models import Fund, Grant, Variation
from grants.models.decisions import APPROVED, DecisionKind
from grants.queries.timing.sql import days_between, flag, grouped, number
from grants.rules.safe_date import ALL_PLANNED, OwnDuration, OwnDurations, StageDurations, choose_durations
from grants.rules.timing import Ints, kaplan_meier, quantile

P90 = 0.9
PAYMENT, DECISION, ANSWER = 1, 2, 3
DECLINED = DecisionKind.DECLINE.value
# A deferral decides nothing: who is deferred waits on.
DECIDED = (*APPROVED, DECLINED)
# Neither closed nor decided on a day of which only the month is known.
WAITS = Q(closed_on__isnull=True, decided_about__isnull=True)


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
    return {row[0]: FundTerms(*row[1:6], StageDurations(*row[6:9], ALL_PLANNED)) for row in rows}


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


def _announced(on: date) -> QuerySet[Grant]:
    """Tracked grants of rounds that were announced, each waiting since then."""
    return (
        Grant.objects.tracked()
        .filter(withdrawn_on__isnull=True, round__announced_on__lte=on)
        .annotate(
            illustrative=flag(Q(fund__is_illustrative=True)),
            window=F("round_id"),
            began_on=F("round__announced_on"),
        )
    )


def _to_payment(on: date) -> QuerySet[Grant]:
    """Grants from the announcement of their round to the first payment, or to `on` while they wait.

    What was declined, or was closed unpaid, waits for nothing.
    """
    paid = Q(first_paid_on__lte=on)
    awaited = _announced(on).filter(paid | (WAITS & ~Q(decision=DECLINED, decided_on__lte=on)))
    return awaited.annotate(stage=number(PAYMENT), until=_until(paid, "first_paid_on", on), ended=flag(paid))


def _to_decision(on: date) -> QuerySet[Grant]:
    """Grants from the announcement of their round to the decision, or to `on` while they wait."""
    decided = Q(decision__in=DECIDED, decided_on__lte=on)
    awaited = _announced(on).filter(decided | WAITS)
    return awaited.annotate(
        stage=number(DECISION), until=_until(decided, "decided_on", on), ended=flag(decided)
    )


def _until(is_over: Q, day: str, on: date) -> Case:
    return Case(When(is_over, then=F(day)), default=Value(on), output_field=DateField())


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
    return OwnDurations(_duration(payment), _duration(decision), _duration(answer)._replace(n_rounds=None))


def _duration(counted: Ints) -> OwnDuration:
    """Of one stage, over the cases that did not end before they began."""
    counted = counted[counted[:, 3] >= 0]
    days, ended, n = counted[:, 3:].T
    p90 = quantile(kaplan_meier(days, ended, n), P90) if days.size else None
    return OwnDuration(p90, int(n.sum()), int(np.unique(counted[:, 2]).size))


def durations_for(terms: FundTerms, own: dict[bool, OwnDurations]) -> StageDurations:
    """The durations to plan a fund's endings with: each the register's own, or the fund's plan."""
    return choose_durations(own[terms.is_illustrative], terms.planned)
