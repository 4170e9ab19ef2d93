"""A second, plain reading of the sustainability report and of the resolutions: every grant, every figure, one by one.

It knows none of the product's rules, queries, operations or calendar.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from grants.models import Grant
from tests.grants.oracle.days import DAY, months_later
from tests.grants.oracle.durations import DurationsOf
from tests.grants.oracle.endings import caseload, cliff_edge, latest_safe_date, pounds_a_year, uncovered
from tests.grants.oracle.facts import APPROVED, Facts, happened, is_open, is_refused, is_support
from tests.grants.oracle.payments import first_instalment, slow_first_payment

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """One grant of the report, as the records have it."""

    grant: Grant
    ends_on: date
    caseload: int | None
    uncovered: int | None
    unit: str | None
    pounds: Decimal | None
    level: str | None
    new_round_by: date


def in_register(facts: Facts, *, illustrative: bool) -> list[Grant]:
    """The grants of one register."""
    return [grant for grant in facts.grants if grant.fund.is_illustrative == illustrative]


def endings(facts: Facts, *, illustrative: bool) -> list[Ending]:
    """Open, tracked direct support that ends within twelve months or ended within the twelve before."""
    on, durations_of = facts.on, DurationsOf(facts)
    found = []
    for grant in in_register(facts, illustrative=illustrative):
        ends_on = grant.ends_on
        if ends_on is None or not is_support(grant, date.max):  # the page is of today, so all has happened
            continue
        ended = ends_on < on
        if (on > months_later(ends_on, 12)) if ended else (on < months_later(ends_on, -12)):
            continue
        known = caseload(grant, on)
        found.append(
            Ending(
                grant=grant,
                ends_on=ends_on,
                caseload=known[0] if known else None,
                uncovered=uncovered(grant, on),
                unit=known[1] if known else None,
                pounds=in_pence(pounds_a_year(grant)),
                level=cliff_edge(grant, on, durations_of),
                new_round_by=latest_safe_date(grant, ends_on, durations_of),
            )
        )
    return found


def in_pence(amount: Fraction | None) -> Decimal | None:
    """Rounded to the penny, halves up."""
    if amount is None:
        return None
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def line(found: Iterable[Ending]) -> dict[str, Any]:
    """What one line of a table must say, by the headings of the page."""
    these = list(found)
    known = [one for one in these if one.uncovered is not None]
    pounds = [one.pounds for one in these if one.pounds is not None]
    nobody_knows = these and not known
    return {
        "Grants": len(these),
        "Families": None if nobody_knows else people(known, "families"),
        "Children and young people": None if nobody_knows else people(known, "children"),
        "Number not known (grants)": len(these) - len(known),
        "Pounds a year": None if these and not pounds else sum(pounds, Decimal(0)),
        "Pounds not known (grants)": len(these) - len(pounds),
    }


def people(known: Iterable[Ending], unit: str) -> int:
    """The sum of one unit."""
    return sum(one.uncovered or 0 for one in known if one.unit == unit)


def two_days(on: date) -> list[date]:
    """The next 31 March and 31 August, found by walking."""
    days, day = [], on
    while len(days) < 2:
        if (day.month, day.day) in ((3, 31), (8, 31)):
            days.append(day)
        day += DAY
    return days


def last_day(on: date) -> date:
    """The last ending that the report looks at, found by walking."""
    day = on
    while on >= months_later(day + DAY, -12):
        day += DAY
    return day


def words_of(day: date) -> str:
    """21 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def by_when(found: list[Ending], on: date) -> dict[str, dict[str, Any]]:
    """The table of days: no grant twice but in the sums."""
    first, second = two_days(on)
    last = last_day(on)
    ahead = [one for one in found if one.ends_on >= on]
    return {
        f"By {words_of(first)}": line(one for one in ahead if one.ends_on <= first),
        f"After that, by {words_of(second)}": line(one for one in ahead if first < one.ends_on <= second),
        f"After that, by {words_of(last)}": line(one for one in ahead if second < one.ends_on),
        "In the next 12 months together": line(ahead),
        "Ended in the last 12 months": line(one for one in found if one.ends_on < on),
    }


