"""Each step from the close of a round to the first payment, counted by length, with whose step it is."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, CharField, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from grants.models.decisions import APPROVED, DecisionKind
from grants.queries.timing.scope import Scope
from grants.queries.timing.sql import grouped, number_of
from grants.queries.timing.waits import at_least_0
from grants.rules.timing import Bin

ENDED, WAITING, NOT_KNOWN, DROPPED = "ended", "waiting", "not_known", "dropped"
CLOSES, DECIDED, PAID = "round__closes_on", "decided_on", "first_paid_on"
ISSUED, SIGNED, COUNTERSIGNED = (f"agreement__{step}_on" for step in ("issued", "signed", "countersigned"))
FINAL = (*APPROVED, DecisionKind.DECLINE.value)
SPAN = f"{number_of('until')} - {number_of('began')}"


class Step(NamedTuple):
    """A step of a grant's way to its money: from one date to the next, and whose step it is."""

    key: str
    label: str
    whose: str
    begins: str
    ends: str
    later: tuple[str, ...]


STEPS = (
    Step("decision", "Round closes to decision", "council", CLOSES, DECIDED, (ISSUED, PAID)),
    Step("issued", "Decision to agreement issued", "council", DECIDED, ISSUED, (SIGNED, COUNTERSIGNED, PAID)),
    Step("signed", "Agreement issued to signed", "provider", ISSUED, SIGNED, (COUNTERSIGNED, PAID)),
    Step("countersigned", "Signed to countersigned", "council", SIGNED, COUNTERSIGNED, (PAID,)),
    Step("paid", "Countersigned to first payment", "council", COUNTERSIGNED, PAID, ()),
)


class StepTimes(NamedTuple):
    """One step's lengths in working days. `not_known`: done, but a date of it is missing; `dropped`: ended undone."""

    step: Step
    bins: list[Bin]
    not_known: int
    dropped: int


def step_times(scope: Scope) -> list[StepTimes]:
    """Every step of every tracked grant, from end to end of the way. One query.

    A step that was taken before the one it follows took 0 working days.
    """
    first, *rest = (_rows(scope, step) for step in STEPS)
    rows = grouped(first.union(*rest, all=True), by=("t.step", "t.state", SPAN), calendar=("began", "until"))
    return [_times(step, [row[1:] for row in rows if row[0] == step.key]) for step in STEPS]


def _times(step: Step, rows: Iterable[tuple[Any, ...]]) -> StepTimes:
    bins, others = [], {NOT_KNOWN: 0, DROPPED: 0}
    for state, span, n in rows:
        if state in others:
            others[state] += n
        else:
            bins.append(Bin(at_least_0(span), state == ENDED, n))
    return StepTimes(step, bins, others[NOT_KNOWN], others[DROPPED])


def _rows(scope: Scope, step: Step) -> "QuerySet[Any]":
    """The grants that have begun a step, each with when, until when, and how the step stands."""
    began = _by(scope, step.begins) & (Q(decision__in=APPROVED) if step.begins == DECIDED else Q())
    ended = _by(scope, step.ends) & (Q(decision__in=FINAL) if step.ends == DECIDED else Q())
    past = reduce(or_, (_by(scope, name) for name in step.later), ended)
    state = Case(
        When(began & ended, then=Value(ENDED)),
        When(past, then=Value(NOT_KNOWN)),
        When(_by(scope, "withdrawn_on") | _by(scope, "closed_on"), then=Value(DROPPED)),
        default=Value(WAITING),
        output_field=CharField(),
    )
    end = Case(When(ended, then=F(step.ends)), output_field=DateField())
    return (
        scope.grants.tracked()
        .filter(began | past)
        .annotate(
            step=Value(step.key, output_field=CharField()),
            state=state,
            began=Case(When(began, then=F(step.begins)), output_field=DateField()),
            until=Coalesce(end, Value(scope.on), output_field=DateField()),
        )
        .order_by()
        .values("step", "state", "began", "until")
    )


def _by(scope: Scope, name: str) -> Q:
    """Whether a date has come by the day of judging."""
    return Q(**{f"{name}__lte": scope.on})
