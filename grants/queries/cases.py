"""From records to the cases that the pure rules judge, for the few grants that a page shows."""

from collections.abc import Iterable

from grants.models import Agreement, Check, ClockStop, Fund, Grant, Instalment
from grants.models.decisions import APPROVED
from grants.models.payments import Basis
from grants.rules.blocking import BlockCase, CheckFacts, InstalmentFacts, StopFacts
from grants.rules.clock import ClockCase, Stop
from grants.rules.safe_date import ALL_PLANNED, StageDurations


def stops_of(stops: Iterable[ClockStop]) -> tuple[Stop, ...]:
    """Recorded clock stops as the clock takes them."""
    return tuple(Stop(stop.waiting_on, stop.started_on, stop.ended_on) for stop in stops)


def clock_case(grant: Grant, first: Instalment | None, stops: Iterable[ClockStop]) -> ClockCase:
    """What the payment clock needs of one grant; `first` is its first instalment. Only an approval starts a clock."""
    approved = grant.decision in APPROVED
    return ClockCase(
        implementable_on=grant.implementable_on if approved else None,
        first_due_on=first.due_on if first else None,
        on_claim=first is not None and first.basis == Basis.ON_CLAIM,
        claim_valid_on=first.claim_valid_on if first else None,
        first_paid_on=grant.first_paid_on,
        decided_on=grant.decided_on if approved else None,
        planned_start=grant.planned_start,
        stops=stops_of(stops),
    )


def planned_durations(fund: Fund) -> StageDurations:
    """How long the fund plans each stage to take, in days."""
    return StageDurations(
        announcement_to_first_payment_days=fund.planned_announcement_to_first_payment_days,
        announcement_to_decision_days=fund.planned_announcement_to_decision_days,
        proposal_to_decision_days=fund.planned_proposal_to_decision_days,
        bases=ALL_PLANNED,
    )


def block_case(
    grant: Grant,
    agreement: Agreement | None,
    checks: Iterable[Check],
    stops: Iterable[ClockStop],
    instalment: Instalment | None,
) -> BlockCase:
    """What could stand between one instalment and its payment."""
    return BlockCase(
        decided_on=grant.decided_on,
        issued_on=agreement.issued_on if agreement else None,
        signed_on=agreement.signed_on if agreement else None,
        countersigned_on=agreement.countersigned_on if agreement else None,
        checks=tuple(check_facts(check) for check in checks),
        stops=tuple(
            StopFacts(stop.waiting_on, stop.reason, stop.started_on, stop.ended_on) for stop in stops
        ),
        instalment=_instalment_facts(instalment) if instalment else None,
        second_approver_threshold=grant.fund.second_approver_threshold,
    )


def check_facts(check: Check) -> CheckFacts:
    """One check as the blocking rule takes it."""
    return CheckFacts(
        kind=check.kind,
        label=check.get_kind_display(),
        needed_before=check.needed_before,
        requested_on=check.requested_on,
        result=check.result,
        checked_on=check.checked_on,
        expires_on=check.expires_on,
        changed=check.changed_by_id is not None,
        unverified_from=check.unverified_from,
    )


def _instalment_facts(instalment: Instalment) -> InstalmentFacts:
    return InstalmentFacts(
        amount=instalment.amount,
        due_on=instalment.due_on,
        condition=instalment.condition,
        condition_met_on=instalment.condition_met_on,
        condition_waits_on=instalment.condition_waits_on,
        on_claim=instalment.basis == Basis.ON_CLAIM,
        claim_valid_on=instalment.claim_valid_on,
        authorised_on=instalment.authorised_on,
    )
