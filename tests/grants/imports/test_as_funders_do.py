"""What was met in lists that funders publish: templates, formulas that say nothing, headings twice."""

import io
from typing import Any

import pytest

from grants.imports.prepared import prepare
from grants.imports.readers import workbook_rows
from grants.models import Grant
from grants.rules.import_rows import GrantRow, RefusedRow
from providers.models import Organisation, ProbableDuplicate
from tests.grants.imports.lists import PATHS, TITLES, as_csv, as_workbook, bring, cells, many, read
from tests.grants.imports.test_files import in_sheet, same, the_row


def test_a_formula_that_gives_no_text_is_an_empty_cell() -> None:
    content = as_workbook([cells(description='=IF(1>2,"why","")')])
    empty = in_sheet(content, rb"(<c [^>]*)(><f>IF[^<]*</f>)<v ?(?:/>|></v>)", rb'\1 t="str"\2<v></v>')
    row = the_row(empty)
    assert row.summary == ""
    assert row.title == "Holiday club"


def test_the_empty_template_beside_the_list_is_not_read() -> None:
    def template(book: Any) -> None:
        book.create_sheet("Template", 0).append([*TITLES.values(), "Beneficiary Location:Name"])

    with prepare(io.BytesIO(as_workbook([cells()], change=template)), fund_given=False) as prepared:
        assert prepared.count == 1
        (remark,) = prepared.remarks
        assert remark.startswith(
            "The sheet “Sheet” is read; left out: Template. If one of them has grants too,"
        )


def test_a_hidden_sheet_is_read_only_when_no_other_is_a_list() -> None:
    def old_list(book: Any) -> None:
        old = book.create_sheet("Old list", 0)
        old.append([*TITLES.values(), "Data Source"])
        old.append(list(cells(id="old").values()))
        old.sheet_state = "hidden"

    def only_hidden(book: Any) -> None:
        old_list(book)
        book["Sheet"].delete_rows(1, 5)
        book["Sheet"].append(["Notes"])

    with prepare(io.BytesIO(as_workbook([cells()], change=old_list)), fund_given=False) as prepared:
        (row,) = prepared.rows()
        (remark,) = prepared.remarks
    assert same(row)
    assert remark.startswith("The sheet “Sheet” is read; left out: Old list (1 row, hidden). If one")
    with prepare(io.BytesIO(as_workbook([cells()], change=only_hidden)), fund_given=False) as prepared:
        (row,) = prepared.rows()
        assert isinstance(row, GrantRow)
        assert row.source_id == "old"
        assert prepared.remarks[0].startswith("The sheet “Old list” is hidden in the workbook. It is read")


def test_the_rows_of_another_list_in_the_workbook_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def next_year(book: Any) -> None:
        sheet = book.create_sheet("2025")
        sheet.append(["Our grants"])
        sheet.append(list(TITLES.values()))
        for row in many(3):
            sheet.append(list(row.values()))

    content = as_workbook([cells()], change=next_year)
    with prepare(io.BytesIO(content), fund_given=False) as prepared:
        assert "left out: 2025 (3 rows)." in prepared.remarks[0]
    monkeypatch.setattr(workbook_rows, "MOST_COUNTED", 2)
    with prepare(io.BytesIO(content), fund_given=False) as prepared:
        assert "left out: 2025 (over 2 rows)." in prepared.remarks[0]


def test_a_list_without_rows_says_so() -> None:
    with prepare(io.BytesIO(as_csv([])), fund_given=False) as prepared:
        assert prepared.count == 0
        assert prepared.remarks == ["The list in the file has no rows: there is nothing to import."]


@pytest.mark.parametrize("place", [0, 1])
def test_a_name_in_another_language_does_not_take_the_place_of_the_name(place: int) -> None:
    headings = list({**TITLES, "welsh": "Title (Welsh)"}.items())
    headings.insert(place, headings.pop())
    content = as_csv([{**cells(), "welsh": "Clwb gwyliau"}], headings=dict(headings))
    assert same(the_row(content))


@pytest.mark.parametrize("again", [TITLES, PATHS], ids=["titles", "names of the standard"])
def test_headings_that_stand_again_are_no_grant(again: dict[str, str]) -> None:
    rows = read(as_csv([cells(), again, cells(id="2")]))
    assert [row.source_id for row in rows if isinstance(row, GrantRow)] == ["360G-fairford-1", "2"]
    assert len(rows) == 2


def test_more_rows_of_one_grant_are_the_same_grant() -> None:
    more = {**dict.fromkeys(cells(), ""), "id": "360G-fairford-1"}
    first, second = read(as_csv([cells(), more]))
    assert same(first) and same(second)  # noqa: PT018
    assert isinstance(read(as_csv([cells(), {**more, "id": "360G-fairford-2"}]))[1], RefusedRow)


