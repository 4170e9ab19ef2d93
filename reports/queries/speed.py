"""How fast money reaches groups, and whose time it took: every figure of `/reports/speed/`.

Eight queries whatever the size of the register: one reads the grants as columns of numbers, the rules judge those.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from core.calendar import working_days
from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import Fund, Grant
from grants.queries.durations import FundTerms, fund_terms
from grants.queries.timing.columns import KINDS, Columns, chosen, every_column
from grants.queries.timing.lost import LostTotals, lost_totals
from grants.queries.timing.rounds import LeadTime, lead_times
from grants.queries.timing.rows import TimedGrant, longest_waits, timed_grants
from grants.queries.timing.scope import CLOSED, TIMED, UNTRACKED, WITHDRAWN, Scope
from grants.queries.timing.stages import StepTimes, step_times
from grants.queries.timing.waits import (
    Lengths,
    Waits,
    WhoseTime,
    financial_years,
    lengths,
    lengths_by,
    read_waits,
    whose_time,
)
from grants.rules.clocks import NOT_KNOWN, Bools, DayNumbers, day_of, standard_counts
from grants.rules.standard import StandardCounts
from grants.rules.timing import Ints, TimingSummary, summarise_columns
from providers.models import OrganisationKind

LONGEST_SHOWN = 10
NO_ROUND, NO_KIND, NO_YEAR = "Not in a round", "Kind not known", "Year not known"
NOBODY = summarise_columns([], [], [])


class Apart(NamedTuple):
    """Grants that no timing counts: untracked, and approved but ended without a payment."""

    untracked: int
    withdrawn: int
    closed: int


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
        numbers = DayNumbers(calendar)
        grants = every_column(scope)
        standing = grants["standing"]
        is_timed = standing == TIMED
        timed = chosen(grants, is_timed)
        waits = read_waits(scope, timed, numbers)
        counts = standard_counts(waits.cases, waits.clocks)
        rounds = lead_times(
            terms, illustrative=self.illustrative, calendar=calendar, only_fund=fund.pk if fund else None
        )
        return Speed(
            on=self.on,
            fund=fund,
            total=_summary(lengths(waits.total, waits.cases.paid)),
            total_days=_summary(lengths(waits.days, waits.cases.paid)),
            council=_summary(lengths(*_started(waits))),
            not_started=int(np.count_nonzero(~waits.clocks.started)),
            whose=whose_time(waits.clocks),
            standard=counts,
            standards=tuple(np.unique(waits.cases.standard).tolist()),
            apart=Apart(*(int(np.count_nonzero(standing == one)) for one in (UNTRACKED, WITHDRAWN, CLOSED))),
            groups=self._groups(grants, is_timed, waits, rounds),
            steps=[
                StepTiming(one, _summary(one.lengths))
                for one in step_times(chosen(grants, standing != UNTRACKED), day_of(self.on), numbers)
            ],
            lost=lost_totals(timed, waits.cases.until),
            rounds=[one for one in rounds if one.is_announced(self.on)],
            longest=longest_waits(scope, calendar, limit=LONGEST_SHOWN),
        )

    def _groups(
        self, grants: Columns, is_timed: Bools, waits: Waits, rounds: list[LeadTime]
    ) -> dict[str, list[GroupTiming]]:
        """By fund, round, year and kind of provider, each in the order in which it is read."""
        named = {one.pk: f"{one.fund}: {one.name}" for one in rounds}
        ways: dict[str, tuple[Ints, Callable[[int], str]]] = {
            "fund": (grants["fund_id"], lambda pk: self.funds[pk].name),
            "round": (grants["round_id"], lambda pk: NO_ROUND if pk == NOT_KNOWN else named[pk]),
            "year": (financial_years(grants["decided_on"]), _year_words),
            "kind": (grants["kind"], _kind_words),
        }
        untracked = grants["standing"] == UNTRACKED
        codes = {pk: fund.code for pk, fund in self.funds.items()}
        found = {}
        for way, (column, name) in ways.items():
            beside = _counts(column[untracked])
            groups = _timings(column[is_timed], waits, beside, name, codes if way == "fund" else {})
            found[way] = sorted(groups, key=lambda one: one.name, reverse=way == "year")
        return found


def _timings(
    groups: Ints,
    waits: Waits,
    untracked: Mapping[int, int],
    name: Callable[[int], str],
    codes: Mapping[int, str],
) -> list[GroupTiming]:
    """The waits of each group, and of those that nothing times; the groups of one name are different groups."""
    durations, paid, started = *_started(waits), waits.clocks.started
    total = dict(lengths_by(groups, waits.total, waits.cases.paid))
    council = dict(lengths_by(groups[started], durations, paid))
    return [
        GroupTiming(
            name(key),
            codes.get(key, ""),
            _summary(total[key]) if key in total else NOBODY,
            _summary(council[key]) if key in council else NOBODY,
            untracked.get(key, 0),
        )
        for key in {**total, **untracked}
    ]


def _counts(groups: Ints) -> dict[int, int]:
    keys, n = np.unique(groups, return_counts=True)
    return dict(zip(keys.tolist(), n.tolist(), strict=True))


def _started(waits: Waits) -> tuple[Ints, Bools]:
    """Council's time of the clocks that have started, and whether it has ended."""
    started = waits.clocks.started
    return waits.clocks.council[started], waits.cases.paid[started]


def _summary(found: Lengths) -> TimingSummary:
    return summarise_columns(found.durations, found.ended, found.n)


def _year_words(year: int) -> str:
    return NO_YEAR if year == NOT_KNOWN else f"{year}/{(year + 1) % 100:02d}"


def _kind_words(place: int) -> str:
    return NO_KIND if place == NOT_KNOWN else OrganisationKind(KINDS[place]).label
