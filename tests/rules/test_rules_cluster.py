"""docs/rules/clusters.md."""

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import add_months, months_in
from grants.rules.cluster import ClusterGrant, assessable, judge_cluster, pounds_a_year
from grants.rules.levels import Level
from tests.rules.worked_tables import (
    Row,
    a_date,
    as_date,
    as_number,
    as_pounds,
    row_id,
    worked_table,
)

PAGE = "clusters"
ON = date(2026, 11, 21)


def grants_of(place: str) -> list[ClusterGrant]:
    return [
        ClusterGrant(
            ref=row["grant"],
            ends_on=as_date(row["ends"]),
            uncovered=as_number(row["uncovered"]),
            families=as_number(row["families"]),
            amount_per_year=as_pounds(row["pounds a year"]),
        )
        for row in worked_table(PAGE, "The grants")
        if row["place"] == place
    ]


@pytest.mark.parametrize("row", worked_table(PAGE, "Judged on 21 November 2026"), ids=row_id)
def test_the_places(row: Row) -> None:
    grants = grants_of(row["place"])
    assert grants
    verdict = judge_cluster(grants, ON)
    assert assessable(grants, ON) == (row["cluster"] != "cannot be assessed")
    assert (verdict is not None) == (row["cluster"] == "yes")
    if verdict:
        assert verdict.level is Level.HIGH
        assert ", ".join(verdict.refs) == row["grants"]
        assert (verdict.window_start, verdict.window_end) == (a_date(row["from"]), a_date(row["to"]))
        assert verdict.measure == ("money" if "£" in row["of"] else "families")
        assert (verdict.part, verdict.whole) == (as_pounds(row["holds"]), as_pounds(row["of"]))
        assert verdict.share == pytest.approx(float(verdict.part) / float(verdict.whole))


def test_every_place_of_the_page_is_judged() -> None:
    places = {row["place"] for row in worked_table(PAGE, "The grants")}
    assert places == {row["place"] for row in worked_table(PAGE, "Judged on 21 November 2026")}


@pytest.mark.parametrize("row", worked_table(PAGE, "Pounds a year"), ids=row_id)
def test_pounds_a_year(row: Row) -> None:
    months = months_in(as_date(row["planned start"]), as_date(row["planned end"]))
    assert (None if months is None else float(months)) == (
        None if row["planned months"] == "not known" else float(row["planned months"])
    )
    assert pounds_a_year(as_pounds(row["amount"]), months) == as_pounds(row["pounds a year"])


def test_no_months_give_no_pounds_a_year() -> None:
    assert pounds_a_year(Decimal(100), 0) is None


some_grants = st.lists(
    st.builds(
        ClusterGrant,
        ref=st.text("ABC", min_size=1, max_size=3),
        ends_on=st.none() | st.dates(date(2026, 9, 1), date(2028, 3, 31)),
        uncovered=st.none() | st.integers(0, 3),
        families=st.integers(0, 5) | st.sampled_from([None, 1, 2, 3]),
        amount_per_year=st.none() | st.integers(0, 9).map(Decimal),
    ),
    max_size=6,
)


def plain_most(grants: list[ClusterGrant]) -> Decimal | None:
    """The most that any two or more uncovered grants ending within three months hold, if it is half."""
    active = [grant for grant in grants if grant.ends_on is None or grant.ends_on >= ON]
    sizes = [grant.families for grant in active]
    if None in sizes:
        sizes = [grant.amount_per_year for grant in active]  # type: ignore[misc]
    if None in sizes or not active:
        return None
    held = []
    for count in range(2, len(active) + 1):
        for some in combinations(range(len(active)), count):
            ends = [active[place].ends_on for place in some]
            known = [end for end in ends if end is not None and end <= add_months(ON, 12)]
            if len(known) < count or any(active[place].uncovered == 0 for place in some):
                continue
            if max(known) <= add_months(min(known), 3):
                held.append(sum((Decimal(sizes[place] or 0) for place in some), Decimal(0)))
    whole = sum((Decimal(size or 0) for size in sizes), Decimal(0))
    return max((part for part in held if part > 0 and part >= whole / 2), default=None)


@given(some_grants)
def test_it_equals_trying_every_group_of_grants(grants: list[ClusterGrant]) -> None:
    verdict = judge_cluster(grants, ON)
    assert (verdict.part if verdict else None) == plain_most(grants)
    if verdict:
        assert len(verdict.refs) >= 2
        assert ON <= verdict.window_start <= verdict.window_end <= add_months(ON, 12)


@given(some_grants, st.integers(0, 5))
def test_covering_a_grant_never_raises_a_cluster(grants: list[ClusterGrant], place: int) -> None:
    if place >= len(grants):
        return
    covered = [*grants[:place], grants[place]._replace(uncovered=0), *grants[place + 1 :]]
    assert judge_cluster(covered, ON) is None or judge_cluster(grants, ON) is not None


@given(some_grants, st.randoms())
def test_the_order_of_the_grants_does_not_matter(grants: list[ClusterGrant], shuffler: object) -> None:
    shuffled = list(grants)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = judge_cluster(grants, ON), judge_cluster(shuffled, ON)
    assert one == other
