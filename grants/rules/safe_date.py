"""The latest safe date: until when a new round or an extension still comes in time for families.

Source of the rule and worked examples: docs/rules/latest-safe-date.md. Durations are calendar days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

from core.rules.dates import months_before

OWN_NEEDS_GRANTS = 10
OWN_NEEDS_ROUNDS = 3

Basis: TypeAlias = Literal["own", "planned"]


class StageDurations(NamedTuple):
    """How long each stage takes. `basis`: this council's own ninetieth percentiles, or the fund's plan."""

    announcement_to_first_payment_days: int
    announcement_to_decision_days: int
    proposal_to_decision_days: int
    basis: Basis


class OwnP90s(NamedTuple):
    """This council's own ninetieth percentiles; None where the curve does not reach it."""

    announcement_to_first_payment_days: int | None
    announcement_to_decision_days: int | None
    proposal_to_decision_days: int | None


class LatestSafe(NamedTuple):
    """The last day to announce a new round, and the last day to decide an extension."""

    new_round_by: date
    extension_by: date
    basis: Basis

    @property
    def latest_safe_on(self) -> date:
        """The date that the cliff edge looks at: a new round is the way open to every family."""
        return self.new_round_by


def choose_durations(
    own: OwnP90s | None, n_grants: int, n_rounds: int, planned: StageDurations
) -> StageDurations:
    """The council's own ninetieth percentiles, or the fund's plan while those cannot be told.

    They cannot with fewer than ten grants or three rounds, or where a percentile is not reached.
    """
    if own is None or n_grants < OWN_NEEDS_GRANTS or n_rounds < OWN_NEEDS_ROUNDS:
        return planned._replace(basis="planned")
    first_payment, decision, proposal = own
    if first_payment is None or decision is None or proposal is None:
        return planned._replace(basis="planned")
    return StageDurations(first_payment, decision, proposal, "own")


def latest_safe(ends_on: date, notice_months: int, durations: StageDurations) -> LatestSafe:
    """A new round must pay by the end and be decided by the notice date; an extension only the second."""
    notice_due_on = months_before(ends_on, notice_months)
    new_round_by = min(
        ends_on - timedelta(days=durations.announcement_to_first_payment_days),
        notice_due_on - timedelta(days=durations.announcement_to_decision_days),
    )
    extension_by = notice_due_on - timedelta(days=durations.proposal_to_decision_days)
    return LatestSafe(new_round_by, extension_by, durations.basis)
