"""Pounds in SQL that are the same on both databases: SQLite adds floating numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Expression, Func

from core.rules.money import to_pence

POUNDS = DecimalField(max_digits=16, decimal_places=2)


class Pounds(Func):
    """A sum of pounds to the penny: 4500.10, not 4500.10000000000, and nothing where nothing is left."""

    template = "ROUND(%(expressions)s, 2)"
    arity = 1
    output_field = POUNDS

    @property
    def convert_value(self) -> Callable[..., Decimal | None]:
        """To two places, whatever the database gave."""
        return _read


def _read(value: Any, expression: Expression, connection: Any) -> Decimal | None:
    return None if value is None else to_pence(Decimal(value))
