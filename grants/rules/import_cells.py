"""What one cell of an imported file says: words, pounds, a date, a number of months. See docs/rules/import-cells.md.

A cell that cannot be read raises CellFault with a sentence that says what to do. An empty cell is None: not known.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from core.rules.dates import EARLIEST, LATEST, long_date
from core.rules.money import to_pence

# A whole date, or "2024" or "2024-04" where only that was published.
PublishedDate: TypeAlias = date | str

MOST_POUNDS = Decimal("999999999999.99")
MOST_MONTHS = 600
LONDON = ZoneInfo("Europe/London")

_SAYS_NOTHING = frozenset({"", "n/a", "na", "#n/a", "null", "none", "unknown", "not known", "not applicable"})
_DASHES = frozenset({"-", "–", "—"})
_EXCEL_ERRORS = frozenset(
    {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#N/A", "#SPILL!", "#CALC!", "#FIELD!"}
)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff\ud800-\udfff]")
MONTH_FIRST = (
    "The month seems to stand first. Write the day first, like 31/03/2024, or the date like 2024-03-31."
)
_RETURN = "_x000D_"  # how Excel's files write the half of a line's end that no text needs
_POUNDS = re.compile(r"(?:GBP|£)?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?\s*(?:GBP)?", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:[-−(]|£\s*[-−])\s*£?\s*\d")
_OTHER_MONEY = re.compile(r"[$€¥]|\b(?:USD|EUR|CHF|AUD|CAD)\b", re.IGNORECASE)
_NOISE = Decimal("0.000001")
_EXACT_UP_TO = 10**15
_LONGEST_NUMBER_BITS = 1_000

_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{2}):?(\d{2})(?::?\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[/.](\d{{1,2}})[/.](\d{{1,2}}){_TIME}")
_UK = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}){_TIME}")
_IN_WORDS = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})", re.I
)
_MONTH_IN_WORDS = re.compile(r"([a-z]{3,9})\.?[\s-]+(\d{4})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})")
_YEAR = re.compile(r"\d{4}")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[/. -](?:\d{1,2}|[a-z]{3,9})[/. -]\d{2}", re.IGNORECASE)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_FIRST_OF_EXCEL = date(1899, 12, 30)


class CellFault(ValueError):
    """A cell that cannot be taken; the message says what to do."""


class ExcelError(CellFault):
    """A cell that should hold an amount or a date and holds an error of Excel."""


class Formula(str):
    """A formula whose result the workbook does not hold. It is never worked out here."""


class Pounds(NamedTuple):
    """An amount with two places, and whether it had to be rounded to pence."""

    amount: Decimal
    rounded: bool


def one_line(raw: Any) -> str:
    """The words of a cell on one line, without what cannot be seen; empty when it says nothing."""
    return " ".join(words(raw).split())


def words(raw: Any) -> str:
    """The words of a cell, line by line; a number as it is written, a date as 2024-04-30."""
    if type(raw) is str and raw.isprintable():
        text = raw.replace(_RETURN, "").strip()
        return "" if text in _EXCEL_ERRORS else text
    _insist_no_formula(raw)
    if raw is None:
        return ""
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, int) and raw.bit_length() > _LONGEST_NUMBER_BITS:
        raise CellFault("The number is too long to be right. Put it right, or leave the cell empty.")
    if isinstance(raw, (float, Decimal)) and _is_whole(raw):
        raw = int(raw)
    text = str(raw).replace(_RETURN, "").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    text = _UNSEEN.sub("", text).strip()
    return "" if text in _EXCEL_ERRORS else text


def _is_whole(number: float | Decimal) -> bool:
    finite = number.is_finite() if isinstance(number, Decimal) else math.isfinite(number)
    return finite and -_EXACT_UP_TO < number < _EXACT_UP_TO and number == int(number)


def says(raw: Any) -> str:
    """One line of words, empty too for "n/a", "-" and the like."""
    text = one_line(raw)
    return "" if text.casefold() in _SAYS_NOTHING or text in _DASHES else text


def pounds(raw: Any) -> Pounds | None:
    """Pounds sterling in a cell: 12500, "£12,500.00", "GBP 12,500"; None where the cell is empty.

    Raises CellFault for a negative amount, another currency, and whatever is not plainly one amount.
    """
    _insist_no_formula(raw)
    _insist_no_error(raw)
    if raw is None or (isinstance(raw, str) and one_line(raw).casefold() in _SAYS_NOTHING - {"#n/a"}):
        return None
    exact = _number(raw) if isinstance(raw, (int, float, Decimal)) else _amount_in_words(one_line(raw))
    if exact < 0:
        raise CellFault("The amount is below zero. Enter what was awarded, zero or more.")
    if exact > MOST_POUNDS:
        raise CellFault("The amount is too large to be right. Enter it in pounds.")
    amount = to_pence(exact)
    return Pounds(amount, abs(amount - exact) > _NOISE)


def _number(raw: int | float | Decimal) -> Decimal:
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if isinstance(raw, bool) or not number.is_finite():
        raise CellFault(
            "This is not an amount. Enter pounds and pence like 12500.00, or leave the cell empty."
        )
    return number


def _amount_in_words(text: str) -> Decimal:
    found = _POUNDS.fullmatch(text)
    if found:
        return Decimal(found.group(1).replace(",", "") + (found.group(2) or "").rstrip("."))
    if _OTHER_MONEY.search(text):
        raise CellFault(
            "The amount is not in pounds sterling. Enter what it is in pounds, or leave the row out."
        )
    if _NEGATIVE.match(text):
        raise CellFault("The amount is below zero. Enter what was awarded, zero or more.")
    raise CellFault("This is not an amount. Enter pounds and pence like 12500.00, or leave the cell empty.")


def published_date(raw: Any) -> PublishedDate | None:
    """The date in a cell, or the month or the year where only that stands there; None where the cell is empty.

    ISO (with a time and zone, then the day in London), day first as in the United Kingdom, month in words, Excel's
    dates and day numbers. Raises CellFault for anything else, and for dates before 1980 or after 2100.
    """
    _insist_no_formula(raw)
    _insist_no_error(raw)
    if isinstance(raw, datetime):
        found: PublishedDate | None = raw.astimezone(LONDON).date() if raw.tzinfo else raw.date()
    elif isinstance(raw, date):
        found = raw
    else:
        text = says(raw)
        if not text:
            return None
        found = _date_in(text)
    if found is None:
        raise CellFault(_not_a_date(one_line(raw)))
    return _in_range(found)


def _date_in(text: str) -> PublishedDate | None:
    try:
        for reads in (_iso, _day_first, _in_words, _partial, _serial):
            found = reads(text)
            if found is not None:
                return found
    except (ValueError, OverflowError):  # 31 February, month 13
        return None
    return None


def _iso(text: str) -> date | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.group(1, 2, 3))
    zone = found.group(6)
    if zone is None:
        return date(year, month, day)
    hour, minute = found.group(4, 5)
    moment = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour}:{minute}:00{zone}")
    return moment.astimezone(LONDON).date()


def _day_first(text: str) -> date | None:
    found = _UK.fullmatch(text)
    if found:
        day, month, year = (int(part) for part in found.groups())
        return date(year, month, day)
    found = _YEAR_FIRST.fullmatch(text)
    return date(*(int(part) for part in found.groups())) if found else None


def _in_words(text: str) -> PublishedDate | None:
    found = _IN_WORDS.fullmatch(text)
    if found:
        return date(int(found.group(3)), _month_number(found.group(2)), int(found.group(1)))
    found = _MONTH_IN_WORDS.fullmatch(text)
    return f"{found.group(2)}-{_month_number(found.group(1)):02}" if found else None


def _month_number(word: str) -> int:
    """1 to 12; raises ValueError for a word that is no month."""
    word = "sep" if word.casefold() == "sept" else word.casefold()
    numbers = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(word)]
    if len(word) < 3 or len(numbers) != 1:
        raise ValueError(word)
    return numbers[0]


def _partial(text: str) -> str | None:
    found = _MONTH.fullmatch(text)
    if found:
        year, month = found.group(1) or found.group(4), int(found.group(2) or found.group(3))
        return f"{date(int(year), month, 1):%Y-%m}"
    return text if _YEAR.fullmatch(text) else None


def _serial(text: str) -> date | None:
    """A day number of Excel, shown where the column was not formatted as dates."""
    found = _SERIAL.fullmatch(text)
    return _FIRST_OF_EXCEL + timedelta(days=int(found.group(1))) if found else None


def _in_range(found: PublishedDate) -> PublishedDate:
    shown = long_date(found) if isinstance(found, date) else found
    if not EARLIEST.year <= int(str(found)[:4]) <= LATEST.year:
        raise CellFault(
            f"{shown} is not between {EARLIEST.year} and {LATEST.year}. Enter the right date, or leave the cell empty."
        )
    return found


def _not_a_date(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "The year has two digits. Write it with four, like 31/03/2024."
    us = _UK.fullmatch(text)
    if us and int(us.group(2)) > 12 >= int(us.group(1)):
        return MONTH_FIRST
    return "This is not a date. Write it like 2024-03-31 or 31/03/2024, or leave the cell empty."


def months(raw: Any) -> int | None:
    """A whole number of months, 1 to 600; None where the cell is empty. Raises CellFault for anything else."""
    text = says(raw).casefold().removesuffix("months").removesuffix("month").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
        whole = number.is_finite() and 1 <= number <= MOST_MONTHS and number == int(number)
    except InvalidOperation:
        whole = False
    if not whole:
        raise CellFault("The duration is not a whole number of months, so it is left out.")
    return int(number)


def excel_error(raw: Any) -> str:
    """The error of Excel that a cell holds, like "#REF!"; empty for any other cell."""
    text = raw.strip().upper() if isinstance(raw, str) and "#" in raw else ""
    return text if text in _EXCEL_ERRORS else ""


def _insist_no_error(raw: Any) -> None:
    error = excel_error(raw)
    if error:
        raise ExcelError(
            f"The cell holds an Excel error ({error}). Put it right in Excel, or leave the cell empty."
        )


def _insist_no_formula(raw: Any) -> None:
    if isinstance(raw, Formula):
        raise CellFault(
            "The cell holds a formula whose result is not in the file. Open the file in Excel, save it and import it "
            "again, or type the value."
        )
