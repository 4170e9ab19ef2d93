"""Candidates of the disbursement rules: first payments, later instalments, ledgers, stops, rounds."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from grants.models import ClockStop, Grant, Instalment, Payment, Round
from grants.models.decisions import APPROVED
from grants.models.payments import Basis
from grants.queries.as_at import not_yet, runs_on
from grants.queries.candidates.base import CHUNK, Beside, Candidate, Context, Rows, Subjects, among
from grants.queries.pounds import SIGNED_AMOUNT, Pounds
from grants.rules.above_award import judge_above_award
from grants.rules.clock import ClockCase, Stop
from grants.rules.ledger import Line
from grants.rules.slow import (
    CHASE_AFTER_WORKING_DAYS,
    InstalmentCase,
    judge_first_payment,
    judge_instalment,
    judge_round,
    judge_stop,
    watch_at_working_days,
)

ON_CLAIM = Basis.ON_CLAIM.value


def slow_first_payment(context: Context, only: Subjects = None) -> Iterator[Candidate]:
    """Unpaid grants whose clock may have reached `watch`, or whose planned start has passed: two queries."""
    on, calendar, terms = context.on, context.calendar, context.terms
    stops_of = Beside(among(stops_of_unpaid_rows(context), only, "grant").iterator(CHUNK))
    for row in among(first_payment_rows(context), only).iterator(CHUNK):
        grant_id, ref, fund_id, owner_id, officer_id, implementable, decided, start, due, basis, claim = row
        stops = tuple(Stop(waiting_on, begun, ended) for _, waiting_on, begun, ended in stops_of(grant_id))
        case = ClockCase(implementable, due, basis == ON_CLAIM, claim, None, decided, start, stops)
        fund = terms[fund_id]
        verdict = judge_first_payment(case, fund.standard_working_days, on, calendar)
        if verdict is not None:
            yield Candidate("grant", grant_id, ref, verdict, owner_id or officer_id, fund.is_illustrative)


def _unpaid(context: Context) -> QuerySet[Grant]:
    """Grants that await their first payment on the day."""
    on = context.on
    return Grant.objects.filter(runs_on(on), not_yet("first_paid_on", on), decision__in=APPROVED)


def stops_of_unpaid_rows(context: Context) -> Rows:
    """Every clock stop of a grant that awaits its first payment, as plain rows in order of the grant."""
    return (
        ClockStop.objects.filter(grant__in=_unpaid(context).values("id"))
        .order_by("grant_id", "id")
        .values_list("grant_id", "waiting_on", "started_on", "ended_on")
    )


def first_payment_rows(context: Context) -> Rows:
    """A superset of the grants whose first payment is slow, as plain rows in order of the grant."""
    strictest = min((t.standard_working_days for t in context.terms.values()), default=1)
    cut_off = context.calendar.cut_off(context.on, watch_at_working_days(strictest) - 1)
    return (
        _unpaid(context)
        .annotate(first=FilteredRelation("instalments", condition=Q(instalments__number=1)))
        .filter(
            Q(implementable_on__lte=cut_off)
            | Q(planned_start__lt=context.on)
            | Q(first__claim_valid_on__lte=cut_off)
        )
        .order_by("id")
        .values_list(
            "id",
            "ref",
            "fund_id",
            "finance_owner_id",
            "lead_officer_id",
            "implementable_on",
            "decided_on",
            "planned_start",
            "first__due_on",
            "first__basis",
            "first__claim_valid_on",
        )
    )


def late_instalment_rows(context: Context) -> Rows:
    """Later instalments unpaid after their due date, as plain rows in order of the instalment.

    The rest of the first one is a later one too, once a first payment was made: the slow first payment ends there. One
    whose amount is not known is paid by any payment of which something stands.
    """
    return (
        Instalment.objects.filter(
            not_yet("paid_on", context.on),
            runs_on(context.on, "grant__"),
            Q(number__gt=1) | Q(grant__first_paid_on__lte=context.on),
            Q(amount__isnull=False) | ~has_standing_payment(context.on),
            due_on__lt=context.on,
            grant__decision__in=APPROVED,
        )
        .order_by("id")
        .values_list(
            "id",
            "number",
            "due_on",
            "condition",
            "condition_met_on",
            "basis",
            "claim_valid_on",
            "grant__ref",
            "grant__fund_id",
            "grant__decided_on",
            Coalesce("grant__finance_owner_id", "grant__lead_officer_id"),
        )
    )


def has_standing_payment(on: date) -> Exists:
    """Whether an instalment has a payment of which something stood on a day; a reversal names its instalment too."""
    lines = Payment.objects.filter(instalment=OuterRef("pk"), paid_on__lte=on).order_by()
    return Exists(
        lines.values("instalment").annotate(left=Pounds(Sum(SIGNED_AMOUNT))).filter(left__gt=Decimal(0))
    )


def late_instalment(context: Context, only: Subjects = None) -> Iterator[Candidate]:
    """Later instalments unpaid though nothing holds them back: one query. A claim is a condition like any other."""
    for row in among(late_instalment_rows(context), only).iterator(CHUNK):
        instalment_id, number, due, condition, met, basis, claim, ref, fund_id, decided, owner_id = row
        case = instalment_case(due, condition, met, basis, claim, None)
        verdict = judge_instalment(case, context.on, context.calendar)
        if verdict is not None and decided <= context.on:
            illustrative = context.terms[fund_id].is_illustrative
            yield Candidate("instalment", instalment_id, f"{ref}/{number}", verdict, owner_id, illustrative)


def instalment_case(
    due_on: date | None,
    condition: str,
    met_on: date | None,
    basis: str,
    claim_on: date | None,
    paid_on: date | None,
) -> InstalmentCase:
    """The rule's case of one instalment: its conditions are the written one and, on claim, a valid claim."""
    days = [met_on] if condition else []
    if basis == ON_CLAIM:
        days.append(claim_on)
    last_met = None if None in days else max((d for d in days if d), default=None)
    return InstalmentCase(due_on, last_met, bool(days), paid_on)


