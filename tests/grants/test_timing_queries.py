"""The database's counts by length against the pure rules, grant by grant, on random registers."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.calendar import rebuild, working_days
from core.models import ClosureDay
from grants.models import Grant, Instalment
from grants.models.decisions import APPROVED
from grants.queries.cases import clock_case
from grants.queries.timing.columns import KINDS, Columns, chosen, every_column, read_clocks
from grants.queries.timing.lost import lost_totals
from grants.queries.timing.scope import CLOSED, OTHER, TIMED, UNTRACKED, WITHDRAWN, Scope
from grants.queries.timing.stages import STEPS, step_times
from grants.queries.timing.waits import (
    financial_years,
    lengths,
    lengths_by,
    read_waits,
    timing_histogram,
    whose_time,
)
from grants.rules.clock import measure
from grants.rules.clocks import NOT_KNOWN, DayNumbers, day_of, is_critical, standard_counts
from grants.rules.levels import Level
from grants.rules.lost_time import funded_time_lost, pound_days
from grants.rules.slow import judge_first_payment
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
    decided = grant.decided_on
    assert decided is not None
    kind = grant.lead_provider.kind if grant.lead_provider else None
    year = decided.year if decided.month >= 4 else decided.year - 1
    return grant.fund_id, grant.round_id or NOT_KNOWN, year, KINDS.index(kind) if kind else NOT_KNOWN


def columns_of(scope: Scope) -> tuple[Columns, Columns, DayNumbers]:
    """Every grant of a scope in columns, those whose wait is timed, and the calendar for columns."""
    grants = every_column(scope)
    return grants, chosen(grants, grants["standing"] == TIMED), DayNumbers(working_days())


@pytest.mark.parametrize("seed", SEEDS)
def test_total_waits_are_those_of_the_rule(seed: int) -> None:
    for scope in random_scopes(seed):
        calendar = working_days()
        expected = {}
        for grant in plain_sample(scope):
            paid = happened(grant.first_paid_on, scope.on)
            until = grant.first_paid_on if paid else scope.on
            assert grant.decided_on is not None
            assert until is not None
            span = max(0, calendar.between(grant.decided_on, until)), max(0, (until - grant.decided_on).days)
            expected[grant.pk] = (*group_of(grant), *span, paid)
        _, timed, numbers = columns_of(scope)
        waits = read_waits(scope, timed, numbers)
        columns = (
            timed["fund_id"],
            timed["round_id"],
            financial_years(timed["decided_on"]),
            timed["kind"],
            waits.total,
            waits.days,
            waits.cases.paid,
        )
        assert dict(zip(timed["pk"].tolist(), rows_of(columns), strict=True)) == expected
        whole = lengths(waits.total, waits.cases.paid)
        counted = Counter((row[4], row[6]) for row in expected.values())
        assert dict(zip(rows_of(whole[:2]), whole.n.tolist(), strict=True)) == counted


def rows_of(columns: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Columns as rows of plain values."""
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_council_times_are_those_of_the_rule(seed: int) -> None:
    started = 0
    for scope in random_scopes(seed):
        calendar = working_days()
        expected = {}
        answers: Counter[str] = Counter()
        critical = {}
        for grant in plain_sample(scope):
            case = clock_case(grant, first_of(grant), grant.clock_stops.all())
            standard = grant.fund.payment_standard_working_days
            clock = measure(case, standard, scope.on, calendar)
            times = (
                (clock.council_working_days, clock.provider_working_days, clock.funder_working_days)
                if clock
                else (0, 0, 0)
            )
            started += clock is not None and clock.provider_working_days > 0
            expected[grant.pk] = (clock is not None, *times)
            answers[standard_answer(case, standard, scope.on, calendar)] += 1
            verdict = judge_first_payment(case, standard, scope.on, calendar)
            critical[grant.pk] = verdict is not None and verdict.level == Level.CRITICAL
        _, timed, numbers = columns_of(scope)
        cases, clocks = read_clocks(scope, timed, numbers)
        pks = timed["pk"].tolist()
        assert dict(zip(pks, rows_of(clocks), strict=True)) == expected
        found = is_critical(cases, clocks, timed["decided_on"], timed["planned_start"], day_of(scope.on))
        assert dict(zip(pks, found.tolist(), strict=True)) == critical
        assert standard_counts(cases, clocks)._asdict() == {
            name: answers[name] for name in ("within", "past", "not_yet", "not_known")
        }
        assert sum(whose_time(clocks)) == sum(
            council + provider for _, council, provider, _ in expected.values()
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
        _, timed, numbers = columns_of(scope)
        cases, _ = read_clocks(scope, timed, numbers)
        assert lost_totals(timed, cases.until) == (
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
        columns, _, numbers = columns_of(scope)
        tracked = chosen(columns, columns["standing"] != UNTRACKED)
        for times, step in zip(step_times(tracked, day_of(scope.on), numbers), STEPS, strict=True):
            expected: Counter[tuple[int, bool]] = Counter()
            states: Counter[str] = Counter()
            for grant in grants:
                state, span = plain_step(grant, step.key, scope.on, calendar)
                states[state] += 1
                if state in {"ended", "waiting"}:
                    expected[span, state == "ended"] += 1
            seen += states
            counted = Counter(dict(zip(rows_of(times.lengths[:2]), times.lengths.n.tolist(), strict=True)))
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
    standing = every_column(scope)["standing"]
    assert [np.count_nonzero(standing == one) for one in (UNTRACKED, WITHDRAWN, CLOSED, TIMED, OTHER)] == [
        1,
        2,
        1,
        2,
        1,
    ]
    assert scope.sample().count() == 2
    assert timing_histogram(TODAY, illustrative=True).n.sum() == 2


def test_groups_are_counted_each_by_itself() -> None:
    groups, durations = np.array([7, NOT_KNOWN, 7, 7]), np.array([3, 0, 3, 9])
    found = dict(lengths_by(groups, durations, np.array([True, False, True, False])))
    assert {key: rows_of(each) for key, each in found.items()} == {
        NOT_KNOWN: [(0, False, 1)],
        7: [(3, True, 2), (9, False, 1)],
    }
    assert not list(lengths_by(groups[:0], durations[:0], durations[:0] > 0))


def test_a_financial_year_begins_on_the_first_of_april() -> None:
    days = [date(1999, 3, 31), date(1999, 4, 1), date(2026, 12, 31), date(2027, 1, 1)]
    found = financial_years(np.array([*map(day_of, days), NOT_KNOWN]))
    assert found.tolist() == [1998, 1999, 2026, 2026, NOT_KNOWN]


def test_the_queries_do_not_grow_with_the_register() -> None:
    counts = []
    for _ in range(2):
        for _ in range(6):
            grant = make_grant()
            make_instalment(grant)
            make_stop(grant)
        scope = Scope(Grant.objects.in_register(illustrative=True), TODAY)
        calendar = working_days()
        with CaptureQueriesContext(connection) as queries:
            timed = every_column(scope)
            read_waits(scope, timed, DayNumbers(calendar))
        counts.append(len(queries))
    assert counts == [2, 2]
