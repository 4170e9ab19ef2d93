"""How many people each ending grant leaves without support: for one grant, or for all those of a page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from grants.models import Grant
from grants.queries.candidates.endings import SUPPORT, with_support
from grants.rules.cliff import CliffCase, caseload_needed_from, uncovered


@dataclass(frozen=True, slots=True)
class Ending:
    """The people of one grant on a day. `uncovered` None is not known: no caseload, or one that is too old.

    `unit` is what the caseload counts; people of unlike units are never summed.
    """

    ends_on: date | None
    caseload: int | None
    unit: str | None
    counted_on: date | None
    covered: int
    uncovered: int | None
    caseload_needed_from: date
    notice_given_on: date | None


def ending_of(grant: Grant, on: date) -> Ending:
    """The people of one grant on a day: one query."""
    return endings_of([grant.pk], on)[grant.pk]


def endings_of(grant_ids: Collection[int], on: date) -> dict[int, Ending]:
    """The people of each grant of a page on a day: one query, however many grants."""
    rows = (
        with_support(Grant.objects.filter(pk__in=grant_ids), on)
        .order_by()
        .values_list("pk", "fund__return_period_months", "fund__notice_period_months", *SUPPORT)
    )
    found = {}
    for pk, return_months, notice_months, *support in rows:
        ends_on, starts_on, people, counted_on, covered, told_on, unit = support
        case = CliffCase(
            ends_on, starts_on, people, counted_on, covered, return_months, notice_months, told_on, None
        )
        left, needed = uncovered(case, on), caseload_needed_from(case, on)
        found[pk] = Ending(ends_on, people, unit, counted_on, covered, left, needed, told_on)
    return found
