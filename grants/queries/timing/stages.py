"""Each step from the close of a round to the first payment, counted by length, with whose step it is."""

from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np

from grants.queries.timing.columns import APPROVAL, REFUSAL, Columns
from grants.queries.timing.waits import Lengths, lengths
from grants.rules.clocks import NOT_KNOWN, Bools, DayNumbers

CLOSES, APPROVED, DECIDED, PAID = "closes", "approved", "decided", "paid_on"
ISSUED, SIGNED, COUNTERSIGNED = "issued", "signed", "countersigned"


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
    Step(
        "issued", "Decision to agreement issued", "council", APPROVED, ISSUED, (SIGNED, COUNTERSIGNED, PAID)
    ),
    Step("signed", "Agreement issued to signed", "provider", ISSUED, SIGNED, (COUNTERSIGNED, PAID)),
    Step("countersigned", "Signed to countersigned", "council", SIGNED, COUNTERSIGNED, (PAID,)),
    Step("paid", "Countersigned to first payment", "council", COUNTERSIGNED, PAID, ()),
)


class StepTimes(NamedTuple):
    """One step's lengths in working days. `not_known`: done, but a date of it is missing; `dropped`: ended undone."""

    step: Step
    lengths: Lengths
    not_known: int
    dropped: int


def step_times(tracked: Columns, on: int, numbers: DayNumbers) -> list[StepTimes]:
    """Every step of every tracked grant, from end to end of the way. `on` is a day as the columns have it.

    A step that was taken before the one it follows took 0 working days.
    """
    happened = _happened(tracked, on)
    return [_times(step, happened, tracked["over"] == 1, on, numbers) for step in STEPS]


def _happened(tracked: Columns, on: int) -> Columns:
    """The dates of the way that have come by the day, NOT_KNOWN otherwise. A deferral decides nothing."""
    decided, outcome = tracked["decided_on"], tracked["outcome"]
    dates = {name: tracked[name] for name in (CLOSES, ISSUED, SIGNED, COUNTERSIGNED, PAID)}
    dates[APPROVED] = np.where(outcome == APPROVAL, decided, NOT_KNOWN)
    dates[DECIDED] = np.where((outcome == APPROVAL) | (outcome == REFUSAL), decided, NOT_KNOWN)
    return {name: np.where(days <= on, days, NOT_KNOWN) for name, days in dates.items()}


def _times(step: Step, happened: Columns, over: Bools, on: int, numbers: DayNumbers) -> StepTimes:
    begun, ended = (happened[name] != NOT_KNOWN for name in (step.begins, step.ends))
    past = reduce(or_, (happened[name] != NOT_KNOWN for name in step.later), ended)
    done, open_still = begun & ended, begun & ~past
    counted = done | (open_still & ~over)
    until = np.where(ended, happened[step.ends], on)[counted]
    spans = numbers.between(happened[step.begins][counted], until)
    return StepTimes(
        step,
        lengths(spans, done[counted]),
        not_known=int(np.count_nonzero(past & ~done)),
        dropped=int(np.count_nonzero(open_still & over)),
    )
