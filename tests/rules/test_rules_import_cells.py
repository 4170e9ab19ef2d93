"""docs/rules/import-cells.md."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.import_cells import (
    CellFault,
    ExcelError,
    Formula,
    months,
    one_line,
    pounds,
    published_date,
    says,
    words,
)
from tests.rules.worked_tables import Row, as_number, as_pounds, row_id, worked_table

# Cells of a workbook know no zone.
# ruff: noqa: DTZ001

PAGE = "import-cells"
amounts = st.decimals(0, Decimal("999999999999.99"), places=2)
days = st.dates(date(1980, 1, 1), date(2100, 12, 31))
anything = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.text("0123456789,.-/£()+: TZk", max_size=20),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.one_of(st.none(), st.just(UTC))),
    st.times(),
    st.timedeltas(),
)


def amount_in(cell: Any) -> Decimal | None:
    found = pounds(cell)
    return found.amount if found is not None else None


@pytest.mark.parametrize("row", worked_table(PAGE, "Amounts"), ids=row_id)
def test_amounts(row: Row) -> None:
    assert amount_in(row["cell"]) == as_pounds(row["amount"])


@pytest.mark.parametrize("row", worked_table(PAGE, "Amounts that are refused"), ids=row_id)
def test_amounts_that_are_refused(row: Row) -> None:
    with pytest.raises(CellFault, match=re.escape(row["because"])):
        pounds(row["cell"])


@pytest.mark.parametrize("row", worked_table(PAGE, "Dates"), ids=row_id)
def test_dates(row: Row) -> None:
    found = published_date(row["cell"])
    assert (str(found) if found is not None else "not known") == row["date"]


@pytest.mark.parametrize("row", worked_table(PAGE, "Dates that are refused"), ids=row_id)
def test_dates_that_are_refused(row: Row) -> None:
    with pytest.raises(CellFault, match=re.escape(row["because"])):
        published_date(row["cell"])


@pytest.mark.parametrize("row", worked_table(PAGE, "Durations"), ids=row_id)
def test_durations(row: Row) -> None:
    assert months(row["cell"]) == as_number(row["months"])


@pytest.mark.parametrize("cell", ["1.5", "a year", "0", "-3", "601", "1e99999999", "NaN", "9" * 5000])
def test_durations_that_are_not_whole_months(cell: Any) -> None:
    with pytest.raises(CellFault):
        months(cell)


@given(amounts)
def test_an_amount_is_read_however_it_is_written(amount: Decimal) -> None:
    ways: list[Any] = [amount, f"{amount}", f"{amount:,}", f"£{amount:,}", f" gbp {amount:,}\xa0"]
    assert {amount_in(way) for way in ways} == {amount}


@given(st.decimals(Decimal("-999999999"), Decimal("-0.01"), places=2))
def test_what_is_below_zero_is_always_refused(amount: Decimal) -> None:
    for way in (amount, float(amount), f"{amount:,}", f"£{amount}", f"({-amount})"):
        with pytest.raises(CellFault, match="below zero"):
            pounds(way)


@given(st.integers(0, 10**11))
def test_a_number_of_a_spreadsheet_is_read_to_the_penny(pence: int) -> None:
    found = pounds(pence / 100)
    assert found is not None
    assert found.amount == Decimal(pence) / 100
    assert not found.rounded


@given(days)
def test_a_date_is_read_however_it_is_written(day: date) -> None:
    formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%d-%b-%Y"]
    ways: list[Any] = [day.strftime(one) for one in formats]
    ways += [day, datetime(day.year, day.month, day.day, 23, 59), (day - date(1899, 12, 30)).days]
    assert {published_date(way) for way in ways} == {day}


@given(st.datetimes(datetime(1981, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_a_moment_is_the_day_in_london(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    london = moment.astimezone(ZoneInfo("Europe/London")).date()
    assert published_date(moment.isoformat()) == london
    assert published_date(moment.isoformat().replace("+00:00", "Z")) == london
    assert published_date(moment) == london


def said_of(reads: Callable[[Any], Any], cell: Any) -> str:
    """The sentence with which a cell is refused, "" when it is read."""
    try:
        reads(cell)
    except CellFault as fault:
        return str(fault)
    return ""


@given(anything)
def test_whatever_stands_there_is_read_or_refused_with_a_sentence(cell: Any) -> None:
    for reads in (pounds, published_date, months, words, one_line, says):
        said = said_of(reads, cell)
        assert said == "" or re.fullmatch(r"[A-Z0-9].*\.", said), said


@given(anything)
def test_words_can_be_stored_on_any_database(cell: Any) -> None:
    said = said_of(words, cell)
    assert said or "\0" not in words(cell)
    assert said or words(cell).encode() is not None


def test_a_number_without_end_is_no_amount_and_no_name() -> None:
    for reads in (pounds, published_date, months, words):
        with pytest.raises(CellFault, match=r"too large|too long"):
            reads(10**5000)


def test_a_formula_is_never_worked_out() -> None:
    for reads in (pounds, published_date, months, words):
        with pytest.raises(CellFault, match="formula whose result is not in the file"):
            reads(Formula("=1+1"))
    assert words("=1+1") == "=1+1"


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", " #VALUE! ", "#n/a", "#DIV/0!"])
def test_an_error_of_excel_is_no_amount_and_no_date(cell: str) -> None:
    said = rf"The cell holds an Excel error \({re.escape(cell.strip().upper())}\)\."
    for reads in (pounds, published_date):
        with pytest.raises(ExcelError, match=said):
            reads(cell)


def test_words_keep_their_lines_and_lose_what_cannot_be_seen() -> None:
    assert words("  One\r\nTwo\x00\u200b \xa0three ") == "One\nTwo  three"
    assert one_line("One\r\n Two") == "One Two"
    assert words("\ud800lone") == "lone"
    assert [says(cell) for cell in ("N/A", "-", "none", " x ")] == ["", "", "", "x"]
    assert [words(cell) for cell in ("#REF!", "#N/A", None)] == ["", "", ""]
    assert [words(cell) for cell in (12.0, 12.5, Decimal("1110767"), date(2024, 3, 1))] == [
        "12", "12.5", "1110767", "2024-03-01",
    ]  # fmt: skip


@given(days, st.timedeltas(timedelta(0), timedelta(hours=23)))
def test_a_time_without_a_zone_changes_no_date(day: date, time: timedelta) -> None:
    moment = datetime(day.year, day.month, day.day) + time
    assert published_date(moment) == day
    assert published_date(moment.isoformat(timespec="seconds")) == day
