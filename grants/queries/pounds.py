"""Pounds in SQL that are the same on both databases: SQLite adds floating numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Expression, F, Func, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.rules.money import to_pence
from grants.models import PaymentKind

POUNDS = DecimalField(max_digits=16, decimal_places=2)
ZERO = Value(Decimal(0), output_field=POUNDS)


def signed_amount(line: str = "") -> Case:
    """Of a line of the ledger, reached by `line`: what went, or less what came back.

    A recovery that is undone went after all.
    """
    went = Q(**{f"{line}kind": PaymentKind.PAYMENT}) | Q(**{f"{line}reverses__kind": PaymentKind.RECOVERY})
    return Case(When(went, then=F(f"{line}amount")), default=-F(f"{line}amount"), output_field=POUNDS)


SIGNED_AMOUNT = signed_amount()


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


def total_of(rows: QuerySet[Any], what: Any) -> Coalesce:
    """The sum over a subquery's rows; nothing at all is zero pounds, since every row is recorded."""
    # Sum() would group the rows, of which there are few for each one around: for thousands it costs twice the time.
    summed = rows.order_by().values(total=Func(what, function="SUM", output_field=POUNDS))
    return Coalesce(Subquery(summed), ZERO, output_field=POUNDS)
