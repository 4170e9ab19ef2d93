"""docs/rules/cliff-edge.md."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import add_months
from grants.rules.cliff import (
    CliffCase,
    assessable,
    covers_of,
    in_window,
    judge_cliff_edge,
    uncovered,
    window,
)
from grants.rules.levels import RANK, Level
from tests.rules.worked_tables import Row, a_date, as_date, as_number, row_id, worked_table

PAGE = "cliff-edge"
BASE = CliffCase(
    ends_on=date(2027, 3, 31),
    starts_on=date(2025, 4, 1),
    caseload=26,
    caseload_on=date(2026, 12, 31),
    covered=0,
    return_period_months=3,
    notice_months=3,
    notice_given_on=None,
    latest_safe_on=None,
)
NONE = {"none": None, "cannot be assessed": None}
UNITS = {"not known": None, "families": "families", "children and young people": "children"}
spread = st.dates(date(2023, 1, 1), date(2028, 12, 31))
maybe = st.none() | spread
cases = st.builds(
    CliffCase,
    ends_on=maybe,
    starts_on=maybe,
    caseload=st.none() | st.integers(0, 60),
    caseload_on=maybe,
    covered=st.integers(0, 60),
    return_period_months=st.sampled_from([1, 3, 6, 12]),
    notice_months=st.integers(0, 14),
    notice_given_on=maybe,
    latest_safe_on=maybe,
)


@pytest.mark.parametrize(
    "row", worked_table(PAGE, "By date") + worked_table(PAGE, "Notice and after the end"), ids=row_id
)
def test_by_date(row: Row) -> None:
    case = BASE._replace(
        starts_on=as_date(row["starts"]),
        ends_on=as_date(row["ends"]),
        caseload_on=a_date(row["counted on"]),
        notice_months=int(row["notice months"]),
        latest_safe_on=as_date(row["latest safe"]),
    )
    verdict = judge_cliff_edge(case, a_date(row["judged on"]))
    assert (verdict.level if verdict else None) == NONE.get(row["level"], row["level"])
    assert assessable(case) == (row["level"] != "cannot be assessed")
    if verdict:
        assert verdict.uncovered == 26


@pytest.mark.parametrize("row", worked_table(PAGE, "By families"), ids=row_id)
def test_by_families(row: Row) -> None:
    case = BASE._replace(
        caseload=as_number(row["caseload"]),
        caseload_on=as_date(row["counted on"]),
        covered=int(row["covered"]),
    )
    on = a_date(row["judged on"])
    assert uncovered(case, on) == as_number(row["uncovered"])
    verdict = judge_cliff_edge(case, on)
    assert (verdict.level if verdict else None) == NONE.get(row["level"], row["level"])


def rank(case: CliffCase, on: date) -> int:
    verdict = judge_cliff_edge(case, on)
    return RANK[verdict.level] if verdict else 0


@given(cases, spread, st.integers(0, 60))
def test_a_better_plan_never_raises_the_level(case: CliffCase, on: date, more: int) -> None:
    assert rank(case._replace(covered=case.covered + more), on) <= rank(case, on)


@given(cases, spread, spread)
def test_before_the_end_a_later_day_never_lowers_the_level(case: CliffCase, one: date, two: date) -> None:
    earlier, later = sorted([one, two])
    if case.ends_on is not None and later <= case.ends_on:
        assert rank(case, earlier) <= rank(case, later)


@given(cases, spread)
def test_a_plan_for_everybody_clears_it_and_an_unknown_number_does_not(case: CliffCase, on: date) -> None:
    verdict = judge_cliff_edge(case, on)
    if verdict is None:
        return
    needed_from = date.fromisoformat(str(verdict.facts()["caseload_needed_from"]))
    counted = case._replace(caseload=60, caseload_on=needed_from, covered=0)
    assert judge_cliff_edge(counted, on) == verdict._replace(uncovered=60, case=counted)
    assert judge_cliff_edge(counted._replace(covered=60), on) is None
    unknown = judge_cliff_edge(case._replace(caseload=None, covered=60), on)
    assert unknown is not None
    assert (unknown.level, unknown.uncovered) == (verdict.level, None)


@given(cases, spread)
def test_an_extension_by_more_than_a_year_clears_it(case: CliffCase, on: date) -> None:
    later_end = add_months(on, 13)
    assert judge_cliff_edge(case._replace(ends_on=later_end), on) is None


@given(cases, spread)
def test_fallen_is_after_the_end_and_nothing_else_is(case: CliffCase, on: date) -> None:
    verdict = judge_cliff_edge(case, on)
    if verdict:
        assert (verdict.level is Level.FALLEN) == (verdict.ends_on < on)
        assert add_months(verdict.ends_on, -12) <= on <= add_months(verdict.ends_on, 12)
        assert verdict.uncovered is None or verdict.uncovered > 0
    if case.ends_on is None:
        assert verdict is None


@given(st.dates(date(2023, 1, 1), date(2032, 12, 31)))
def test_the_window_is_its_first_and_last_day(on: date) -> None:
    """Over leap days and clipped month ends too: nothing outside is looked at, and everything inside."""
    first, last = window(on)
    for day in (first, last):
        inside = [in_window(day + timedelta(days=days), on) for days in range(-6, 7)]
        assert inside == [first <= day + timedelta(days=days) <= last for days in range(-6, 7)]
    assert first < on < last


@pytest.mark.parametrize("row", worked_table(PAGE, "By what is counted"), ids=row_id)
def test_by_what_is_counted(row: Row) -> None:
    counts = covers_of(UNITS[row["cover counted in"]], UNITS[row["last caseload counted in"]])
    assert counts == (row["counts"] == "yes")
