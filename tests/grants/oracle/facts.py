"""What a day knows: the grants as they stand, and the few words about them that several rules share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from core.models import ClosureDay
from grants.models import Grant, OutcomeReturn, Payment
from tests.grants.oracle.days import WorkingDays

T = TypeVar("T")
APPROVED = ("approve", "approve_with_conditions")


@dataclass(frozen=True)
class Facts:
    """The day judged, its calendar, and every grant with its rows."""

    on: date
    working_days: WorkingDays
    grants: list[Grant]


def facts_of(on: date) -> Facts:
    """Reads everything, whatever it is for."""
    grants = Grant.objects.select_related("fund", "round", "lead_provider", "agreement", "plan")
    grants = grants.prefetch_related(
        "fund__awards",
        "instalments",
        "clock_stops",
        "payments__reverses",
        "payments__reversals",
        "instalments__payments__reversals",
        "checks",
        "returns",
        "plan__covers",
        "variations",
        "localities",
        "partnerships__organisation",
    )
    closures = ClosureDay.objects.values_list("date", flat=True)
    return Facts(on=on, working_days=WorkingDays(closures), grants=list(grants))


def happened(day: date | None, on: date) -> bool:
    """Whether something dated so has happened by the day judged; no date is no event."""
    return day is not None and day <= on


def is_open(grant: Grant, on: date) -> bool:
    """Tracked by the day judged, and neither closed nor withdrawn by then."""
    over = happened(grant.closed_on, on) or happened(grant.withdrawn_on, on)
    return happened(grant.tracked_from, on) and not over


def is_approved(grant: Grant, on: date) -> bool:
    """Approved, with or without conditions, by the day judged."""
    return grant.decision in APPROVED and happened(grant.decided_on, on)


def is_support(grant: Grant, on: date) -> bool:
    """Open direct support. What was declined or deferred has no money that could end."""
    return is_open(grant, on) and grant.purpose == "direct_support" and not is_refused(grant)


def is_refused(grant: Grant) -> bool:
    """Declined, or put off."""
    return grant.decision in ("decline", "defer")


def went(line: Payment) -> Decimal:
    """Pounds that went by a line of the ledger, or, below zero, came back."""
    undoes_recovery = line.reverses is not None and line.reverses.kind == "recovery"
    return line.amount if line.kind == "payment" or undoes_recovery else -line.amount


def latest(returns: Iterable[OutcomeReturn], field: str, on: date) -> OutcomeReturn | None:
    """The return of the latest period that ended by the day judged, among those where the field is known."""
    known = [r for r in returns if r.period_to <= on and getattr(r, field) is not None]
    return max(known, key=lambda r: r.period_to) if known else None
