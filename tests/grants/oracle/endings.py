"""Cliff edges, and endings that meet in one place, provider or school."""

from datetime import date, timedelta
from fractions import Fraction

from grants.models import Grant
from tests.grants.oracle.days import months_later, months_of
from tests.grants.oracle.durations import DurationsOf
from tests.grants.oracle.facts import happened, is_support, latest


def caseload(grant: Grant, on: date) -> tuple[int, str] | None:
    """The last caseload and its unit; None if there is none or it is older than two return periods."""
    report = latest(grant.returns.all(), "caseload", on)
    if report is None:
        return None
    counted = min(on, grant.ends_on or on)
    if report.period_to < months_later(counted, -2 * grant.fund.return_period_months):
        return None
    assert report.caseload is not None
    assert report.caseload_unit is not None
    return report.caseload, report.caseload_unit


def uncovered(grant: Grant, on: date) -> int | None:
    """How many of the caseload nothing confirmed covers; None is not known."""
    known = caseload(grant, on)
    if known is None:
        return None
    plan = getattr(grant, "plan", None)
    covers = plan.covers.all() if plan is not None else []
    confirmed = [c for c in covers if c.certainty == "confirmed" and happened(c.confirmed_on, on)]
    covered = sum(c.number for c in confirmed if c.unit in (None, known[1]))
    return max(known[0] - covered, 0)


def is_uncovered(grant: Grant, on: date) -> bool:
    """Somebody is left without support, or nobody knows."""
    return uncovered(grant, on) != 0


def latest_safe_date(grant: Grant, ends_on: date, durations_of: DurationsOf) -> date:
    """The last day on which a new round can be announced that pays, and is decided, in time."""
    notice = months_later(ends_on, -grant.fund.notice_period_months)
    return min(
        ends_on - timedelta(days=durations_of.first_payment_days(grant.fund)),
        notice - timedelta(days=durations_of.decision_days(grant.fund)),
    )


def cliff_edge(grant: Grant, on: date, durations_of: DurationsOf) -> str | None:
    """How near the edge is for the families nothing covers."""
    ends_on = grant.ends_on
    if ends_on is None or not is_support(grant, on) or not is_uncovered(grant, on):
        return None
    if ends_on < on:
        return "fallen" if on <= months_later(ends_on, 12) else None
    if on < months_later(ends_on, -12):
        return None
    if on >= months_later(ends_on, -grant.fund.notice_period_months):
        return "critical"
    if on >= months_later(ends_on, -6) or on > latest_safe_date(grant, ends_on, durations_of):
        return "high"
    if grant.planned_start is None:
        return "watch"
    return "watch" if 2 * (ends_on - on) <= ends_on - grant.planned_start else None


def families(grant: Grant, on: date) -> Fraction | None:
    """Families in the last caseload; None if not known or counted in another unit."""
    known = caseload(grant, on)
    return Fraction(known[0]) if known is not None and known[1] == "families" else None


def pounds_a_year(grant: Grant) -> Fraction | None:
    """What the grant is worth in a year; None if its amount or its months are not known."""
    if grant.amount_awarded is None or grant.planned_start is None or grant.planned_end is None:
        return None
    return Fraction(grant.amount_awarded) / months_of(grant.planned_start, grant.planned_end) * 12


def holds_half(part: list[Grant], whole: list[Grant], on: date) -> bool:
    """Whether the part has at least half of the families, or of the money where families are not known."""
    weights = {grant.pk: families(grant, on) for grant in whole}
    if None in weights.values():
        weights = {grant.pk: pounds_a_year(grant) for grant in whole}
    if None in weights.values():
        return False
    held = sum(weights[grant.pk] for grant in part)  # type: ignore[misc]
    return held > 0 and 2 * held >= sum(weights.values())  # type: ignore[arg-type]


def is_cluster(grants: list[Grant], on: date) -> bool:
    """Whether two or more uncovered grants end within three months of the first, with half of what is active."""
    active = [g for g in grants if is_support(g, on) and (g.ends_on is None or g.ends_on >= on)]
    ending = [
        (g.ends_on, g)
        for g in active
        if g.ends_on is not None and g.ends_on <= months_later(on, 12) and is_uncovered(g, on)
    ]
    for first, _ in ending:
        together = [g for ends_on, g in ending if first <= ends_on <= months_later(first, 3)]
        if len(together) >= 2 and holds_half(together, active, on):
            return True
    return False


def places_of(grant: Grant) -> set[str]:
    """The localities, the provider and the schools that feel the grant's end."""
    places = {f"locality:{locality.slug}" for locality in grant.localities.all()}
    if grant.lead_provider is not None:
        places.add(f"organisation:{grant.lead_provider.ref}")
    schools = [p.organisation for p in grant.partnerships.all() if p.role == "school"]
    return places | {f"organisation:{school.ref}" for school in schools}
