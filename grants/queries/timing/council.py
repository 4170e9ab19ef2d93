"""What the payment clock of a grant is read from: the first instalment and the fund's standard."""

from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from grants.models.payments import Basis
from grants.rules.clock import ClockCase, Stop

CHUNK = 2000
ON_CLAIM = Basis.ON_CLAIM.value
CLOCK_COLUMNS = ("implementable_on", "due_on", "basis", "claim_on", "standard", "paid_on", "until")


def with_clock(grants: "QuerySet[Any]") -> "QuerySet[Any]":
    """Beside each grant what its payment clock is read from."""
    first = FilteredRelation("instalments", condition=Q(instalments__number=1))
    found: QuerySet[Any] = grants.annotate(first=first).annotate(
        due_on=F("first__due_on"),
        basis=F("first__basis"),
        claim_on=F("first__claim_valid_on"),
        standard=F("fund__payment_standard_working_days"),
    )
    return found


def read_case(row: tuple[Any, ...], stops: tuple[Stop, ...]) -> ClockCase:
    """A clock's case from the decision and CLOCK_COLUMNS."""
    decided_on, implementable_on, due_on, basis, claim_on, _, paid_on, _ = row
    on_claim = basis == ON_CLAIM
    return ClockCase(implementable_on, due_on, on_claim, claim_on, paid_on, decided_on, None, stops)
