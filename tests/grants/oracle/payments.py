"""Slow first payments, late instalments, stops to chase."""

import math
from datetime import date

from grants.models import Grant, Instalment
from tests.grants.oracle.facts import Facts, happened, is_approved, is_open, went


def first_instalment(grant: Grant) -> Instalment | None:
    """Instalment number 1."""
    return next((i for i in grant.instalments.all() if i.number == 1), None)


def clock_start(grant: Grant, facts: Facts) -> date | None:
    """The day on which the council's clock starts; None while the claim it waits for has not come."""
    assert grant.decided_on is not None
    implementable = max(grant.decided_on, grant.call_in_ends_on or grant.decided_on)
    instalment = first_instalment(grant)
    if instalment is None:
        return implementable
    if instalment.basis == "on_claim":
        return instalment.claim_valid_on if happened(instalment.claim_valid_on, facts.on) else None
    if instalment.due_on is None:
        return implementable
    standard = grant.fund.payment_standard_working_days
    return max(implementable, facts.working_days.before(instalment.due_on, standard))


def council_time(grant: Grant, start: date, facts: Facts) -> int:
    """Working days since the clock started that no stop waiting on the provider holds."""
    stops = [s for s in grant.clock_stops.all() if s.waiting_on == "provider"]
    return sum(
        not any(s.started_on <= day and (s.ended_on is None or day < s.ended_on) for s in stops)
        for day in facts.working_days.list_between(start, facts.on)
    )


def start_passed_unpaid(grant: Grant, on: date) -> bool:
    """The work was to start after the decision, it did, and nothing waits for a claim."""
    instalment = first_instalment(grant)
    if grant.planned_start is None or (instalment is not None and instalment.basis == "on_claim"):
        return False
    assert grant.decided_on is not None
    return grant.planned_start >= grant.decided_on and on > grant.planned_start


def slow_first_payment(grant: Grant, facts: Facts) -> str | None:
    """How slow the first payment is."""
    if not is_open(grant, facts.on) or not is_approved(grant, facts.on):
        return None
    if happened(grant.first_paid_on, facts.on):
        return None
    start = clock_start(grant, facts)
    if start is None:
        return None
    days, standard = council_time(grant, start, facts), grant.fund.payment_standard_working_days
    if days > 2 * standard or start_passed_unpaid(grant, facts.on):
        return "critical"
    if days > standard:
        return "late"
    return "watch" if days >= math.ceil(standard * 3 / 4) else None


def is_late_instalment(instalment: Instalment, grant: Grant, on: date) -> bool:
    """A later instalment, or the rest of the first, unpaid after its due date and the last of its conditions."""
    if instalment.number == 1 and not happened(grant.first_paid_on, on):
        return False
    payments = [p for p in instalment.payments.all() if p.kind == "payment" and p.paid_on <= on]
    back = {p: sum(r.amount for r in p.reversals.all() if r.paid_on <= on) for p in payments}
    paid = [p for p in payments if back[p] < p.amount]
    if instalment.amount is None and paid:
        return False
    if happened(instalment.paid_on, on) or instalment.due_on is None:
        return False
    if not is_open(grant, on) or not is_approved(grant, on):
        return False
    days: list[date | None] = [instalment.due_on]
    if instalment.condition:
        days.append(instalment.condition_met_on)
    if instalment.basis == "on_claim":
        days.append(instalment.claim_valid_on)
    return all(day is not None and day < on for day in days)


def is_paid_above_award(grant: Grant, on: date) -> bool:
    """By this day more had gone out than the award covers, counting what came back."""
    if grant.tracked_from is None or grant.amount_awarded is None:
        return False
    lines = [line for line in grant.payments.all() if line.paid_on <= on]
    paid = sum(map(went, lines))
    return paid > grant.amount_awarded


def stops_to_chase(grant: Grant, facts: Facts) -> list[int]:
    """The ids of the grant's stops that have been open for ten working days."""
    if not is_open(grant, facts.on):
        return []
    return [
        stop.pk
        for stop in grant.clock_stops.all()
        if (stop.ended_on is None or stop.ended_on > facts.on)
        and facts.working_days.between(stop.started_on, facts.on) >= 10
    ]
