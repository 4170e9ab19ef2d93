"""What the pass says to people: each flag it opens or raises, to whoever owns it, in the pass's own transaction."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from django.urls import reverse

from core.operations.messages import Note, tell
from grants.models import Flag
from grants.models.flags import LEVEL_LABELS, RULE_LABELS
from grants.queries.subjects import named
from grants.rules.levels import Facts, Level, Rule
from grants.rules.sentences import why

KIND = "flag"


class JudgedFlag(Protocol):
    """What a message needs of a flag: its subject by the flag's column and id, and what the rule said of it."""

    @property
    def pk(self) -> int:
        """The flag's id."""

    @property
    def field(self) -> str:
        """The column that names its subject."""

    @property
    def subject_id(self) -> int:
        """The subject's id."""

    @property
    def rule(self) -> str:
        """The rule."""

    @property
    def level(self) -> Level:
        """The level."""

    @property
    def facts(self) -> Facts:
        """What it was judged on."""

    @property
    def owner_id(self) -> int | None:
        """Who owned it when it opened."""

    @property
    def is_illustrative(self) -> bool:
        """Which register it is of."""


def tell_opened(flags: Sequence[JudgedFlag], *, on: date, at: datetime) -> None:
    """Tell the owners of flags that were opened on the day `on`: four queries a batch, however many flags."""
    _tell([(flag, flag.owner_id) for flag in flags if flag.owner_id is not None], on, at)


def tell_raised(flags: Sequence[JudgedFlag], *, on: date, at: datetime) -> None:
    """Tell the owners of flags whose level went up; somebody may have given them to another owner since they opened."""
    if flags:
        found = Flag.objects.filter(pk__in=[flag.pk for flag in flags], owner__isnull=False)
        owners = dict(found.values_list("pk", "owner_id"))
        _tell([(flag, owners[flag.pk]) for flag in flags if flag.pk in owners], on, at)


def _tell(owned: list[tuple[JudgedFlag, int]], on: date, at: datetime) -> None:
    if owned:
        tell(_notes(owned, on), at=at)


def _notes(owned: list[tuple[JudgedFlag, int]], on: date) -> Iterator[Note]:
    subjects = named((flag.field, flag.subject_id) for flag, _ in owned)
    path = reverse("flag", args=[0])
    for flag, owner_id in owned:
        words, level = subjects[flag.field, flag.subject_id], LEVEL_LABELS[Level(flag.level)]
        sentence = why(flag.rule, flag.level, flag.facts)
        yield Note(
            key=f"flag:{flag.pk}:{flag.level}:{on.isoformat()}",
            to_id=owner_id,
            kind=KIND,
            text=f"{RULE_LABELS[Rule(flag.rule)]} ({level.lower()}): {words.words}. {sentence}",
            path=path.replace("0", str(flag.pk)),
            is_illustrative=flag.is_illustrative,
        )
