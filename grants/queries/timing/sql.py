"""Many rows as columns of numbers, and grouped counts: what the ORM has no words for.

The queryset stays the one definition of which rows count; around it stands one SELECT, and nothing that a person typed
comes near its text. The database writes each column as one text of numbers: so a hundred thousand rows come over
several times as fast as row by row, and take as many bytes as they have digits.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Case, Func, Q, QuerySet, Value, When
from django.db.models.sql.compiler import SQLCompiler
from numpy.typing import NDArray

from grants.rules.clocks import NOT_KNOWN
from grants.rules.timing import Ints

DAYS_BETWEEN = {
    "postgresql": "({end} - {start})",
    "sqlite": "CAST(julianday({end}) - julianday({start}) AS INTEGER)",
}
JOINED = {
    "postgresql": "string_agg(COALESCE({number}, {none})::text, ',')",
    "sqlite": "group_concat(COALESCE({number}, {none}))",
}
LINES = {"postgresql": "string_agg({text}, chr(10))", "sqlite": "group_concat({text}, char(10))"}
DAY_0 = {"postgresql": "DATE '1970-01-01'", "sqlite": "'1970-01-01'"}


def days_between(start: str, end: str) -> str:
    """SQL for the calendar days from one date to another."""
    return DAYS_BETWEEN[connection.vendor].format(start=start, end=end)


def columns(
    rows: "QuerySet[Any]",
    *,
    numbers: Iterable[str] = (),
    dates: Iterable[str] = (),
    pounds: Iterable[str] = (),
    words: Iterable[str] = (),
) -> dict[str, NDArray[Any]]:
    """The named columns of a queryset, each as an array, in order of the key: one query.

    Whole numbers as they are, dates as days since 1970, pounds in pence, each NOT_KNOWN where null; `words` are texts
    of one line that are never null.
    """
    vendor = connection.vendor
    sql = {name: f"t.{name}" for name in numbers}
    sql |= {name: days_between(DAY_0[vendor], f"t.{name}") for name in dates}
    sql |= {name: f"CAST(ROUND(t.{name} * 100) AS BIGINT)" for name in pounds}
    joined = {name: JOINED[vendor].format(number=one, none=NOT_KNOWN) for name, one in sql.items()}
    joined |= {name: LINES[vendor].format(text=f"t.{name}") for name in words}
    texts = zip(joined, _select(rows.order_by("pk").values(*joined), list(joined.values()))[0], strict=True)
    return {name: _numbers(text) if name in sql else _words(text) for name, text in texts}


def _numbers(text: str | None) -> Ints:
    return np.fromstring(text or "", dtype=np.int64, sep=",")


def _words(text: str | None) -> NDArray[Any]:
    return np.array(text.split("\n") if text else [], dtype=np.object_)


def grouped(rows: "QuerySet[Any]", *, by: Sequence[str]) -> list[tuple[Any, ...]]:
    """What the rows are grouped by, SQL over the columns of `values()` (as `t.name`), and how many: one query."""
    group = f" GROUP BY {', '.join(str(place) for place in range(1, len(by) + 1))}"
    return _select(rows.order_by(), [*by, "COUNT(*)"], group)


def _select(rows: "QuerySet[Any]", chosen: Sequence[str], group: str = "") -> list[tuple[Any, ...]]:
    inner, params = rows.query.sql_with_params()
    sql = f"SELECT {', '.join(chosen)} FROM ({inner}) t{group}"  # noqa: S608 names of columns only
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


class InOrder(Func):
    """A column as it is, by which no index is searched: for conditions that many rows of a table meet.

    SQLite, which keeps no count of values, would fetch each such row from somewhere else in the table.
    """

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        """A plus sign, which changes nothing but that."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


def number(value: int) -> Value:
    """A whole number as a column."""
    return Value(value, output_field=BigIntegerField())


def flag(condition: Q) -> Case:
    """1 where a condition holds, otherwise 0: also where it is null."""
    return Case(When(condition, then=number(1)), default=number(0))
