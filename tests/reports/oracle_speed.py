"""A second, plain reading of the speed report: every grant on its own, every working day counted one by one.

It knows none of the product's rules, queries, operations or calendar.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grants.models import Grant, Round
from tests.grants.oracle.facts import APPROVED, Facts, happened, is_approved
from tests.grants.oracle.payments import first_instalment

Z = 1.959963984540054
KINDS = {
    "charity": "Charity",
    "school": "School",
    "company": "Company",
    "public_body": "Public body",
    "consortium": "Consortium",
    "faith": "Faith group",
    "individual": "Individual (no name kept)",
    "other": "Other",
    None: "Kind not known",
}
TOO_FEW, NOT_REACHED, NOBODY = "too few", "not reached", "nobody waits"


@dataclass(frozen=True)
class Timed:
    """One grant in the sample. Working days; `council` is None while no valid claim has started the clock."""

    grant: Grant
    ended: bool
    total: int
    days: int
    council: int | None
    provider: int
    funder: int
    lost: tuple[int, int] | None

    @property
    def standard(self) -> int:
        """Of its fund."""
        return self.grant.fund.payment_standard_working_days


@dataclass(frozen=True)
class Case:
    """A wait, and whether it ended."""

    length: int
    ended: bool


def apart(grants: Iterable[Grant], on: date) -> tuple[int, int, int]:
    """Untracked; withdrawn without a payment; closed without one."""
    untracked = withdrawn = closed = 0
    for grant in grants:
        if grant.tracked_from is None:
            untracked += 1
        elif is_approved(grant, on) and not happened(grant.first_paid_on, on):
            if happened(grant.withdrawn_on, on):
                withdrawn += 1
            elif happened(grant.closed_on, on):
                closed += 1
    return untracked, withdrawn, closed


def sample(grants: Iterable[Grant], facts: Facts) -> list[Timed]:
    """Tracked, approved, and paid or still waiting."""
    on = facts.on
    return [
        timed(grant, facts)
        for grant in grants
        if grant.tracked_from is not None
        and is_approved(grant, on)
        and (
            happened(grant.first_paid_on, on)
            or not (happened(grant.withdrawn_on, on) or happened(grant.closed_on, on))
        )
    ]


def timed(grant: Grant, facts: Facts) -> Timed:
    """One grant's times, counted day by day."""
    on, ended = facts.on, happened(grant.first_paid_on, facts.on)
    until = grant.first_paid_on if ended else on
    assert until is not None
    assert grant.decided_on is not None
    council, provider, funder = clock(grant, until, facts)
    return Timed(
        grant=grant,
        ended=ended,
        total=facts.working_days.between(grant.decided_on, until),
        days=max(0, (until - grant.decided_on).days),
        council=council,
        provider=provider,
        funder=funder,
        lost=lost_time(grant, until),
    )


def clock(grant: Grant, until: date, facts: Facts) -> tuple[int | None, int, int]:
    """Council's time, the provider's, and how much of the council's it waited on the funder."""
    start = clock_start(grant, facts)
    if start is None:
        return None, 0, 0
    owners = []
    for day in facts.working_days.list_between(start, until):
        waits = {
            stop.waiting_on
            for stop in grant.clock_stops.all()
            if stop.started_on <= day and (stop.ended_on is None or day < stop.ended_on)
        }
        owners.append("provider" if "provider" in waits else "funder" if waits else "council")
    provider, funder = owners.count("provider"), owners.count("funder")
    return len(owners) - provider, provider, funder


def clock_start(grant: Grant, facts: Facts) -> date | None:
    """The later of the implementable date and one standard before the first instalment; or the claim."""
    assert grant.decided_on is not None
    implementable = max(grant.decided_on, grant.call_in_ends_on or grant.decided_on)
    instalment = first_instalment(grant)
    if instalment is not None and instalment.basis == "on_claim":
        return instalment.claim_valid_on
    if instalment is None or instalment.due_on is None:
        return implementable
    standard = grant.fund.payment_standard_working_days
    return max(implementable, facts.working_days.before(instalment.due_on, standard))


