"""A number that Excel shows as something else than pounds is judged by what is shown, as in a CSV."""

from decimal import Decimal
from typing import Any

import pytest

from grants.rules.import_rows import GrantRow, RefusedRow
from tests.grants.imports.lists import TITLES, as_workbook, cells, read

AMOUNT = list(TITLES).index("amount") + 1
NOT_POUNDS = "The amount is not in pounds sterling."
NO_AMOUNT = "This is not an amount."

OTHERS = [
    ("0%", 0.5, "50%", NO_AMOUNT),
    ("0.00%", 0.07, "7%", NO_AMOUNT),
    ('0"%"', 50, "50%", NO_AMOUNT),
    ("[$€-2] #,##0.00", 1000, "€1000", NOT_POUNDS),
    ("[$$-409]#,##0.00", 1000.5, "$1000.5", NOT_POUNDS),
    ("_-[$$-409]* #,##0.00_-;-[$$-409]* #,##0.00_-", 1000, "$1000", NOT_POUNDS),
    ('#,##0 "EUR"', 1000, "1000EUR", NO_AMOUNT),
    ("[$kr-41D] #,##0", 1000, "kr1000", NO_AMOUNT),
    ('"£"0.0"m"', 1.2, "£1.2m", NO_AMOUNT),
]
POUNDS = [
    "General",
    "0.00",
    "@",
    "[$£-809]#,##0.00",
    "_-[$£-809]* #,##0.00_-",
    '"£"#,##0.00',
    "[$GBP] #,##0",
    "[$-809]#,##0",
    "[Red]#,##0;-0%",
    '"$"#,##0_);("$"#,##0)',  # built in: Excel shows the currency of whoever opens it
    '0.0,,"m"',  # shows millions of a number in pounds
    '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
]


def formatted(number_format: str, amount: Any, *, formula: bool = False) -> GrantRow | RefusedRow:
    """The one row of a workbook whose amount has a number format."""

    def change(book: Any) -> None:
        book.active.cell(row=2, column=AMOUNT).number_format = number_format
        if formula:
            book.active["A9"] = "=1+1"

    (row,) = read(as_workbook([cells(amount=amount)], change=change))[:1]
    return row


@pytest.mark.parametrize(("number_format", "amount", "shown", "words"), OTHERS)
@pytest.mark.parametrize("formula", [False, True])
def test_another_meaning_is_refused(
    number_format: str, amount: float, shown: str, words: str, formula: bool
) -> None:
    row = formatted(number_format, amount, formula=formula)
    assert isinstance(row, RefusedRow), row
    assert (row.column, row.value) == ("Amount Awarded", shown)
    assert row.message.startswith(words)


@pytest.mark.parametrize("number_format", POUNDS)
def test_pounds_in_any_dress_are_taken(number_format: str) -> None:
    row = formatted(number_format, 1_250.5)
    assert isinstance(row, GrantRow), row
    assert row.amount_awarded == Decimal("1250.50")


def test_other_cells_of_such_a_workbook_stay_as_they_are() -> None:
    def change(book: Any) -> None:
        book.active.cell(row=3, column=AMOUNT).number_format = "0%"

    plain = read(as_workbook([cells(), cells(id="2")]))
    first, second = read(as_workbook([cells(), cells(id="2", amount=0.5)], change=change))
    assert isinstance(first, GrantRow)
    assert isinstance(plain[0], GrantRow)
    assert first.fingerprint() == plain[0].fingerprint()
    assert isinstance(second, RefusedRow)
