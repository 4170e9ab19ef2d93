"""What is not known, over one register: how many grants, which figures suffer, who could say."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Min, QuerySet, When

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

    One query for most gaps, one for each that an index knows, and one for the funding awards.
    """
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).order_by()
    apart = [[gap] for gap in GAPS.values() if gap.is_indexed]
    together = [gap for gap in GAPS.values() if not gap.is_indexed]
    found = [one for gaps in (together, *apart) for one in _of_grants(grants, gaps, on)]
    awards = FundingAward.objects.filter(
        is_illustrative=illustrative, closed_on__isnull=True, spend_by__isnull=True
    )
    nouns = ("funding award", "funding awards")
    found.append(Missing(AWARD_GAP, "No spend-by date", awards.count(), nouns, AWARD_SPOILS, "Funder"))
    return sorted(found, key=lambda one: (-len(one.spoils) * one.count, -one.count, one.what))


def _of_grants(grants: QuerySet[Grant], gaps: Sequence[Gap], on: date) -> list[Missing]:
    """Each gap with the number of grants that have it and the first of their references: one query, one pass."""
    if len(gaps) == 1:
        grants = grants.filter(gaps[0].has_it(on))
    refs = {f"no_{gap.key}": Case(When(gap.has_it(on), then=F("ref"))) for gap in gaps}
    # Cut at a length that no table has: so the database works each gap out once for a grant, not for each of its sums.
    rows = grants.annotate(**refs).values(*refs)[: sys.maxsize]
    whole = rows.aggregate(
        **{f"{name}_count": Count(name) for name in refs}, **{f"{name}_first": Min(name) for name in refs}
    )
    return [
        Missing(
            key=gap.key,
            what=gap.what,
            count=whole[f"no_{gap.key}_count"],
            noun=("grant", "grants"),
            spoils=gap.spoils,
            who=gap.who,
            act=gap.act,
            first_ref=whole[f"no_{gap.key}_first"],
        )
        for gap in gaps
    ]
