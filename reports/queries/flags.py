"""The flags of a person: their own, everybody's for an administrator, those of nobody; and how many of each kind."""

from collections import Counter
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from core.models import Role, User
from grants.models import Flag, Grant
from grants.models.flags import DECISIONS, FlagQuerySet
from grants.queries.tracking import Tracking
from grants.rules.levels import Level, Rule

MONEY = (Rule.SLOW_FIRST_PAYMENT, Rule.LATE_INSTALMENT, Rule.STOP_TO_CHASE, Rule.MONEY_MAY_GO_BACK)
SLOW_MONEY = (Rule.SLOW_FIRST_PAYMENT, Rule.LATE_INSTALMENT)
ENDINGS = (Rule.CLIFF_EDGE, Rule.CLUSTER)
LATE = (Level.LATE, Level.CRITICAL)
OWN, NOBODYS, ANOTHERS = "own", "nobody's", "another's"
TEXT = CharField()


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


def flags_of(user: User, *, illustrative: bool) -> FlagQuerySet:
    """The flags that are a person's to work: their own, or everybody's for an administrator."""
    return speaking(user, illustrative=illustrative).filter(_belongs_to(user))


def speaking(user: User, *, illustrative: bool) -> FlagQuerySet:
    """The flags of a register that a person sees, raised and not snoozed."""
    return Flag.objects.visible_to(user).in_register(illustrative=illustrative).standing().awake()


def _belongs_to(user: User) -> Q:
    return Q() if user.role == Role.ADMINISTRATOR else Q(owner=user)


def unowned_flags(user: User, *, illustrative: bool) -> QuerySet[Flag]:
    """The flags that nobody owns and this person could take: for finance those about slow and late money."""
    unowned = speaking(user, illustrative=illustrative).filter(owner__isnull=True)
    return unowned.filter(rule__in=SLOW_MONEY) if user.role == Role.FINANCE else unowned


class Tallies(NamedTuple):
    """Standing flags by rule, level and whose they are; how many grants are tracked; what else a page counts."""

    flags: Counter[tuple[str, str, str]]
    tracking: Tracking
    others: dict[str, int]

    def of(self, **wanted: Collection[str]) -> int:
        """How many flags have one of the wanted `rules`, `levels` and `whose`; all where a list is not given."""
        columns = [wanted.get(name) for name in ("rules", "levels", "whose")]
        return sum(
            n
            for key, n in self.flags.items()
            if all(want is None or value in want for want, value in zip(columns, key, strict=True))
        )


def tallies(user: User, *, illustrative: bool, **others: QuerySet[Any]) -> Tallies:
    """Count the flags that speak, the grants by whether they are tracked, and the rows of each of `others`.

    One query for all of it: a page has only so many.
    """
    whose = Case(
        When(owner=user, then=Value(OWN)), When(owner=None, then=Value(NOBODYS)), default=Value(ANOTHERS)
    )
    flags = (
        speaking(user, illustrative=illustrative).order_by().values_list("rule", "level", Cast(whose, TEXT))
    )
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    is_tracked = Case(When(tracked_from=None, then=Value("untracked")), default=Value("tracked"))
    parts = [
        _named(grants, Cast(is_tracked, TEXT)),
        *(_named(rows, Value(n, TEXT)) for n, rows in others.items()),
    ]
    found: dict[tuple[str, str, str], int] = {
        tuple(row[:3]): row[3] for row in flags.annotate(n=Count("pk")).union(*parts, all=True)
    }
    by_name = {name: n for (name, level, _), n in found.items() if not level}
    return Tallies(
        Counter({key: n for key, n in found.items() if key[1]}),
        Tracking(by_name.get("tracked", 0), by_name.get("untracked", 0), by_name.get("unscheduled", 0)),
        by_name,
    )


def _named(rows: QuerySet[Any], name: Any) -> QuerySet[Any]:
    """How many rows there are by a name, in the columns of the flags' counts."""
    empty = Value("", TEXT)
    counted: QuerySet[Any] = rows.order_by().values_list(name, empty, empty).annotate(n=Count("pk"))
    return counted


def flag_counts(found: Tallies, user: User) -> FlagCounts:
    """What a person's page says of the flags, from the tallies."""
    own = (OWN, NOBODYS, ANOTHERS) if user.role == Role.ADMINISTRATOR else (OWN,)
    fallen = found.of(rules=DECISIONS, levels=(Level.FALLEN,), whose=own)
    return FlagCounts(
        late=found.of(rules=MONEY, levels=LATE, whose=own),
        ending=found.of(rules=ENDINGS, whose=own),
        decisions=found.of(rules=DECISIONS, whose=own) - fallen,
        all=found.of(whose=own),
        unowned=found.of(whose=(NOBODYS,)),
        standing=found.flags.total(),
    )
