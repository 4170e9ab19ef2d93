"""The latest safe date: until when a new round or an extension still comes in time for families.

Source of the rule and worked examples: docs/rules/latest-safe-date.md. Durations are calendar days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

from core.rules.dates import months_before

OWN_NEEDS_CASES = 10
OWN_NEEDS_ROUNDS = 3

Basis: TypeAlias = Literal["own", "planned"]


class Bases(NamedTuple):
    """For each duration whether it is this council's own ninetieth percentile or the fund's plan."""

    announcement_to_first_payment: Basis
    announcement_to_decision: Basis
    proposal_to_decision: Basis


STAGE_WORDS = (
    "from announcement to first payment",
    "from announcement to decision",
    "from the proposal to extend to its decision",
)
ALL_PLANNED = Bases("planned", "planned", "planned")


class StageDurations(NamedTuple):
    """How long each stage takes, and whose each duration is."""

    announcement_to_first_payment_days: int
    announcement_to_decision_days: int
    proposal_to_decision_days: int
    bases: Bases


class OwnDuration(NamedTuple):
    """One duration as this council's own cases tell it, those still waiting included.

    `p90_days` is None where the curve does not reach it, `n_rounds` where rounds are not its subject.
    """

    p90_days: int | None
    n_cases: int
    n_rounds: int | None

    @property
    def days(self) -> int | None:
        """The ninetieth percentile, if there are cases and rounds enough to tell it."""
        if self.n_cases < OWN_NEEDS_CASES:
            return None
        if self.n_rounds is not None and self.n_rounds < OWN_NEEDS_ROUNDS:
            return None
        return self.p90_days


class OwnDurations(NamedTuple):
    """This council's own durations, each from its own cases."""

    announcement_to_first_payment: OwnDuration
    announcement_to_decision: OwnDuration
    proposal_to_decision: OwnDuration

    @property
    def bases(self) -> Bases:
        """Which of them can be told; the fund's plan stands in for the others."""
        return Bases(*("planned" if duration.days is None else "own" for duration in self))


class LatestSafe(NamedTuple):
    """The last day to announce a new round, and the last day to decide an extension."""

    new_round_by: date
    extension_by: date
    bases: Bases

    @property
    def latest_safe_on(self) -> date:
        """The date that the cliff edge looks at: a new round is the way open to every family."""
        return self.new_round_by


def choose_durations(own: OwnDurations, planned: StageDurations) -> StageDurations:
    """For each duration the council's own ninetieth percentile, or the fund's plan while that cannot be told."""
    first_payment, decision, proposal = (duration.days for duration in own)
    return StageDurations(
        planned.announcement_to_first_payment_days if first_payment is None else first_payment,
        planned.announcement_to_decision_days if decision is None else decision,
        planned.proposal_to_decision_days if proposal is None else proposal,
        own.bases,
    )


def bases_words(bases: Bases) -> str:
    """Whose durations the dates were worked out from, as a sentence."""
    planned = [words for words, basis in zip(STAGE_WORDS, bases, strict=True) if basis == "planned"]
    if not planned:
        return "Worked out from how long this council’s own stages take."
    if len(planned) == len(bases):
        return "Worked out from the stage lengths that the fund plans."
    return (
        f"Worked out from how long this council’s own stages take; the time {' and '.join(planned)} is as the fund "
        "plans, because the council’s own cases cannot tell it yet."
    )


def latest_safe(ends_on: date, notice_months: int, durations: StageDurations) -> LatestSafe:
    """A new round must pay by the end and be decided by the notice date; an extension only the second."""
    notice_due_on = months_before(ends_on, notice_months)
    new_round_by = min(
        ends_on - timedelta(days=durations.announcement_to_first_payment_days),
        notice_due_on - timedelta(days=durations.announcement_to_decision_days),
    )
    extension_by = notice_due_on - timedelta(days=durations.proposal_to_decision_days)
    return LatestSafe(new_round_by, extension_by, durations.bases)
