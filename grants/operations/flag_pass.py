"""The flag pass: bring the flags to a date. The pure rules decide; this lays their answer beside what stands."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from core.errors import ActionRefused
from core.models.users import Role, User
from grants.models import Flag, FlagEvent, FlagEventKind, FlagPass
from grants.models.flags import SUBJECT_FIELDS
from grants.permissions import insist
from grants.queries.candidates import GROUPS, STREAMS, Candidate, make_context
from grants.rules.levels import RANK, Level, Rule

BATCH = 1000


class Standing(NamedTuple):
    """One flag as the pass leaves it."""

    rule: Rule
    candidate: Candidate
    since: date


class PassSummary(NamedTuple):
    """What a pass did. Counts are flags; `by_level` counts those that stand, by rule and level."""

    on: date
    opened: int
    changed: int
    cleared: int
    standing: int
    by_level: Counter[tuple[Rule, Level]]


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
    writer = _Writer(on, at, by, dry_run)
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
    return PassSummary(on, writer.opened, writer.changed, writer.cleared, by_level.total(), by_level)


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


class StandingFlag(NamedTuple):
    """A flag that stands, as the pass reads it."""

    rule: str
    field: str
    subject_id: int
    id: int
    level: str
    figures: str
    opened_on: date


def _standing(rules: list[Rule]) -> Iterator[StandingFlag]:
    """Flags that stand, by rule, kind of subject and subject: the order in which the streams come."""
    fields = dict.fromkeys(rules, "grant") | FIELD_OF_RULE
    rows = (
        Flag.objects.standing()
        .filter(rule__in=[rule.value for rule in rules])
        .annotate(subject_id=Coalesce(*(F(f"{name}_id") for name in SUBJECT_FIELDS)))
        .order_by("rule", F("organisation_id").asc(nulls_first=True), "subject_id")
        .values_list("rule", "organisation_id", "subject_id", "id", "level", "figures", "opened_on")
    )
    for rule, organisation_id, subject_id, flag_id, level, figures, opened_on in rows.iterator(2000):
        field = "organisation" if organisation_id else fields[Rule(rule)]
        yield StandingFlag(rule, field, subject_id, flag_id, level, figures, opened_on)


FIELD_OF_RULE = {
    Rule.CLIFF_EDGE: "grant",
    Rule.CLUSTER: "locality",
    Rule.LATE_INSTALMENT: "instalment",
    Rule.MONEY_MAY_GO_BACK: "funding_award",
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


class _Writer:
    """Collects what changes and writes it in batches: flags and their events together."""

    def __init__(self, on: date, at: datetime, by: User, dry_run: bool) -> None:
        self.on, self.at, self.by, self.dry_run = on, at, by, dry_run
        self.opened = self.changed = self.cleared = 0
        self._new: list[Flag] = []
        self._moved: list[Flag] = []
        self._refigured: list[Flag] = []
        self._gone: list[StandingFlag] = []

    def settle(self, rule: Rule, candidate: Candidate | None, flag: StandingFlag | None) -> date:
        """Open, re-level, clear, or leave one flag; answers since when it stands."""
        if flag is None:
            if candidate is not None:
                self.opened += 1
                if not self.dry_run:
                    self._put(self._new, self._flag(rule, candidate))
            return self.on
        if candidate is None:
            self.cleared += 1
            self._put(self._gone, flag)
            return self.on
        if flag.level != candidate.verdict.level:
            self.changed += 1
            self._put_again(self._moved, rule, candidate, flag)
        elif flag.figures != candidate.verdict.figures:
            self._put_again(self._refigured, rule, candidate, flag)
        return flag.opened_on

    def _put_again(self, batch: list[Any], rule: Rule, candidate: Candidate, flag: StandingFlag) -> None:
        if not self.dry_run:
            again = self._flag(rule, candidate)
            again.pk = flag.id
            self._put(batch, again)

    def _flag(self, rule: Rule, candidate: Candidate) -> Flag:
        level = candidate.verdict.level
        return Flag(
            rule=rule.value,
            level=level.value,
            rank=RANK[level],
            facts=candidate.facts(),
            figures=candidate.verdict.figures,
            opened_on=self.on,
            level_since=self.on,
            owner_id=candidate.owner_id,
            is_illustrative=candidate.is_illustrative,
            **{f"{candidate.field}_id": candidate.subject_id},
        )

    def _put(self, batch: list[Any], item: Any) -> None:
        batch.append(item)
        if len(batch) >= BATCH:
            self._write(batch)

    def finish(self) -> None:
        """Write what is left over."""
        for batch in (self._new, self._moved, self._refigured, self._gone):
            self._write(batch)

    def _write(self, batch: list[Any]) -> None:
        if not batch:
            return
        items, kind = batch[:], self._kind_of(batch)
        batch.clear()
        if self.dry_run:
            return
        if kind is FlagEventKind.OPENED:
            Flag.objects.bulk_create(items)
        elif kind is FlagEventKind.LEVEL:
            Flag.objects.bulk_update(
                items, ["level", "rank", "facts", "figures", "level_since"], batch_size=200
            )
        elif kind is FlagEventKind.FIGURES:
            Flag.objects.bulk_update(items, ["facts", "figures"], batch_size=200)
        else:
            Flag.objects.filter(pk__in=[flag.id for flag in items]).update(cleared_on=self.on)
        FlagEvent.objects.bulk_create(self._event(item, kind) for item in items)

    def _kind_of(self, batch: list[Any]) -> FlagEventKind:
        if batch is self._new:
            return FlagEventKind.OPENED
        if batch is self._refigured:
            return FlagEventKind.FIGURES
        return FlagEventKind.LEVEL if batch is self._moved else FlagEventKind.CLEARED

    def _event(self, item: Flag | StandingFlag, kind: FlagEventKind) -> FlagEvent:
        event = FlagEvent(flag_id=item.id, kind=kind, on=self.on, at=self.at, by=self.by, level=item.level)
        if isinstance(item, Flag):
            event.facts = item.facts
        else:
            event.facts, event.note = {"on": self.on.isoformat()}, "The condition no longer holds."
        return event
