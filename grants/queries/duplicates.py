"""What is known of two organisations that may be one."""

from typing import NamedTuple

from django.db.models import QuerySet

from grants.models import Grant
from providers.models import Likeness, Organisation, ProbableDuplicate
from providers.rules.identifiers import LOCAL

FUNDS_NAMED = 3


class OrganisationRow(NamedTuple):
    """One of the two: its numbers, and the grants that it leads."""

    name: str
    which: str
    kind: str | None
    numbers: str
    grants: int
    funds: str


def open_duplicates() -> "QuerySet[ProbableDuplicate]":
    """The pairs that nobody has looked at, each with its two organisations."""
    return ProbableDuplicate.objects.filter(state=Likeness.OPEN).select_related("older", "newer")


def both_rows(pair: ProbableDuplicate) -> list[OrganisationRow]:
    """The two records of a pair, the older first. Numbers of a funder's own are not shown: they are made up here."""
    return [_row(pair.older, "older"), _row(pair.newer, "newer")]


def _row(organisation: Organisation, which: str) -> OrganisationRow:
    led = Grant.objects.filter(lead_provider=organisation)
    funds = list(led.order_by("fund__name").values_list("fund__name", flat=True).distinct())
    more = f" and {len(funds) - FUNDS_NAMED} more" if len(funds) > FUNDS_NAMED else ""
    return OrganisationRow(
        name=organisation.name,
        which=which,
        kind=organisation.get_kind_display() or None,
        numbers=", ".join(str(one) for one in organisation.identifiers.exclude(scheme=LOCAL)),
        grants=led.count(),
        funds=", ".join(funds[:FUNDS_NAMED]) + more,
    )
