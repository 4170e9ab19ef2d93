"""Flags as people read them: what each is about, why it stands, what clears it, when the rules last looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet

from core.rules.dates import long_date
from grants.models import Flag, FlagPass
from grants.models.flags import LEVEL_LABELS, RULE_LABELS
from grants.rules.levels import Level, Rule
from grants.rules.sentences import clears_when, why

SUBJECTS = (
    "grant",
    "instalment__grant",
    "clock_stop__grant",
    "round__fund",
    "funding_award",
    "organisation",
    "locality",
    "owner",
)


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


def with_subjects(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    """The flags with what each is about and its owner, joined in one query."""
    return flags.select_related(*SUBJECTS)


def _about(flag: Flag) -> tuple[str, str | None, str | None]:
    """What a flag is about in words, the grant's reference and the fund's code where it has them."""
    if flag.grant:
        return flag.grant.title, flag.grant.ref, None
    if flag.instalment:
        return (
            f"{flag.instalment.grant.title}, instalment {flag.instalment.number}",
            flag.instalment.grant.ref,
            None,
        )
    if flag.clock_stop:
        waiting = f"{flag.clock_stop.grant.title}, waiting for the {flag.clock_stop.waiting_on}"
        return waiting, flag.clock_stop.grant.ref, None
    if flag.round:
        return str(flag.round), None, flag.round.fund.code
    return str(flag.funding_award or flag.organisation or flag.locality), None, None


def flag_row(flag: Flag) -> FlagRow:
    """One flag in words, from the facts it was last judged on."""
    subject, ref, fund_code = _about(flag)
    return FlagRow(
        pk=flag.pk,
        rule=flag.rule,
        rule_words=RULE_LABELS[Rule(flag.rule)],
        level=flag.level,
        level_words=LEVEL_LABELS[Level(flag.level)],
        subject=subject,
        ref=ref,
        fund_code=fund_code,
        why=why(flag.rule, flag.level, flag.facts),
        clears_when=clears_when(flag.rule, flag.level, flag.facts),
        owner=str(flag.owner) if flag.owner else None,
        owner_id=flag.owner_id,
        opened_on=flag.opened_on,
        level_since=flag.level_since,
        act_by=flag.act_by,
        facts=flag.facts,
    )


def flag_rows(flags: Iterable[Flag]) -> list[FlagRow]:
    """Flags in words, in the order given; give a queryset `with_subjects`."""
    return [flag_row(flag) for flag in flags]


def checked_on() -> date | None:
    """The day to which every flag was last brought; None before the first pass."""
    day: date | None = FlagPass.objects.aggregate(day=Min("on"))["day"]
    return day
