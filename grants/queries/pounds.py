"""Pounds in SQL that are exact on both databases: SQLite keeps them as floating numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, DecimalField, Expression, F, Func
from django.db.models.functions import Cast, Round

from core.rules.money import to_pence

POUNDS = DecimalField(max_digits=16, decimal_places=2)


class Pounds(Func):
    """A sum of pounds, read to the penny: 4500.10, not 4500.10000000000."""

    template = "%(expressions)s"
    arity = 1
    output_field = POUNDS

    @property
    def convert_value(self) -> Callable[..., Decimal | None]:
        """To two places, whatever the database gave."""
        return _read


def _read(value: Any, expression: Expression, connection: Any) -> Decimal | None:
    return None if value is None else to_pence(Decimal(value))


def in_pence(column: str) -> Cast:
    """A column of pounds in whole pence: they add up to nothing where nothing is left."""
    return Cast(Round(F(column) * 100), BigIntegerField())
