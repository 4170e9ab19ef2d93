"""Excel: the sheet whose headings fit best, read row by row. Formulas are never worked out: the saved result counts."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, repeat
from typing import Any, BinaryIO, NamedTuple

import openpyxl
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from core.web.formats import counted
from grants.imports.errors import FileRefused
from grants.imports.readers.archive import DAMAGED, holds_formulas, inspect_workbook
from grants.imports.readers.number_formats import ShownAs, other_meanings
from grants.imports.readers.rows import (
    HEADINGS_WITHIN,
    Line,
    PublishedList,
    Row,
    best_headings,
    is_blank,
    table_rows,
)
from grants.rules.import_cells import Formula

# It warns of styles and dates that it does not know; what matters of that is said by the row.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

MOST_COLUMNS = 300
MOST_LINES = 1_048_576  # of one sheet, in Excel
DATES = ("award_date", "start_date", "end_date")
HEADINGS_OF_A_LIST = 4
MOST_NAMED, MOST_COUNTED = 10, 1_000
FIRST_DAY_NUMBER = 10_000  # a smaller number in a column of dates is a year
NO_MEANINGS: Mapping[int, ShownAs] = {}


class _Sheet(NamedTuple):
    """What the first lines of a sheet say of it: where its headings stand and how many of them we know."""

    name: str
    heading_row: int
    headings: int
    is_list: bool
    is_hidden: bool


def read_workbook(file: BinaryIO, *, fund_given: bool) -> PublishedList:
    """The rows of a workbook. Raises FileRefused for one that is damaged, holds macros or is not what it says."""
    inspect_workbook(file)
    has_formulas = holds_formulas(file)
    book = _open(file, results=True)
    formulas = _open(file, results=False) if has_formulas else None
    sheets = _sheets(book)
    best = max(sheets, key=_suits)
    found = table_rows(_lines(book, best.name, formulas, other_meanings(book)), fund_given=fund_given)
    if best.is_hidden:
        found.remarks.append(
            f"The sheet “{best.name}” is hidden in the workbook. It is read, as no other sheet is a list."
        )
    by_name = {sheet.name: sheet for sheet in sheets}
    others = [name for name in book.sheetnames if name != best.name]
    if others:
        named = [_left_out(book, by_name.get(name), name) for name in others[:MOST_NAMED]]
        found.remarks.append(
            f"The sheet “{best.name}” is read; left out: {', '.join(named)}. "
            "If one of them has grants too, save it as a file of its own and import that."
        )
    if book.epoch != WINDOWS_EPOCH:
        return found._replace(rows=(_counted_from(book.epoch, row) for row in found.rows))
    return found


def _open(file: BinaryIO, *, results: bool) -> Any:
    file.seek(0)
    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=results, keep_links=False)
    except Exception as failure:  # what it raises for broken XML is nowhere said: a dozen kinds were seen
        raise FileRefused(DAMAGED) from failure


def _sheets(book: Any) -> list[_Sheet]:
    """Each sheet, and how far its first lines make it a list."""
    sheets = []
    for sheet in book.worksheets:
        lines = list(islice(_lines(book, sheet.title, None), HEADINGS_WITHIN + 1))
        at, headings = best_headings(lines[:HEADINGS_WITHIN])
        count = len(headings.columns)
        is_list = count >= HEADINGS_OF_A_LIST and _rows_below(iter(lines[at + 1 :]), 1) > 0
        sheets.append(_Sheet(sheet.title, at, count, is_list, sheet.sheet_state != "visible"))
    if not sheets:
        raise FileRefused("The workbook has no sheet with cells. Check that it is the right file.")
    return sheets


def _suits(sheet: _Sheet) -> tuple[bool, bool, int]:
    """The sheet with rows whose first lines hold the most headings that we know; the first of equals.

    Funders leave the empty template beside their list, and hide what they no longer publish.
    """
    return sheet.is_list, not sheet.is_hidden, sheet.headings


def _left_out(book: Any, sheet: _Sheet | None, name: str) -> str:
    """A sheet that is not read, with the number of its rows where it is a list too."""
    if sheet is None or not sheet.is_list:
        return name
    rows = _rows_below(islice(_lines(book, name, None), sheet.heading_row + 1, None), MOST_COUNTED + 1)
    count = f"over {MOST_COUNTED:,} rows" if rows > MOST_COUNTED else counted(rows, "row")
    return f"{name} ({count}{', hidden' if sheet.is_hidden else ''})"


def _rows_below(lines: Iterator[Line], most: int) -> int:
    """How many lines hold something, counted up to `most`."""
    filled = (line for line in lines if not all(map(is_blank, line[1])))
    return sum(1 for _ in islice(filled, most))


def _lines(
    book: Any, name: str, formulas: Any, meanings: Mapping[int, ShownAs] = NO_MEANINGS
) -> Iterator[Line]:
    """The lines of a sheet with their numbers; where a result is missing, the formula that should have made it.

    Cells are read with their styles only where a style of the workbook gives numbers another meaning.
    """
    values_only = formulas is None and not meanings
    results = _safely(_cells(book, name, values_only=values_only))
    behind = _safely(_cells(formulas, name)) if formulas is not None else repeat(())
    for number, (cells, formula_cells) in enumerate(zip(results, behind, strict=False), start=1):
        if number > MOST_LINES:
            raise FileRefused(DAMAGED)
        yield number, cells if values_only else _read(cells, formula_cells, meanings)


def _read(cells: Sequence[Any], formulas: Sequence[Any], meanings: Mapping[int, ShownAs]) -> list[Any]:
    if not formulas:
        return [_shown(cell, cell.value, meanings) for cell in cells]
    both = zip(cells, formulas, strict=False)
    return [_shown(cell, _result(cell, formula), meanings) for cell, formula in both]


def _shown(cell: Any, value: Any, meanings: Mapping[int, ShownAs]) -> Any:
    """A number as Excel shows it, where that is another than it says: it is judged like the same text in a CSV."""
    if not meanings or not isinstance(value, (int, float)) or isinstance(value, bool):
        return value
    meaning = meanings.get(getattr(cell, "_style_id", 0))
    return value if meaning is None else meaning.text(value)


def _cells(book: Any, name: str, *, values_only: bool = True) -> Iterator[tuple[Any, ...]]:
    sheet = book[name]
    sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=values_only)
    return rows


def _safely(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except Exception as failure:  # as in _open
            raise FileRefused(DAMAGED) from failure


def _result(cell: Any, formula: Any) -> Any:
    """The saved result; a formula without one is passed on as such, to be refused where it matters.

    A text that begins with "=" is a text in both readings.
    """
    if cell.value is not None or cell.data_type == "str":  # "str": Excel saved a text, here an empty one
        return cell.value
    if isinstance(formula, str) and formula.startswith("="):
        return Formula(formula)
    return Formula("=") if formula is not None and not isinstance(formula, str) else None


def _counted_from(epoch: Any, row: Row) -> Row:
    """Day numbers of a workbook that counts from 1904, as dates."""
    cells = dict(row.cells)
    for name, value in row.cells.items():
        if name.partition("/")[0] not in DATES:
            continue
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= FIRST_DAY_NUMBER:
            cells[name] = from_excel(value, epoch)
    return row._replace(cells=cells)
