"""Each ending grant of the sustainability report, as its reader may see it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.rules.dates import long_date
from core.rules.suppression import Shown
from grants.models import Grant
from grants.queries.sustainability import Confirmed, EndingRow, Judged, ending_rows, what_clears
from grants.rules.cliff import nobody_left
from reports.queries.sustainability import Sustainability


@dataclass(frozen=True, slots=True)
class EndingLine:
    """One ending grant as its reader may see it. `has_nobody`: its last return counts nobody, so nobody is covered."""

    ref: str
    title: str
    provider: str | None
    ends_on: date
    uncovered: Shown
    unit: str | None
    is_covered: bool
    has_nobody: bool
    level: str | None
    clears: str
    is_planned: bool
    plan_words: str
    confirmed: Confirmed
    notice_words: str
    new_round_by: date
    extension_by: date
    pounds_a_year: Decimal | None


def ending_lines(page: QuerySet[Grant], found: Sustainability) -> list[EndingLine]:
    """The grants of one page, in its order: two queries."""
    return [_line(row, found) for row in ending_rows(page, found.setting)]


def _line(row: EndingRow, found: Sustainability) -> EndingLine:
    judged = row.judged
    return EndingLine(
        ref=judged.ref,
        title=row.title,
        provider=row.provider,
        ends_on=judged.ends_on,
        uncovered=found.shown(judged),
        unit=judged.unit,
        is_covered=judged.uncovered == 0,
        has_nobody=nobody_left(judged.case.caseload, judged.uncovered),
        level=row.level,
        clears=_clears_words(judged, with_people=found.cells is None),
        is_planned=row.plan_on is not None and row.plan_on <= found.on,
        plan_words=_plan_words(row, found.on),
        confirmed=row.confirmed,
        notice_words=_notice_words(row, found.on),
        new_round_by=judged.safe.new_round_by,
        extension_by=judged.safe.extension_by,
        pounds_a_year=judged.pounds_a_year,
    )


def _clears_words(judged: Judged, *, with_people: bool) -> str:
    if judged.uncovered == 0:
        return "Nothing to clear"
    words = what_clears(judged, with_people=with_people)
    return words or "flagged when half of its time has gone"


def _plan_words(row: EndingRow, on: date) -> str:
    if row.plan_on is None or row.plan_on > on:
        return "none recorded"
    if row.plan_reviewed_on is not None and row.plan_reviewed_on <= on:
        return f"reviewed {long_date(row.plan_reviewed_on)}"
    return f"recorded {long_date(row.plan_on)}"


def _notice_words(row: EndingRow, on: date) -> str:
    given = row.judged.case.notice_given_on
    if given is not None:
        return f"given {long_date(given)}"
    was_due = row.notice_due_on < on
    return f"{'not given: was due' if was_due else 'due'} {long_date(row.notice_due_on)}"
