"""The committee's resolutions, and what the register answers to each."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from django.apps import apps
from django.db.models import Case, Count, Q, QuerySet, Sum, When

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import Fund, Grant, Purpose
from grants.models.decisions import IS_TRACKED_SUPPORT, GrantQuerySet
from grants.queries.as_at import not_yet, runs_on
from grants.queries.decisions import funded, known_sum
from grants.queries.timing.columns import chosen, clock_columns, read_clocks
from grants.queries.timing.scope import TIMED, Scope
from grants.queries.timing.sql import number
from grants.rules.cliff import window
from grants.rules.clocks import DayNumbers, day_of, is_critical, standard_counts
from grants.rules.standard import StandardCounts
from reports.rules.resolutions import State, early_help_state, speed_state

EARLY_HELP, SPEED = 1, 2
NOT_APART, RUNNING_UNPAID, UNTRACKED, UNDECIDED, DAY_NOT_KNOWN = range(5)


class Resolution(NamedTuple):
    """What a committee decided to ask for, in its own words; the funds it is about (none named: all of them), which of
    the council's funds those are, and how it is taken.
    """

    number: int
    text: str
    on: date
    committee: str
    funds: tuple[str, ...]
    which_funds: str
    interpretation: str


class FundInScope(NamedTuple):
    """A fund that a resolution is about."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class EarlyHelp:
    """What any test of the first resolution would begin with. Pounds are None where no amount is known.

    `ending` are the tracked grants of direct support that end within 12 months, `planned` those with a plan.
    """

    grants: int
    awarded: Decimal | None
    amounts_not_known: int
    direct_support: int
    purpose_not_known: int
    untracked: int
    no_end: int
    ending: int
    planned: int


@dataclass(frozen=True, slots=True)
class Speed:
    """The second resolution in counts of grants; `not_due` are tracked and decided, and no valid claim has come.

    Of the `undecided` no decision is recorded, of those with `day_not_known` only its month or year is.
    """

    counts: StandardCounts
    not_due: int
    critical: int
    untracked: int
    undecided: int
    day_not_known: int
    left_out: int

    @property
    def cannot_be_assessed(self) -> int:
        """Not tracked, or a date is missing that the clock needs."""
        return self.untracked + self.undecided + self.day_not_known + self.counts.not_known

    @property
    def in_scope(self) -> int:
        """Every grant that the resolution is about."""
        return sum(self.counts) + self.not_due + self.untracked + self.undecided + self.day_not_known


@dataclass(frozen=True, slots=True)
class Answered:
    """A resolution, its funds in this register, and the state of its answer with the figures behind it.

    `which_funds` says which of the council's own funds they are; of an illustrative register it says nothing.
    """

    resolution: Resolution
    funds: tuple[FundInScope, ...]
    which_funds: str
    state: State
    figures: EarlyHelp | Speed


@lru_cache(maxsize=1)
def resolutions() -> tuple[Resolution, ...]:
    """The resolutions in the order of the minutes. The files are part of the product and read once per process."""
    published = _read("grants", "published_register.json")["resolutions"]
    scope = {row["number"]: row for row in _read("reports", "resolutions.json")["scope"]}
    return tuple(
        Resolution(
            row["number"],
            row["text"],
            date.fromisoformat(row["date"]),
            row["committee"],
            tuple(scope[row["number"]]["funds"]),
            scope[row["number"]]["which_funds"],
            scope[row["number"]]["interpretation"],
        )
        for row in published
    )


def _read(app: str, name: str) -> dict[str, Any]:
    path = Path(apps.get_app_config(app).path) / "data" / name
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def answers(user: User, *, on: date, illustrative: bool, calendar: WorkingDays) -> list[Answered]:
    """Each resolution answered over one register: four queries. Counts of grants and pounds, never people."""
    every = [
        FundInScope(*row)
        for row in Fund.objects.filter(is_illustrative=illustrative)
        .order_by("name", "code")
        .values_list("code", "name")
    ]
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).order_by()
    found = []
    for resolution in resolutions():
        everything = illustrative or not resolution.funds
        which = "" if illustrative else resolution.which_funds
        funds = tuple(fund for fund in every if everything or fund.code in resolution.funds)
        scope = grants if everything else grants.filter(fund__code__in=[fund.code for fund in funds])
        if resolution.number == SPEED:
            speed = _speed(scope, on, calendar)
            found.append(Answered(resolution, funds, which, _speed_state(speed), speed))
        else:
            found.append(Answered(resolution, funds, which, early_help_state(), _early_help(scope, on)))
    return found


def _early_help(grants: QuerySet[Grant], on: date) -> EarlyHelp:
    """One query. Withdrawn grants and those that were not approved were never funded work."""
    support = Q(purpose=Purpose.DIRECT_SUPPORT)
    ending = IS_TRACKED_SUPPORT & Q(ends_on__gte=on, ends_on__lte=window(on)[1])
    found = grants.filter(funded(on)).aggregate(
        grants=Count("pk"),
        awarded=Sum("amount_awarded"),
        amounts_not_known=Count("pk", filter=Q(amount_awarded__isnull=True)),
        direct_support=Count("pk", filter=support),
        purpose_not_known=Count("pk", filter=Q(purpose__isnull=True)),
        untracked=Count("pk", filter=Q(tracked_from__isnull=True)),
        no_end=Count("pk", filter=IS_TRACKED_SUPPORT & Q(ends_on__isnull=True)),
        ending=Count("pk", filter=ending),
        planned=Count("pk", filter=ending & Q(plan__recorded_on__lte=on)),
    )
    found["awarded"] = known_sum(found["awarded"] or Decimal(0), found["grants"], found["amounts_not_known"])
    return EarlyHelp(**found)


def _speed(grants: GrantQuerySet, on: date, calendar: WorkingDays) -> Speed:
    """Two queries."""
    scope = Scope(grants, on)
    found = clock_columns(scope, apart=_apart(on))
    untracked, undecided, day_not_known = (
        int(np.count_nonzero(found["apart"] == one)) for one in (UNTRACKED, UNDECIDED, DAY_NOT_KNOWN)
    )
    timed = chosen(found, found["standing"] == TIMED)
    cases, clocks = read_clocks(scope, timed, DayNumbers(calendar))
    counts, n = standard_counts(cases, clocks), timed["pk"].size
    critical = is_critical(cases, clocks, timed["decided_on"], timed["planned_start"], day_of(on))
    return Speed(
        counts=counts,
        not_due=n - sum(counts),
        critical=int(np.count_nonzero(critical & (timed["apart"] == RUNNING_UNPAID))),
        untracked=untracked,
        undecided=undecided,
        day_not_known=day_not_known,
        left_out=found["pk"].size - n - untracked - undecided - day_not_known,
    )


def _apart(on: date) -> Case:
    """Which grants cannot be assessed, and which may be critical: a flag of the first payment stands on no other."""
    return Case(
        When(
            runs_on(on) & not_yet("first_paid_on", on) & Q(decision__isnull=False),
            then=number(RUNNING_UNPAID),
        ),
        When(funded(on) & Q(tracked_from__isnull=True), then=number(UNTRACKED)),
        When(funded(on) & Q(decision__isnull=True, decided_about__isnull=False), then=number(DAY_NOT_KNOWN)),
        When(funded(on) & Q(decision__isnull=True), then=number(UNDECIDED)),
        default=number(NOT_APART),
    )


def _speed_state(found: Speed) -> State:
    return speed_state(
        found.counts,
        critical=found.critical,
        cannot_be_assessed=found.cannot_be_assessed,
        in_scope=found.in_scope,
    )
