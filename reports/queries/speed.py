"""How fast money reaches groups, and whose time it took: every figure of `/reports/speed/`.

Fourteen queries whatever the size of the register: the database counts grants by length, the pure rules judge.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.calendar import working_days
from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import Fund, Grant
from grants.queries.durations import FundTerms, fund_terms
from grants.queries.timing.council import (
    CouncilTime,
    WhoseTime,
    council_times,
    standard_counts,
    whose_time,
)
from grants.queries.timing.lost import LostTotals, lost_totals
from grants.queries.timing.rounds import LeadTime, lead_times
from grants.queries.timing.rows import TimedGrant, longest_waits, timed_grants
from grants.queries.timing.scope import Apart, Group, Scope, apart
from grants.queries.timing.stages import StepTimes, step_times
from grants.queries.timing.waits import Wait, total_waits
from grants.rules.standard import StandardCounts
from grants.rules.timing import Bin, TimingSummary, summarise
from providers.models import OrganisationKind

LONGEST_SHOWN = 10
NO_ROUND, NO_KIND, NO_YEAR = "Not in a round", "Kind not known", "Year not known"
KINDS = dict(OrganisationKind.choices)


class FundName(NamedTuple):
    """A fund as a page names it."""

    pk: int
    code: str
    name: str


class GroupTiming(NamedTuple):
    """One fund, round, year or kind of provider: its waits in working days, and the grants that nothing can time."""

    name: str
    code: str
    total: TimingSummary
    council: TimingSummary
    cannot_assess: int


class StepTiming(NamedTuple):
    """One step of the way, with its statistics in working days."""

    times: StepTimes
    summary: TimingSummary


@dataclass(frozen=True, slots=True)
class Speed:
    """What the page says, as at `on`. Working days unless a name says otherwise."""

    on: date
    fund: FundName | None
    total: TimingSummary
    total_days: TimingSummary
    council: TimingSummary
    not_started: int
    whose: WhoseTime
    standard: StandardCounts
    standards: tuple[int, ...]
    apart: Apart
    groups: dict[str, list[GroupTiming]]
    steps: list[StepTiming]
    lost: LostTotals
    rounds: list[LeadTime]
    longest: list[TimedGrant]


class SpeedReader:
    """Reads the figures of one register, or of one fund of it, for one person."""

    def __init__(self, user: User, *, illustrative: bool, on: date) -> None:
        self.user, self.illustrative, self.on = user, illustrative, on
        funds = Fund.objects.filter(is_illustrative=illustrative).order_by("name", "pk")
        self.funds = {
            pk: FundName(pk, code, name) for pk, code, name in funds.values_list("pk", "code", "name")
        }
        self.terms: dict[int, FundTerms] = fund_terms()
        self.calendar: WorkingDays = working_days()

    def fund(self, code: str) -> FundName | None:
        """The fund of this register with a code, or None."""
        return next((fund for fund in self.funds.values() if fund.code == code), None)

    def scope(self, fund: FundName | None) -> Scope:
        """The grants of the register, or of one fund."""
        grants = Grant.objects.visible_to(self.user).in_register(illustrative=self.illustrative)
        return Scope(grants.filter(fund=fund.pk) if fund else grants, self.on)

    def rows(self, fund: FundName | None) -> Iterable[TimedGrant]:
        """The grants behind the figures, as a stream."""
        return timed_grants(self.scope(fund), self.calendar)

    def read(self, fund: FundName | None) -> Speed:
        """Every figure."""
        scope, calendar, terms = self.scope(fund), self.calendar, self.terms
        waits = total_waits(scope)
        times = council_times(scope, terms, calendar)
        beside = apart(scope)
        rounds = lead_times(
            terms,
            illustrative=self.illustrative,
            calendar=calendar,
            only_fund=fund.pk if fund else None,
        )
        return Speed(
            on=self.on,
            fund=fund,
            total=summarise(Bin(wait.working_days, wait.ended, wait.n) for wait in waits),
            total_days=summarise(Bin(wait.days, wait.ended, wait.n) for wait in waits),
            council=summarise(_bins(times)),
            not_started=sum(time.n for time in times if time.council is None),
            whose=whose_time(times),
            standard=standard_counts(times, terms),
            standards=tuple(sorted({terms[wait.group.fund_id].standard_working_days for wait in waits})),
            apart=Apart(*(sum(counts) for counts in zip(Apart(0, 0, 0), *beside.values(), strict=True))),
            groups=self._groups(waits, times, beside, rounds),
            steps=[StepTiming(one, summarise(one.bins)) for one in step_times(scope)],
            lost=lost_totals(scope),
            rounds=[one for one in rounds if one.is_announced(self.on)],
            longest=longest_waits(scope, calendar, limit=LONGEST_SHOWN),
        )

    def _groups(
        self,
        waits: list[Wait],
        times: list[CouncilTime],
        beside: dict[Group, Apart],
        rounds: list[LeadTime],
    ) -> dict[str, list[GroupTiming]]:
        """By fund, round, year and kind of provider, each in the order in which it is read."""
        funds, named = self.funds, {one.pk: f"{one.fund}: {one.name}" for one in rounds}
        ways: dict[str, tuple[str, Callable[[Any], str]]] = {
            "fund": ("fund_id", lambda pk: funds[pk].name),
            "round": (
                "round_id",
                lambda pk: NO_ROUND if pk is None else named[pk],
            ),
            "year": ("year", _year_words),
            "kind": ("kind", lambda kind: NO_KIND if kind is None else KINDS[kind]),
        }
        return {way: self._group(waits, times, beside, *how) for way, how in ways.items()}

    def _group(
        self,
        waits: list[Wait],
        times: list[CouncilTime],
        beside: dict[Group, Apart],
        field: str,
        name: Callable[[Any], str],
    ) -> list[GroupTiming]:
        total: dict[Any, list[Bin]] = defaultdict(list)
        council: dict[Any, list[CouncilTime]] = defaultdict(list)
        untracked: dict[Any, int] = defaultdict(int)
        for wait in waits:
            total[getattr(wait.group, field)].append(Bin(wait.working_days, wait.ended, wait.n))
        for time in times:
            council[getattr(time.group, field)].append(time)
        for group, counts in beside.items():
            untracked[getattr(group, field)] += counts.untracked
        keys = [key for key in {**total, **untracked} if total[key] or untracked[key]]
        found = [
            GroupTiming(
                name(key),
                self.funds[key].code if field == "fund_id" else "",
                summarise(total[key]),
                summarise(_bins(council[key])),
                untracked[key],
            )
            for key in keys
        ]
        return sorted(found, key=lambda one: one.name, reverse=field == "year")


def _bins(times: Iterable[CouncilTime]) -> list[Bin]:
    """Council's time of the clocks that have started."""
    return [Bin(time.council, time.ended, time.n) for time in times if time.council is not None]


def _year_words(year: int | None) -> str:
    return NO_YEAR if year is None else f"{year}/{(year + 1) % 100:02d}"
