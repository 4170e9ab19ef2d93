"""What needs a person today: one reader per kind of work, each in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from core.models import Role, User
from grants.models import Flag, FlagEvent, FlagEventKind, Grant
from grants.models.decisions import IS_TRACKED_SUPPORT
from grants.models.flags import LEVEL_LABELS
from grants.queries.decisions import ends_within
from grants.queries.planning import kept_durations, latest_safe_dates
from grants.queries.tracking import Tracking, without_schedule
from grants.queries.waiting import Waiting, longest_waits, waits_on_others
from grants.queries.worklist import FlagRow, checked_on, flag_rows
from grants.rules.levels import Level
from reports.queries.flags import (
    NOBODYS,
    SLOW_MONEY,
    FlagCounts,
    flag_counts,
    flags_of,
    tallies,
    unowned_flags,
)

SHOWN = 8
ALL_NEWS = 500
DECISIONS_SHOWN = 5
NEWS = (FlagEventKind.OPENED, FlagEventKind.LEVEL, FlagEventKind.CLEARED)


class Decision(NamedTuple):
    """A flag that asks for a decision, and by when to take it, where that is known."""

    flag: FlagRow
    decide_by: date | None


class News(NamedTuple):
    """Something that the rules did to a flag since the person last looked: `what` kind of event, at which level."""

    what: str
    level: str
    flag: FlagRow
    on: date

    @property
    def words(self) -> str:
        """ "Raised: critical", "Now critical", "Cleared"."""
        if self.what == FlagEventKind.CLEARED:
            return "Cleared"
        level = LEVEL_LABELS[Level(self.level)].lower()
        return f"Now {level}" if self.what == FlagEventKind.LEVEL else f"Raised: {level}"


@dataclass(frozen=True, slots=True)
class OfficerDay:
    """What needs a commissioner or an administrator."""

    counts: FlagCounts
    tracking: Tracking
    decisions: Sequence[Decision]
    owned: Sequence[FlagRow]
    unowned: Sequence[FlagRow]
    waiting: Sequence[Waiting]
    waiting_count: int
    news: Sequence[News]
    news_count: int
    checked_on: date | None


def officer_day(user: User, *, illustrative: bool, on: date, all_news: bool = False) -> OfficerDay:
    """Today of a commissioner or an administrator: at most eleven queries. `all_news` does not cut the news short."""
    flags = flags_of(user, illustrative=illustrative)
    waits = waits_on_others(user, illustrative=illustrative, on=on)
    events = _news(user, illustrative=illustrative)
    counted = tallies(user, illustrative=illustrative, **waits, news=events)
    asking = list(flags.asking_a_decision().select_related("grant__fund", "round")[:DECISIONS_SHOWN])
    owned = list(flags[:SHOWN])
    unowned = list(unowned_flags(user, illustrative=illustrative)[:SHOWN])
    news = list(events.select_related("flag")[: ALL_NEWS if all_news else SHOWN])
    rows = _in_words(asking, owned, unowned, [event.flag for event in news])
    return OfficerDay(
        counts=flag_counts(counted, user),
        tracking=counted.tracking,
        decisions=_decisions(asking, rows, on),
        owned=[rows[flag.pk] for flag in owned],
        unowned=[rows[flag.pk] for flag in unowned],
        waiting=longest_waits(waits, on=on, limit=SHOWN),
        waiting_count=sum(counted.others.get(kind, 0) for kind in waits),
        news=[News(event.kind, event.level, rows[event.flag_id], event.on) for event in news],
        news_count=counted.others.get("news", 0),
        checked_on=checked_on(),
    )


def _in_words(*lists: Iterable[Flag]) -> dict[int, FlagRow]:
    """The flags of all the lists of a page in words, by their id: one query."""
    flags = {flag.pk: flag for flag in chain(*lists)}
    return {row.pk: row for row in flag_rows(flags.values())}


def _decisions(asking: Sequence[Flag], rows: Mapping[int, FlagRow], on: date) -> list[Decision]:
    """The worst flags that ask for a decision, each with its last day, the earliest first: at most two queries."""
    own = kept_durations(on) if any(flag.grant for flag in asking) else {}
    decisions = []
    for flag in asking:
        decide_by: date | None = None
        if flag.grant is not None and flag.grant.ends_on is not None and flag.grant.ends_on >= on:
            decide_by = latest_safe_dates(flag.grant.ends_on, flag.grant.fund, own).extension_by
        elif flag.round is not None:
            decide_by = flag.round.closes_on
        decisions.append(Decision(rows[flag.pk], decide_by))
    return sorted(decisions, key=lambda one: (one.decide_by is None, one.decide_by or on))


def _news(user: User, *, illustrative: bool) -> QuerySet[FlagEvent]:
    """What the rules did since the person marked everything as seen, newest first."""
    events = FlagEvent.objects.filter(kind__in=NEWS, flag__is_illustrative=illustrative).order_by(
        "-at", "-pk"
    )
    if user.role != Role.ADMINISTRATOR:
        events = events.filter(flag__owner=user)
    return events.filter(at__gt=user.seen_until) if user.seen_until else events


@dataclass(frozen=True, slots=True)
class FinanceFlags:
    """The worst flags of a finance officer, those of nobody about slow money, and how many grants show none."""

    owned: Sequence[FlagRow]
    unowned: Sequence[FlagRow]
    unowned_count: int
    tracking: Tracking


def finance_flags(user: User, *, illustrative: bool, on: date) -> FinanceFlags:
    """Four queries."""
    nobodys = unowned_flags(user, illustrative=illustrative)
    unscheduled = without_schedule(user, illustrative=illustrative, on=on)
    counted = tallies(user, illustrative=illustrative, unscheduled=unscheduled)
    owned, unowned = list(flags_of(user, illustrative=illustrative)[:SHOWN]), list(nobodys[:SHOWN])
    rows = _in_words(owned, unowned)
    return FinanceFlags(
        owned=[rows[flag.pk] for flag in owned],
        unowned=[rows[flag.pk] for flag in unowned],
        unowned_count=counted.of(rules=SLOW_MONEY, whose=(NOBODYS,)),
        tracking=counted.tracking,
    )


class GrantCounts(NamedTuple):
    """Counts of grants, never of people: what scrutiny may see of the flags."""

    grants: int
    late: int
    critical: int
    ending: int
    supporting: int
    untracked: int

    @property
    def tracking(self) -> Tracking:
        """How many of them can be assessed."""
        return Tracking(self.grants - self.untracked, self.untracked)


def grant_counts(user: User, *, illustrative: bool, on: date) -> GrantCounts:
    """Grants with a flag at that level, ending within a year, not tracked: two queries.

    Each is the number of grants that the register lists when asked the same. `supporting` are those that end and are
    in the figures of sustainability: tracked, and direct support.
    """
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    found = grants.order_by().aggregate(
        grants=Count("pk"),
        ending=Count("pk", filter=ends_within(on, 12)),
        supporting=Count("pk", filter=ends_within(on, 12) & IS_TRACKED_SUPPORT),
        untracked=Count("pk", filter=Q(tracked_from__isnull=True)),
    )
    about = Coalesce("grant_id", "instalment__grant_id", "clock_stop__grant_id")
    standing = Flag.objects.standing().in_register(illustrative=illustrative).order_by()
    levels = dict(standing.values_list("level").annotate(n=Count(about, distinct=True)))
    late, critical = levels.get(Level.LATE, 0), levels.get(Level.CRITICAL, 0)
    return GrantCounts(late=late, critical=critical, **found)
