"""Rows that vanished into a cell: a quotation mark that stands alone takes in all up to the next one."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from grants.rules.import_cells import CellFault, pounds, published_date

# What tells a row of a list from a line of prose that has as many commas.
READS: Mapping[str, Callable[[Any], Any]] = {"amount_awarded": pounds, "award_date": published_date}

UNREAD = object()
_LINE_END = re.compile(r"\r\n|\r|\n")


def holds_a_row(cells: Sequence[str], width: int, places: Mapping[str, int], delimiter: str) -> bool:
    """Whether a cell of several lines holds a row of the list; `places` says where each field stands in one."""
    return any(
        _is_row(first, parts, rest, width, places)
        for index, cell in enumerate(cells)
        if "\n" in cell or "\r" in cell
        for first, parts, rest in _pieces(cell, index, len(cells) - index - 1, delimiter)
    )


def _pieces(cell: str, index: int, after: int, delimiter: str) -> Iterator[tuple[int, list[str], int]]:
    """Each line of a cell as cells, with how many of its row would stand before them and how many after."""
    lines = _LINE_END.split(cell)
    for number, line in enumerate(lines):
        yield (
            index if number == 0 else 0,
            line.split(delimiter),
            after if number == len(lines) - 1 else 0,
        )


def _is_row(first: int, parts: Sequence[str], rest: int, width: int, places: Mapping[str, int]) -> bool:
    """Two of three: as many cells as a row has, an amount and a date that can be read in their places, a whole day."""
    held = {
        name: parts[places[name] - first]
        for name in READS
        if name in places and first <= places[name] < first + len(parts)
    }
    if len(parts) == 1 or not held:
        return False
    found = {name: _read(READS[name], part) for name, part in held.items()}
    is_wide = first + len(parts) + rest >= width
    return is_wide + (UNREAD not in found.values()) + isinstance(found.get("award_date"), date) >= 2


def _read(read: Callable[[Any], Any], part: str) -> Any:
    try:
        return read(part)
    except CellFault:
        return UNREAD
