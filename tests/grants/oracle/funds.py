"""Rounds at short notice, and money that may go back to its funder."""

from datetime import date, timedelta
from decimal import Decimal

from grants.models import FundingAward, Grant, Instalment, Round
from tests.grants.oracle.days import months_later
from tests.grants.oracle.durations import DurationsOf
from tests.grants.oracle.facts import Facts, happened, is_approved, is_open, latest, went

NO_FUND_DAYS = 135
NOTHING = Decimal(0)


def is_short_notice(round_: Round, facts: Facts) -> bool:
    """The window is open to extension, and shorter than the fund's norm."""
    if round_.announced_on is None or round_.closes_on is None:
        return False
    if not round_.announced_on <= facts.on <= round_.closes_on:
        return False
    lead_time = facts.working_days.between(round_.announced_on, round_.closes_on)
    return lead_time < round_.fund.information_norm_working_days


def may_be_paid_for_by(grant: Grant, on: date) -> set[int]:
    """The awards that a grant's money may have come from: the one it names, else each that pays for its fund."""
    if grant.funding_award_id is not None:
        return {grant.funding_award_id}
    undecided = grant.decision is None and (grant.tracked_from is None or grant.decided_about is not None)
    if not undecided and not is_approved(grant, on):
        return set()
    return {award.pk for award in grant.fund.awards.all() if not was_over_before(grant, award)}


def was_over_before(grant: Grant, award: FundingAward) -> bool:
    """Not tracked, and it ended before the council heard of the award."""
    if grant.tracked_from is not None or grant.ends_on is None or award.told_on is None:
        return False
    return grant.ends_on < award.told_on


def spent(award: FundingAward, grants: list[Grant], on: date) -> Decimal:
    """Pounds spent, as the funder understands it."""
    if award.spent_means == "committed":
        standing = [g for g in grants if is_approved(g, on) and is_open(g, on)]
        promised = sum((g.amount_awarded or NOTHING for g in standing), NOTHING)
        return promised + net_paid([g for g in grants if not is_open(g, on)], on)
    if award.spent_means == "paid":
        return net_paid(grants, on)
    reports = [latest(g.returns.all(), "spent_to_date", on) for g in grants]
    return sum((r.spent_to_date for r in reports if r is not None), NOTHING)  # type: ignore[misc]


def net_paid(grants: list[Grant], on: date) -> Decimal:
    """Pounds that went, less what came back."""
    lines = [line for g in grants for line in g.payments.all() if line.paid_on <= on]
    return sum(map(went, lines), NOTHING)


def is_spending_known(award: FundingAward, grants: list[Grant], on: date) -> bool:
    """Every grant is tracked, and nothing that is added up is missing."""
    if any(g.tracked_from is None or (g.decision is None and g.decided_about) for g in grants):
        return False
    if award.spent_means == "committed":
        return not any(g.amount_awarded is None for g in grants if is_approved(g, on) and is_open(g, on))
    if award.spent_means == "defrayed":
        paid = [g for g in grants if happened(g.first_paid_on, on)]
        if any(latest(g.returns.all(), "spent_to_date", on) is None for g in paid):
            return False
    return all(i.amount is not None for i in to_be_paid(award, grants, on))


def may_be_paid(grant: Grant, on: date) -> bool:
    """Approved and running, agreed, nothing stopped, every check needed before payment passed and not expired."""
    agreement = getattr(grant, "agreement", None)
    if agreement is None or not happened(agreement.countersigned_on, on):
        return False
    if any(s.started_on <= on and not happened(s.ended_on, on) for s in grant.clock_stops.all()):
        return False
    for check in grant.checks.all():
        passed = check.result == "passed" and happened(check.checked_on, on)
        unexpired = check.expires_on is None or check.expires_on >= on
        if check.needed_before == "payment" and not (passed and unexpired):
            return False
    return is_open(grant, on) and is_approved(grant, on)


