"""The database's counts by length against the pure rules, grant by grant, on random registers."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.calendar import rebuild, working_days
from core.models import ClosureDay
from grants.models import Grant, Instalment
from grants.models.decisions import APPROVED
from grants.queries.cases import clock_case
from grants.queries.durations import fund_terms
from grants.queries.timing.council import council_times, standard_counts, whose_time
from grants.queries.timing.lost import lost_totals
from grants.queries.timing.scope import Scope, apart, financial_year
from grants.queries.timing.stages import STEPS, step_times
from grants.queries.timing.waits import timing_histogram, total_waits
from grants.rules.clock import measure
from grants.rules.lost_time import funded_time_lost, pound_days
from grants.rules.standard import standard_answer
from tests.conftest import TODAY
from tests.factories import make_grant, make_instalment, make_stop
from tests.grants.oracle import write_random_register

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SEEDS = range(12)


def random_scopes(seed: int) -> list[Scope]:
    """Both registers of a random world on each of its days to look at."""
    looks = write_random_register(seed)
    if ClosureDay.objects.exists():
        rebuild()
    return [Scope(Grant.objects.in_register(illustrative=kind), on) for on in looks for kind in (True, False)]


def happened(day: date | None, on: date) -> bool:
    """Whether a date has come."""
    return day is not None and day <= on


def plain_sample(scope: Scope) -> list[Grant]:
    """The sample read grant by grant."""
    grants = scope.grants.select_related("fund", "lead_provider").prefetch_related(
        "instalments", "clock_stops"
    )
    return [
        grant
        for grant in grants
        if grant.tracked_from is not None
        and grant.decision in APPROVED
        and happened(grant.decided_on, scope.on)
        and (
            happened(grant.first_paid_on, scope.on)
            or not (happened(grant.withdrawn_on, scope.on) or happened(grant.closed_on, scope.on))
        )
    ]


def first_of(grant: Grant) -> Instalment | None:
    """The first instalment."""
    return next((line for line in grant.instalments.all() if line.number == 1), None)


def group_of(grant: Grant) -> tuple[Any, ...]:
    """By what the figures are told apart."""
    assert grant.decided_on is not None
    kind = grant.lead_provider.kind if grant.lead_provider else None
    return (grant.fund_id, grant.round_id, financial_year(grant.decided_on), kind)


@pytest.mark.parametrize("seed", SEEDS)
def test_total_waits_are_those_of_the_rule(seed: int) -> None:
    for scope in random_scopes(seed):
        calendar = working_days()
        expected: Counter[tuple[Any, ...]] = Counter()
        for grant in plain_sample(scope):
            paid = happened(grant.first_paid_on, scope.on)
            until = grant.first_paid_on if paid else scope.on
            assert grant.decided_on is not None
            assert until is not None
            span = max(0, calendar.between(grant.decided_on, until)), max(0, (until - grant.decided_on).days)
            expected[(*group_of(grant), *span, paid)] += 1
        found = total_waits(scope)
        assert sum(wait.n for wait in found) == expected.total()
        counted: Counter[tuple[Any, ...]] = Counter()
        for wait in found:
            counted[(*wait.group, wait.working_days, wait.days, wait.ended)] += wait.n
        assert counted == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_council_times_are_those_of_the_rule(seed: int) -> None:
    started = 0
    for scope in random_scopes(seed):
        terms, calendar = fund_terms(), working_days()
        expected: Counter[tuple[Any, ...]] = Counter()
        answers: Counter[str] = Counter()
        for grant in plain_sample(scope):
            case = clock_case(grant, first_of(grant), grant.clock_stops.all())
            standard = grant.fund.payment_standard_working_days
            clock = measure(case, standard, scope.on, calendar)
            times = (
                (clock.council_working_days, clock.provider_working_days, clock.funder_working_days)
                if clock
                else (None, 0, 0)
            )
            started += clock is not None and clock.provider_working_days > 0
            expected[(*group_of(grant), *times, happened(grant.first_paid_on, scope.on))] += 1
            answers[standard_answer(case, standard, scope.on, calendar)] += 1
        counted: Counter[tuple[Any, ...]] = Counter()
        found = council_times(scope, terms, calendar)
        for time in found:
            counted[(*time.group, *time[1:5])] += time.n
        assert counted == expected
        assert standard_counts(found, terms)._asdict() == {
            name: answers[name] for name in ("within", "past", "not_yet", "not_known")
        }
        whole = whose_time(found)
        assert whole.council + whole.provider + whole.funder == sum(
            ((key[4] or 0) + key[5]) * n for key, n in expected.items()
        )
    assert started


@pytest.mark.parametrize("seed", SEEDS)
def test_lost_time_adds_up_to_that_of_the_rule(seed: int) -> None:
    for scope in random_scopes(seed):
        lost = [
            (
                funded_time_lost(grant.planned_start, grant.planned_end, grant.first_paid_on, scope.on),
                grant.amount_awarded,
            )
            for grant in plain_sample(scope)
        ]
        known = [(one, amount) for one, amount in lost if one is not None]
        assert lost_totals(scope) == (
            len(known),
            sum(one.days > 0 for one, _ in known),
            sum(one.days for one, _ in known),
            sum(one.window_days for one, _ in known),
            sum((pound_days(amount, one.days) or Decimal(0) for one, amount in known), Decimal(0)),
            len(lost) - len(known),
            sum(one.days > 0 and amount is None for one, amount in known),
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_are_read_as_they_stand(seed: int) -> None:
    seen: Counter[str] = Counter()
    for scope in random_scopes(seed):
        calendar = working_days()
        grants = [
            grant
            for grant in scope.grants.select_related("round", "agreement")
            if grant.tracked_from is not None
        ]
        for times, step in zip(step_times(scope), STEPS, strict=True):
            expected: Counter[tuple[int, bool]] = Counter()
            states: Counter[str] = Counter()
            for grant in grants:
                state, span = plain_step(grant, step.key, scope.on, calendar)
                states[state] += 1
                if state in {"ended", "waiting"}:
                    expected[span, state == "ended"] += 1
            seen += states
            counted: Counter[tuple[int, bool]] = Counter()
            for one in times.bins:
                counted[one.duration, one.ended] += one.n
            assert (step.key, counted) == (step.key, expected)
            assert (times.not_known, times.dropped) == (states["not_known"], states["dropped"])
    assert seen["ended"]
    assert seen["waiting"]


def plain_step(grant: Grant, key: str, on: date, calendar: Any) -> tuple[str, int]:
    """How one step of one grant stands, and its working days."""
    agreement = getattr(grant, "agreement", None)
    approved = grant.decided_on if grant.decision in APPROVED else None
    final = grant.decided_on if grant.decision in (*APPROVED, "decline") else None
    issued, signed, countersigned = (
        getattr(agreement, f"{name}_on", None) for name in ("issued", "signed", "countersigned")
    )
    paid = grant.first_paid_on
    begins, ends, later = {
        "decision": (grant.round.closes_on if grant.round else None, final, (issued, paid)),
        "issued": (approved, issued, (signed, countersigned, paid)),
        "signed": (issued, signed, (countersigned, paid)),
        "countersigned": (signed, countersigned, (paid,)),
        "paid": (countersigned, paid, ()),
    }[key]
    begun, ended = happened(begins, on), happened(ends, on)
    if begun and ended:
        assert begins is not None
        assert ends is not None
        return "ended", max(0, calendar.between(begins, ends))
    if ended or any(happened(day, on) for day in later):
        return "not_known", 0
    if not begun:
        return "not_begun", 0
    if happened(grant.withdrawn_on, on) or happened(grant.closed_on, on):
        return "dropped", 0
    assert begins is not None
    return "waiting", calendar.between(begins, on)


def test_who_stands_apart() -> None:
    make_grant(tracked=False)
    make_grant(withdrawn_on=TODAY)
    make_grant(withdrawn_on=date(2026, 11, 22))
    make_grant(closed_on=TODAY)
    make_grant(closed_on=TODAY, withdrawn_on=TODAY)
    make_grant(closed_on=TODAY, first_paid_on=date(2026, 11, 2))
    make_grant(decided=False)
    make_grant(illustrative=False, tracked=False)
    scope = Scope(Grant.objects.in_register(illustrative=True), TODAY)
    found = list(apart(scope).values())
    assert [sum(counts) for counts in zip(*found, strict=True)] == [1, 2, 1]
    assert sum(one.n for one in timing_histogram(TODAY, illustrative=True)) == 2


def test_the_queries_do_not_grow_with_the_register() -> None:
    counts = []
    for _ in range(2):
        for _ in range(6):
            grant = make_grant()
            make_instalment(grant)
            make_stop(grant)
        scope = Scope(Grant.objects.in_register(illustrative=True), TODAY)
        terms, calendar = fund_terms(), working_days()
        with CaptureQueriesContext(connection) as queries:
            total_waits(scope)
            council_times(scope, terms, calendar)
            apart(scope)
            step_times(scope)
            lost_totals(scope)
        counts.append(len(queries))
    assert counts == [6, 6]
