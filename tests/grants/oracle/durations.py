"""How long the steps take here: own ninetieth percentiles where there is enough to tell, planned ones where not."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from grants.models import Fund, Grant
from tests.grants.oracle.facts import Facts, happened

Case = tuple[int, bool]  # days, and whether it is over


@dataclass(frozen=True)
class Durations:
    """Days, nine times in ten not longer; of a register's own, None where that cannot be told."""

    announcement_to_first_payment_days: int | None
    announcement_to_decision_days: int | None


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


def announced(facts: Facts, *, illustrative: bool) -> list[Grant]:
    """The tracked grants of one register's announced rounds, but for those withdrawn."""
    return [
        grant
        for grant in facts.grants
        if grant.fund.is_illustrative == illustrative
        and grant.tracked_from is not None
        and grant.withdrawn_on is None
        and grant.round is not None
        and happened(grant.round.announced_on, facts.on)
    ]


def wait(grant: Grant, over_on: date | None, facts: Facts) -> Case | None:
    """Days since the announcement, until it was over or is judged; nothing of what was over before it began."""
    ended = over_on is not None and over_on <= facts.on
    days = ((over_on if ended else facts.on) - grant.round.announced_on).days  # type: ignore[operator, union-attr]
    return (days, ended) if days >= 0 else None


def for_a_decision(grant: Grant, facts: Facts) -> Case | None:
    """Ended by an approval or a refusal. A deferral decides nothing; nobody decides on what was closed."""
    decided = grant.decision not in (None, "defer") and happened(grant.decided_on, facts.on)
    if decided:
        return wait(grant, grant.decided_on, facts)
    return wait(grant, None, facts) if is_awaiting(grant) else None


def for_a_payment(grant: Grant, facts: Facts) -> Case | None:
    """Ended by the first payment. Whoever was not refused waits for one, unless the grant was closed."""
    if happened(grant.first_paid_on, facts.on):
        return wait(grant, grant.first_paid_on, facts)
    refused = grant.decision == "decline" and happened(grant.decided_on, facts.on)
    return wait(grant, None, facts) if is_awaiting(grant) and not refused else None


def is_awaiting(grant: Grant) -> bool:
    """Not closed, nor decided long ago on a day of which only the month is known."""
    return grant.closed_on is None and grant.decided_about is None


def own_durations(facts: Facts, *, illustrative: bool) -> Durations:
    """The register's own: each from ten of its own cases or more, of three rounds or more."""
    grants = announced(facts, illustrative=illustrative)
    return Durations(
        told([(grant, for_a_payment(grant, facts)) for grant in grants]),
        told([(grant, for_a_decision(grant, facts)) for grant in grants]),
    )


def told(waits: list[tuple[Grant, Case | None]]) -> int | None:
    """The ninetieth percentile, where the cases are enough to tell it."""
    known = [(grant.round_id, case) for grant, case in waits if case is not None]
    if len(known) < 10 or len({round_id for round_id, _ in known}) < 3:
        return None
    return ninetieth_percentile([case for _, case in known])


class DurationsOf:
    """The durations that hold for a fund on a day."""

    def __init__(self, facts: Facts) -> None:
        self.own = {known: own_durations(facts, illustrative=known) for known in (False, True)}

    def first_payment_days(self, fund: Fund) -> int:
        """From the announcement to the first payment: the register's own, else as the fund plans."""
        own = self.own[fund.is_illustrative].announcement_to_first_payment_days
        return fund.planned_announcement_to_first_payment_days if own is None else own

    def decision_days(self, fund: Fund) -> int:
        """From the announcement to the decision: the register's own, else as the fund plans."""
        own = self.own[fund.is_illustrative].announcement_to_decision_days
        return fund.planned_announcement_to_decision_days if own is None else own
