"""What is not known, over one register: how many grants, which figures suffer, who could say."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, QuerySet

from core.models import User
from grants.models import FundingAward, Grant
from grants.queries.gaps import GAPS, Gap

AWARD_GAP = "awards"
AWARD_SPOILS = ("Money that may go back",)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not known, of so many grants (or funding awards).

    `act` names the form that fills it in, `first_ref` the grant to begin with.
    """

    key: str
    what: str
    count: int
    noun: tuple[str, str]
    spoils: tuple[str, ...]
    who: str
    act: str = ""
    first_ref: str | None = None


def missing(user: User, *, illustrative: bool, on: date) -> list[Missing]:
    """Everything that is not known, most figures spoiled first; also what is complete (a count of 0).

    One query for each gap and one for the funding awards, whatever the size of the register.
    """
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).order_by()
    found = [_of_grants(gap, grants.filter(gap.has_it(on))) for gap in GAPS.values()]
    awards = FundingAward.objects.filter(
        is_illustrative=illustrative, closed_on__isnull=True, spend_by__isnull=True
    )
    nouns = ("funding award", "funding awards")
    found.append(Missing(AWARD_GAP, "No spend-by date", awards.count(), nouns, AWARD_SPOILS, "Funder"))
    return sorted(found, key=lambda one: (-len(one.spoils) * one.count, -one.count, one.what))


def _of_grants(gap: Gap, lacking: QuerySet[Grant]) -> Missing:
    whole = lacking.aggregate(count=Count("pk", distinct=True), first=Min("ref"))
    noun = ("grant", "grants")
    return Missing(gap.key, gap.what, whole["count"], noun, gap.spoils, gap.who, gap.act, whole["first"])
