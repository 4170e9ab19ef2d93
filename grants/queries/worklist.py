"""Flags as people read them: what each is about, why it stands, what clears it, when the rules last looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min

from core.rules.dates import long_date
from grants.models import Flag, FlagPass
from grants.models.flags import LEVEL_LABELS, RULE_LABELS
from grants.queries.subjects import OWNER, Subject, named, subject_key
from grants.rules.levels import Level, Rule
from grants.rules.sentences import clears_when, why


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag in words. `ref` is the grant's reference where the flag is about one, `fund_code` a round's fund."""

    pk: int
    rule: str
    rule_words: str
    level: str
    level_words: str
    subject: str
    ref: str | None
    fund_code: str | None
    why: str
    clears_when: str
    owner: str | None
    owner_id: int | None
    opened_on: date
    level_since: date
    act_by: date | None
    facts: dict[str, Any]

    @property
    def level_words_since(self) -> str:
        """Since when it is at its level, where that is another day than the one it was raised on."""
        if self.level_since == self.opened_on:
            return ""
        return f"at this level since {long_date(self.level_since)}"


def flag_rows(flags: Iterable[Flag]) -> list[FlagRow]:
    """Flags in words, in the order given: one query beside that of the flags."""
    found = list(flags)
    owners = {(OWNER, flag.owner_id) for flag in found if flag.owner_id is not None}
    words = named([*map(subject_key, found), *owners])
    return [_row(flag, words[subject_key(flag)], words.get((OWNER, flag.owner_id or 0))) for flag in found]


def flag_row(flag: Flag) -> FlagRow:
    """One flag in words, from the facts it was last judged on: one query."""
    return flag_rows([flag])[0]


def _row(flag: Flag, subject: Subject, owner: Subject | None) -> FlagRow:
    return FlagRow(
        pk=flag.pk,
        rule=flag.rule,
        rule_words=RULE_LABELS[Rule(flag.rule)],
        level=flag.level,
        level_words=LEVEL_LABELS[Level(flag.level)],
        subject=subject.words,
        ref=subject.ref,
        fund_code=subject.fund_code,
        why=why(flag.rule, flag.level, flag.facts),
        clears_when=clears_when(flag.rule, flag.level, flag.facts),
        owner=owner.words if owner else None,
        owner_id=flag.owner_id,
        opened_on=flag.opened_on,
        level_since=flag.level_since,
        act_by=flag.act_by,
        facts=flag.facts,
    )


def checked_on() -> date | None:
    """The day to which every flag was last brought; None before the first pass."""
    day: date | None = FlagPass.objects.aggregate(day=Min("on"))["day"]
    return day
