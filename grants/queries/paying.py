"""Which funding award a grant's money counts against: the one that it names, or the only one that pays for its fund."""

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from grants.models import Fund, Grant
from grants.models.decisions import APPROVED
from grants.queries.due import LONG_AGO


def of_award(grants: QuerySet[Grant], on: date) -> tuple[QuerySet[Grant], QuerySet[Grant]]:
    """The grants that count against the award that the query around goes through.

    First those that name it. A tracked, approved grant that names no award can be paid for by no other than the only
    one of its fund: those come second. As one query with an "or", it would search no index.
    """
    named = grants.filter(funding_award=OuterRef("pk"))
    return named, _unnamed(grants.filter(is_to_be_paid_for(on)))


def may_be_of_award(grants: QuerySet[Grant], on: date) -> tuple[QuerySet[Grant], QuerySet[Grant]]:
    """The same of grants of which less is recorded: they count, or nobody can say that they do not."""
    named = grants.filter(funding_award=OuterRef("pk"))
    return named, _unnamed(grants.filter(may_be_paid_for(on))).exclude(_was_over_before())


def may_be_of_another(on: date) -> QuerySet[Grant]:
    """Grants that name no award, and that the award which the query around goes through may pay for, or another."""
    with_others = _pays().filter(fund__in=_paid_by_several()).values("fund")
    may_be = Grant.objects.filter(may_be_paid_for(on), funding_award__isnull=True, fund__in=with_others)
    return may_be.exclude(_was_over_before())


def is_to_be_paid_for(on: date) -> Q:
    """Tracked and approved."""
    return Q(tracked_from__isnull=False, decision__in=APPROVED, decided_on__lte=on)


def may_be_paid_for(on: date) -> Q:
    """Approved by then; or decided in a month of which the day is not known; or neither tracked nor decided."""
    return Q(decision__in=APPROVED, decided_on__lte=on) | is_decided_nobody_knows_when() | _is_no_more_known()


def is_decided_nobody_knows_when() -> Q:
    """Of the decision only the month is known."""
    return Q(decision__isnull=True, decided_about__isnull=False)


def _is_no_more_known() -> Q:
    return Q(decision__isnull=True, tracked_from__isnull=True)


def is_paid_by_one_of_several() -> Q:
    """Grants of a fund that more than one award pays for."""
    return Q(fund__in=_paid_by_several())


def _unnamed(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Those that name no award, of funds that no other award pays for."""
    alone = _pays().exclude(fund__in=_paid_by_several()).values("fund")
    return grants.filter(funding_award__isnull=True, fund__in=alone)


def _was_over_before() -> Q:
    """Not tracked, and over before the funder told the council of the award: an old list does not hide a new award."""
    told_on = Coalesce(OuterRef("told_on"), Value(LONG_AGO))
    return Q(tracked_from__isnull=True, ends_on__isnull=False, ends_on__lt=told_on)


def _pays() -> QuerySet[Any, Any]:
    """That an award pays for a fund, for the award that the query around the grants goes through."""
    return Fund.awards.through._default_manager.filter(fundingaward=OuterRef(OuterRef("pk")))


def _paid_by_several() -> QuerySet[Fund, Any]:
    """The funds that more than one award pays for."""
    return Fund.objects.order_by().annotate(n=Count("awards")).filter(n__gt=1).values("pk")
