"""Reads a report as its reader does: the cells of the page's tables, and of the workbook's sheets."""

from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

Rows = list[dict[str, Any]]


class _Tables(HTMLParser):
    """Each table by its caption: the cells of each row by their headings."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Rows] = {}
        self._caption: list[str] | None = None
        self._rows: Rows = []
        self._heading: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, its caption, a row, a cell."""
        if tag == "caption":
            self._caption, self._rows = [], []
        elif tag == "tr":
            self._rows.append({})
        elif tag in ("td", "th") and dict(attrs).get("data-label"):
            self._heading, self._words = dict(attrs)["data-label"], []
        elif tag == "br":
            self._words.append(" · ")

    def handle_data(self, data: str) -> None:
        """Words of a caption or a cell."""
        if self._heading is not None:
            self._words.append(data)
        elif self._caption is not None:
            self._caption.append(data)

    def handle_endtag(self, tag: str) -> None:
        """What was read is kept."""
        if tag in ("td", "th") and self._heading is not None:
            self._rows[-1][self._heading] = value_of("".join(self._words).strip())
            self._heading = None
        elif tag == "caption" and self._caption is not None:
            self.found["".join(self._caption).strip()] = self._rows
            self._caption = None


def value_of(words: str) -> Any:
    """A number, pounds, None for "not known", or the words themselves."""
    plain = words.replace(",", "")
    if words == "not known":
        return None
    if plain.isdigit():
        return int(plain)
    if plain.startswith("£") and plain[1:].replace(".", "", 1).isdigit():
        return Decimal(plain[1:])
    return words


def tables_of(page: str) -> dict[str, Rows]:
    """The rows of each table of a page that have cells."""
    reader = _Tables()
    reader.feed(page)
    return {caption: [row for row in rows if row] for caption, rows in reader.found.items()}


def sheets_of(content: bytes) -> dict[str, Rows]:
    """The rows of each sheet of a workbook but the first, by their headings."""
    book = load_workbook(BytesIO(content))
    found: dict[str, Rows] = {}
    for sheet in book.worksheets[1:]:
        headings, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, headings), map(_typed, row), strict=True)) for row in rows]
    return found


def about_of(content: bytes) -> dict[str, Any]:
    """The first sheet: what the workbook is."""
    first = load_workbook(BytesIO(content)).worksheets[0]
    return {row[0]: row[1] for row in first.iter_rows(min_row=2, values_only=True)}


def _typed(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if hasattr(value, "date"):
        return value.date()
    return value_of(value) if isinstance(value, str) else value
