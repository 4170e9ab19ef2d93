"""The download of a list: what it is, typed cells, nothing that a spreadsheet would run, only what one may see."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import time_machine
from openpyxl import load_workbook

from core.web.excel import Sheet, report_workbook, table_sheet, workbook
from core.web.gallery import ROWS, SampleTable
from tests.conftest import TODAY, ClientFor
from tests.factories import make_fund, make_grant, make_return


def sheets(content: bytes) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The values of the two sheets."""
    book = load_workbook(BytesIO(content))
    about, rows = (list(book[name].iter_rows(values_only=True)) for name in ("About", "Rows"))
    return about, rows


def test_cells_are_typed_and_text_stays_text() -> None:
    rows = [["=1+1", Decimal("4500.50"), date(2026, 11, 21), 3, None], ["@x", None, None, 0, "-2"]]
    response = workbook("Things: all of them", [("As at", "today")], ["A", "B", "C", "D", "E"], rows)
    book = load_workbook(BytesIO(response.getvalue()))
    sheet = book["Rows"]
    assert response["Content-Disposition"] == 'attachment; filename="things.xlsx"'
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("@x", "s")
    assert sheet["B2"].value == pytest.approx(4500.5)
    assert sheet["B2"].number_format == "£#,##0.00"
    assert sheet["C2"].value.date() == date(2026, 11, 21)
    assert (sheet["D2"].value, sheet["D3"].value) == (3, 0)
    assert sheet["E2"].value == "not known"
    assert sheet.freeze_panes == "B2"
    assert sheet.tables["Rows"].ref == "A1:E3"
    assert not sheet.merged_cells.ranges


def test_widths_fit_what_stands_in_the_columns() -> None:
    headings = ["Grant", "Why", "Awarded", "Council’s time until then (working days)", "Ends", "Share"]
    rows = [
        ["Caring in the Garden, and in the yard", "so " * 60, Decimal(1268500), 3, date(2026, 9, 30), 0.5]
    ]
    book = load_workbook(BytesIO(workbook("Things", [("As at", "x" * 200)], headings, rows).getvalue()))
    widths = {head: book["Rows"].column_dimensions["ABCDEF"[n]].width for n, head in enumerate(headings)}
    assert widths == {
        "Grant": len("Caring in the Garden, and in the yard") + 2,
        "Why": 60,
        "Awarded": len("£1,268,500.00") + 2,
        # A long heading goes on in a second line.
        "Council’s time until then (working days)": 24 + 4,
        "Ends": len("30 September 2026") + 2,
        "Share": 10,
    }
    for sheet in book:
        for cell in sheet[2]:
            assert cell.alignment.vertical == "top"
            assert cell.alignment.wrap_text or not isinstance(cell.value, str)
    assert all(cell.alignment.wrap_text for cell in book["Rows"][1])
    assert book["Rows"]["F2"].number_format == "0.0%"


def test_widths_look_at_some_hundred_rows_and_lose_none() -> None:
    rows = [["x"]] * 600 + [["a long name that comes too late to be seen"]]
    sheet = load_workbook(BytesIO(workbook("Things", [], ["A"], rows).getvalue()))["Rows"]
    assert sheet.column_dimensions["A"].width == 10
    assert sheet["A602"].value == rows[-1][0]
    assert sheet.max_row == 602


