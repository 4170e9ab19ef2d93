"""How long this council's own stages take, as the latest safe date needs it. Durations are calendar days."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F

from grants.models import Fund, Grant, Variation
from grants.rules.safe_date import OwnP90s, StageDurations, choose_durations
from grants.rules.timing import kaplan_meier, quantile

P90 = 0.9
ENOUGH_PROPOSALS = 10


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
    """Each register's own durations at a date (True: illustrative), those still waiting included: two queries.

    Withdrawn and untracked grants are left out; a fact dated after `on` has not happened yet.
    """
    waits = list(
        Grant.objects.tracked()
        .filter(withdrawn_on__isnull=True, round__announced_on__isnull=False, decided_on__lte=on)
        .values_list(
            "fund__is_illustrative", "round_id", "round__announced_on", "decided_on", "first_paid_on"
        )
        .annotate(n=Count("id"))
        .order_by()
    )
    proposals = list(
        Variation.objects.filter(
            grant__tracked_from__isnull=False,
            grant__withdrawn_on__isnull=True,
            decided_on__lte=on,
            new_ends_on__isnull=False,
        )
        .values_list(F("grant__fund__is_illustrative"), "proposed_on", "decided_on")
        .annotate(n=Count("id"))
        .order_by()
    )
    return {kind: _own(waits, proposals, on, illustrative=kind) for kind in (True, False)}


def _own(waits: list[tuple], proposals: list[tuple], on: date, *, illustrative: bool) -> OwnDurations:  # type: ignore[type-arg]
    mine = [row[1:] for row in waits if row[0] == illustrative]
    asked = [row[1:] for row in proposals if row[0] == illustrative]
    to_payment = ((announced, paid, n) for _, announced, _, paid, n in mine)
    to_decision = ((announced, decided, n) for _, announced, decided, _, n in mine)
    enough = sum(n for *_, n in asked) >= ENOUGH_PROPOSALS
    p90s = OwnP90s(_p90(to_payment, on), _p90(to_decision, on), _p90(asked, on) if enough else None)
    return OwnDurations(p90s, sum(row[-1] for row in mine), len({row[0] for row in mine}))


def _p90(spans: Iterable[tuple[date, date | None, int]], on: date) -> int | None:
    """The ninetieth percentile in days; a span that has not ended by `on` is still waiting."""
    days: list[int] = []
    ended: list[bool] = []
    counts: list[int] = []
    for start, end, n in spans:
        observed = end is not None and end <= on
        until = end if observed and end is not None else on
        if until >= start:
            days.append((until - start).days)
            ended.append(observed)
            counts.append(n)
    return quantile(kaplan_meier(days, ended, counts), P90) if days else None


def durations_for(terms: FundTerms, own: dict[bool, OwnDurations]) -> StageDurations:
    """The durations to plan a fund's endings with: the register's own, or the fund's plan while they are few."""
    mine = own[terms.is_illustrative]
    return choose_durations(mine.p90s, mine.n_grants, mine.n_rounds, terms.planned)
