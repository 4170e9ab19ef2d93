"""What every reader gives: rows by field, with the file's own names for the columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from grants.imports.errors import FileRefused
from grants.imports.headings import Headings, field_of, insist_complete, read_headings
from grants.rules.import_recipients import says_no

MOST_ROWS = 100_000
HEADINGS_WITHIN = 20
HEADINGS_AGAIN = 3

Line = tuple[int, Sequence[Any]]


class Row(NamedTuple):
    """One row: its number as a person finds it in the file, its cells by field, what the file calls each field.

    `broken` says why the row cannot be read at all, where it cannot.
    """

    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, str]
    broken: str = ""


class PublishedList(NamedTuple):
    """A file: its rows (blank ones left out), what it calls each field, its other headings, and remarks on it.

    The other headings of a JSON file are whole once its rows are read.
    """

    rows: Iterator[Row]
    columns: Mapping[str, str]
    ignored: set[str]
    remarks: list[str]


def is_blank(cell: Any) -> bool:
    """Nothing, or nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def says_nothing(field: str, cell: Any) -> bool:
    """Blank, or a "no" that must not stand before what another column says about an individual."""
    return is_blank(cell) or says_no(field, cell)


def best_headings(lines: Sequence[Line]) -> tuple[int, Headings]:
    """Which of the first lines is the heading row (as an index), and what it names; 0 and nothing where none is."""
    found = [(index, read_headings(cells)) for index, (_, cells) in enumerate(lines)]
    return max(found, key=lambda one: len(one[1].columns), default=(0, Headings((), ())))


def table_rows(lines: Iterator[Line], *, fund_given: bool) -> PublishedList:
    """The rows of a table with headings, which may stand below a few lines of title.

    Refuses a table without the columns that every grant needs.
    """
    first = list(islice(lines, HEADINGS_WITHIN))
    at, headings = best_headings(first)
    shown = [column.heading for column in headings.columns] + list(headings.ignored)
    insist_complete({column.field for column in headings.columns}, shown, fund_given=fund_given)
    rows = _by_field(chain(first[at + 1 :], lines), headings, len(first[at][1]))
    remarks = []
    if "currency" not in headings.labels():
        remarks.append("The file has no column Currency: every amount is taken as pounds sterling.")
    return PublishedList(rows, headings.labels(), set(headings.ignored), remarks)


def _by_field(lines: Iterable[Line], headings: Headings, width: int) -> Iterator[Row]:
    labels = headings.labels()
    has_currency = "currency" in labels
    for number, cells in lines:
        if all(map(is_blank, cells)):
            continue
        values: dict[str, Any] = {} if has_currency else {"currency": "GBP"}
        for index, name, _ in headings.columns:
            if index < len(cells) and not says_nothing(name, cells[index]):
                values.setdefault(name, cells[index])
        if _are_headings(values):
            continue
        too_many = any(not is_blank(cell) for cell in cells[width:])
        yield Row(number, values, labels, TOO_MANY_CELLS if too_many else "")


def _are_headings(values: Mapping[str, Any]) -> bool:
    """A heading row once more, as where two lists were put together, or the standard's own names below the titles."""
    name = str(values.get("id", ""))
    if not name.isalpha() or (field_of(name) or ("", 0))[0] != "id":
        return False
    return sum(field_of(str(value)) is not None for value in values.values()) >= HEADINGS_AGAIN


TOO_MANY_CELLS = (
    "The row has more cells than there are headings, so its values may stand in the wrong columns. Put texts that hold "
    "a comma in quotation marks."
)


def at_most(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, refusing the file at the first one too many."""
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise FileRefused(
                f"The file has more than {MOST_ROWS:,} rows. Split it into files of at most that many."
            )
        yield row
