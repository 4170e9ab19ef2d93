"""The committee's resolutions, and what the register answers to each."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Count, Q, QuerySet, Sum

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import Fund, Grant, Purpose
from grants.models.decisions import APPROVED, IS_TRACKED_SUPPORT, GrantQuerySet
from grants.queries.candidates import make_context
from grants.queries.candidates.payments import slow_first_payment
from grants.queries.decisions import known_sum
from grants.queries.durations import fund_terms
from grants.queries.timing.council import council_times, standard_counts
from grants.queries.timing.scope import Scope
from grants.rules.cliff import window
from grants.rules.levels import Level, Rule
from grants.rules.standard import StandardCounts
from reports.rules.resolutions import State, early_help_state, speed_state

EARLY_HELP, SPEED = 1, 2


class Resolution(NamedTuple):
    """What a committee decided to ask for, in its own words; the funds it is about (none named: all of them) and how it
    is taken.
    """

    number: int
    text: str
    on: date
    committee: str
    funds: tuple[str, ...]
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
    """The second resolution in counts of grants; `not_due` are tracked and decided, and no valid claim has come."""

    counts: StandardCounts
    not_due: int
    critical: int
    untracked: int
    undecided: int
    left_out: int

    @property
    def cannot_be_assessed(self) -> int:
        """Not tracked, or a date is missing that the clock needs."""
        return self.untracked + self.undecided + self.counts.not_known

    @property
    def in_scope(self) -> int:
        """Every grant that the resolution is about."""
        return sum(self.counts) + self.not_due + self.untracked + self.undecided


@dataclass(frozen=True, slots=True)
class Answered:
    """A resolution, its funds in this register, and the state of its answer with the figures behind it."""

    resolution: Resolution
    funds: tuple[FundInScope, ...]
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
            scope[row["number"]]["interpretation"],
        )
        for row in published
    )


def _read(app: str, name: str) -> dict[str, Any]:
    path = Path(apps.get_app_config(app).path) / "data" / name
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def answers(user: User, *, on: date, illustrative: bool, calendar: WorkingDays) -> list[Answered]:
    """Each resolution answered over one register: at most nine queries. Counts of grants and pounds, never people."""
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
        funds = tuple(fund for fund in every if everything or fund.code in resolution.funds)
        scope = grants if everything else grants.filter(fund__code__in=[fund.code for fund in funds])
        if resolution.number == SPEED:
            speed = _speed(scope, on, illustrative=illustrative, calendar=calendar)
            found.append(Answered(resolution, funds, _speed_state(speed), speed))
        else:
            found.append(Answered(resolution, funds, early_help_state(), _early_help(scope, on)))
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


def funded(on: date) -> Q:
    """Not withdrawn, and approved, or with a decision that is not recorded here."""
    stands = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on)
    return stands & (Q(decision__in=APPROVED) | Q(decision__isnull=True))


def _speed(grants: GrantQuerySet, on: date, *, illustrative: bool, calendar: WorkingDays) -> Speed:
    """Seven queries."""
    terms = fund_terms()
    times = council_times(Scope(grants, on), terms, calendar)
    counts = standard_counts(times, terms)
    timed = sum(time.n for time in times)
    apart = grants.aggregate(
        all=Count("pk"),
        untracked=Count("pk", filter=funded(on) & Q(tracked_from__isnull=True)),
        undecided=Count("pk", filter=funded(on) & Q(tracked_from__isnull=False, decision__isnull=True)),
    )
    return Speed(
        counts=counts,
        not_due=timed - sum(counts),
        critical=critical_count(on, illustrative=illustrative),
        untracked=apart["untracked"],
        undecided=apart["undecided"],
        left_out=apart["all"] - timed - apart["untracked"] - apart["undecided"],
    )


def critical_count(on: date, *, illustrative: bool) -> int:
    """How many grants of a register have a critical first payment on a day, by the rule of the flags: four queries."""
    context = make_context(on, [Rule.SLOW_FIRST_PAYMENT])
    return sum(
        1
        for one in slow_first_payment(context)
        if one.is_illustrative == illustrative and one.verdict.level == Level.CRITICAL
    )


def _speed_state(found: Speed) -> State:
    return speed_state(
        found.counts,
        critical=found.critical,
        cannot_be_assessed=found.cannot_be_assessed,
        in_scope=found.in_scope,
    )