def by_month(found: list[Ending], on: date) -> dict[str, dict[str, Any]]:
    """The calendar of endings."""
    lines: dict[str, dict[str, Any]] = {}
    day, last = on, last_day(on)
    while day <= last:
        name = f"{MONTHS[day.month - 1]} {day.year}"
        if name not in lines:
            lines[name] = line(
                one
                for one in found
                if one.ends_on >= on and (one.ends_on.year, one.ends_on.month) == (day.year, day.month)
            )
        day += timedelta(days=1)
    return lines


def left_out(facts: Facts, *, illustrative: bool) -> list[int]:
    """Open grants that may support families and are in no figure: not tracked, without an end, without a purpose."""
    grants = [
        grant
        for grant in in_register(facts, illustrative=illustrative)
        if grant.withdrawn_on is None and grant.closed_on is None and not is_refused(grant)
    ]
    tracked = [grant for grant in grants if is_open(grant, date.max)]
    return [
        sum(g.tracked_from is None and g.purpose in (None, "direct_support") for g in grants),
        sum(g.purpose == "direct_support" and g.ends_on is None for g in tracked),
        sum(g.purpose is None for g in tracked),
    ]


def levels(found: list[Ending]) -> Counter[str]:
    """How many grants are at each level."""
    return Counter(one.level for one in found if one.level is not None)


# --- the resolutions ---


def council_days(grant: Grant, facts: Facts) -> int | None:
    """Working days of council's time until the first payment, or until now; None while no clock runs."""
    assert grant.decided_on is not None
    implementable = max(grant.decided_on, grant.call_in_ends_on or grant.decided_on)
    first, standard = first_instalment(grant), grant.fund.payment_standard_working_days
    start: date | None = implementable
    if first is not None and first.basis == "on_claim":
        start = first.claim_valid_on
    elif first is not None and first.due_on is not None:
        start = max(implementable, facts.working_days.before(first.due_on, standard))
    if start is None:
        return None
    end = grant.first_paid_on if happened(grant.first_paid_on, facts.on) else facts.on
    stops = [stop for stop in grant.clock_stops.all() if stop.waiting_on == "provider"]
    return sum(
        not any(s.started_on <= day and (s.ended_on is None or day < s.ended_on) for s in stops)
        for day in facts.working_days.list_between(start, end)  # type: ignore[arg-type]
    )


def answer(grant: Grant, facts: Facts) -> str:
    """How one grant counts for the second resolution."""
    on = facts.on
    withdrawn = happened(grant.withdrawn_on, on)
    if grant.decision is not None and grant.decision not in APPROVED:
        return "left_out"
    if grant.tracked_from is None:
        return "left_out" if withdrawn else "untracked"
    if grant.decision is None:
        return "left_out" if withdrawn else "not_known"
    paid = happened(grant.first_paid_on, on)
    if not happened(grant.decided_on, on) or (not paid and (withdrawn or happened(grant.closed_on, on))):
        return "left_out"
    days = council_days(grant, facts)
    if days is None:
        return "not_known" if paid else "not_due"
    if days > grant.fund.payment_standard_working_days:
        return "past"
    return "within" if paid else "not_yet"


def speed(facts: Facts, *, illustrative: bool) -> tuple[Counter[str], int]:
    """How many grants gave each answer, and how many are critical."""
    grants = in_register(facts, illustrative=illustrative)
    critical = sum(slow_first_payment(grant, facts) == "critical" for grant in grants)
    return Counter(answer(grant, facts) for grant in grants), critical


def colour(counts: Counter[str], critical: int) -> str:
    """The state of the second resolution, in the words of the page."""
    cannot = counts["untracked"] + counts["not_known"]
    scope = sum(counts.values()) - counts["left_out"]
    settled = counts["within"] + counts["past"]
    if not settled or Fraction(cannot, scope) > Fraction(1, 4):
        return "Not enough is known"
    share = Fraction(counts["within"], settled)
    if share >= Fraction(9, 10) and not critical:
        return "On track"
    return "Partly on track" if share >= Fraction(3, 4) else "Not on track"
