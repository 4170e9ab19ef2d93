"""The grants behind the figures, one by one: each through the pure rules."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from core.rules.working_days import WorkingDays
from grants.models import ClockStop
from grants.queries.candidates.base import Beside
from grants.queries.timing.council import CHUNK, CLOCK_COLUMNS, read_case, with_clock
from grants.queries.timing.scope import Scope
from grants.rules.clock import Clock, Stop, measure
from grants.rules.lost_time import LostTime, funded_time_lost
from grants.rules.standard import StandardAnswer, standard_answer

ABOUT = ("pk", "ref", "title", "fund_name", "provider", "amount_awarded")
WINDOW = ("planned_start", "planned_end")

Stops = Callable[[int], tuple[Any, ...]]


class TimedGrant(NamedTuple):
    """One grant in the sample. `clock` is None while no valid claim has started it, `lost` without a known window."""

    ref: str
    title: str
    fund: str
    provider: str | None
    amount: Decimal | None
    decided_on: date
    paid_on: date | None
    total_working_days: int
    total_days: int
    clock: Clock | None
    standard_working_days: int
    answer: StandardAnswer
    lost: LostTime | None


def timed_grants(scope: Scope, calendar: WorkingDays) -> Iterator[TimedGrant]:
    """Every grant of the sample in the order they were recorded, as a stream: two queries."""
    stops = ClockStop.objects.filter(grant__in=scope.sample().values("pk")).order_by("grant_id", "pk")
    beside = Beside(stops.values_list("grant_id", "waiting_on", "started_on", "ended_on").iterator(CHUNK))
    for row in _rows(scope).order_by("pk").iterator(CHUNK):
        yield _timed(row, tuple(Stop(*stop[1:]) for stop in beside(row[0])), scope.on, calendar)


def longest_waits(scope: Scope, calendar: WorkingDays, *, limit: int) -> list[TimedGrant]:
    """Those that have waited longest for their first payment and still do: two queries."""
    rows = list(_rows(scope).filter(paid_on__isnull=True).order_by("decided_on", "ref")[:limit])
    found = ClockStop.objects.filter(grant__in=[row[0] for row in rows]).order_by("pk")
    stops: dict[int, list[Stop]] = {}
    for grant_id, waiting_on, begun, ended in found.values_list(
        "grant_id", "waiting_on", "started_on", "ended_on"
    ):
        stops.setdefault(grant_id, []).append(Stop(waiting_on, begun, ended))
    return [_timed(row, tuple(stops.get(row[0], ())), scope.on, calendar) for row in rows]


def _rows(scope: Scope) -> "QuerySet[Any, Any]":
    named = with_clock(scope.sample()).annotate(fund_name=F("fund__name"), provider=F("lead_provider__name"))
    rows: QuerySet[Any, Any] = named.values_list(*ABOUT, *WINDOW, "decided_on", *CLOCK_COLUMNS)
    return rows


def _timed(row: tuple[Any, ...], stops: tuple[Stop, ...], on: date, calendar: WorkingDays) -> TimedGrant:
    _, ref, title, fund, provider, amount, start, end, *clock_columns = row
    case = read_case(tuple(clock_columns), stops)
    standard: int = clock_columns[CLOCK_COLUMNS.index("standard") + 1]
    until = case.first_paid_on or on
    decided_on: date = clock_columns[0]
    return TimedGrant(
        ref=ref,
        title=title,
        fund=fund,
        provider=provider,
        amount=amount,
        decided_on=decided_on,
        paid_on=case.first_paid_on,
        total_working_days=max(0, calendar.between(decided_on, until)),
        total_days=max(0, (until - decided_on).days),
        clock=measure(case, standard, on, calendar),
        standard_working_days=standard,
        answer=standard_answer(case, standard, on, calendar),
        lost=funded_time_lost(start, end, case.first_paid_on, on),
    )
