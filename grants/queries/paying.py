"""Which funding award a grant's money counts against: the one that it names, or the only one that pays for its fund."""

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet

from grants.models import Fund, Grant
from grants.models.decisions import APPROVED


def of_award(grants: QuerySet[Grant], on: date) -> tuple[QuerySet[Grant], QuerySet[Grant]]:
    """The grants that count against the award that the query around goes through.

    First those that name it. A tracked, approved grant that names no award can be paid for by no other than the only
    one of its fund: those come second. As one query with an "or", it would search no index.
    """
    alone = _pays().exclude(fund__in=_paid_by_several()).values("fund")
    return grants.filter(funding_award=OuterRef("pk")), grants.filter(names_no_award(on), fund__in=alone)


def may_be_of_award(on: date) -> QuerySet[Grant]:
    """Grants that name no award, and that the award which the query around goes through may pay for, or another."""
    with_others = _pays().filter(fund__in=_paid_by_several()).values("fund")
    return Grant.objects.filter(names_no_award(on), fund__in=with_others)


def names_no_award(on: date) -> Q:
    """Tracked and approved, and nobody said which funding award pays for it."""
    return is_to_be_paid_for(on) & Q(funding_award__isnull=True)


def is_to_be_paid_for(on: date) -> Q:
    """Tracked and approved."""
    return Q(tracked_from__isnull=False, decision__in=APPROVED, decided_on__lte=on)


def is_paid_by_one_of_several() -> Q:
    """Grants of a fund that more than one award pays for."""
    return Q(fund__in=_paid_by_several())


def _pays() -> QuerySet[Any, Any]:
    """That an award pays for a fund, for the award that the query around the grants goes through."""
    return Fund.awards.through._default_manager.filter(fundingaward=OuterRef(OuterRef("pk")))


def _paid_by_several() -> QuerySet[Fund, Any]:
    """The funds that more than one award pays for."""
    return Fund.objects.order_by().annotate(n=Count("awards")).filter(n__gt=1).values("pk")
