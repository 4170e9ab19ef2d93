"""How long the steps take here: own ninetieth percentiles where there is enough to tell, planned ones where not."""

from dataclasses import dataclass
from fractions import Fraction

from grants.models import Fund, Grant
from tests.grants.oracle.facts import Facts, happened, is_approved

Case = tuple[int, bool]  # days, and whether it is over


@dataclass(frozen=True)
class Durations:
    """Days, nine times in ten not longer."""

    announcement_to_first_payment_days: int
    announcement_to_decision_days: int


def ninetieth_percentile(cases: list[Case]) -> int | None:
    """The first time at which at most a tenth is estimated to be still waiting (Kaplan–Meier); None if never."""
    waiting = Fraction(1)
    for time in sorted({days for days, over in cases if over}):
        at_risk = sum(days >= time for days, _ in cases)
        ended = sum(days == time and over for days, over in cases)
        waiting *= 1 - Fraction(ended, at_risk)
        if waiting <= Fraction(1, 10):
            return time
    return None


def sample(facts: Facts, *, illustrative: bool) -> list[Grant]:
    """The grants of one register whose way from the announcement on is known."""
    return [
        grant
        for grant in facts.grants
        if grant.fund.is_illustrative == illustrative
        and grant.tracked_from is not None
        and grant.withdrawn_on is None
        and grant.round is not None
        and grant.round.announced_on is not None
        and happened(grant.decided_on, facts.on)
    ]


def is_awaited(grant: Grant, facts: Facts) -> bool:
    """A first payment came, or is to come: what was declined or closed unpaid waits for none."""
    paid = happened(grant.first_paid_on, facts.on)
    return is_approved(grant, facts.on) and (paid or grant.closed_on is None)


def to_first_payment(grant: Grant, facts: Facts) -> Case:
    """Days from the announcement to the first payment, or to the day judged while it is awaited."""
    announced = grant.round.announced_on  # type: ignore[union-attr]
    if grant.first_paid_on is not None and grant.first_paid_on <= facts.on:
        return (grant.first_paid_on - announced).days, True  # type: ignore[operator]
    return (facts.on - announced).days, False  # type: ignore[operator]


def extensions(facts: Facts, *, illustrative: bool) -> list[Case]:
    """Days from the proposal to the decision of every extension, in one register; tracked and not withdrawn."""
    return [
        ((variation.decided_on - variation.proposed_on).days, True)
        for grant in facts.grants
        if grant.fund.is_illustrative == illustrative
        and grant.tracked_from is not None
        and grant.withdrawn_on is None
        for variation in grant.variations.all()
        if variation.new_ends_on is not None and variation.decided_on <= facts.on
    ]


def own_durations(facts: Facts, *, illustrative: bool) -> Durations | None:
    """The register's own, if ten grants of three rounds and ten extensions tell, and all three are reached."""
    grants = sample(facts, illustrative=illustrative)
    proposals = extensions(facts, illustrative=illustrative)
    if len(grants) < 10 or len({grant.round_id for grant in grants}) < 3 or len(proposals) < 10:
        return None
    decisions = [
        ((g.decided_on - g.round.announced_on).days, True)  # type: ignore[operator, union-attr]
        for g in grants
    ]
    payment = ninetieth_percentile([to_first_payment(g, facts) for g in grants if is_awaited(g, facts)])
    decision = ninetieth_percentile(decisions)
    if payment is None or decision is None or ninetieth_percentile(proposals) is None:
        return None
    return Durations(payment, decision)


class DurationsOf:
    """The durations that hold for a fund on a day."""

    def __init__(self, facts: Facts) -> None:
        self.own = {known: own_durations(facts, illustrative=known) for known in (False, True)}

    def __call__(self, fund: Fund) -> Durations:
        """The register's own, else the fund's planned ones."""
        return self.own[fund.is_illustrative] or Durations(
            fund.planned_announcement_to_first_payment_days, fund.planned_announcement_to_decision_days
        )
