"""The small table of one flag: how the pounds that may go back add up."""

from decimal import Decimal
from typing import NamedTuple

import django_tables2 as tables2

from core.web.tables import MoneyColumn, Table


class Part(NamedTuple):
    """One line of a sum: what it is, and its pounds with their sign."""

    what: str
    pounds: Decimal


class RiskTable(Table):
    """What is available, less and plus, to what may go back."""

    caption = "How the money that may go back adds up"
    is_small = True
    row_header = "what"

    what = tables2.Column("What")
    pounds = MoneyColumn("Pounds")
