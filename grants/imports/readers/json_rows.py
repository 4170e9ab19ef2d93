"""360Giving JSON, grant by grant: {"grants": […]} or a bare list. A row's number is its place in the list, from 1."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, BinaryIO

import ijson

from grants.imports.errors import FileRefused
from grants.imports.headings import field_of, insist_complete
from grants.imports.readers.rows import PublishedList, Row, says_nothing

UTF8_MARK = b"\xef\xbb\xbf"
MOST_DIGITS = 1_000
CHUNK = 1 << 20
LOOKED_AT = 100
LIST_DEPTH = 2  # {"grants": [ … ]}
DEEPEST_TAKEN = 30
MOST_PARTS = 50_000
MOST_NAMED = 200
DEEPEST = 6
_PLACES = re.compile(r"/\d+(?=/|$)")
NOT_JSON = "The file is not whole JSON in UTF-8. Download it again, or ask who published it."
NO_LIST = 'The file has no list of grants. 360Giving JSON begins with {"grants": […]}.'
ENDLESS = (
    f"The file holds a number of over {MOST_DIGITS:,} digits, which no list of grants needs. Take it out."
)
NO_GRANT = "This entry of the list is not a grant. Take it out."

BROKEN = (ijson.JSONError, UnicodeDecodeError, ValueError, ArithmeticError)
_ENDLESS = re.compile(rb"\d{%d}" % MOST_DIGITS)
_OPENS, _CLOSES = frozenset({"start_map", "start_array"}), frozenset({"end_map", "end_array"})


def read_json(file: BinaryIO, *, fund_given: bool) -> PublishedList:
    """The grants of a 360Giving file as rows."""
    _insist_moderate(file)
    ignored: set[str] = set()
    rows = _rows(file, ignored)
    first = list(islice(rows, LOOKED_AT))
    if not first:
        _insist_list(file)
        return PublishedList(iter(()), {}, ignored, [])
    labels = {name: label for row in first for name, label in row.columns.items()}
    insist_complete(set(labels), [*labels.values(), *sorted(ignored)], fund_given=fund_given)
    return PublishedList(chain(first, rows), labels, ignored, [])


def _insist_moderate(file: BinaryIO) -> None:
    """Refuse nesting and single grants that would fill the memory of whoever builds them; broken JSON too."""
    _insist_no_endless_number(file)
    depth = parts = 0
    file.seek(_after_mark(file))
    try:
        for event, _ in ijson.basic_parse(file):
            parts += 1
            if event in _OPENS:
                depth += 1
            elif event in _CLOSES:
                depth -= 1
                if depth <= LIST_DEPTH:
                    parts = 0
            if depth > DEEPEST_TAKEN or parts > MOST_PARTS:
                raise FileRefused(NO_LIST)
    except BROKEN:
        raise FileRefused(NOT_JSON) from None


def _insist_list(file: BinaryIO) -> None:
    """Refuse a file without grants, unless its list is there and empty."""
    file.seek(_after_mark(file))
    if not any(event == "start_array" and prefix in ("", "grants") for prefix, event, _ in ijson.parse(file)):
        raise FileRefused(NO_LIST)


def _insist_no_endless_number(file: BinaryIO) -> None:
    """The parser, which is written in C, ends the whole process at an integer of over 4,300 digits."""
    file.seek(0)
    last = b""
    while chunk := file.read(CHUNK):
        if _ENDLESS.search(last + chunk):
            raise FileRefused(ENDLESS)
        last = chunk[-MOST_DIGITS:]


def _after_mark(file: BinaryIO) -> int:
    """Where the text begins: some programs put a mark before it."""
    file.seek(0)
    return len(UTF8_MARK) if file.read(len(UTF8_MARK)) == UTF8_MARK else 0


def _rows(file: BinaryIO, ignored: set[str]) -> Iterator[Row]:
    for number, item in enumerate(_items(file), start=1):
        if item in ({}, None):
            continue
        if not isinstance(item, dict):
            yield Row(number, {}, {}, NO_GRANT)
            continue
        cells, columns = _by_field(item, ignored)
        yield Row(number, cells, columns)


def _items(file: BinaryIO) -> Iterator[Any]:
    start = _after_mark(file)
    file.seek(start)
    is_list = file.read(512).lstrip().startswith(b"[")
    file.seek(start)
    items = ijson.items(file, "item" if is_list else "grants.item")
    while True:
        try:
            yield next(items)
        except StopIteration:
            return
        except BROKEN:
            raise FileRefused(NOT_JSON) from None


def _by_field(item: dict[str, Any], ignored: set[str]) -> tuple[dict[str, Any], dict[str, str]]:
    cells: dict[str, Any] = {}
    columns: dict[str, str] = {}
    ranks: dict[str, float] = {}
    for path, value in _flat(item, "", DEEPEST):
        found = field_of(path, is_path=True)
        if found is None:
            if len(ignored) < MOST_NAMED:
                ignored.add(_PLACES.sub("", path))
            continue
        name, rank = found
        if not says_nothing(name, value) and (name not in ranks or rank < ranks[name]):
            cells[name], columns[name], ranks[name] = value, path, rank
        columns.setdefault(name, path)
    return cells, columns


def _flat(value: Any, path: str, deepest: int) -> Iterator[tuple[str, Any]]:
    """Each value with its path, as "recipientOrganization/0/id". What lies too deep is no field of ours."""
    if isinstance(value, dict) and deepest:
        steps: Iterator[tuple[Any, Any]] = iter(value.items())
    elif isinstance(value, list) and deepest:
        steps = enumerate(value)
    else:
        yield path, value if not isinstance(value, (dict, list)) else None
        return
    for step, inner in steps:
        yield from _flat(inner, f"{path}/{step}" if path else str(step), deepest - 1)
