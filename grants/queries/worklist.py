"""Flags as people read them: what each is about, why it stands, what clears it, when the rules last looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min

from core.models import User
from core.rules.dates import long_date
from grants.models import Flag, FlagPass
from grants.models.flags import IS_AWAKE, LEVEL_LABELS, RULE_LABELS
from grants.queries.judged_now import Judged
from grants.queries.subjects import OWNER, Subject, named, subject_key
from grants.rules.levels import Level, Rule
from grants.rules.sentences import CLEARS_AT_NEXT_CHECK, NO_LONGER, clears_when, why


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag in words. `ref` is the grant's reference where the flag is about one, `fund_code` a round's fund.

    `why`, `clears_when` and `facts` are today's where the rule was asked again; `judged_why` is what the flag said on
    the day of its last event, where that is something else. One that no longer `holds` clears at the next check.
    """

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
    facts: Mapping[str, Any]
    judged_why: str = ""
    holds: bool = True

    @property
    def level_words_since(self) -> str:
        """Since when it is at its level, where that is another day than the one it was raised on."""
        if self.level_since == self.opened_on:
            return ""
        return f"at this level since {long_date(self.level_since)}"


def flag_rows(flags: Iterable[Flag], now: Mapping[int, Judged | None] | None = None) -> list[FlagRow]:
    """Flags in words, in the order given: one query beside that of the flags. `now` has what the rules say today."""
    found, now = list(flags), now or {}
    owners = {(OWNER, flag.owner_id) for flag in found if flag.owner_id is not None}
    words = named([*map(subject_key, found), *owners])
    return [
        _row(flag, words[subject_key(flag)], words.get((OWNER, flag.owner_id or 0)), now) for flag in found
    ]


def flag_row(flag: Flag, now: Mapping[int, Judged | None] | None = None) -> FlagRow:
    """One flag in words: one query."""
    return flag_rows([flag], now)[0]


def _row(flag: Flag, subject: Subject, owner: Subject | None, now: Mapping[int, Judged | None]) -> FlagRow:
    level, facts = now.get(flag.pk) or Judged(Level(flag.level), flag.facts)
    judged, holds = why(flag.rule, flag.level, flag.facts), now.get(flag.pk, ...) is not None
    says_else = why(flag.rule, level, {**facts, "on": flag.facts["on"]}) != judged
    return FlagRow(
        pk=flag.pk,
        rule=flag.rule,
        rule_words=RULE_LABELS[Rule(flag.rule)],
        level=flag.level,
        level_words=LEVEL_LABELS[Level(flag.level)],
        subject=subject.words,
        ref=subject.ref,
        fund_code=subject.fund_code,
        why=why(flag.rule, level, facts) if holds else f"{judged} {NO_LONGER}",
        clears_when=clears_when(flag.rule, level, facts) if holds else CLEARS_AT_NEXT_CHECK,
        owner=owner.words if owner else None,
        owner_id=flag.owner_id,
        opened_on=flag.opened_on,
        level_since=flag.level_since,
        act_by=flag.act_by,
        facts=facts,
        judged_why=judged if says_else else "",
        holds=holds,
    )


def checked_on() -> date | None:
    """The day to which every flag was last brought; None before the first pass."""
    day: date | None = FlagPass.objects.aggregate(day=Min("on"))["day"]
    return day


def awake_and_snoozed(user: User, *, illustrative: bool) -> tuple[int, int]:
    """How many flags of one register stand awake, as the list shows them, and how many are snoozed: one query."""
    flags = Flag.objects.visible_to(user).in_register(illustrative=illustrative).standing().order_by()
    found = flags.aggregate(standing=Count("pk"), awake=Count("pk", filter=IS_AWAKE))
    return found["awake"], found["standing"] - found["awake"]
