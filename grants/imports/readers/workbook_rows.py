"""Excel: the sheet whose headings fit best, read row by row. Formulas are never worked out: the saved result counts."""

import warnings
from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from grants.imports.errors import FileRefused
from grants.imports.readers.archive import DAMAGED, holds_formulas, inspect_workbook
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
FIRST_DAY_NUMBER = 10_000  # a smaller number in a column of dates is a year


def read_workbook(file: BinaryIO, *, fund_given: bool) -> PublishedList:
    """The rows of a workbook. Raises FileRefused for one that is damaged, holds macros or is not what it says."""
    inspect_workbook(file)
    has_formulas = holds_formulas(file)
    book = _open(file, results=True)
    formulas = _open(file, results=False) if has_formulas else None
    name = _best_sheet(book)
    found = table_rows(_lines(book, name, formulas), fund_given=fund_given)
    others = [other for other in book.sheetnames if other != name]
    if others:
        found.remarks.append(
            f"The sheet “{name}” is read; left out: {', '.join(others[:10])}. "
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


def _best_sheet(book: Any) -> str:
    """The sheet with rows whose first lines hold the most headings that we know; the first of equals.

    Funders leave the empty template beside their list.
    """
    best, most = "", (False, -1)
    for sheet in book.worksheets:
        lines = list(islice(_lines(book, sheet.title, None), HEADINGS_WITHIN + 1))
        at, headings = best_headings(lines[:HEADINGS_WITHIN])
        filled = any(not is_blank(cell) for _, cells in lines[at + 1 :] for cell in cells)
        fits = (filled and len(headings.columns) >= HEADINGS_OF_A_LIST, len(headings.columns))
        if fits > most:
            best, most = sheet.title, fits
    if not best:
        raise FileRefused("The workbook has no sheet with cells. Check that it is the right file.")
    return best


def _lines(book: Any, name: str, formulas: Any) -> Iterator[Line]:
    """The lines of a sheet with their numbers; where a result is missing, the formula that should have made it."""
    results = _safely(_cells(book, name, values_only=formulas is None))
    behind = _safely(_cells(formulas, name)) if formulas is not None else repeat(())
    for number, (cells, formula_cells) in enumerate(zip(results, behind, strict=False), start=1):
        if number > MOST_LINES:
            raise FileRefused(DAMAGED)
        if not formula_cells:
            yield number, cells
            continue
        yield number, [_result(cell, formula) for cell, formula in zip(cells, formula_cells, strict=False)]


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
    for name in DATES:
        value = cells.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= FIRST_DAY_NUMBER:
            cells[name] = from_excel(value, epoch)
    return row._replace(cells=cells)
