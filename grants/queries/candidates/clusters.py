"""Candidates of the cluster rule: the localities, schools and providers where endings meet.

The grants come once, in order, with the places of each beside them; what is kept is a few numbers for each active grant
at a place. Asking for the grants of every place instead would work out each caseload several times.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, QuerySet, Value

from core.rules.dates import add_months, months_in
from grants.models import Grant
from grants.models.decisions import PartnerRole
from grants.models.returns import CaseloadUnit
from grants.queries.candidates.base import CHUNK, Beside, Candidate, Context, Rows
from grants.queries.candidates.endings import support_on, with_support
from grants.rules.cliff import WINDOW_MONTHS, CliffCase, uncovered
from grants.rules.cluster import AT_LEAST_GRANTS, ClusterGrant, judge_cluster, pounds_a_year

NOT_KNOWN = -1


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


class Members:
    """The active grants at places, a few numbers each: tens of thousands of objects would be most of a pass's memory.

    Dates are kept as ordinals and pounds as pence; NOT_KNOWN stands for None, which no number here ever is.
    """

    def __init__(self) -> None:
        self._refs: list[str] = []
        self._columns = {name: array("q") for name in ("ends", "left", "families", "pence", "start", "end")}

    def add(self, row: tuple[Any, ...], context: Context) -> int:
        """Keep one row of `support_rows`; answers its place in the list."""
        _, fund_id, _, _, _, ref, amount, start, end, ends_on, caseload, caseload_on, covered, unit = row
        periods = context.terms[fund_id].return_period_months
        left = uncovered(
            CliffCase(ends_on, start, caseload, caseload_on, covered, periods, 0, None, None), context.on
        )
        # Units are never summed: children and young people are no number of families. A stale caseload is unknown.
        families = caseload if left is not None and unit == CaseloadUnit.FAMILIES else None
        pence = None if amount is None else int(amount * 100)
        numbers = (_ordinal(ends_on), left, families, pence, _ordinal(start), _ordinal(end))
        for column, number in zip(self._columns.values(), numbers, strict=True):
            column.append(NOT_KNOWN if number is None else number)
        self._refs.append(ref)
        return len(self._refs) - 1

    def ending_by(self, day: date, at: Iterable[int]) -> int:
        """How many of those at the given places of the list end on or before a day."""
        ends, last = self._columns["ends"], day.toordinal()
        return sum(1 for place in at if NOT_KNOWN < ends[place] <= last)

    def grants(self, at: Sequence[int]) -> list[ClusterGrant]:
        """The rule's grants. Money a year is worked out only where a number of families is not known."""
        families = self._columns["families"]
        with_money = any(families[place] == NOT_KNOWN for place in at)
        return [self._grant(place, with_money=with_money) for place in at]

    def _grant(self, place: int, *, with_money: bool) -> ClusterGrant:
        ends, left, families, pence, start, end = (
            None if column[place] == NOT_KNOWN else column[place] for column in self._columns.values()
        )
        money = None
        if with_money and pence is not None:
            months = months_in(_day(start), _day(end))
            money = pounds_a_year(Decimal(pence) / 100, months)
        return ClusterGrant(self._refs[place], _day(ends), left, families, money)


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def cluster(context: Context) -> Iterator[Candidate]:
    """Places where endings meet, in order: two queries."""
    members, places = Members(), defaultdict(lambda: array("q"))  # type: ignore[var-annotated]
    for place, member in _at_places(context, members):
        places[place].append(member)
    horizon = add_months(context.on, WINDOW_MONTHS)
    for place in sorted(places):
        at = places.pop(place)
        if members.ending_by(horizon, at) < AT_LEAST_GRANTS:
            continue
        verdict = judge_cluster(members.grants(at), context.on)
        if verdict is not None:
            yield Candidate(place.field, place.id, place.ref, verdict, None, place.is_illustrative)


def _at_places(context: Context, members: Members) -> Iterator[tuple[Place, int]]:
    """Each active grant at each of its places: where it works, its schools, and its lead provider."""
    places_of = Beside(place_rows(context).iterator(CHUNK))
    for row in support_rows(context).iterator(CHUNK):
        grant_id, fund_id, lead_id, lead_ref, lead_illustrative = row[:5]
        illustrative = context.terms[fund_id].is_illustrative
        at = {
            Place(kind == "organisation", key, ref, register)
            for _, kind, key, ref, register in places_of(grant_id)
            if register == illustrative
        }
        if lead_id is not None and lead_illustrative == illustrative:
            at.add(Place(True, lead_id, lead_ref, illustrative))
        if at:
            member = members.add(row, context)
            yield from ((place, member) for place in at)


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
    return support_on(context.on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=context.on))
