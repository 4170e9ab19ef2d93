"""What needs a person today: one reader per kind of work, each in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from core.models import Role, User
from grants.models import ClockStop, Flag, FlagEvent, FlagEventKind, Grant
from grants.models.flags import LEVEL_LABELS
from grants.queries.decisions import ends_within, untracked_count
from grants.queries.planning import kept_durations, latest_safe_dates
from grants.queries.worklist import SUBJECTS, FlagRow, checked_on, flag_row, flag_rows, with_subjects
from grants.rules.levels import Level, Rule

DECISIONS = (Rule.CLIFF_EDGE, Rule.SHORT_NOTICE_ROUND, Rule.MONEY_MAY_GO_BACK)
MONEY = (Rule.SLOW_FIRST_PAYMENT, Rule.LATE_INSTALMENT, Rule.STOP_TO_CHASE, Rule.MONEY_MAY_GO_BACK)
SLOW_MONEY = (Rule.SLOW_FIRST_PAYMENT, Rule.LATE_INSTALMENT)
ENDINGS = (Rule.CLIFF_EDGE, Rule.CLUSTER)
LATE = (Level.LATE, Level.CRITICAL)
ASKS_A_DECISION = Q(rule__in=DECISIONS) & ~Q(level=Level.FALLEN)
"""What can still be decided; what has ended asks for cover, not for a decision about the money."""
SHOWN = 8
ALL_NEWS = 500
DECISIONS_SHOWN = 5
NEWS = (FlagEventKind.OPENED, FlagEventKind.LEVEL, FlagEventKind.CLEARED)


class FlagCounts(NamedTuple):
    """Standing flags of one person, or of everybody: what is late, what ends, what waits for a decision.

    `unowned` and `standing` count the flags of the whole register: those of nobody, and all of them.
    """

    late: int
    ending: int
    decisions: int
    all: int
    unowned: int
    standing: int


class Decision(NamedTuple):
    """A flag that asks for a decision, and by when to take it, where that is known."""

    flag: FlagRow
    decide_by: date | None


class Waiting(NamedTuple):
    """An open clock stop: whom the council waits for, for what, since when."""

    ref: str
    title: str
    waiting_on: str
    reason: str
    started_on: date


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
    untracked: int
    decisions: Sequence[Decision]
    owned: Sequence[FlagRow]
    unowned: Sequence[FlagRow]
    waiting: Sequence[Waiting]
    waiting_count: int
    news: Sequence[News]
    news_count: int
    checked_on: date | None


def flags_of(user: User, *, illustrative: bool) -> QuerySet[Flag]:
    """The flags that are a person's to work: their own, or everybody's for an administrator."""
    return _speaking(user, illustrative=illustrative).filter(_belongs_to(user))


def _speaking(user: User, *, illustrative: bool) -> QuerySet[Flag]:
    """The flags of a register that a person sees, raised and not snoozed."""
    return Flag.objects.visible_to(user).in_register(illustrative=illustrative).standing().awake()


def _belongs_to(user: User) -> Q:
    return Q() if user.role == Role.ADMINISTRATOR else Q(owner=user)


def flag_counts(user: User, *, illustrative: bool) -> FlagCounts:
    """One query."""
    own = _belongs_to(user)
    found = (
        _speaking(user, illustrative=illustrative)
        .order_by()
        .aggregate(
            late=Count("pk", filter=own & Q(rule__in=MONEY, level__in=LATE)),
            ending=Count("pk", filter=own & Q(rule__in=ENDINGS)),
            decisions=Count("pk", filter=own & ASKS_A_DECISION),
            all=Count("pk", filter=own),
            unowned=Count("pk", filter=Q(owner__isnull=True)),
            standing=Count("pk"),
        )
    )
    return FlagCounts(**found)


def unowned_flags(user: User, *, illustrative: bool) -> QuerySet[Flag]:
    """The flags that nobody owns and this person could take: for finance those about slow and late money."""
    unowned = _speaking(user, illustrative=illustrative).filter(owner__isnull=True)
    return unowned.filter(rule__in=SLOW_MONEY) if user.role == Role.FINANCE else unowned


def officer_day(user: User, *, illustrative: bool, on: date, all_news: bool = False) -> OfficerDay:
    """Today of a commissioner or an administrator: at most eleven queries. `all_news` does not cut the news short."""
    flags = flags_of(user, illustrative=illustrative)
    stops = _open_stops(user, illustrative=illustrative, on=on)
    news = _news(user, illustrative=illustrative)
    return OfficerDay(
        counts=flag_counts(user, illustrative=illustrative),
        untracked=untracked_count(user, illustrative=illustrative),
        decisions=_decisions(flags, on),
        owned=flag_rows(with_subjects(flags)[:SHOWN]),
        unowned=flag_rows(with_subjects(unowned_flags(user, illustrative=illustrative))[:SHOWN]),
        waiting=[
            Waiting(stop.grant.ref, stop.grant.title, stop.waiting_on, stop.reason, stop.started_on)
            for stop in stops.select_related("grant")[:SHOWN]
        ],
        waiting_count=stops.count(),
        news=[
            News(event.kind, event.level, flag_row(event.flag), event.on)
            for event in news.select_related(*(f"flag__{name}" for name in SUBJECTS))[
                : ALL_NEWS if all_news else SHOWN
            ]
        ],
        news_count=news.count(),
        checked_on=checked_on(),
    )


def _decisions(flags: QuerySet[Flag], on: date) -> list[Decision]:
    """The worst flags that ask for a decision, each with its last day, the earliest first: one or three queries."""
    found = list(
        with_subjects(flags.filter(ASKS_A_DECISION)).select_related("grant__fund", "owner")[:DECISIONS_SHOWN]
    )
    own = kept_durations(on) if any(flag.grant for flag in found) else {}
    decisions = []
    for flag in found:
        decide_by: date | None = None
        if flag.grant is not None and flag.grant.ends_on is not None and flag.grant.ends_on >= on:
            decide_by = latest_safe_dates(flag.grant.ends_on, flag.grant.fund, own).extension_by
        elif flag.round is not None:
            decide_by = flag.round.closes_on
        decisions.append(Decision(flag_row(flag), decide_by))
    return sorted(decisions, key=lambda one: (one.decide_by is None, one.decide_by or on))


def _open_stops(user: User, *, illustrative: bool, on: date) -> QuerySet[ClockStop]:
    """Clock stops that are open on grants that the person looks after, the longest first."""
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).tracked()
    grants = grants.filter(withdrawn_on__isnull=True, closed_on__isnull=True)
    if user.role != Role.ADMINISTRATOR:
        grants = grants.filter(lead_officer=user)
    return (
        ClockStop.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), started_on__lte=on)
        .filter(grant__in=grants.order_by().values("pk"))
        .order_by("started_on", "pk")
    )


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
    untracked: int


def finance_flags(user: User, *, illustrative: bool) -> FinanceFlags:
    """Four queries."""
    unowned = unowned_flags(user, illustrative=illustrative)
    return FinanceFlags(
        owned=flag_rows(with_subjects(flags_of(user, illustrative=illustrative))[:SHOWN]),
        unowned=flag_rows(with_subjects(unowned)[:SHOWN]),
        unowned_count=unowned.count(),
        untracked=untracked_count(user, illustrative=illustrative),
    )


class GrantCounts(NamedTuple):
    """Counts of grants, never of people: what scrutiny may see of the flags."""

    grants: int
    late: int
    critical: int
    ending: int
    untracked: int


def grant_counts(user: User, *, illustrative: bool, on: date) -> GrantCounts:
    """Grants with a flag at that level, ending within a year, not tracked: two queries.

    Each is the number of grants that the register lists when asked the same.
    """
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    found = grants.order_by().aggregate(
        grants=Count("pk"),
        ending=Count("pk", filter=ends_within(on, 12)),
        untracked=Count("pk", filter=Q(tracked_from__isnull=True)),
    )
    about = Coalesce("grant_id", "instalment__grant_id", "clock_stop__grant_id")
    standing = Flag.objects.standing().in_register(illustrative=illustrative).order_by()
    levels = dict(standing.values_list("level").annotate(n=Count(about, distinct=True)))
    late, critical = levels.get(Level.LATE, 0), levels.get(Level.CRITICAL, 0)
    return GrantCounts(found["grants"], late, critical, found["ending"], found["untracked"])
