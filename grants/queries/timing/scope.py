"""Which grants a timing is about, and by what they are told apart."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, Count, DateField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from grants.models import Grant
from grants.models.decisions import APPROVED, GrantQuerySet

FIRST_YEAR = 2000
YEAR_BEGINS = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """Grants of one register that a person may see, or of one fund of it, judged at a day."""

    grants: GrantQuerySet
    on: date

    def approved(self) -> GrantQuerySet:
        """Tracked and approved by the day, whatever became of them."""
        return self.grants.tracked().filter(decision__in=APPROVED, decided_on__lte=self.on)

    def sample(self) -> "QuerySet[Any]":
        """Those whose wait for the first payment is timed, paid or still waiting, as `with_paid_on` has them."""
        return with_paid_on(self.approved(), self.on).exclude(self._ended_unpaid())

    def _ended_unpaid(self) -> Q:
        return Q(paid_on__isnull=True) & (Q(withdrawn_on__lte=self.on) | Q(closed_on__lte=self.on))


class Group(NamedTuple):
    """By what grants are told apart: fund, round, financial year of the decision, kind of lead provider.

    A financial year is named by the calendar year in which it begins. A kind of None is not known.
    """

    fund_id: int
    round_id: int | None
    year: int | None
    kind: str | None


GROUP_COLUMNS = ("fund_id", "round_id", "year", "kind")


class Apart(NamedTuple):
    """Grants that no timing counts: untracked, and approved but ended without a payment."""

    untracked: int
    withdrawn: int
    closed: int


def with_paid_on(grants: QuerySet[Grant], on: date) -> "QuerySet[Any]":
    """Beside each grant `paid_on`, its first payment where that was made by the day, and `until`: that, or the day."""
    paid = Case(When(first_paid_on__lte=on, then=F("first_paid_on")))
    return grants.annotate(paid_on=paid, until=Coalesce(paid, Value(on), output_field=DateField()))


def with_groups(grants: "QuerySet[Any]", on: date) -> "QuerySet[Any]":
    """Beside each grant `year`, the financial year of its decision, and `kind`, that of its lead provider."""
    years = [
        When(decided_on__gte=date(year, YEAR_BEGINS, 1), then=Value(year))
        for year in range(financial_year(on), FIRST_YEAR - 1, -1)
    ]
    year = Case(*years, default=None, output_field=IntegerField())
    found: QuerySet[Any] = grants.annotate(year=year, kind=F("lead_provider__kind"))
    return found


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of a day begins, on 1 April."""
    return day.year if day.month >= YEAR_BEGINS else day.year - 1


def apart(scope: Scope) -> dict[Group, Apart]:
    """What stands beside the figures: how many grants no timing counts, and why. One query."""
    on = scope.on
    untracked = Q(tracked_from__isnull=True)
    unpaid = ~untracked & Q(decision__in=APPROVED, decided_on__lte=on, paid_on__isnull=True)
    withdrawn = Q(withdrawn_on__lte=on)
    rows = (
        with_groups(with_paid_on(scope.grants, on), on)
        .filter(untracked | unpaid & (withdrawn | Q(closed_on__lte=on)))
        .order_by()
        .values_list(*GROUP_COLUMNS)
        .annotate(
            untracked=Count("pk", filter=untracked),
            withdrawn=Count("pk", filter=unpaid & withdrawn),
            closed=Count("pk", filter=unpaid & ~withdrawn),
        )
    )
    return {Group(*row[:4]): Apart(*row[4:]) for row in rows}
