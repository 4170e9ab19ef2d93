"""Files as people make them: headings, encodings, separators, sheets, lines above the headings."""

import io
import json
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from grants.imports.errors import FileRefused
from grants.imports.headings import field_of
from grants.imports.prepared import prepare
from grants.imports.readers import MOST_ROWS
from grants.imports.readers import rows as reader_rows
from grants.rules.import_rows import GrantRow, RefusedRow
from tests.grants.imports.lists import PATHS, TITLES, as_csv, as_json, as_workbook, cells, many, read

PLAIN = read(as_csv([cells()]))[0]


def the_row(content: bytes) -> GrantRow:
    found = read(content)
    assert len(found) == 1
    assert isinstance(found[0], GrantRow), found
    return found[0]


def same(one: GrantRow, other: GrantRow | RefusedRow = PLAIN) -> bool:
    assert isinstance(other, GrantRow)
    return one.fingerprint() == other.fingerprint()


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Identifier", "id"),
        ("identifier ", "id"),
        ("Grant Programme: Title", "programme"),
        ("recipientOrganization/0/id", "recipient_id"),
        ("recipientOrganization:0:name", "recipient_name"),
        ("Recipient Org:0:Identifier", "recipient_id"),
        ("recipientOrganization.0.charityNumber", "charity_number"),
        ("RECIPIENT ORG:NAME", "recipient_name"),
        ("Planned Dates:Duration (months)", "duration"),
        ("plannedDates/0/duration", "duration"),
        ("Duration (years)", None),
        ("Amount Awarded (£)", "amount_awarded"),
        ("Amount Awarded GBP", "amount_awarded"),
        ("Total Amount Awarded", "amount_awarded"),
        ("Funding Organisation Name", "funder_name"),
        ("Funding Org Identifier", "funder_id"),
        ("Reference No.", "id"),
        ("Amount awarded (£000)", None),
        ("Award Date (dd/mm/yyyy)", "award_date"),
        ("Date awarded", "award_date"),
        ("Organisation", "recipient_name"),
        ("Charity no.", "charity_number"),
        ("Recipient Ind:Name", "individual_name"),
        ("To Individuals Details:Primary Grant Reason", "individual_details"),
        ("recipientOrganization/1/id", "second_recipient"),
        ("beneficiaryLocation/0/name", None),
        ("Recipient Org:Location:0:Name", None),
        ("Funding Org:Department", None),
        ("", None),
        ("/", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    found = field_of(heading)
    assert (found[0] if found else None) == field


@pytest.mark.parametrize("name", sorted(set(TITLES) - {"open"}))
def test_titles_and_paths_name_the_same_fields(name: str) -> None:
    assert field_of(TITLES[name]) is not None
    assert field_of(TITLES[name])[0] == field_of(PATHS[name])[0]  # type: ignore[index]


def test_csv_json_and_excel_say_the_same() -> None:
    assert same(the_row(as_csv([cells()], headings=PATHS)))
    for content in (as_json([cells()]), as_json([cells()], bare=True), as_workbook([cells()])):
        assert same(the_row(content))
    day: Any = datetime(2024, 4, 30)  # noqa: DTZ001 a cell of a workbook has no zone
    typed = cells(amount=12500.0, awarded=day, start=date(2024, 6, 1), end=45808)
    assert same(the_row(as_workbook([typed])))
    assert same(the_row(as_workbook([typed], headings=PATHS)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_and_encodings(delimiter: str, encoding: str) -> None:
    row = cells(name="Café Élan", amount="£12,500.00")
    content = as_csv([row], delimiter=delimiter).decode().encode(encoding)
    found = the_row(content)
    assert found.recipient is not None
    assert found.recipient.name == "Café Élan"
    assert found.amount_awarded == 12500


def test_windows_text_is_remarked() -> None:
    with prepare(
        io.BytesIO(as_csv([cells(name="Café")]).decode().encode("cp1252")), fund_given=False
    ) as prepared:
        assert "not in UTF-8" in prepared.remarks[0]


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    rows = [cells(), cells(id="2", description="two\nlines"), cells(id="3")]
    blank = dict.fromkeys(cells(), "")
    expected = [5, 7, 9]
    lines = [["Grants of the year"], [], ["Source: the council"]]
    spread = [rows[0], blank, rows[1], blank, rows[2]]
    above = b"Grants of the year\r\n\r\nSource: the council\r\n"
    assert [row.row for row in read(above + as_csv(spread))] == expected
    assert [row.row for row in read(as_workbook(spread, above=lines))] == expected
    assert [row.row for row in read(as_json(rows))] == [1, 2, 3]


def test_the_sheet_with_the_headings_is_read() -> None:
    def more(book: Any) -> None:
        book.create_sheet("Notes", 0).append(["These are our grants"])
        book.create_sheet("Funders").append(["Identifier", "Name"])

    content = as_workbook([cells()], change=more)
    with prepare(io.BytesIO(content), fund_given=False) as prepared:
        assert prepared.remarks[0].startswith("The sheet “Sheet” is read; left out: Notes, Funders.")
        (row,) = prepared.rows()
    assert isinstance(row, GrantRow)
    assert same(row)


def test_formulas_are_never_worked_out() -> None:
    as_text = as_workbook([cells(title="=1+1")], change=lambda book: _as_text(book.active["B2"]))
    assert the_row(as_text).title == "=1+1"
    (refused,) = read(as_workbook([cells(amount="=6000+6500")]))
    assert isinstance(refused, RefusedRow)
    assert (refused.column, refused.value) == ("Amount Awarded", "=6000+6500")
    assert refused.message.startswith(
        "The cell holds a formula whose result is not in the file. Open the file in Excel"
    )


def _as_text(cell: Any) -> None:
    cell.data_type = "s"


def test_the_saved_result_of_a_formula_counts() -> None:
    content = as_workbook([cells(amount="=6000+6500")])
    saved = in_sheet(content, rb"(<f>6000\+6500</f>)<v ?/>|(<f>6000\+6500</f>)<v></v>", rb"\1\2<v>12500</v>")
    assert same(the_row(saved))


def in_sheet(content: bytes, pattern: bytes, new: bytes) -> bytes:
    """The workbook with something in its first sheet replaced."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                data, found = re.subn(pattern, new, data)
                assert found == 1
            target.writestr(part.filename, data)
    return result.getvalue()


def test_a_workbook_that_counts_from_1904() -> None:
    def old(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    content = as_workbook([cells(awarded=(date(2024, 4, 30) - date(1904, 1, 1)).days)], change=old)
    assert the_row(content).decided == date(2024, 4, 30)


def test_of_several_columns_for_one_field_the_standard_s_own_is_read() -> None:
    headings = {**TITLES, "applied": "Grant amount"}
    assert the_row(as_csv([cells(applied="1")], headings=headings)).amount_awarded == 12500


def test_a_council_s_plain_headings() -> None:
    headings = {
        "id": "Reference", "title": "Project", "amount": "Grant amount", "awarded": "Date awarded",
        "name": "Organisation", "programme": "Fund", "charity": "Charity number",
    }  # fmt: skip
    with prepare(
        io.BytesIO(as_csv([cells(charity=1999001)], headings=headings)), fund_given=False
    ) as prepared:
        (row,) = prepared.rows()
        assert prepared.remarks == [
            "The file has no column Currency: every amount is taken as pounds sterling."
        ]
    assert isinstance(row, GrantRow)
    assert row.remarks == ()
    assert row.amount_awarded == Decimal(12500)


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (("id",), "no column for Identifier. Add it"),
        (("amount", "awarded"), "no column for Amount Awarded and Award Date. Add them"),
        (("org", "name", "person"), "no column for Recipient Org:Name."),
        (
            ("programme", "funder", "funder_id"),
            "no column for Grant Programme:Title. Add it under these headings. Or say",
        ),
    ],
)
def test_missing_columns_are_named_once(gone: tuple[str, ...], words: str) -> None:
    headings = {name: title for name, title in TITLES.items() if name not in gone}
    for content in (as_csv([cells()], headings=headings), as_workbook([cells()], headings=headings)):
        with pytest.raises(FileRefused) as refusal:
            read(content)
        assert words in str(refusal.value)
        assert "Found in the file: " in str(refusal.value)
    with pytest.raises(FileRefused, match="no column for"):
        read(as_json([cells(**dict.fromkeys(gone, ""))]))


def test_a_fund_that_is_given_needs_no_column() -> None:
    headings = {
        name: title for name, title in TITLES.items() if name not in {"programme", "funder", "funder_id"}
    }
    assert len(read(as_csv([cells()], headings=headings), fund_given=True)) == 1


def test_a_comma_that_shifts_the_cells_is_noticed() -> None:
    content = as_csv([cells()]).replace(b"Holiday club", b"Holiday, club")
    (refused,) = read(content)
    assert isinstance(refused, RefusedRow)
    assert "more cells than there are headings" in refused.message


def test_json_that_is_nested_otherwise() -> None:
    grant = json.loads(as_json([cells()]))["grants"][0]
    flat = {
        **grant,
        "recipientOrganization": grant["recipientOrganization"][0],
        "plannedDates": grant["plannedDates"][0],
    }
    assert same(the_row(json.dumps([flat]).encode()))
    two = {
        **grant,
        "recipientOrganization": [*grant["recipientOrganization"], {"id": "GB-CHC-2", "name": "Another"}],
    }
    found = the_row(json.dumps([two]).encode())
    assert same(found)
    assert "More than one recipient" in found.remarks[0].message
    odd = read(json.dumps({"grants": ["text", {}, None, grant]}).encode())
    assert [type(row) for row in odd] == [RefusedRow, GrantRow]
    assert [row.row for row in odd] == [1, 4]


@pytest.mark.parametrize(
    "details",
    [{"toIndividualsDetails": {"primaryGrantReason": "GTIR010"}}, {"recipientIndividual": {"id": "x"}}],
)
def test_grants_to_people_are_known_by_any_sign(details: Any) -> None:
    grant = json.loads(as_json([cells()]))["grants"][0]
    row = the_row(json.dumps([{**grant, **details}]).encode())
    assert row.is_individual
    assert "Meadow" not in repr(row)


@pytest.mark.parametrize(
    "changes",
    [
        {"org": "360G-fairford-individual-7"},
        {"name": "Anonymous individual", "org": ""},
        {"org": "Individual 3"},
    ],
)
def test_people_under_the_headings_of_organisations(changes: Any) -> None:
    assert the_row(as_csv([cells(**changes)])).is_individual


def test_an_organisation_for_individuals_is_one() -> None:
    assert not the_row(as_csv([cells(name="Support for Individuals CIC")])).is_individual


@pytest.mark.parametrize(
    ("kind", "is_individual"),
    [
        ("Individual", True),
        ("individuals", True),
        ("Private individual", True),
        ("Individual(s)", True),
        ("Individual or family", True),
        ("Individual/s", True),
        ("Individual artist", True),
        ("Person", True),
        ("Personal care company", False),
        ("Individual or organisation", False),
        ("Individual-led group", False),
        ("Individual (self-employed)", True),
        ("Organisation supporting individuals", False),
        ("Charity for individuals in need", False),
        ("Individuals' charity", False),
        ("Organisation (not an individual)", False),
    ],
)
def test_the_type_of_a_person_is_the_whole_cell(kind: str, is_individual: bool) -> None:
    headings = {**TITLES, "open": "Recipient Type"}
    assert the_row(as_csv([cells(open=kind)], headings=headings)).is_individual is is_individual


@pytest.mark.parametrize("no", ["N", "No", "FALSE", "0"])
def test_a_no_in_a_column_about_individuals_says_nothing(no: str) -> None:
    headings = {**TITLES, "person": "Recipient Individual", "open": "To Individuals Details:Reason"}
    assert same(the_row(as_csv([cells(person=no, open="")], headings=headings)))
    assert the_row(as_csv([cells(person=no, open="GTIR010")], headings=headings)).is_individual
    assert the_row(as_csv([cells(person="Yes", open=no)], headings=headings)).is_individual
    grant = json.loads(as_json([cells()]))["grants"][0]
    assert same(the_row(json.dumps([{**grant, "recipientIndividual": False}]).encode()))


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_rows, "MOST_ROWS", 3)
    assert MOST_ROWS == 100_000
    assert len(read(as_csv(list(many(3))))) == 3
    for form in (as_csv, as_json, as_workbook):
        with pytest.raises(FileRefused, match=r"more than 3 rows\. Split it"):
            read(form(list(many(4))))


def test_the_biggest_sheet_says_a_wrong_size() -> None:
    content = as_workbook([cells()])
    wrong = in_sheet(content, b'<dimension ref="A1:T2"', b'<dimension ref="A1:XFD1048576"')
    assert openpyxl.load_workbook(io.BytesIO(wrong), read_only=True).worksheets[0].max_row == 1048576
    assert same(the_row(wrong))
