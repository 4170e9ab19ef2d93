"""CSV whose quotation marks do not match: no row may vanish into a cell, and texts of several lines are still read."""

import pytest

from grants.imports.errors import FileRefused
from grants.imports.readers.text_rows import LONGEST_CELL
from grants.rules.import_rows import GrantRow
from tests.grants.imports.lists import as_csv, cells, read

HEADINGS = "Identifier,Title,Amount Awarded,Award Date,Recipient Org:Name,Grant Programme:Title"
ROW = "{},Club,1250,2024-01-31,Age UK,{}"


def csv_of(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\r\n".join([headings, *rows, ""]).encode()


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return str(refused.value)


def test_a_mark_that_never_closes_is_named_by_its_row() -> None:
    content = csv_of(ROW.format(1, "F"), ROW.format(2, '"F'), *(ROW.format(n, "F") for n in range(3, 9)))
    assert refusal(content) == (
        "A quotation mark may not be closed in row 3: the file ends inside it. Close it, or take it out."
    )


@pytest.mark.parametrize(
    "rows",
    [
        (ROW.format(2, '"F'), ROW.format(3, "F"), ROW.format(4, 'F"')),
        (ROW.format(2, '"F'), ROW.format(3, 'F"')),
        (ROW.format(2, '"F'), "3,Club,,,Age UK,F", ROW.format(4, 'F"')),
        ('2,"Club,1250,2024-01-31,Age UK,F', '3,Club",1250,2024-01-31,Age UK,F'),
        ('2,"Club,1250,2024-01-31,Age UK', '3,Club",1250,2024-01-31,Age UK,F'),
        (ROW.format(2, '"F'), '3,Club,1.2m,2024-01-31,Age UK,F"'),
    ],
    ids=["rows between", "next row", "nothing known", "the same column", "a short row", "an odd amount"],
)
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_mark_that_closes_in_another_row(rows: tuple[str, ...], sign: str) -> None:
    content = csv_of(ROW.format(1, "F"), *rows, ROW.format(9, "F")).replace(b",", sign.encode())
    assert refusal(content).startswith("A quotation mark opens in row 3, and other rows stand inside it.")


def test_text_after_a_mark_that_closes() -> None:
    content = csv_of(ROW.format(1, "F"), '2,"Club" for all,1250,2024-01-31,Age UK,F')
    assert refusal(content).startswith("Row 3 cannot be read as CSV")
    semicolons = content.replace(b",", b";")
    assert refusal(semicolons).startswith("Row 3 cannot be read as CSV")


@pytest.mark.parametrize(
    "text",
    [
        "We will buy:\npens, paper, ink, glue, books, chairs, tables, lamps\nand more, as needed, later, if, so",
        "In 2024, 2025\r\nand 2026, we met, sang, danced, ate, slept, and went home",
        "Ages:\n5, 6, 7, 8, 9, 10, 11, 12",
        "We met in town,\nwith us, 20 others, 2024, all, of, them, sang",
        'She said "no",\nthen "yes"',
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_texts_of_several_lines_are_read(text: str, last: bool) -> None:
    headings = HEADINGS + ",Description" if last else HEADINGS.replace("Title,", "Title,Description,", 1)
    quoted = '"{}"'.format(text.replace('"', '""'))
    row = f"1,Club,1250,2024-01-31,Age UK,F,{quoted}" if last else f"1,Club,{quoted},1250,2024-01-31,Age UK,F"
    (found,) = read(csv_of(row, headings=headings))
    assert isinstance(found, GrantRow)
    assert found.summary == text.replace("\r\n", "\n")


def test_a_long_cell_is_no_fault_of_quotation_marks() -> None:
    (found,) = read(as_csv([cells(description="words " * 50_000)]))
    assert isinstance(found, GrantRow)
    assert [remark.column for remark in found.remarks] == ["Description"]
    said = refusal(as_csv([cells(description="x" * (LONGEST_CELL + 1))]))
    assert said.startswith("A cell of row 2 has more than 1,000,000 characters. Shorten it;")