def lost_time(grant: Grant, until: date) -> tuple[int, int] | None:
    """Days lost, and days of the approved window."""
    if grant.planned_start is None or grant.planned_end is None:
        return None
    window = (grant.planned_end - grant.planned_start).days + 1
    return min(max(0, (until - grant.planned_start).days), window), window


def curve(cases: list[Case]) -> list[tuple[int, Fraction, float]]:
    """Each length with the share that still waits after it, and Greenwood's sum."""
    left, total, steps = Fraction(1), 0.0, []
    for length in sorted({case.length for case in cases}):
        at_risk = sum(case.length >= length for case in cases)
        ended = sum(case == Case(length, True) for case in cases)
        left *= 1 - Fraction(ended, at_risk)
        total += ended / (at_risk * (at_risk - ended)) if ended < at_risk else math.inf
        steps.append((length, left, total))
    return steps


def quantile(cases: list[Case], share: Fraction) -> int | None:
    """The first length at which so large a share has ended."""
    return next((length for length, left, _ in curve(cases) if left <= 1 - share), None)


def edge(cases: list[Case], side: int) -> int | None:
    """Where the lower (-1) or upper (1) edge of the band comes down to a half."""
    for length, left, total in curve(cases):
        at = float(left)
        if 0 < at < 1:
            reach = side * Z * math.sqrt(total) / math.log(at)
            at = math.exp(-math.exp(math.log(-math.log(at)) + reach))
        if at <= 0.5:
            return length
    return None


def paid_by(cases: list[Case], length: int) -> Fraction:
    """The share that had ended within a length."""
    return 1 - next((left for at, left, _ in reversed(curve(cases)) if at <= length), Fraction(1))


def statistics(cases: list[Case]) -> dict[str, Any]:
    """What is said of some waits."""
    waiting = [case.length for case in cases if not case.ended]
    found: dict[str, Any] = {
        "n": len(cases),
        "waiting": len(waiting),
        "longest": max(waiting, default=NOBODY if cases else TOO_FEW),
        "cases": "",
    }
    if len(cases) < 10:
        found |= dict.fromkeys(("p25", "half", "p75", "p90", "low", "high"), TOO_FEW)
        found["cases"] = ", ".join(
            f"{case.length}{'' if case.ended else ' (still waiting)'}"
            for case in sorted(cases, key=lambda case: (case.length, case.ended))
        )
        return found
    for name, share in (("p25", (1, 4)), ("half", (1, 2)), ("p75", (3, 4)), ("p90", (9, 10))):
        reached = quantile(cases, Fraction(*share))
        found[name] = NOT_REACHED if reached is None else reached
    for name, side in (("low", -1), ("high", 1)):
        reached = edge(cases, side)
        found[name] = NOT_REACHED if reached is None else reached
    return found


def total_cases(found: Iterable[Timed]) -> list[Case]:
    """Total waits in working days."""
    return [Case(one.total, one.ended) for one in found]


def council_cases(found: Iterable[Timed]) -> list[Case]:
    """Council's time of the clocks that have started."""
    return [Case(one.council, one.ended) for one in found if one.council is not None]


WAYS: dict[str, Callable[[Grant], str]] = {
    "By fund": lambda grant: grant.fund.name,
    "By round": lambda grant: f"{grant.fund.name}: {grant.round.name}" if grant.round else "Not in a round",
    "By financial year of the decision": lambda grant: financial_year(grant.decided_on),
    "By kind of provider": lambda grant: KINDS[grant.lead_provider.kind if grant.lead_provider else None],
}


def financial_year(day: date | None) -> str:
    """ "2026/27": from 1 April."""
    if day is None:
        return "Year not known"
    begins = day.year - (day.month < 4)
    return f"{begins}/{(begins + 1) % 100:02d}"


def groups(found: list[Timed], grants: list[Grant], way: Callable[[Grant], str]) -> dict[str, dict[str, Any]]:
    """The statistics of each group of one way, and how many grants of it cannot be assessed."""
    timed_in: dict[str, list[Timed]] = defaultdict(list)
    untracked: dict[str, int] = defaultdict(int)
    for one in found:
        timed_in[way(one.grant)].append(one)
    for grant in grants:
        untracked[way(grant)] += grant.tracked_from is None
    return {
        name: {
            **statistics(total_cases(timed_in[name])),
            "council_half": statistics(council_cases(timed_in[name]))["half"],
            "cannot_assess": untracked[name],
        }
        for name in {*timed_in, *untracked}
        if timed_in[name] or untracked[name]
    }


