"""What the rules say today of flags that stand.

A flag keeps the facts of its last event, and days go by without one: a second pass writes nothing. So a page that shows
a flag asks the rule again, for the subjects it shows, and writes nothing either.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from core.calendar import working_days
from grants.models import Flag
from grants.queries.candidates.base import NO_OWN, Candidate, Context, Subjects
from grants.queries.candidates.endings import cliff_edge
from grants.queries.candidates.payments import late_instalment, slow_first_payment, stop_to_chase
from grants.queries.durations import fund_terms
from grants.queries.planning import kept_durations
from grants.queries.subjects import subject_key
from grants.rules.levels import Facts, Level, Rule

# The rules whose sentences change with the days alone. Of the others every change of figures is an event.
COUNT_DAYS = (Rule.SLOW_FIRST_PAYMENT, Rule.LATE_INSTALMENT, Rule.STOP_TO_CHASE)
# A notice that falls due, a latest safe date that passes: dear for a list, and nobody misreads a number for it there.
DEPEND_ON_DAYS = (*COUNT_DAYS, Rule.CLIFF_EDGE)
ASKED_OF: Mapping[Rule, Callable[[Context, Subjects], Iterator[Candidate]]] = {
    Rule.CLIFF_EDGE: cliff_edge,
    Rule.LATE_INSTALMENT: late_instalment,
    Rule.SLOW_FIRST_PAYMENT: slow_first_payment,
    Rule.STOP_TO_CHASE: stop_to_chase,
}


class Judged(NamedTuple):
    """The level that a rule gives on a day, and the facts it gives it on."""

    level: Level
    facts: Facts


def judged_now(
    flags: Iterable[Flag], *, on: date, rules: Collection[Rule] = COUNT_DAYS
) -> dict[int, Judged | None]:
    """What the rules say on a day of the flags that stand, by id; None where what a flag says no longer holds.

    At most six queries for a list, fewer where it has not every rule; two more for a cliff edge.
    """
    asked: dict[Rule, dict[int, int]] = defaultdict(dict)
    for flag in flags:
        rule = Rule(flag.rule)
        if rule in rules and flag.cleared_on is None:
            asked[rule][subject_key(flag)[1]] = flag.pk
    if not asked:
        return {}
    own = kept_durations(on) if Rule.CLIFF_EDGE in asked else {True: NO_OWN, False: NO_OWN}
    context = Context(on, working_days(), fund_terms(), own)
    found: dict[int, Judged | None] = {key: None for keys in asked.values() for key in keys.values()}
    for rule, keys in asked.items():
        for candidate in ASKED_OF[rule](context, keys):
            found[keys[candidate.subject_id]] = Judged(candidate.verdict.level, candidate.facts())
    return found
