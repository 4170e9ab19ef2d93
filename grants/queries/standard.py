"""Which grants a payment standard is asked of, and how they stand against it: lists of the grants behind the counts."""

from datetime import date

from django.db.models import Q

from core.database import one_of
from core.rules.working_days import WorkingDays
from grants.models.decisions import GrantQuerySet
from grants.queries.decisions import funded
from grants.queries.timing.columns import chosen, clock_columns, read_clocks
from grants.queries.timing.scope import TIMED, Scope
from grants.rules.clocks import DayNumbers, standard_places

APPLIES, CANNOT_BE_ASSESSED = "applies", "unknown"
STANDARD = {
    APPLIES: "Applies",
    "within": "Paid within it",
    "past": "Past it, paid or not",
    CANNOT_BE_ASSESSED: "Cannot be assessed",
}


def at_standard(grants: GrantQuerySet, answer: str, on: date, calendar: WorkingDays) -> Q:
    """Those of the grants that give one of the answers of STANDARD on a day: up to two queries."""
    not_recorded = funded(on) & (Q(tracked_from__isnull=True) | Q(decision__isnull=True))
    if answer == APPLIES:
        return not_recorded | Q(pk__in=Scope(grants, on).sample().order_by().values("pk"))
    if answer == CANNOT_BE_ASSESSED:
        return not_recorded | Q(pk__in=one_of(_timed_keys(grants, "not_known", on, calendar)))
    return Q(pk__in=one_of(_timed_keys(grants, answer, on, calendar)))


def _timed_keys(grants: GrantQuerySet, answer: str, on: date, calendar: WorkingDays) -> list[int]:
    """The keys of the grants whose wait is timed and gives an answer of grants/rules/standard.py."""
    scope = Scope(grants.order_by(), on)
    found = clock_columns(scope)
    timed = chosen(found, found["standing"] == TIMED)
    cases, clocks = read_clocks(scope, timed, DayNumbers(calendar))
    keys: list[int] = timed["pk"][standard_places(cases, clocks)[answer]].tolist()
    return keys
