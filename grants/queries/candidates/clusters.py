"""Candidates of the cluster rule: the localities, schools and providers where endings meet.

The grants come once, in order, with the places of each beside them; what is kept is one small tuple for each active
grant at a place. Asking for the grants of every place instead would work out each caseload several times.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, QuerySet, Value

from core.rules.dates import add_months, months_in
from grants.models import Grant
from grants.models.decisions import PartnerRole
from grants.models.returns import CaseloadUnit
from grants.queries.candidates.base import CHUNK, Beside, Candidate, Context, Rows
from grants.queries.candidates.endings import with_support
from grants.rules.cliff import WINDOW_MONTHS, CliffCase, uncovered
from grants.rules.cluster import AT_LEAST_GRANTS, ClusterGrant, judge_cluster, pounds_a_year


class Place(NamedTuple):
    """A locality or an organisation, in its own register: a grant of the other does not count there.

    Organisations come after localities, as in the flags that stand.
    """

    is_organisation: bool
    id: int
    ref: str
    is_illustrative: bool

    @property
    def field(self) -> str:
        """The column of a flag that names it."""
        return "organisation" if self.is_organisation else "locality"


class Member(NamedTuple):
    """One active grant, with what its money a year is worked out from should a number of families be unknown."""

    grant: ClusterGrant
    amount: Decimal | None
    planned_start: Any
    planned_end: Any


def cluster(context: Context) -> Iterator[Candidate]:
    """Places where endings meet, in order: two queries."""
    places = _members_by_place(context)
    horizon = add_months(context.on, WINDOW_MONTHS)
    for place in sorted(places):
        members = places.pop(place)
        if sum(1 for m in members if m.grant.ends_on and m.grant.ends_on <= horizon) < AT_LEAST_GRANTS:
            continue
        verdict = judge_cluster(_with_money(members), context.on)
        if verdict is not None:
            yield Candidate(place.field, place.id, place.ref, verdict, None, place.is_illustrative)


def _members_by_place(context: Context) -> dict[Place, list[Member]]:
    places: dict[Place, list[Member]] = defaultdict(list)
    places_of = Beside(place_rows(context).iterator(CHUNK))
    for row in support_rows(context).iterator(CHUNK):
        grant_id, fund_id, lead_id, lead_ref, lead_illustrative = row[:5]
        member = _member(row, context)
        illustrative = context.terms[fund_id].is_illustrative
        at = {
            Place(kind == "organisation", key, ref, register)
            for _, kind, key, ref, register in places_of(grant_id)
            if register == illustrative
        }
        if lead_id is not None and lead_illustrative == illustrative:
            at.add(Place(True, lead_id, lead_ref, illustrative))
        for place in at:
            places[place].append(member)
    return places


def _member(row: tuple[Any, ...], context: Context) -> Member:
    _, fund_id, _, _, _, ref, amount, start, planned_end, ends_on, caseload, caseload_on, covered, unit = row
    periods = context.terms[fund_id].return_period_months
    left = uncovered(
        CliffCase(ends_on, start, caseload, caseload_on, covered, periods, 0, None, None), context.on
    )
    # Units are never summed: children and young people are no number of families. A stale caseload is unknown.
    families = caseload if left is not None and unit == CaseloadUnit.FAMILIES else None
    return Member(ClusterGrant(ref, ends_on, left, families, None), amount, start, planned_end)


def _with_money(members: list[Member]) -> list[ClusterGrant]:
    """The rule's grants of one place. Money is worked out only where a number of families is not known."""
    if all(member.grant.families is not None for member in members):
        return [member.grant for member in members]
    return [
        grant._replace(amount_per_year=pounds_a_year(amount, months_in(start, end)))
        for grant, amount, start, end in members
    ]


MEMBER_ROW = (
    "id",
    "fund_id",
    "lead_provider_id",
    "lead_provider__ref",
    "lead_provider__is_illustrative",
    "ref",
    "amount_awarded",
    "planned_start",
    "planned_end",
    "ends_on",
    "caseload",
    "caseload_on",
    "covered",
    "caseload_unit",
)


def support_rows(context: Context) -> Rows:
    """Every active grant of direct support with its last caseload and cover, as plain rows in order of the grant."""
    return with_support(_active(context), context.on).order_by("id").values_list(*MEMBER_ROW)


def place_rows(context: Context) -> Rows:
    """The localities and schools of every active grant, as plain rows in order of the grant."""
    at_locality = _placed(_active(context).filter(localities__isnull=False), "locality", "localities", "slug")
    schools = _active(context).filter(partnerships__role=PartnerRole.SCHOOL)
    at_school = _placed(schools, "organisation", "partnerships__organisation", "ref")
    return at_locality.union(at_school, all=True).order_by("grant_key")


def _placed(grants: QuerySet[Grant], field: str, place: str, ref: str) -> Rows:
    return (
        grants.order_by()
        .annotate(
            grant_key=F("id"),
            field=Value(field, output_field=CharField()),
            place=F(place),
            place_ref=F(f"{place}__{ref}"),
            register=F(f"{place}__is_illustrative"),
        )
        .values_list("grant_key", "field", "place", "place_ref", "register")
    )


def _active(context: Context) -> QuerySet[Grant]:
    return Grant.objects.tracked_support().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=context.on))
