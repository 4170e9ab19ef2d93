"""Writes what a flag pass finds: flags, their events and the messages about them, in batches of one statement each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F

from core.database import insert_rows, moment, update_rows
from core.models.users import User
from grants.models import Flag, FlagEvent, FlagEventKind
from grants.models.flags import SUBJECT_FIELDS
from grants.operations.flag_messages import tell_opened, tell_raised
from grants.queries.candidates import Candidate
from grants.rules.levels import RANK, Facts, Level, Rule

BATCH = 1000
NEW_COLUMNS = (
    "rule",
    "level",
    "rank",
    "facts",
    "figures",
    "opened_on",
    "level_since",
    "owner",
    "is_illustrative",
    *SUBJECT_FIELDS,
)


class StandingFlag(NamedTuple):
    """A flag that stands, as the pass reads it."""

    rule: str
    field: str
    subject_id: int
    id: int
    level: str
    figures: str
    opened_on: date
    is_illustrative: bool


@dataclass(slots=True)
class Tally:
    """How many flags of one register a pass opened, moved to another level and cleared."""

    opened: int = 0
    changed: int = 0
    cleared: int = 0


@dataclass(slots=True)
class Judged:
    """A flag as the rule judged it today; `pk` is 0 until it is written."""

    pk: int
    rule: str
    level: Level
    facts: Facts
    figures: str
    owner_id: int | None
    is_illustrative: bool
    field: str
    subject_id: int
    has_risen: bool = False

    def row(self, on: date) -> tuple[Any, ...]:
        """The columns of NEW_COLUMNS."""
        subject = (self.subject_id if name == self.field else None for name in SUBJECT_FIELDS)
        told = (self.rule, self.level.value, RANK[self.level], self.facts, self.figures)
        return (*told, on, on, self.owner_id, self.is_illustrative, *subject)


class FlagWriter:
    """Collects what changes and writes it in batches: flags, events and messages together."""

    def __init__(self, on: date, at: datetime, by: User, dry_run: bool) -> None:
        self.on, self.at, self.by, self.dry_run = on, at, by, dry_run
        self.tallies = {False: Tally(), True: Tally()}
        self._new: list[Judged] = []
        self._moved: list[Judged] = []
        self._refigured: list[Judged] = []
        self._gone: list[StandingFlag] = []

    def settle(self, rule: Rule, candidate: Candidate | None, flag: StandingFlag | None) -> date:
        """Open, re-level, clear, or leave one flag; answers since when it stands."""
        if candidate is None:
            if flag is not None:
                self.tallies[flag.is_illustrative].cleared += 1
                self._put(self._gone, flag, self._clear)
            return self.on
        tally = self.tallies[candidate.is_illustrative]
        if flag is None:
            tally.opened += 1
            self._put_judged(self._new, rule, candidate, self._open)
            return self.on
        level = candidate.verdict.level
        if flag.level != level:
            tally.changed += 1
            self._put_judged(self._moved, rule, candidate, self._move, flag)
        elif flag.figures != candidate.verdict.figures:
            self._put_judged(self._refigured, rule, candidate, self._refigure, flag)
        return flag.opened_on

    def finish(self) -> None:
        """Write what is left over."""
        self._open()
        self._move()
        self._refigure()
        self._clear()

    def _put_judged(
        self,
        batch: list[Judged],
        rule: Rule,
        candidate: Candidate,
        write: Callable[[], None],
        flag: StandingFlag | None = None,
    ) -> None:
        if self.dry_run:
            return
        level = candidate.verdict.level
        judged = Judged(
            pk=flag.id if flag else 0,
            rule=rule.value,
            level=level,
            facts=candidate.facts(),
            figures=candidate.verdict.figures,
            owner_id=candidate.owner_id,
            is_illustrative=candidate.is_illustrative,
            field=candidate.field,
            subject_id=candidate.subject_id,
            has_risen=flag is not None and RANK[level] > RANK[Level(flag.level)],
        )
        self._put(batch, judged, write)

    def _put(self, batch: list[Any], item: Any, write: Callable[[], None]) -> None:
        if not self.dry_run:
            batch.append(item)
            if len(batch) >= BATCH:
                write()

    def _open(self) -> None:
        if self._new:
            _leave_unowned_without_a_person(self._new)
            ids = insert_rows(Flag, NEW_COLUMNS, (judged.row(self.on) for judged in self._new))
            for judged, pk in zip(self._new, ids, strict=True):
                judged.pk = pk
            self._record(FlagEventKind.OPENED, ids)
            tell_opened(self._new, on=self.on, at=self.at)
            self._new.clear()

    def _move(self) -> None:
        if self._moved:
            self._update(self._moved, ["level", "rank", "facts", "figures", "level_since"])
            moved = [judged.pk for judged in self._moved]
            # Whoever put it aside at a higher level has seen it fall: the next rise is news again.
            Flag.objects.filter(pk__in=moved, snoozed_rank__gt=F("rank")).update(snoozed_rank=F("rank"))
            self._record(FlagEventKind.LEVEL, moved)
            tell_raised([judged for judged in self._moved if judged.has_risen], on=self.on, at=self.at)
            self._moved.clear()

    def _refigure(self) -> None:
        if self._refigured:
            self._update(self._refigured, ["facts", "figures"])
            self._record(FlagEventKind.FIGURES, [judged.pk for judged in self._refigured])
            self._refigured.clear()

    def _clear(self) -> None:
        if self._gone:
            Flag.objects.filter(pk__in=[flag.id for flag in self._gone]).update(cleared_on=self.on)
            FlagEvent.objects.bulk_create(self._cleared(flag) for flag in self._gone)
            self._gone.clear()

    def _update(self, judged: list[Judged], columns: list[str]) -> None:
        """Write the columns again. The level stands since today where it moved."""
        update_rows(Flag, columns, ((one.pk, *map(self._now(one).get, columns)) for one in judged))

    def _now(self, one: Judged) -> dict[str, Any]:
        """What a flag says from today, by column."""
        return {
            "level": one.level.value,
            "rank": RANK[one.level],
            "facts": one.facts,
            "figures": one.figures,
            "level_since": self.on,
        }

    def _record(self, kind: FlagEventKind, ids: list[int]) -> None:
        """One event for each flag, with the level and the facts that the flag has now: copied inside the database."""
        quote = connection.ops.quote_name
        events, flags = quote(FlagEvent._meta.db_table), quote(Flag._meta.db_table)
        columns = ", ".join(map(quote, ("flag_id", "kind", "on", "at", "by_id", "level", "facts", "note")))
        which = ", ".join(["%s"] * len(ids))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {events} ({columns}) SELECT id, %s, %s, %s, %s, level, facts, '' "  # noqa: S608
                f"FROM {flags} WHERE id IN ({which}) ORDER BY id",
                [kind.value, self.on, moment(self.at), self.by.pk, *ids],
            )

    def _cleared(self, flag: StandingFlag) -> FlagEvent:
        return FlagEvent(
            flag_id=flag.id,
            kind=FlagEventKind.CLEARED,
            on=self.on,
            at=self.at,
            by=self.by,
            level=flag.level,
            facts={"on": self.on.isoformat()},
            note="The condition no longer holds.",
        )


def _leave_unowned_without_a_person(judged: list[Judged]) -> None:
    """A flag on whose owner has left is nobody's: so it is seen, and somebody takes it."""
    owners = {one.owner_id for one in judged if one.owner_id is not None}
    gone = set(User.objects.filter(pk__in=owners, is_active=False).values_list("pk", flat=True))
    for one in judged:
        if one.owner_id in gone:
            one.owner_id = None
