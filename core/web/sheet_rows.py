"""The rows of a sheet as the file format has them, written as text.

A cell object for each value, and an XML element for each cell, took most of the time of a long download.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import IO, Any, NamedTuple

from django.utils.html import strip_tags
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from core.web.formats import NOT_KNOWN

ROWS_AT_ONCE = 500
NARROWEST, WIDEST = 10, 60  # letters: what is longer goes on below
WIDEST_HEADING = 24
ROOM, BUTTON = 2, 4  # letters: around what stands in a cell, and for the filter's button beside a heading
LONGEST_DAY, LONGEST_SHARE = "30 September 2026", "100.0%"
LONGEST_TEXT = 32_767  # more than that Excel does not open
# What XML cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Styles(NamedTuple):
    """The numbers that the workbook gave to its styles."""

    text: int
    number: int
    money: int
    share: int
    date: int


def write_rows(out: IO[bytes], rows: Iterable[Sequence[Any]], *, first: int, styles: Styles) -> int:
    """Write rows from row number `first` on, a few hundred at a time; how many there were."""
    letters: list[str] = []
    number, stream = first, iter(rows)
    while batch := list(islice(stream, ROWS_AT_ONCE)):
        lines = []
        for row in batch:
            while len(letters) < len(row):
                letters.append(get_column_letter(len(letters) + 1))
            cells = [
                f'<c r="{letter}{number}"{_content(value, styles)}</c>'
                for letter, value in zip(letters, row, strict=False)
            ]
            lines.append(f'<row r="{number}">{"".join(cells)}</row>')
            number += 1
        out.write("".join(lines).encode())
    return number - first


def fitting_widths(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    """How many letters wide each column must be for what stands in some of its rows, and for its heading."""
    return [
        _fitting_width(words, [row[place] for row in rows if place < len(row)])
        for place, words in enumerate(headings)
    ]


def _fitting_width(words: str, values: Sequence[Any]) -> int:
    longest_word = max(map(len, words.split()), default=0)
    heading = max(longest_word, min(len(words), WIDEST_HEADING)) + BUTTON
    content = max(map(_letters, values), default=0) + ROOM
    return min(max(heading, content, NARROWEST), WIDEST)


def _letters(value: Any) -> int:
    """How many letters a value takes in its longest line, as its cell shows it."""
    if isinstance(value, Decimal):
        return len(f"£{value:,.2f}")
    if isinstance(value, float):
        return len(LONGEST_SHARE)
    if isinstance(value, date):
        return len(LONGEST_DAY)
    return max(map(len, plain_text(value).splitlines()), default=0)


def plain_text(value: Any) -> str:
    """The words of a value, without marks; unknown is said to be."""
    if value is None:
        return NOT_KNOWN
    text = value if type(value) is str else str(value)
    return (strip_tags(text) if "<" in text else text).strip()


def _content(value: Any, styles: Styles) -> str:
    """The rest of a cell's opening, and what stands in it. Text is always text, also if it begins like a formula."""
    if isinstance(value, bool):
        return f' s="{styles.number}" t="b"><v>{value:d}</v>'
    if isinstance(value, Decimal):
        return f' s="{styles.money}" t="n"><v>{value}</v>'
    if isinstance(value, float):
        return f' s="{styles.share}" t="n"><v>{value}</v>'
    if isinstance(value, int):
        return f' s="{styles.number}" t="n"><v>{value}</v>'
    if isinstance(value, date):
        return f' s="{styles.date}" t="n"><v>{_day_number(value)}</v>'
    text = _escaped(plain_text(value))
    return f' s="{styles.text}" t="inlineStr"><is><t>{text}</t></is>' if text else ">"


@lru_cache(maxsize=4096)
def _day_number(day: date) -> Any:
    """The day as Excel counts it."""
    return to_excel(day)


def _escaped(text: str) -> str:
    fit = _UNFIT.sub("", text)[:LONGEST_TEXT] if not text.isprintable() or len(text) > LONGEST_TEXT else text
    return fit.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
