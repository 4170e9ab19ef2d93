"""What Excel shows beside a number: a cell of 0.5 that is shown as 50%, or of 1000 shown as €1,000, is no pounds.

Only what changes the meaning counts. How many places are shown, and in which language, does not.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

POUNDS = frozenset({"", "£", "GBP"})
# The built-in formats with a currency show the one of whoever opens the workbook, here pounds.
OWN_CURRENCY = frozenset({5, 6, 7, 8, 37, 38, 39, 40, 41, 42, 43, 44})
LONGEST_FORMAT = 255  # in Excel

_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|(?P<code>.)',
    re.DOTALL,
)
_OTHER_MONEY = re.compile(r"[$€¥]|\b(?:USD|EUR|CHF|AUD|CAD)\b", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    r"(?:^|[^a-z0-9])(?:k|m|mn|bn|thousands?|millions?|billions?|000s?)(?![a-z0-9])", re.IGNORECASE
)
_SCALED = re.compile(r"[0#?],+(?![0#?,])")  # "0.0,," shows millions of a number in pounds


class ShownAs(NamedTuple):
    """What stands before and after a number, and by how much it is multiplied to be shown."""

    before: str
    after: str
    times: int

    def text(self, number: float) -> str:
        """The cell as a person reads it, with all its digits."""
        shown = f"{Decimal(repr(number)) * self.times:f}"
        plain = shown.rstrip("0").rstrip(".") if "." in shown else shown
        return f"{self.before}{plain}{self.after}".strip()


def other_meanings(book: Any) -> Mapping[int, ShownAs]:
    """The styles of an open workbook in which a number means something else than it says, by their place."""
    found = {}
    for place, style in enumerate(book._cell_styles):
        shown = _meaning(_format(book, style.numFmtId))
        if shown is not None:
            found[place] = shown
    return found


def _format(book: Any, number: int) -> str:
    if number in OWN_CURRENCY:
        return ""
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return str(BUILTIN_FORMATS.get(number, ""))
    at = number - BUILTIN_FORMATS_MAX_SIZE
    return str(book._number_formats[at]) if at < len(book._number_formats) else ""


@lru_cache(maxsize=1_000)
def _meaning(code: str) -> ShownAs | None:
    """What the format of a number above zero makes of it; None where the number means what it says."""
    beside, codes, money = ["", ""], "", ""
    for part in _PART.finditer(code[:LONGEST_FORMAT]):
        letter = part["code"] or ""
        if letter == ";":
            break
        codes += letter
        money += part["currency"] or ""
        shown = part["quoted"] or part["escaped"] or part["currency"] or (letter if letter in "%$€¥£" else "")
        beside[any(digit in codes for digit in "0#?")] += shown
    before, after = beside
    if "%" in before + after:
        return ShownAs(before, after, 100 if "%" in codes else 1)
    is_other_money = money.strip().upper() not in POUNDS or _OTHER_MONEY.search(f"{before} {after}")
    is_other_unit = _OTHER_UNIT.search(f"{before} {after}") and not _SCALED.search(codes)
    return ShownAs(before, after, 1) if is_other_money or is_other_unit else None
