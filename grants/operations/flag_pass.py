"""The flag pass: bring the flags to a date. The pure rules decide; this lays their answer beside what stands."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from core.errors import ActionRefused
from core.models.users import Role, User
from grants.models import Flag, FlagPass
from grants.models.flags import SUBJECT_FIELDS
from grants.operations.flag_writer import FlagWriter, StandingFlag, Tally
from grants.permissions import insist
from grants.queries.candidates import GROUPS, STREAMS, Candidate, make_context
from grants.rules.levels import Level, Rule


class Standing(NamedTuple):
    """One flag as the pass leaves it."""

    rule: Rule
    candidate: Candidate
    since: date


class PassSummary(NamedTuple):
    """What a pass did. Counts are flags; `by_level` counts those that stand, by rule and level.

    The counts are of everything that the pass looked at; `tallies` are those of one register, by whether it is the
    illustrative one.
    """

    on: date
    standing: int
    by_level: Counter[tuple[Rule, Level]]
    tallies: Mapping[bool, Tally]

    @property
    def opened(self) -> int:
        """How many were opened."""
        return sum(tally.opened for tally in self.tallies.values())

    @property
    def changed(self) -> int:
        """How many moved to another level."""
        return sum(tally.changed for tally in self.tallies.values())

    @property
    def cleared(self) -> int:
        """How many were cleared."""
        return sum(tally.cleared for tally in self.tallies.values())


class PassRefused(ActionRefused):
    """The pass cannot go back in time."""


Report = Callable[[Standing], None]


@transaction.atomic
def raise_flags(
    *,
    on: date,
    by: User,
    at: datetime,
    groups: Iterable[str] = tuple(GROUPS),
    dry_run: bool = False,
    report: Report | None = None,
) -> PassSummary:
    """Bring the flags of the groups of rules to the day `on`; `at` stamps the events.

    Opens, re-levels and clears in one transaction; a repeat writes nothing. A day before the last pass is refused,
    but for a dry run, which only counts. `report` is told every flag that stands.
    """
    if by.role != Role.SYSTEM:
        insist(by, "grants.work_flags")
    groups = sorted(groups)
    moves_on = _hold_and_check(groups, on, dry_run)
    rules = sorted(rule for group in groups for rule in GROUPS[group])
    context = make_context(on, rules)
    writer = FlagWriter(on, at, by, dry_run)
    by_level: Counter[tuple[Rule, Level]] = Counter()
    standing = _standing(rules)
    for rule, flags in _by_rule(standing, rules):
        for candidate, flag in _beside(STREAMS[rule](context), flags):
            since = writer.settle(rule, candidate, flag)
            if candidate is not None:
                by_level[rule, candidate.verdict.level] += 1
                if report is not None:
                    report(Standing(rule, candidate, since))
    writer.finish()
    if moves_on:
        FlagPass.objects.filter(group__in=groups).update(on=on)
    return PassSummary(on, by_level.total(), by_level, writer.tallies)


def _hold_and_check(groups: list[str], on: date, dry_run: bool) -> bool:
    """Hold the rows of the groups, so that passes go one after another; refuse to go back in time.

    Answers whether a group's day is still to be moved to `on`.
    """
    if dry_run:
        return False
    rows = dict(
        FlagPass.objects.select_for_update()
        .filter(group__in=groups)
        .order_by("group")
        .values_list("group", "on")
    )
    for group in groups:
        if group not in rows:
            FlagPass.objects.get_or_create(group=group, defaults={"on": on})
        elif rows[group] > on:
            raise PassRefused(
                f"The flags stand at {rows[group].isoformat()}. Give that date or a later one, "
                "or add --dry-run to look back."
            )
    return any(day != on for day in rows.values())


def _standing(rules: list[Rule]) -> Iterator[StandingFlag]:
    """Flags that stand, by rule, kind of subject and subject: the order in which the streams come."""
    fields = dict.fromkeys(rules, "grant") | FIELD_OF_RULE
    rows = (
        Flag.objects.standing()
        .filter(rule__in=[rule.value for rule in rules])
        .annotate(subject_id=Coalesce(*(F(f"{name}_id") for name in SUBJECT_FIELDS)))
        .order_by("rule", F("organisation_id").asc(nulls_first=True), "subject_id")
        .values_list(
            "rule", "organisation_id", "subject_id", "id", "level", "figures", "opened_on", "is_illustrative"
        )
    )
    for rule, organisation_id, *row in rows.iterator(2000):
        field = "organisation" if organisation_id else fields[Rule(rule)]
        yield StandingFlag(rule, field, *row)


FIELD_OF_RULE = {
    Rule.CLIFF_EDGE: "grant",
    Rule.CLUSTER: "locality",
    Rule.LATE_INSTALMENT: "instalment",
    Rule.MONEY_MAY_GO_BACK: "funding_award",
    Rule.PAID_ABOVE_AWARD: "grant",
    Rule.SHORT_NOTICE_ROUND: "round",
    Rule.SLOW_FIRST_PAYMENT: "grant",
    Rule.STOP_TO_CHASE: "clock_stop",
}


def _by_rule(
    standing: Iterator[StandingFlag], rules: list[Rule]
) -> Iterator[tuple[Rule, Iterator[StandingFlag]]]:
    """Each rule with its standing flags, in the order of both."""
    groups = groupby(standing, key=itemgetter(0))
    waiting = next(groups, None)
    for rule in rules:
        if waiting is not None and waiting[0] == rule:
            yield rule, waiting[1]
            waiting = next(groups, None)
        else:
            yield rule, iter(())


def _beside(
    candidates: Iterator[Candidate], flags: Iterator[StandingFlag]
) -> Iterator[tuple[Candidate | None, StandingFlag | None]]:
    """Lay two streams, ordered by subject, beside each other: every subject of either comes once."""
    candidate, flag = next(candidates, None), next(flags, None)
    while candidate is not None or flag is not None:
        if flag is None or (candidate is not None and _key(candidate) < _key(flag)):
            yield candidate, None
            candidate = next(candidates, None)
        elif candidate is None or _key(flag) < _key(candidate):
            yield None, flag
            flag = next(flags, None)
        else:
            yield candidate, flag
            candidate, flag = next(candidates, None), next(flags, None)


def _key(subject: Candidate | StandingFlag) -> tuple[bool, int]:
    """Organisations come after the other kind of subject that a rule has."""
    return subject.field == "organisation", subject.subject_id