def test_whatever_stands_in_a_cell_comes_back() -> None:
    days = [date(1900, 1, 1), date(1900, 3, 1), date(2026, 11, 21), date(2100, 12, 31)]
    numbers = {
        True: True,
        -7: -7,
        0.1: 0.1,
        np.float64(2.5): 2.5,
        Decimal("999999999999.99"): 999999999999.99,
        Decimal("-0.10"): -0.1,
        Decimal(0): 0,
    }
    texts = {
        "": None,
        " <b>A &amp; B</b> ": "A &amp; B",
        'R&D < 5 > 3 "so"': 'R&D < 5 > 3 "so"',
        "two\nlines": "two\nlines",
        "é – 😀": "é – 😀",
        "a\x00b\x1f\ud800c": "abc",
        "x" * 40_000: "x" * 32_767,
    }
    response = workbook("Cells", [], ["A"], [[value] for value in [*days, *numbers, *texts]])
    sheet = load_workbook(BytesIO(response.getvalue()))["Rows"]
    cells = [sheet.cell(row, 1) for row in range(2, sheet.max_row + 1)]
    assert [cell.value.date() for cell in cells[: len(days)]] == days
    assert {cell.number_format for cell in cells[: len(days)]} == {"d mmmm yyyy"}
    assert [cell.value for cell in cells[len(days) :]] == [*numbers.values(), *texts.values()]


def test_a_sheet_may_have_many_rows_and_columns() -> None:
    width, count = 30, 1_203
    rows = ([f"{row} {column}" for column in range(width)] for row in range(count))
    response = workbook("Many", [], [f"Column {column}" for column in range(width)], rows)
    sheet = load_workbook(BytesIO(response.getvalue()))["Rows"]
    assert sheet.tables["Rows"].ref == f"A1:AD{count + 1}"
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    assert found == [tuple(f"{row} {column}" for column in range(width)) for row in range(count)]
    assert sheet["AD1204"].value == "1202 29"


def test_a_report_has_a_sheet_for_each_table_and_says_what_it_is() -> None:
    drawn = []

    def rows() -> Iterator[list[object]]:
        for number in range(3):
            drawn.append(number)
            yield [f"Grant {number}", number]

    response = report_workbook(
        "Speed: all of it",
        [("As at", "today"), ("Answer", "=Half")],
        [Sheet("Figures", ["Figure", "Value"], []), ("By fund", ["Grant", "Days"], rows())],
    )
    book = load_workbook(BytesIO(response.getvalue()))
    assert response["Content-Disposition"] == 'attachment; filename="speed.xlsx"'
    assert book.sheetnames == ["About", "Figures", "By fund"]
    assert list(book["About"].iter_rows(values_only=True)) == [
        ("Speed: all of it", None),
        ("As at", "today"),
        ("Answer", "=Half"),
    ]
    assert book["About"]["B3"].data_type == "s"
    assert list(book["Figures"].iter_rows(values_only=True)) == [("Figure", "Value")]
    assert not book["Figures"].tables
    assert list(book["By fund"].iter_rows(values_only=True))[1:] == [(f"Grant {n}", n) for n in range(3)]
    assert book["By fund"].tables["By_fund"].ref == "A1:B4"
    assert drawn == [0, 1, 2]


def test_a_table_of_the_page_is_a_sheet_with_its_columns() -> None:
    name, headings, rows = table_sheet("Grants", SampleTable(ROWS))
    assert (name, headings[:3]) == ("Grants", ["Title", "Provider", "Awarded"])
    assert [row[2] for row in rows] == [Decimal(18000), Decimal("4500.50"), "not known"]
    longer = table_sheet("Grants", SampleTable([]), iter(ROWS * 2))
    assert len(list(longer.rows)) == 6


@pytest.mark.django_db
def test_the_register_comes_as_on_screen(client_for: ClientFor) -> None:
    grant = make_grant(title="Alpha", amount_awarded=Decimal("18000"))
    make_grant(title="Beta", amount_awarded=None)
    make_return(grant=grant, caseload=26)
    about, rows = sheets(client_for("commissioner").get("/grants/?download=xlsx&search=Alpha").getvalue())
    assert ("Filters", "Search or payment ref: Alpha") in about
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Grant"], row["Reference"], row["Awarded"]) == ("Alpha", grant.ref, 18000)
    assert (row["People supported"], row["Counted in"]) == (26, "Families")