def whose(found: list[Timed]) -> dict[str, int]:
    """All working days since the clocks started, by whose they were."""
    provider, funder = sum(one.provider for one in found), sum(one.funder for one in found)
    return {
        "Council, without the funder’s days": sum(one.council or 0 for one in found) - funder,
        "Provider": provider,
        "Funder": funder,
    }


def standard(found: list[Timed]) -> dict[str, int]:
    """How many were paid within their standard, were not, or cannot be told."""
    counts = dict.fromkeys(("within", "past", "not_yet", "not_started", "not_known"), 0)
    for one in found:
        if one.council is None:
            counts["not_known" if one.ended else "not_started"] += 1
        elif one.council > one.standard:
            counts["past"] += 1
        else:
            counts["within" if one.ended else "not_yet"] += 1
    return counts


def lost(found: list[Timed]) -> dict[str, Any]:
    """Funded time lost, added up."""
    known = [(one.grant.amount_awarded, *one.lost) for one in found if one.lost is not None]
    return {
        "days": sum(days for _, days, _ in known),
        "window": sum(window for *_, window in known),
        "pound_days": sum((amount * days for amount, days, _ in known if amount is not None), Decimal(0)),
        "delayed": sum(days > 0 for _, days, _ in known),
        "n": len(known),
        "not_known": len(found) - len(known),
        "amount_not_known": sum(days > 0 and amount is None for amount, days, _ in known),
    }


STEPS = {
    "Round closes to decision": ("closes", "final", ("issued", "paid")),
    "Decision to agreement issued": ("approved", "issued", ("signed", "countersigned", "paid")),
    "Agreement issued to signed": ("issued", "signed", ("countersigned", "paid")),
    "Signed to countersigned": ("signed", "countersigned", ("paid",)),
    "Countersigned to first payment": ("countersigned", "paid", ()),
}


def steps(grants: Iterable[Grant], facts: Facts) -> dict[str, dict[str, Any]]:
    """Each step of the tracked grants."""
    tracked = [(grant, dates_of(grant, facts.on)) for grant in grants if grant.tracked_from is not None]
    found = {}
    for label, (begins, ends, later) in STEPS.items():
        cases, not_known = [], 0
        for grant, dates in tracked:
            begun, ended = dates[begins], dates[ends]
            if begun and ended:
                cases.append(Case(facts.working_days.between(begun, ended), True))
            elif ended or any(dates[name] for name in later):
                not_known += 1
            elif begun and not (
                happened(grant.withdrawn_on, facts.on) or happened(grant.closed_on, facts.on)
            ):
                cases.append(Case(facts.working_days.between(begun, facts.on), False))
        found[label] = {**statistics(cases), "not_known": not_known}
    return found


def dates_of(grant: Grant, on: date) -> dict[str, date | None]:
    """The dates of a grant's way that have come."""
    agreement = getattr(grant, "agreement", None)
    dates = {
        "closes": grant.round.closes_on if grant.round else None,
        "final": grant.decided_on if grant.decision in (*APPROVED, "decline") else None,
        "approved": grant.decided_on if grant.decision in APPROVED else None,
        "issued": agreement.issued_on if agreement else None,
        "signed": agreement.signed_on if agreement else None,
        "countersigned": agreement.countersigned_on if agreement else None,
        "paid": grant.first_paid_on,
    }
    return {name: day if happened(day, on) else None for name, day in dates.items()}


def rounds(facts: Facts, *, illustrative: bool) -> dict[str, tuple[int | None, int]]:
    """Working days from announcement to close of each round, and its norm."""
    found = {}
    for one in Round.objects.select_related("fund"):
        announced, closes = one.announced_on, one.closes_on
        if one.fund.is_illustrative == illustrative and (announced is None or announced <= facts.on):
            known = announced is not None and closes is not None
            found[f"{one.fund.name}: {one.name}"] = (
                facts.working_days.between(announced, closes) if known else None,
                one.fund.information_norm_working_days,
            )
    return found
