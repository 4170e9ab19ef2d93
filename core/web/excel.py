"""What is on screen as an Excel workbook: a sheet that says what it is, then typed rows, written as a stream."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from django.http import FileResponse
from django.utils.html import strip_tags
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from core.web.formats import NOT_KNOWN
from core.web.tables import Table, heading

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROWEST, WIDEST = 10, 60
TYPED = (bool, int, float, Decimal, date, datetime)
DATE_FORMAT, MONEY_FORMAT = "d mmmm yyyy", "£#,##0.00"


class Sheet(NamedTuple):
    """One sheet of rows under headings. `name` is what its tab says: at most 31 letters, digits and spaces."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def table_sheet(name: str, table: Table, records: Iterable[Any] | None = None) -> Sheet:
    """A table of the page as a sheet: the same columns with the same values. `records` may be a longer stream."""
    headings = [heading(column) for column in table.visible_columns]
    return Sheet(name, headings, map(table.values, table.ordered if records is None else records))


def workbook(
    title: str, about: Sequence[tuple[str, str]], headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """A list as a download: what it is, then its rows."""
    return report_workbook(title, about, [Sheet("Rows", headings, rows)])


def report_workbook(
    title: str, about: Sequence[tuple[str, str]], sheets: Iterable[Sheet | tuple[str, Any, Any]]
) -> FileResponse:
    """A download of several sheets (name, headings, rows): a report's figures, and the rows behind them.

    `about` says what it is, as at when, which filters; `rows` are drawn one by one. Give each sheet another name.
    """
    book = Workbook(write_only=True)
    first = book.create_sheet("About")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 24, 100
    first.append([_cell(first, title, bold=True)])
    for label, value in about:
        first.append([_cell(first, label), _cell(first, value)])
    for sheet in sheets:
        _rows_sheet(book, Sheet(*sheet))
    # Closed, and so removed, with the response.
    stream = TemporaryFile()  # noqa: SIM115
    book.save(stream)
    stream.seek(0)
    return FileResponse(stream, content_type=MIME, as_attachment=True, filename=f"{file_name(title)}.xlsx")


def _rows_sheet(book: Workbook, data: Sheet) -> None:
    """Frozen headings, a table style, widths that fit the headings; no merged cells."""
    sheet: Any = book.create_sheet(data.name)
    sheet.freeze_panes = "B2"
    for place, words in enumerate(data.headings, start=1):
        width = min(max(len(words) + 4, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = max(width, 30 if place == 1 else width)
    sheet.append([_cell(sheet, words) for words in data.headings])
    count = 0
    for row in data.rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    if count:
        name = "".join(c if c.isalnum() else "_" for c in data.name)
        table = SheetTable(displayName=name, ref=f"A1:{get_column_letter(len(data.headings))}{count + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
        # A stream cannot be read back, so the table is told its own headings.
        table.tableColumns = [TableColumn(id=n, name=text) for n, text in enumerate(data.headings, start=1)]
        table.autoFilter = AutoFilter(ref=table.ref)
        sheet.tables.add(table)


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Cell:
    """A typed cell. Text is always text: one that begins like a formula stays what was typed."""
    if value is None:
        value = NOT_KNOWN
    if not isinstance(value, TYPED):
        value = strip_tags(str(value)).strip()
    cell: Cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = MONEY_FORMAT
    elif isinstance(value, date):
        cell.number_format = DATE_FORMAT
    if bold:
        cell.font = Font(bold=True, size=14)
    return cell


def file_name(title: str) -> str:
    """A page's title, up to its colon, as the name of a file without its ending."""
    kept = "".join(c if c.isalnum() else "-" for c in title.split(":")[0].lower())
    return "-".join(filter(None, kept.split("-")))
