"""The grants of a scope in columns, a place in each array one grant: what every figure of timing is worked out from."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from django.db.models import Case, F, Q, QuerySet, When
from numpy.typing import NDArray

from grants.models.decisions import APPROVED, DecisionKind
from grants.models.payments import Basis, WaitingOn
from grants.queries.timing.council import with_clock
from grants.queries.timing.scope import Scope, with_paid_on
from grants.queries.timing.sql import columns, flag, number
from grants.rules.clocks import NOT_KNOWN, ClockColumns, Clocks, DayNumbers, StopColumns, day_of, measure_all
from grants.rules.timing import Ints
from providers.models import OrganisationKind

Columns: TypeAlias = Mapping[str, NDArray[Any]]
"""By name: dates as days since 1970, pounds in pence, NOT_KNOWN where null."""

CLOCK_NUMBERS = ("pk", "fund_id", "standing", "on_claim", "standard")
CLOCK_DATES = ("decided_on", "implementable_on", "due_on", "claim_on", "paid_on", "planned_start")
KINDS = tuple(OrganisationKind.values)
APPROVAL, REFUSAL = 1, 2


def clock_columns(scope: Scope, **more: Case) -> Columns:
    """Every grant of the scope with its standing, what its clock is read from, and further numbers: one query."""
    grants = _with_clock(scope).annotate(**more)
    return columns(grants, numbers=(*CLOCK_NUMBERS, *more), dates=CLOCK_DATES)


def every_column(scope: Scope) -> Columns:
    """The same with its group, its steps and what its lost time is worked out from: one query."""
    grants = _with_clock(scope).annotate(
        outcome=Case(
            When(decision__in=APPROVED, then=number(APPROVAL)),
            When(decision=DecisionKind.DECLINE, then=number(REFUSAL)),
            default=number(0),
        ),
        over=flag(Q(withdrawn_on__lte=scope.on) | Q(closed_on__lte=scope.on)),
        kind=Case(*(When(lead_provider__kind=kind, then=number(n)) for n, kind in enumerate(KINDS))),
        closes=F("round__closes_on"),
        issued=F("agreement__issued_on"),
        signed=F("agreement__signed_on"),
        countersigned=F("agreement__countersigned_on"),
    )
    return columns(
        grants,
        numbers=(*CLOCK_NUMBERS, "round_id", "kind", "outcome", "over"),
        dates=(*CLOCK_DATES, "planned_end", "closes", "issued", "signed", "countersigned"),
        pounds=("amount_awarded",),
    )


def _with_clock(scope: Scope) -> "QuerySet[Any]":
    grants = with_clock(with_paid_on(scope.grants, scope.on))
    found: QuerySet[Any] = grants.annotate(standing=scope.standing(), on_claim=flag(Q(basis=Basis.ON_CLAIM)))
    return found


def chosen(found: Columns, places: Any) -> Columns:
    """Some of the grants, in all columns."""
    return {name: column[places] for name, column in found.items()}


def read_clocks(scope: Scope, found: Columns, numbers: DayNumbers) -> tuple[ClockColumns, Clocks]:
    """The clocks of grants whose wait is timed, with what they were read from: one query, of the stops."""
    paid = found["paid_on"] != NOT_KNOWN
    cases = ClockColumns(
        implementable=found["implementable_on"],
        due=found["due_on"],
        on_claim=found["on_claim"] == 1,
        claim=found["claim_on"],
        paid=paid,
        until=np.where(paid, found["paid_on"], day_of(scope.on)),
        standard=found["standard"],
    )
    return cases, measure_all(cases, _stops(scope, found["pk"]), numbers)


def _stops(scope: Scope, pks: Ints) -> StopColumns:
    """The clock stops of the grants with these keys."""
    rows = scope.grants.filter(clock_stops__isnull=False).annotate(
        for_provider=flag(Q(clock_stops__waiting_on=WaitingOn.PROVIDER)),
        begun=F("clock_stops__started_on"),
        over=F("clock_stops__ended_on"),
    )
    stops = columns(rows, numbers=("pk", "for_provider"), dates=("begun", "over"))
    order = np.argsort(pks)
    place = np.searchsorted(pks, stops["pk"], sorter=order)
    known = (
        np.flatnonzero(pks[order[np.minimum(place, pks.size - 1)]] == stops["pk"]) if pks.size else place[:0]
    )
    return StopColumns(
        order[place[known]], stops["for_provider"][known] == 1, stops["begun"][known], stops["over"][known]
    )