@pytest.mark.django_db
def test_the_filters_are_in_the_words_of_their_panel(client_for: ClientFor) -> None:
    fund = make_fund(name="Riverside Fund")
    client = client_for("commissioner")
    for query, words in (
        ("ends=12&state=waiting&page=2&sort=-ends_on", "State: Approved, not paid; Ends within: 12 months"),
        (f"fund={fund.code}&missing=&unknown=1", "Fund: Riverside Fund"),
        ("", "none"),
    ):
        about, _ = sheets(client.get(f"/grants/?download=xlsx&{query}").getvalue())
        assert ("Filters", words) in about


@pytest.mark.django_db
def test_a_wait_is_a_number_beside_whether_it_ended(client_for: ClientFor) -> None:
    fund = make_fund()
    decided: dict[str, Any] = {
        "fund": fund,
        "decided_on": date(2026, 11, 2),
        "planned_start": date(2027, 1, 4),
    }
    make_grant(title="Paid", first_paid_on=date(2026, 11, 9), **decided)
    make_grant(title="Waits", **decided)
    make_grant(title="Withdrawn", withdrawn_on=date(2026, 11, 9), **decided)
    make_grant(title="Undecided", fund=fund, decided=False)
    make_grant(title="Unknown", fund=fund, tracked=False, decided=False)
    with time_machine.travel(TODAY, tick=False):
        _, rows = sheets(client_for("commissioner").get("/grants/?download=xlsx").getvalue())
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    waits = {row["Grant"]: row["Council’s time until then (working days)"] for row in found}
    paid = {row["Grant"]: row["First payment"] for row in found}
    assert waits == {
        "Paid": 5,
        "Waits": 15,
        "Withdrawn": "never paid",
        "Undecided": "not decided",
        "Unknown": "cannot be assessed",
    }
    assert paid.pop("Paid").date() == date(2026, 11, 9)
    del waits["Paid"]
    assert paid == waits | {"Waits": "not paid"}
    assert {row["Level"] for row in found} == {"none", "cannot be assessed"}


@pytest.mark.django_db
def test_the_register_sorts_by_the_day_of_the_first_payment_that_it_shows(client_for: ClientFor) -> None:
    fund = make_fund()
    # The later payment had the shorter wait.
    make_grant(title="Slow", fund=fund, decided_on=date(2026, 4, 1), first_paid_on=date(2026, 6, 1))
    make_grant(title="Quick", fund=fund, decided_on=date(2026, 6, 1), first_paid_on=date(2026, 6, 3))
    page = client_for("commissioner").get("/grants/?sort=first_payment").content.decode()
    assert page.index("1 June 2026") < page.index("3 June 2026")
    assert '3 June 2026<br><span class="app-table__below">2 working days</span>' in page
    assert ">First payment, and council’s time</a>" in page


@pytest.mark.django_db
def test_people_are_a_number_with_their_unit_beside_them(client_for: ClientFor) -> None:
    make_return(grant=make_grant(title="Families"), caseload=26)
    make_return(grant=make_grant(title="Children"), caseload=9, caseload_unit="children")
    client = client_for("commissioner")
    _, rows = sheets(client.get("/returns/?download=xlsx").getvalue())
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    counted = {row["Grant"]: (row["People supported"], row["Counted in"]) for row in found}
    assert counted == {"Families": (26, "Families"), "Children": (9, "Children and young people")}
    assert "Counted in" not in client.get("/returns/").content.decode()


@pytest.mark.django_db
def test_scrutiny_downloads_no_people_counts(client_for: ClientFor) -> None:
    make_return(grant=make_grant(), caseload=26)
    _, rows = sheets(client_for("scrutiny").get("/grants/?download=xlsx").getvalue())
    assert len(rows) == 2
    assert not {"Families", "People supported", "Counted in"} & set(rows[0])
    assert 26 not in rows[1]


@pytest.mark.django_db
def test_queries_of_a_download_come_by_the_batch(
    client_for: ClientFor, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        make_grant()
    client = client_for("commissioner")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        _, rows = sheets(client.get("/grants/?download=xlsx").getvalue())
    assert len(rows) == 31