def ledger_rows_above_award() -> Rows:
    """Every line of the grants with one known to be above the award, as plain rows in order of the grant."""
    known = Payment.objects.filter(above_award=True).values("grant_id")
    return (
        Payment.objects.filter(grant__in=known, grant__tracked_from__isnull=False)
        .order_by("grant_id", "id")
        .values_list(
            "grant_id",
            "grant__ref",
            "grant__fund_id",
            "grant__amount_awarded",
            Coalesce("grant__finance_owner_id", "grant__lead_officer_id"),
            "id",
            "kind",
            "amount",
            "paid_on",
            "reverses_id",
        )
    )


def paid_above_award(context: Context) -> Iterator[Candidate]:
    """Grants of which more stands as paid than was awarded: one query."""
    rows = ledger_rows_above_award().iterator(CHUNK)
    for (grant_id, ref, fund_id, awarded, owner_id), lines in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        verdict = judge_above_award((Line(*line[5:]) for line in lines), awarded, context.on)
        if verdict is not None:
            illustrative = context.terms[fund_id].is_illustrative
            yield Candidate("grant", grant_id, ref, verdict, owner_id, illustrative)


def stop_to_chase(context: Context, only: Subjects = None) -> Iterator[Candidate]:
    """Clock stops open for ten working days or more on grants that run: one query."""
    cut_off = context.calendar.cut_off(context.on, CHASE_AFTER_WORKING_DAYS - 1)
    rows = (
        ClockStop.objects.filter(
            runs_on(context.on, "grant__"), not_yet("ended_on", context.on), started_on__lte=cut_off
        )
        .order_by("id")
        .values_list(
            "id",
            "waiting_on",
            "started_on",
            "ended_on",
            "grant__ref",
            "grant__fund_id",
            Coalesce("grant__lead_officer_id", "grant__finance_owner_id"),
        )
    )
    for stop_id, waiting_on, begun, ended, ref, fund_id, owner_id in among(rows, only).iterator(CHUNK):
        verdict = judge_stop(Stop(waiting_on, begun, ended), context.on, context.calendar)
        if verdict is not None:
            illustrative = context.terms[fund_id].is_illustrative
            yield Candidate("clock_stop", stop_id, f"{ref}/{stop_id}", verdict, owner_id, illustrative)


def short_notice_round(context: Context) -> Iterator[Candidate]:
    """Rounds announced and not yet closed that give too little notice: one query. Nobody owns a round alone."""
    rows = (
        Round.objects.open_to_extension(context.on)
        .order_by("id")
        .values_list("id", "ref", "fund_id", "announced_on", "closes_on")
    )
    for round_id, ref, fund_id, announced, closes in rows.iterator(CHUNK):
        fund = context.terms[fund_id]
        verdict = judge_round(
            announced, closes, fund.information_norm_working_days, context.on, context.calendar
        )
        if verdict is not None:
            yield Candidate("round", round_id, ref, verdict, None, fund.is_illustrative)
