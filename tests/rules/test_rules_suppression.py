"""docs/rules/suppression.md, judged by a linear programme and by pytauargus."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules.suppression import HIDDEN, Published, in_full, is_small, known_sum, suppress
from tests.rules.table_audit import failed_audit, given_away, total
from tests.rules.worked_tables import as_number, worked_table

PAGE = "suppression"
WORKED = {"A worked table": "Its sums", "A smaller table": "The sums of the smaller table"}
SEEDS = range(40)

Table = tuple[dict[Any, int | None], dict[Any, list[Any]]]


def as_shown(text: str) -> int | str | None:
    return HIDDEN if text == HIDDEN else as_number(text)


def random_table(seed: int) -> Table:
    """Grants that end in one of six months, with one of several providers, in none or some of five places."""
    chance = Random(seed)
    cells: dict[Any, int | None] = {}
    sums: dict[Any, list[Any]] = {}
    size = chance.randint(1, 40)
    for grant in range(size):
        cells[grant] = chance.choice([None, 0, *(chance.randint(1, 5) for _ in "ab"), chance.randint(6, 40)])
        sums.setdefault(("month", chance.randint(1, 6)), []).append(grant)
        sums.setdefault(("provider", chance.randint(1, 2 + size // 3)), []).append(grant)
        for place in sorted(set(chance.choices(range(5), k=chance.randint(0, 2)))):
            sums.setdefault(("place", place), []).append(grant)
    sums["by March"] = [grant for month in (1, 2, 3) for grant in sums.get(("month", month), [])]
    sums["all"] = list(cells)
    return cells, sums


def only_small_ones_hidden(cells: dict[Any, int | None], sums: dict[Any, list[Any]]) -> Published[Any, Any]:
    """What a page would say that hides small counts and stops there."""
    whole = in_full(cells, sums)
    return Published(
        {key: HIDDEN if is_small(cells[key]) else shown for key, shown in whole.cells.items()},
        {key: HIDDEN if is_small(total(cells, sums[key])) else shown for key, shown in whole.sums.items()},
    )


@pytest.mark.parametrize("heading", WORKED)
def test_worked_table(heading: str) -> None:
    rows, sum_rows = worked_table(PAGE, heading), worked_table(PAGE, WORKED[heading])
    cells = {row["grant"]: as_number(row["families"]) for row in rows}
    sums = {
        row["sum"]: [r["grant"] for r in rows if row["sum"] in ("all", r["month"], r["place"])]
        for row in sum_rows
    }
    assert in_full(cells, sums).sums == {row["sum"]: int(row["families"]) for row in sum_rows}
    table = suppress(cells, sums)
    assert table.cells == {row["grant"]: as_shown(row["shown"]) for row in rows}
    assert table.sums == {row["sum"]: as_shown(row["shown"]) for row in sum_rows}
    assert given_away(cells, sums, table) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_given_away(seed: int, tmp_path: Path) -> None:
    cells, sums = random_table(seed)
    table = suppress(cells, sums)
    assert given_away(cells, sums, table) == []
    assert failed_audit(cells, sums, table, tmp_path) == []


def test_the_judges_find_what_is_given_away(tmp_path: Path) -> None:
    """Hiding the small counts alone is not enough, and both judges say so of most tables."""
    tables = [random_table(seed) for seed in SEEDS]
    caught = [bool(given_away(*table, only_small_ones_hidden(*table))) for table in tables]
    audited = [bool(failed_audit(*table, only_small_ones_hidden(*table), tmp_path)) for table in tables]
    assert caught == audited
    assert sum(caught) > len(tables) * 3 // 4


COUNTS = st.one_of(st.none(), st.integers(0, 9), st.integers(0, 60))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    cells = dict(enumerate(draw(st.lists(COUNTS, max_size=9))))
    held = st.lists(st.sampled_from(sorted(cells)), unique=True) if cells else st.just([])
    return cells, dict(enumerate(draw(st.lists(held, max_size=7))))


@settings(max_examples=300)
@given(tables())
def test_any_sums_at_all(table: Table) -> None:
    cells, sums = table
    published = suppress(cells, sums)
    assert given_away(cells, sums, published) == []
    for key, count in cells.items():
        assert published.cells[key] == HIDDEN if is_small(count) else published.cells[key] in (count, HIDDEN)
    for key, held in sums.items():
        in_print = known_sum(cells[cell] for cell in held)
        assert (
            published.sums[key] == HIDDEN if is_small(in_print) else published.sums[key] in (in_print, HIDDEN)
        )


@given(tables())
def test_the_same_table_has_the_same_answer(table: Table) -> None:
    assert suppress(*table) == suppress(*table)


@given(tables())
def test_zero_and_not_known_are_shown(table: Table) -> None:
    cells, sums = table
    published = suppress(cells, sums)
    assert {key: published.cells[key] for key, count in cells.items() if not count} == {
        key: count for key, count in cells.items() if not count
    }


def test_without_small_counts_everything_is_shown() -> None:
    cells, sums = random_table(3)
    large = {cell: count and count + 5 for cell, count in cells.items()}
    assert suppress(large, sums) == in_full(large, sums)


def test_no_small_count_is_known_by_the_number_of_its_companions() -> None:
    """Six counts that add up to six, each at least one, are six ones: the sum has to go."""
    cells = dict.fromkeys(range(6), 1)
    assert suppress(cells, {"all": list(cells)}).sums["all"] == HIDDEN
    assert suppress(cells | {6: 5}, {"all": [*cells, 6]}).sums["all"] == HIDDEN
    assert suppress(cells | {6: 5, 7: 1}, {"all": [*cells, 6, 7]}).sums["all"] == HIDDEN
    assert suppress(cells | {6: 5, 7: 2}, {"all": [*cells, 6, 7]}).sums["all"] == 13


def test_a_sum_over_a_count_that_is_not_given_is_refused() -> None:
    with pytest.raises(KeyError):
        suppress({1: 7}, {"all": [1, 2]})


def test_a_sum_of_what_is_not_known_is_not_known() -> None:
    assert known_sum([]) == 0
    assert known_sum([None, None]) is None
    assert known_sum([None, 7]) == 7
