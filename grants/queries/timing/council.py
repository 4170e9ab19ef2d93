"""Council's time: the payment clock of every grant, net of what was spent waiting on the provider.

Without a clock stop the clock is a difference of two working-day numbers, which the database counts by length. Grants
with one are few: each goes through the pure rule, grants/rules/clock.py, which is the only definition.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from core.rules.working_days import WorkingDays
from grants.models import ClockStop
from grants.models.payments import Basis
from grants.queries.durations import FundTerms
from grants.queries.timing.scope import GROUP_COLUMNS, Group, Scope, with_groups
from grants.queries.timing.sql import grouped, number_of
from grants.queries.timing.waits import IS_PAID, at_least_0
from grants.rules.clock import ClockCase, Stop, measure
from grants.rules.standard import StandardCounts, answer_of

CHUNK = 2000
ON_CLAIM = Basis.ON_CLAIM.value
DATES = ("implementable_on", "due_on", "claim_on", "until")
CLOCK_COLUMNS = ("implementable_on", "due_on", "basis", "claim_on", "standard", "paid_on", "until")
BEFORE_DUE = f"{number_of('due_on')} - t.standard"
START = f"""CASE
    WHEN t.basis = '{ON_CLAIM}' THEN {number_of("claim_on")}
    WHEN t.due_on IS NULL OR {BEFORE_DUE} < {number_of("implementable_on")} THEN {number_of("implementable_on")}
    ELSE {BEFORE_DUE} END"""

STARTED = f"(t.basis IS NULL OR t.basis <> '{ON_CLAIM}' OR t.claim_on IS NOT NULL)"
STOP_COLUMNS = ("clock_stops__waiting_on", "clock_stops__started_on", "clock_stops__ended_on")


class CouncilTime(NamedTuple):
    """So many grants of a group whose clock stands alike, in working days; all None where the clock has not started.

    `funder` is the part of the council's time that it waited on the funder: shown beside it, not taken off.
    """

    group: Group
    council: int | None
    provider: int
    funder: int
    ended: bool
    n: int


class WhoseTime(NamedTuple):
    """Working days since the clock started, of all grants together, paid and waiting."""

    council: int
    provider: int
    funder: int


def council_times(scope: Scope, terms: Mapping[int, FundTerms], calendar: WorkingDays) -> list[CouncilTime]:
    """The histogram of council's time by group: two queries, and the rule once for each grant with a stop."""
    return [*_without_stops(scope), *_with_stops(scope, terms, calendar)]


def whose_time(times: list[CouncilTime]) -> WhoseTime:
    """All clocks added up. A day that waited on the funder is the funder's here, and on both the provider's."""
    provider = sum(time.provider * time.n for time in times)
    funder = sum(time.funder * time.n for time in times)
    return WhoseTime(sum((time.council or 0) * time.n for time in times) - funder, provider, funder)


def standard_counts(times: list[CouncilTime], terms: Mapping[int, FundTerms]) -> StandardCounts:
    """How many grants were paid within their fund's standard, were not, or cannot be told yet."""
    counts = dict.fromkeys(StandardCounts._fields, 0)
    for time in times:
        standard = terms[time.group.fund_id].standard_working_days
        answer = answer_of(time.council, standard, paid=time.ended)
        if answer in counts:
            counts[answer] += time.n
    return StandardCounts(**counts)


def with_clock(grants: "QuerySet[Any]") -> "QuerySet[Any]":
    """Beside each grant what its payment clock is read from: the first instalment and the fund's standard."""
    first = FilteredRelation("instalments", condition=Q(instalments__number=1))
    found: QuerySet[Any] = grants.annotate(first=first).annotate(
        due_on=F("first__due_on"),
        basis=F("first__basis"),
        claim_on=F("first__claim_valid_on"),
        standard=F("fund__payment_standard_working_days"),
    )
    return found


def _without_stops(scope: Scope) -> list[CouncilTime]:
    sample = with_clock(with_groups(scope.sample(), scope.on))
    sample = sample.filter(~Exists(ClockStop.objects.filter(grant=OuterRef("pk")).order_by()))
    duration = f"{number_of('until')} - ({START})"
    rows = grouped(
        sample.values(*GROUP_COLUMNS, *CLOCK_COLUMNS),
        by=(*(f"t.{name}" for name in GROUP_COLUMNS), duration, STARTED, IS_PAID),
        calendar=DATES,
    )
    return [_plain(row) for row in rows]


def _plain(row: tuple[Any, ...]) -> CouncilTime:
    *group, duration, started, ended, n = row
    council = at_least_0(duration) if started else None
    return CouncilTime(Group(*group), council, 0, 0, bool(ended), n)


def _with_stops(scope: Scope, terms: Mapping[int, FundTerms], calendar: WorkingDays) -> Iterator[CouncilTime]:
    rows = (
        with_clock(with_groups(scope.sample(), scope.on))
        .filter(clock_stops__isnull=False)
        .order_by("pk")
        .values_list("pk", *GROUP_COLUMNS, "decided_on", *CLOCK_COLUMNS, *STOP_COLUMNS)
    )
    for _, of_grant in groupby(rows.iterator(CHUNK), key=itemgetter(0)):
        lines = list(of_grant)
        group = Group(*lines[0][1:5])
        case = read_case(lines[0][5:13], tuple(Stop(*line[13:]) for line in lines))
        clock = measure(case, terms[group.fund_id].standard_working_days, scope.on, calendar)
        paid = case.first_paid_on is not None
        if clock is None:
            yield CouncilTime(group, None, 0, 0, paid, 1)
        else:
            times = clock.council_working_days, clock.provider_working_days, clock.funder_working_days
            yield CouncilTime(group, *times, paid, 1)


def read_case(row: tuple[Any, ...], stops: tuple[Stop, ...]) -> ClockCase:
    """A clock's case from the decision and CLOCK_COLUMNS."""
    decided_on, implementable_on, due_on, basis, claim_on, _, paid_on, _ = row
    on_claim = basis == ON_CLAIM
    return ClockCase(implementable_on, due_on, on_claim, claim_on, paid_on, decided_on, None, stops)
