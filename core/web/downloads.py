"""A list as a file: Excel, CSV or JSON, each written as a stream: a long list takes no more memory than a short one."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any, TypeAlias

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.html import strip_tags

from core.web.excel import file_name, workbook
from core.web.formats import NOT_KNOWN

About: TypeAlias = Sequence[tuple[str, str]]
Rows: TypeAlias = Iterable[Sequence[Any]]
ROWS_AT_ONCE = 500
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(title: str, about: About, headings: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    """The headings and the rows, and nothing else. Text that a spreadsheet would run begins with an apostrophe."""
    response = StreamingHttpResponse(_csv(headings, rows), content_type="text/csv; charset=utf-8")
    return _named(response, title, "csv")


def json_file(title: str, about: About, headings: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    """`title`, `about` and `rows`: one object for each row, by heading."""
    stream = _json(title, about, headings, rows)
    return _named(StreamingHttpResponse(stream, content_type="application/json"), title, "json")


WRITERS: dict[str, Callable[[str, About, Sequence[str], Rows], HttpResponseBase]] = {
    "xlsx": workbook,
    "csv": csv_file,
    "json": json_file,
}


def _named(response: StreamingHttpResponse, title: str, ending: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{file_name(title)}.{ending}"'
    return response


def _csv(headings: Sequence[str], rows: Rows) -> Iterator[str]:
    # A spreadsheet takes a file without this mark for another encoding than it has.
    yield "\ufeff"
    stream = iter([headings])
    rest = iter(rows)
    while batch := list(stream):
        text = StringIO()
        csv.writer(text).writerows([_csv_cell(value) for value in row] for row in batch)
        yield text.getvalue()
        stream = islice(rest, ROWS_AT_ONCE)


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(LIKE_A_FORMULA) else value
    return NOT_KNOWN if value is None else value


def _json(title: str, about: About, headings: Sequence[str], rows: Rows) -> Iterator[str]:
    head = json.dumps({"title": title, "about": dict(about)}, ensure_ascii=False)
    yield f'{head[:-1]}, "rows": ['
    rest, between = iter(rows), "\n"
    while batch := list(islice(rest, ROWS_AT_ONCE)):
        lines = (
            json.dumps(dict(zip(headings, row, strict=True)), default=_json_cell, ensure_ascii=False)
            for row in batch
        )
        yield between + ",\n".join(lines)
        between = ",\n"
    yield "\n]}\n"


def _json_cell(value: Any) -> Any:
    """Pounds as a number, a date in the ISO form, marked-up words as words."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else strip_tags(str(value))
