"""What is not known: each gap as the records that have it, so that the count, the list and the advice agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from core.rules.dates import months_before
from grants.models import Grant, Instalment, OutcomeReturn
from grants.models.decisions import APPROVED, IS_TRACKED_SUPPORT
from grants.rules.cliff import CASELOAD_GOOD_FOR_RETURN_PERIODS

IS_TRACKED = Q(tracked_from__isnull=False, withdrawn_on__isnull=True, closed_on__isnull=True)
"""Tracked and running: a gap in what is over, or not recorded at all, spoils no figure of today."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known of a grant. `spoils` are the figures that suffer, `who` could say.

    `has_it` makes the condition for a day; `act` is the URL name of the form that fills it in, if there is one. Of a
    gap that `is_indexed` an index knows the few grants that can have it: they are counted apart from all the others.
    """

    key: str
    what: str
    who: str
    spoils: tuple[str, ...]
    has_it: Callable[[date], Q]
    act: str
    is_indexed: bool = False


def _no_schedule(on: date) -> Q:
    dated = Instalment.objects.filter(grant=OuterRef("pk"), number=1, due_on__isnull=False)
    return IS_TRACKED & Q(decision__in=APPROVED, first_paid_on__isnull=True) & Q(~Exists(dated))


def _no_caseload(on: date) -> Q:
    """Support that still runs, with nobody counted in its last two return periods.

    A return period is a whole number of months, so there are few of them: for each from 1 to 12 the grants counted
    since one day, which a database finds once, not grant by grant.
    """
    fresh = reduce(or_, (_counted_since(on, months) for months in range(1, 13)))
    return IS_TRACKED_SUPPORT & (Q(ends_on__isnull=True) | Q(ends_on__gte=on)) & ~fresh


def _counted_since(on: date, months: int) -> Q:
    """Grants of funds with returns every so many months, with somebody counted in the last two of their periods."""
    since = months_before(on, CASELOAD_GOOD_FOR_RETURN_PERIODS * months)
    counted = OutcomeReturn.objects.filter(
        grant=OuterRef("pk"), caseload__isnull=False, period_to__lte=on, period_to__gte=since
    )
    return Q(fund__return_period_months=months) & Q(Exists(counted))


def _no_locality(on: date) -> Q:
    placed = Grant.localities.through.objects.filter(grant=OuterRef("pk"))
    return IS_TRACKED & Q(~Exists(placed))


def _tracked(**condition: object) -> Callable[[date], Q]:
    return lambda on: IS_TRACKED & Q(**condition)


_MONEY = ("Amounts and totals", "Pounds a year that end", "Money that may go back")
_ENDINGS = ("Cliff edges", "Latest safe dates", "Endings that meet", "Families affected")

GAPS: Mapping[str, Gap] = {
    gap.key: gap
    for gap in (
        Gap(
            "end_date",
            "No end date",
            "Lead officer",
            (*_ENDINGS, "Funded time lost"),
            _tracked(ends_on__isnull=True),
            "record_details",
        ),
        Gap(
            "caseload",
            "No caseload in the last two return periods",
            "Provider",
            _ENDINGS[:1] + _ENDINGS[2:],
            _no_caseload,
            "record_caseload",
        ),
        Gap(
            "amount",
            "No amount awarded",
            "Lead officer",
            _MONEY,
            _tracked(amount_awarded__isnull=True),
            "record_details",
        ),
        Gap(
            "first_due",
            "No due date for the first instalment",
            "Finance",
            ("Council's time", "Pay next"),
            _no_schedule,
            "vary_grant",
            is_indexed=True,
        ),
        Gap(
            "localities",
            "No locality",
            "Lead officer",
            ("Endings that meet", "Money by place"),
            _no_locality,
            "record_details",
        ),
        Gap(
            "lead_officer",
            "No lead officer",
            "Administrator",
            ("Who owns a flag",),
            _tracked(lead_officer__isnull=True),
            "record_details",
        ),
        Gap(
            "finance_owner",
            "No finance owner",
            "Administrator",
            ("Who owns a flag",),
            _tracked(finance_owner__isnull=True),
            "record_details",
        ),
        Gap(
            "untracked",
            "Not tracked: payments, returns and the ending are not recorded",
            "Lead officer",
            ("Council's time", "Funded time lost", *_ENDINGS, *_MONEY),
            lambda on: Q(tracked_from__isnull=True),
            "record_details",
        ),
    )
}