def test_more_rows_of_a_refused_grant_are_refused_with_it() -> None:
    more = {**dict.fromkeys(cells(), ""), "id": "360G-fairford-1"}
    content = as_csv([cells(), more, cells(id="2")]).replace(b"Holiday club", b"Holiday, club", 1)
    first, second, third = read(content)
    assert isinstance(first, RefusedRow)
    assert isinstance(second, RefusedRow)
    assert (
        second.message
        == "The row says more of the grant in row 2, which cannot be taken. Put that row right."
    )
    assert isinstance(third, GrantRow)


def test_a_date_with_the_month_first_casts_doubt_on_the_others() -> None:
    rows = [cells(awarded="3/4/2024"), cells(id="2", awarded="12/25/2024")]
    with prepare(io.BytesIO(as_csv(rows)), fund_given=False) as prepared:
        assert [type(row) for row in prepared.rows()] == [GrantRow, RefusedRow]
        (remark,) = prepared.remarks
    assert remark.startswith("Some dates have the month first.")
    with prepare(io.BytesIO(as_csv(rows[:1])), fund_given=False) as prepared:
        assert prepared.remarks == []


def test_a_duration_without_a_start_is_remarked() -> None:
    row = the_row(as_csv([cells(start="", end="", months="12")]))
    assert row.ends is None
    assert [remark.message for remark in row.remarks] == [
        "A duration without a start: the end stays not known."
    ]


@pytest.mark.parametrize(("field", "column"), [("amount", "Amount Awarded"), ("awarded", "Award Date")])
def test_an_error_of_excel_in_what_every_grant_has(field: str, column: str) -> None:
    error = as_workbook([cells(**{field: "#REF!"})], change=lambda book: _as_error(book.active, "#REF!"))
    (refused,) = read(error)
    assert isinstance(refused, RefusedRow)
    assert (refused.column, refused.value) == (column, "#REF!")
    assert refused.message.startswith("The cell holds an Excel error (#REF!).")


def _as_error(sheet: Any, error: str) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == error:
                cell.data_type = "e"


def test_an_error_of_excel_elsewhere_is_remarked() -> None:
    row = the_row(as_csv([cells(end="#N/A", description="#N/A")]))
    assert (row.ends, row.summary) == (None, "")
    assert [(remark.column, remark.message) for remark in row.remarks] == [
        (
            "Planned Dates:End Date",
            "The cell holds an Excel error (#N/A). Put it right in Excel, or leave the cell empty.",
        )
    ]


def test_one_line_from_elsewhere_does_not_spoil_the_others() -> None:
    content = as_csv([cells(name="Café", amount="£12,500"), cells(id="2", name="CRECHE")])
    found = read(content.replace(b"CRECHE", "Crèche".encode("cp1252")))
    names = [row.recipient.name for row in found if isinstance(row, GrantRow) and row.recipient]
    assert names == ["Café", "Crèche"]


@pytest.mark.parametrize("currency", ["Sterling", "GBP (£)", "gbp"])
def test_sterling_by_other_names(currency: str) -> None:
    assert same(the_row(as_csv([cells(currency=currency)])))


def test_the_other_half_of_a_line_s_end_is_no_text() -> None:
    row = the_row(as_csv([cells(description="One_x000D_\nTwo", title="Club_x000D_")]))
    assert (row.title, row.summary) == ("Club", "One\nTwo")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_number_that_a_funder_gives_to_everybody_joins_nobody() -> None:
    summary = bring(as_csv(list(many(3, org="DUMMY01"))))
    assert (summary.created, summary.organisations_created) == (3, 3)
    assert {grant.lead_provider.name for grant in Grant.objects.all() if grant.lead_provider} == {
        "Group 1",
        "Group 2",
        "Group 3",
    }
    assert bring(as_csv(list(many(3, org="DUMMY01")))).unchanged == 3


@pytest.mark.django_db
@pytest.mark.both_databases
def test_another_s_number_in_a_second_column_makes_two_and_a_question() -> None:
    bring(as_csv([cells(company="07597525")]))
    bring(as_csv([cells(id="2", org="GB-CHC-1999002", name="Youth Bureau", company="07597525")]))
    assert Grant.objects.get(source_id="2").lead_provider == Organisation.objects.get(name="Youth Bureau")
    assert ProbableDuplicate.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_name_that_its_number_does_not_bear_is_said() -> None:
    bring(as_csv([cells()]))
    summary = bring(as_csv([cells(id="2", name="Scout Group")]))
    assert summary.created == 1
    (said,) = [remark.message for remark in summary.warned]
    assert said.startswith("The recipient's number stands under another name.")
