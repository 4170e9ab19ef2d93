"""What is not known, over one register: how many grants, which figures suffer, who could say."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When

from core.models import User
from grants.models import FundingAward, Grant
from grants.queries.gaps import GAPS, Gap

AWARD = ("funding award", "funding awards")
AWARD_GAPS = {
    "spend_by": "No spend-by date",
    "total_amount": "No total of a funding award",
    "spent_means": "No meaning of what is spent",
}
AWARD_SPOILS = ("Money that may go back",)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not known, of `count` grants (or funding awards) out of those it is `asked_of`.

    `act` names the form that fills it in, `first_ref` the grant or award to begin with.
    """

    key: str
    what: str
    count: int
    asked_of: int
    noun: tuple[str, str]
    spoils: tuple[str, ...]
    who: str
    act: str = ""
    first_ref: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it is known of every grant in question, and there is one: of none nothing is known."""
        return bool(self.asked_of) and not self.count


def missing(user: User, *, illustrative: bool, on: date) -> list[Missing]:
    """Everything that is not known, most figures spoiled first; also what is complete, and what is asked of no grant.

    One query for most gaps, one for each that an index knows, and one for the funding awards.
    """
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative).order_by()
    apart = [[gap] for gap in GAPS.values() if gap.is_indexed]
    together = [gap for gap in GAPS.values() if not gap.is_indexed]
    found = [one for gaps in (together, *apart) for one in _of_grants(grants, gaps, on)]
    found += _of_awards(illustrative=illustrative)
    return sorted(found, key=lambda one: (-len(one.spoils) * one.count, -one.count, one.what))


def _of_awards(*, illustrative: bool) -> list[Missing]:
    """The open funding awards of which nobody knows how much they are, by when it must be spent, what "spent" means."""
    awards = FundingAward.objects.filter(is_illustrative=illustrative, closed_on__isnull=True)
    lacking = {f"{name}_first": Min("ref", filter=Q(**{f"{name}__isnull": True})) for name in AWARD_GAPS}
    known = {f"{name}_known": Count(name) for name in AWARD_GAPS}
    found = awards.order_by().aggregate(awards=Count("pk"), **known, **lacking)
    return [
        Missing(
            key=f"award_{name}",
            what=what,
            count=found["awards"] - found[f"{name}_known"],
            asked_of=found["awards"],
            noun=AWARD,
            spoils=AWARD_SPOILS,
            who="Funder",
            act="change_award",
            first_ref=found[f"{name}_first"],
        )
        for name, what in AWARD_GAPS.items()
    ]


def _of_grants(grants: QuerySet[Grant], gaps: Sequence[Gap], on: date) -> list[Missing]:
    """Each gap with the number of grants that have it, of how many, and the first of their references.

    One query, one pass.
    """
    if len(gaps) == 1:
        grants = grants.filter(gaps[0].asked_of(on))
    refs = {f"no_{gap.key}": Case(When(gap.has_it(on), then=F("ref"))) for gap in gaps}
    # Several gaps are asked of the same grants, which are counted once.
    asked = {whom: f"asked_{n}" for n, whom in enumerate(dict.fromkeys(gap.asked_of for gap in gaps))}
    is_asked = {name: Case(When(whom(on), then=Value(1))) for whom, name in asked.items()}
    # Cut at a length that no table has: so the database works each gap out once for a grant, not for each of its sums.
    rows = grants.annotate(**refs, **is_asked).values(*refs, *is_asked)[: sys.maxsize]
    whole = rows.aggregate(
        **{f"{name}_count": Count(name) for name in (*refs, *is_asked)},
        **{f"{name}_first": Min(name) for name in refs},
    )
    return [
        Missing(
            key=gap.key,
            what=gap.what,
            count=whole[f"no_{gap.key}_count"],
            asked_of=whole[f"{asked[gap.asked_of]}_count"],
            noun=("grant", "grants"),
            spoils=gap.spoils,
            who=gap.who,
            act=gap.act,
            first_ref=whole[f"no_{gap.key}_first"],
        )
        for gap in gaps
    ]
