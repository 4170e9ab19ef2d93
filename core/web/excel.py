"""What is on screen as an Excel workbook: a sheet that says what it is, then typed rows, written as a stream."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from core.web.sheet_rows import ROWS_AT_ONCE, Styles, fitting_widths, plain_text, write_rows
from core.web.tables import Table, heading

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GENERAL, DATE_FORMAT, MONEY_FORMAT, SHARE_FORMAT = "General", "d mmmm yyyy", "£#,##0.00", "0.0%"
TOP, TOP_AND_WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
COMPRESSION = 3  # quicker than the usual 6, for a seventh more bytes
CHUNK = 1 << 20


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
    first.append([_text(first, title, bold=True)])
    for label, value in about:
        first.append([_text(first, label), _text(first, value)])
    styles = Styles(
        text=_style(first, GENERAL, TOP_AND_WRAPPED),
        number=_style(first, GENERAL),
        money=_style(first, MONEY_FORMAT),
        share=_style(first, SHARE_FORMAT),
        date=_style(first, DATE_FORMAT),
    )
    with ExitStack() as kept:
        bodies = []
        for sheet in sheets:
            bodies.append(kept.enter_context(TemporaryFile()))
            _rows_sheet(book, Sheet(*sheet), styles, bodies[-1])
        frame = kept.enter_context(TemporaryFile())
        book.save(frame)
        # Closed, and so removed, with the response.
        stream = TemporaryFile()  # noqa: SIM115
        _fill(frame, stream, {f"xl/worksheets/sheet{n}.xml": rows for n, rows in enumerate(bodies, start=2)})
    stream.seek(0)
    return FileResponse(stream, content_type=MIME, as_attachment=True, filename=f"{file_name(title)}.xlsx")


def _rows_sheet(book: Workbook, data: Sheet, styles: Styles, body: IO[bytes]) -> None:
    """Frozen headings, a table style, widths that fit the first few hundred rows; no merged cells.

    The rows go into `body`.
    """
    sheet: Any = book.create_sheet(data.name)
    sheet.freeze_panes = "B2"
    rows = iter(data.rows)
    begin = list(islice(rows, ROWS_AT_ONCE))
    for place, width in enumerate(fitting_widths(data.headings, begin), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_text(sheet, words) for words in data.headings])
    count = write_rows(body, chain(begin, rows), first=2, styles=styles)
    if count:
        name = "".join(c if c.isalnum() else "_" for c in data.name)
        table = SheetTable(displayName=name, ref=f"A1:{get_column_letter(len(data.headings))}{count + 1}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
        # A stream cannot be read back, so the table is told its own headings.
        table.tableColumns = [TableColumn(id=n, name=text) for n, text in enumerate(data.headings, start=1)]
        table.autoFilter = AutoFilter(ref=table.ref)
        sheet.tables.add(table)


def _fill(frame: IO[bytes], stream: IO[bytes], bodies: Mapping[str, IO[bytes]]) -> None:
    """The workbook once more, with the rows of each sheet below its headings."""
    with ZipFile(frame) as source, ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as target:
        for part in source.namelist():
            content = source.read(part)
            if part not in bodies:
                target.writestr(part, content)
                continue
            head, end, tail = content.partition(b"</sheetData>")
            with target.open(part, "w") as sheet:
                sheet.write(head)
                bodies[part].seek(0)
                copyfileobj(bodies[part], sheet, CHUNK)
                sheet.write(end + tail)


def _text(sheet: Any, value: Any, *, bold: bool = False) -> Cell:
    """A cell of text, also if it begins like a formula; what is longer than its column goes on below."""
    cell: Cell = WriteOnlyCell(sheet, value=plain_text(value))
    cell.data_type = "s"
    cell.alignment = TOP_AND_WRAPPED
    if bold:
        cell.font = Font(bold=True, size=14)
    return cell


def _style(sheet: Any, number_format: str, alignment: Alignment = TOP) -> int:
    """The number of a style in this workbook."""
    cell: Cell = WriteOnlyCell(sheet)
    cell.number_format, cell.alignment = number_format, alignment
    return cell.style_id


def file_name(title: str) -> str:
    """A page's title, up to its colon, as the name of a file without its ending."""
    kept = "".join(c if c.isalnum() else "-" for c in title.split(":")[0].lower())
    return "-".join(filter(None, kept.split("-")))
