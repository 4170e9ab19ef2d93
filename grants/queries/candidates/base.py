"""What the streams share: the date and terms of a pass, a candidate, and merging of two ordered streams."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, TypeAlias

from django.db.models import QuerySet

from core.calendar import working_days
from core.rules.working_days import WorkingDays
from grants.queries.durations import FundTerms, fund_terms, own_durations
from grants.rules.levels import Facts, Level, Rule
from grants.rules.safe_date import OwnDuration, OwnDurations

# Plain rows of a query; what is in them is said where they are unpacked.
Rows: TypeAlias = "QuerySet[Any, tuple[Any, ...]]"
# The subjects to look at, where not all of them are asked for.
Subjects: TypeAlias = Collection[int] | None
CHUNK = 2000
NOT_TOLD = OwnDuration(None, 0, None)
NO_OWN = OwnDurations(NOT_TOLD, NOT_TOLD, NOT_TOLD)

# The rules of each task, in the order in which their flags are read back: alphabetical.
GROUPS: dict[str, tuple[Rule, ...]] = {
    "disbursement": (
        Rule.LATE_INSTALMENT,
        Rule.PAID_ABOVE_AWARD,
        Rule.SHORT_NOTICE_ROUND,
        Rule.SLOW_FIRST_PAYMENT,
        Rule.STOP_TO_CHASE,
    ),
    "endings": (Rule.CLIFF_EDGE, Rule.CLUSTER, Rule.MONEY_MAY_GO_BACK),
}


class Verdict(Protocol):
    """What every rule answers when it flags something."""

    @property
    def level(self) -> Level:
        """How bad it is."""

    @property
    def figures(self) -> str:
        """What its sentence hangs on besides the days that pass."""

    def facts(self) -> Facts:
        """What it was judged on."""


class Candidate(NamedTuple):
    """A subject that a rule flags. `field` and `subject_id` name the subject, `ref` is how people know it."""

    field: str
    subject_id: int
    ref: str
    verdict: Verdict
    owner_id: int | None
    is_illustrative: bool
    extra: Facts | None = None

    def facts(self) -> Facts:
        """The facts of the verdict, with what the stream knows besides."""
        return {**self.verdict.facts(), **(self.extra or {})}


class Context(NamedTuple):
    """One pass: its date, the calendar, the funds' terms, the council's own durations."""

    on: date
    calendar: WorkingDays
    terms: dict[int, FundTerms]
    own: dict[bool, OwnDurations]


Stream = Callable[[Context], Iterator[Candidate]]


def make_context(on: date, rules: Iterable[Rule]) -> Context:
    """Read what the rules of a pass share: two queries, or three where an ending is judged."""
    judges_endings = not set(GROUPS["endings"]).isdisjoint(rules)
    own = own_durations(on) if judges_endings else {True: NO_OWN, False: NO_OWN}
    return Context(on, working_days(), fund_terms(), own)


def among(rows: Rows, subjects: Subjects, key: str = "id") -> Rows:
    """The rows of some subjects by their key, or all of them."""
    return rows if subjects is None else rows.filter(**{f"{key}__in": subjects})


class Beside:
    """Rows of a second stream, ordered by the same key, fetched as the first goes along.

    Ask with ascending keys: each answer is the rows whose first column is the key.
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._groups: Iterator[tuple[int, Iterator[tuple[Any, ...]]]] = groupby(rows, key=itemgetter(0))
        self._key: int | None = None
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._advance()

    def __call__(self, key: int) -> tuple[tuple[Any, ...], ...]:
        """The rows of `key`, or none."""
        while self._key is not None and self._key < key:
            self._advance()
        return tuple(self._rows) if self._key == key else ()

    def _advance(self) -> None:
        self._key, self._rows = next(self._groups, (None, iter(())))
