"""The grants behind the answers to the resolutions, one by one, as a stream."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from core.rules.working_days import WorkingDays
from grants.models import ClockStop, Grant
from grants.models.decisions import APPROVED, Purpose
from grants.models.payments import Basis
from grants.queries.candidates.base import CHUNK, Beside
from grants.queries.decisions import funded
from grants.queries.timing.council import with_clock
from grants.rules.clock import ClockCase, Stop, measure
from grants.rules.standard import standard_answer

CLOCK = (
    "pk",
    "ref",
    "title",
    "lead_provider__name",
    "fund__name",
    "tracked_from",
    "decision",
    "decided_on",
    "implementable_on",
    "first_paid_on",
    "withdrawn_on",
    "closed_on",
    "due_on",
    "basis",
    "claim_on",
    "standard",
)


class SpeedRow(NamedTuple):
    """One grant behind the second resolution. `answer` is that of grants/rules/standard.py, "untracked" (cannot be
    assessed) or "left_out".
    """

    ref: str
    title: str
    provider: str | None
    fund: str
    tracked: bool
    decided_on: date | None
    first_paid_on: date | None
    standard_working_days: int
    council_working_days: int | None
    answer: str


class EarlyHelpRow(NamedTuple):
    """One grant behind the first resolution. `planned_on` is when a plan was recorded by the day, if one was."""

    ref: str
    title: str
    provider: str | None
    fund: str
    tracked: bool
    purpose: str | None
    awarded: Decimal | None
    ends_on: date | None
    planned_on: date | None


def speed_rows(grants: QuerySet[Grant], on: date, calendar: WorkingDays) -> Iterator[SpeedRow]:
    """Every grant of a register with its answer, by reference: two queries."""
    stops = ClockStop.objects.filter(grant__in=grants.order_by().values("pk")).order_by("grant_id", "pk")
    beside = Beside(stops.values_list("grant_id", "waiting_on", "started_on", "ended_on").iterator(CHUNK))
    for row in with_clock(grants).order_by("pk").values(*CLOCK).iterator(CHUNK):
        yield _speed_row(row, tuple(Stop(*stop[1:]) for stop in beside(row["pk"])), on, calendar)


def _speed_row(row: dict[str, Any], stops: tuple[Stop, ...], on: date, calendar: WorkingDays) -> SpeedRow:
    case = _case(row, stops)
    clock = measure(case, row["standard"], on, calendar) if row["tracked_from"] else None
    return SpeedRow(
        ref=row["ref"],
        title=row["title"],
        provider=row["lead_provider__name"],
        fund=row["fund__name"],
        tracked=row["tracked_from"] is not None,
        decided_on=row["decided_on"],
        first_paid_on=row["first_paid_on"] if _happened(row["first_paid_on"], on) else None,
        standard_working_days=row["standard"],
        council_working_days=clock.council_working_days if clock else None,
        answer=_answer(row, case, on, calendar),
    )


def _case(row: dict[str, Any], stops: tuple[Stop, ...]) -> ClockCase:
    on_claim = row["basis"] == Basis.ON_CLAIM
    approved = row["decision"] in APPROVED
    return ClockCase(
        implementable_on=row["implementable_on"] if approved else None,
        first_due_on=row["due_on"],
        on_claim=on_claim,
        claim_valid_on=row["claim_on"],
        first_paid_on=row["first_paid_on"],
        decided_on=row["decided_on"] if approved else None,
        planned_start=None,
        stops=stops,
    )


def _answer(row: dict[str, Any], case: ClockCase, on: date, calendar: WorkingDays) -> str:
    """As the counts have it: reports/queries/resolutions.py and grants/queries/timing/scope.py."""
    decision, withdrawn = row["decision"], _happened(row["withdrawn_on"], on)
    if decision is not None and decision not in APPROVED:
        return "left_out"
    if row["tracked_from"] is None or decision is None:
        return "left_out" if withdrawn else "untracked" if row["tracked_from"] is None else "not_known"
    over = withdrawn or _happened(row["closed_on"], on)
    if row["decided_on"] > on or (over and not _happened(row["first_paid_on"], on)):
        return "left_out"
    return standard_answer(case, row["standard"], on, calendar)


def _happened(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def early_help_rows(grants: QuerySet[Grant], on: date) -> Iterator[EarlyHelpRow]:
    """Those of the grants that are counted, by fund and reference: one query."""
    rows = (
        grants.filter(funded(on))
        .order_by("fund__name", "ref")
        .values_list(
            "ref",
            "title",
            "lead_provider__name",
            "fund__name",
            "tracked_from",
            "purpose",
            "amount_awarded",
            "ends_on",
            "plan__recorded_on",
        )
    )
    for ref, title, provider, fund, tracked_from, purpose, awarded, ends_on, planned_on in rows.iterator(
        CHUNK
    ):
        yield EarlyHelpRow(
            ref,
            title,
            provider,
            fund,
            tracked=tracked_from is not None,
            purpose=Purpose(purpose).label if purpose else None,
            awarded=awarded,
            ends_on=ends_on,
            planned_on=planned_on if _happened(planned_on, on) else None,
        )
