"""Reads the worked tables of docs/rules, so that the pages and the program cannot drift apart."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "rules"

Row = dict[str, str]

_NO_DATE = {"not known", "none", "not paid", "not met", "not started", "still open", ""}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def worked_table(page: str, heading: str) -> list[Row]:
    """The rows of the one table under a heading, each by its column names; AssertionError without one."""
    lines = (PAGES / f"{page}.md").read_text(encoding="utf-8").splitlines()
    starts = [
        place for place, line in enumerate(lines) if line.lstrip("#").strip() == heading and line[:1] == "#"
    ]
    assert len(starts) == 1, f"{page}.md has {len(starts)} headings {heading!r}"
    table: list[str] = []
    for line in lines[starts[0] + 1 :]:
        if line.startswith("#"):
            break
        if line.startswith("|"):
            table.append(line)
    assert len(table) > 2, f"{page}.md has no table under {heading!r}"
    columns = _cells(table[0])
    rows = [_cells(line) for line in table[2:]]
    assert all(len(row) == len(columns) for row in rows), f"a row under {heading!r} has another width"
    return [dict(zip(columns, row, strict=True)) for row in rows]


def as_date(text: str) -> date | None:
    """A whole date, with or without its weekday, which must then be right; None for the words for no date."""
    if text in _NO_DATE:
        return None
    first, _, rest = text.partition(" ")
    day = datetime.strptime(rest if first in _WEEKDAYS else text, "%d %B %Y").date()  # noqa: DTZ007
    assert first not in _WEEKDAYS or _WEEKDAYS[day.weekday()] == first, f"{text}: that is another weekday"
    return day


def a_date(text: str) -> date:
    """A date that must be there."""
    day = as_date(text)
    assert day is not None, f"{text!r} is not a date"
    return day


def as_number(text: str) -> int | None:
    """A whole number, or None for "not known"."""
    return None if text == "not known" else int(text)


def as_pounds(text: str) -> Decimal | None:
    """An amount such as £4,500.50, or None for "not known"."""
    return None if text == "not known" else Decimal(text.replace("£", "").replace(",", ""))


def some_pounds(text: str) -> Decimal:
    """An amount that must be there."""
    amount = as_pounds(text)
    assert amount is not None, f"{text!r} is not an amount"
    return amount


def as_yes_no(text: str) -> bool:
    """True for yes, False for no; anything else is a mistake in the page."""
    return {"yes": True, "no": False}[text]


def row_id(row: Row) -> str:
    """A short name for a row in the test report."""
    return " | ".join(cell for cell in row.values() if cell)[:100]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
