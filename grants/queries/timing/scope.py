"""Which grants a timing is about, and how each stands."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from grants.models import Grant
from grants.models.decisions import APPROVED, GrantQuerySet
from grants.queries.timing.sql import number

# How a grant stands: its wait is timed, or why nothing times it. OTHER are not approved by the day.
OTHER, TIMED, UNTRACKED, WITHDRAWN, CLOSED = range(5)


@dataclass(frozen=True, slots=True)
class Scope:
    """Grants of one register that a person may see, or of one fund of it, judged at a day."""

    grants: GrantQuerySet
    on: date

    def sample(self) -> "QuerySet[Any]":
        """Those whose wait for the first payment is timed, paid or still waiting, as `with_paid_on` has them."""
        approved = self.grants.filter(self._approved())
        return with_paid_on(approved, self.on).exclude(self._unpaid() & (self._withdrawn() | self._closed()))

    def standing(self) -> Case:
        """How each grant stands, as a column beside those of `with_paid_on`."""
        unpaid = self._approved() & self._unpaid()
        return Case(
            When(tracked_from__isnull=True, then=number(UNTRACKED)),
            When(unpaid & self._withdrawn(), then=number(WITHDRAWN)),
            When(unpaid & self._closed(), then=number(CLOSED)),
            When(self._approved(), then=number(TIMED)),
            default=number(OTHER),
        )

    def _approved(self) -> Q:
        """Tracked and approved by the day, whatever became of them."""
        return Q(tracked_from__isnull=False, decision__in=APPROVED, decided_on__lte=self.on)

    def _unpaid(self) -> Q:
        return Q(paid_on__isnull=True)

    def _withdrawn(self) -> Q:
        return Q(withdrawn_on__lte=self.on)

    def _closed(self) -> Q:
        return Q(closed_on__lte=self.on)


def with_paid_on(grants: QuerySet[Grant], on: date) -> "QuerySet[Any]":
    """Beside each grant `paid_on`, its first payment where that was made by the day, and `until`: that, or the day."""
    paid = Case(When(first_paid_on__lte=on, then=F("first_paid_on")))
    return grants.annotate(paid_on=paid, until=Coalesce(paid, Value(on), output_field=DateField()))
