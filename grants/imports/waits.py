"""A CSV of waits, two dates on each row, as a histogram: read line by line, whatever its size."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TextIO

from core.rules.dates import long_date
from grants.rules.import_cells import CellFault, PublishedDate, one_line, published_date
from grants.rules.timing import Bin

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t"
SAMPLE = 64 * 1024
FAULTS_SHOWN = 20
LONGEST_SHOWN = 40
DATES_KEPT = 50_000

cell_date = lru_cache(maxsize=DATES_KEPT)(published_date)


class WaitsRefused(Exception):
    """The file cannot be timed; the message says which rows, and what to do."""


@dataclass(slots=True)
class Waits:
    """Waits by length, and the rows that were left out: no whole dates to time, or not begun by the day of judging."""

    counts: Counter[tuple[int, bool]] = field(default_factory=Counter)
    not_begun: int = 0
    no_start: int = 0
    part_dates: int = 0

    def bins(self) -> list[Bin]:
        """The histogram, for the rules."""
        return [Bin(duration, ended, n) for (duration, ended), n in self.counts.items()]


def read_waits(path: Path, *, start: str, end: str, on: date, between: Callable[[date, date], int]) -> Waits:
    """The waits of a file as at `on`; `start` and `end` are the headings of two columns.

    An empty end, or one after `on`, is still waiting. `between` counts from one date to another. Raises WaitsRefused
    for a file without these columns and for cells that are no dates, naming each row (the headings are row 1).
    """
    waits, faults, total = Waits(), list[str](), 0
    for number, begins, ends in _rows(path, start, end):
        found = _dates(number, (start, begins), (end, ends))
        if isinstance(found, str):
            total += 1
            if total <= FAULTS_SHOWN:
                faults.append(found)
        elif not total:
            _count(waits, *found, on, between)
    if total:
        more = [f"… and {total - FAULTS_SHOWN:,} more rows."] if total > FAULTS_SHOWN else []
        raise WaitsRefused("\n".join(["Nothing was timed. Put these right first:", *faults, *more]))
    return waits


def _count(
    waits: Waits,
    began: PublishedDate | None,
    ended: PublishedDate | None,
    on: date,
    between: Callable[[date, date], int],
) -> None:
    """One row into the histogram, or among those left out."""
    if isinstance(began, str) or isinstance(ended, str):
        waits.part_dates += 1
    elif began is None:
        waits.no_start += 1
    elif began > on:
        waits.not_begun += 1
    else:
        has_ended = ended is not None and ended <= on
        until = ended if has_ended and ended is not None else on
        waits.counts[between(began, until), has_ended] += 1


def _dates(
    number: int, start: tuple[str, str], end: tuple[str, str]
) -> tuple[PublishedDate | None, PublishedDate | None] | str:
    """Both dates of a row, or what is wrong with it."""
    dates: list[PublishedDate | None] = []
    for column, cell in (start, end):
        try:
            dates.append(cell_date(cell))
        except CellFault as fault:
            return f"Row {number:,}, {column}, “{_short(cell)}”: {fault}"
    began, ended = dates
    if isinstance(began, date) and isinstance(ended, date) and ended < began:
        return (
            f"Row {number:,}, {end[0]}, “{_short(end[1])}”: it comes before {start[0]} ({long_date(began)}). "
            "Put one of the two right, or empty both."
        )
    return began, ended


def _short(cell: str) -> str:
    text = one_line(cell)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _rows(path: Path, start: str, end: str) -> Iterator[tuple[int, str, str]]:
    """Row number and the two cells, blank rows left out."""
    try:
        with path.open(encoding=_encoding(path), newline="") as text:
            reader = csv.reader(text, delimiter=_delimiter(text))
            headings = next(reader, [])
            first, second = _place(headings, start), _place(headings, end)
            for number, row in enumerate(reader, start=2):
                if any(cell.strip() for cell in row):
                    yield number, _cell(row, first), _cell(row, second)
    except csv.Error as fault:
        raise WaitsRefused(
            f"{path.name} is not a CSV file ({fault}). Save it as CSV and try again."
        ) from fault
    except (OSError, UnicodeError) as fault:
        raise WaitsRefused(f"{path.name} cannot be read ({fault}). Check the file and its name.") from fault


def _cell(row: Sequence[str], place: int) -> str:
    """A cell; a row may be shorter than the headings."""
    return row[place] if place < len(row) else ""


def _encoding(path: Path) -> str:
    """UTF-8 where all of it is, UTF-16 where it says so, else what Excel writes on Windows."""
    with path.open("rb") as raw:
        if raw.read(2) in UTF16_MARKS:
            return "utf-16"
    try:
        with path.open(encoding="utf-8-sig") as text:
            while text.read(SAMPLE):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(text: TextIO) -> str:
    """What stands between the headings, by how often; the file is left where it was."""
    first = next(iter(islice(text, 1)), "")
    text.seek(0)
    return max(DELIMITERS, key=first.count)


def _place(headings: Sequence[str], wanted: str) -> int:
    """Which column bears a heading, capitals and spaces around it aside."""
    names = [heading.strip().casefold() for heading in headings]
    found = [place for place, name in enumerate(names) if name == wanted.strip().casefold()]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(heading.strip() for heading in headings if heading.strip()) or "none"
    many = f"“{wanted}” stands over {len(found)} columns. Rename all but one."
    raise WaitsRefused(many if found else f"There is no column “{wanted}”. The columns are: {listed}.")