def is_unblocked(instalment: Instalment, on: date) -> bool:
    """Its own condition met, its claim valid."""
    met = not instalment.condition or happened(instalment.condition_met_on, on)
    return met and (instalment.basis == "in_advance" or happened(instalment.claim_valid_on, on))


def left_of(instalment: Instalment, on: date) -> Decimal:
    """Pounds of an instalment not paid yet: what was reversed by then is to be paid again."""
    paid = [p for p in instalment.payments.all() if p.kind == "payment" and p.paid_on <= on]
    back = [r for p in paid for r in p.reversals.all() if r.kind == "reversal" and r.paid_on <= on]
    gone = sum((p.amount for p in paid), NOTHING) - sum((r.amount for r in back), NOTHING)
    assert instalment.amount is not None
    return instalment.amount - gone


def to_be_paid(award: FundingAward, grants: list[Grant], on: date) -> list[Instalment]:
    """Unblocked instalments due by the spend-by date."""
    assert award.spend_by is not None
    return [
        instalment
        for grant in grants
        if may_be_paid(grant, on)
        for instalment in grant.instalments.all()
        if not happened(instalment.paid_on, on)
        and instalment.due_on is not None
        and instalment.due_on <= award.spend_by
        and is_unblocked(instalment, on)
    ]


def still_to_be_paid(award: FundingAward, grants: list[Grant], on: date) -> Decimal:
    """What is left of those; for what is committed they add nothing."""
    if award.spent_means == "committed":
        return NOTHING
    return sum((left_of(instalment, on) for instalment in to_be_paid(award, grants, on)), NOTHING)


def forecast_underspend(award: FundingAward, grants: list[Grant], on: date) -> Decimal:
    """Pounds that providers expect to leave, by their latest word; nothing of a grant that is over."""
    standing = [g for g in grants if is_approved(g, on) and is_open(g, on)]
    return sum((still_forecast(award, grant, on) for grant in standing), NOTHING)


def still_forecast(award: FundingAward, grant: Grant, on: date) -> Decimal:
    """What a grant is expected to leave of the money that counts as spent, or is set to be."""
    word = latest(grant.returns.all(), "forecast_underspend", on)
    if word is None or word.forecast_underspend is None:
        return NOTHING
    if award.spent_means == "committed":
        return word.forecast_underspend
    back = [p for p in grant.payments.all() if p.kind == "recovery" and word.period_to < p.paid_on <= on]
    undone = [r for p in back for r in p.reversals.all() if r.paid_on <= on]
    left = word.forecast_underspend - sum((p.amount for p in back), NOTHING)
    left += sum((r.amount for r in undone), NOTHING)
    if award.spent_means == "defrayed":
        report = latest(grant.returns.all(), "spent_to_date", on)
        reported = NOTHING if report is None else report.spent_to_date or NOTHING
        left -= max(net_paid([grant], on) - reported, NOTHING)
    return max(left, NOTHING)


def money_may_go_back(award: FundingAward, facts: Facts, durations_of: DurationsOf) -> str | None:
    """How near the day is on which money has to go back."""
    on, spend_by = facts.on, award.spend_by
    if award.total_amount is None or spend_by is None or award.spent_means is None:
        return None
    possible = {g: may_be_paid_for_by(g, on) for g in facts.grants}
    grants = [grant for grant, awards in possible.items() if award.pk in awards]
    if any(len(possible[grant]) > 1 for grant in grants):
        return None
    if award.closed_on is not None or not is_spending_known(award, grants, on):
        return None
    available = award.total_amount * (1 - (award.retained_share or NOTHING))
    at_risk = available - spent(award, grants, on) - still_to_be_paid(award, grants, on)
    if at_risk + forecast_underspend(award, grants, on) <= 0:
        return None
    waits = [durations_of.first_payment_days(fund) for fund in award.funds.all()]
    if on + timedelta(days=max(waits, default=NO_FUND_DAYS)) > spend_by:
        return "critical"
    return "late" if on >= months_later(spend_by, -6) else None
