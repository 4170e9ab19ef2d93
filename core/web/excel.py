"""What is on screen as an Excel workbook: one sheet that says what it is, one with typed rows, written as a stream."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.html import strip_tags
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from core.web.formats import NOT_KNOWN

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROWEST, WIDEST = 10, 60
TYPED = (bool, int, float, Decimal, date, datetime)
DATE_FORMAT, MONEY_FORMAT = "d mmmm yyyy", "£#,##0.00"


def workbook(
    title: str, about: Sequence[tuple[str, str]], headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A download. `about` says what it is, as at when, which filters; `rows` are drawn one by one."""
    book = Workbook(write_only=True)
    first = book.create_sheet("About")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 24, 100
    first.append([_cell(first, title, bold=True)])
    for label, value in about:
        first.append([_cell(first, label), _cell(first, value)])
    _rows_sheet(book.create_sheet("Rows"), headings, rows)
    stream = BytesIO()
    book.save(stream)
    response = HttpResponse(stream.getvalue(), content_type=MIME)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(title)}.xlsx"'
    return response


def _rows_sheet(sheet: Any, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Frozen headings, a table style, widths that fit the headings; no merged cells."""
    sheet.freeze_panes = "B2"
    for place, heading in enumerate(headings, start=1):
        width = min(max(len(heading) + 4, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = max(width, 30 if place == 1 else width)
    sheet.append([_cell(sheet, heading) for heading in headings])
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    if count:
        table = SheetTable(displayName="Rows", ref=f"A1:{get_column_letter(len(headings))}{count + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
        # A stream cannot be read back, so the table is told its own headings.
        table.tableColumns = [TableColumn(id=n, name=text) for n, text in enumerate(headings, start=1)]
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


def _file_name(title: str) -> str:
    kept = "".join(c if c.isalnum() else "-" for c in title.split(":")[0].lower())
    return "-".join(filter(None, kept.split("-")))
