"""Grouped counts over a queryset with the calendar table joined: what the ORM has no relation for.

The queryset stays the one definition of which rows count. Around it stand a join for each date whose working-day number
is asked for, and one GROUP BY. Nothing that a person typed comes near the text of the query.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from core.models import CalendarDay

DAYS_BETWEEN = {
    "postgresql": "({end} - {start})",
    "sqlite": "CAST(julianday({end}) - julianday({start}) AS INTEGER)",
}


def days_between(start: str, end: str) -> str:
    """SQL for the calendar days from one date column to another."""
    return DAYS_BETWEEN[connection.vendor].format(start=start, end=end)


def number_of(column: str) -> str:
    """SQL for the working-day number of a date column that `grouped` joins to the calendar."""
    return f"{column}_day.number"


def grouped(
    rows: "QuerySet[Any]",
    *,
    by: Sequence[str],
    calendar: Sequence[str] = (),
    totals: Sequence[str] = ("COUNT(*)",),
) -> list[tuple[Any, ...]]:
    """The totals of each group, after what it is grouped by. One query.

    `rows` is the output of `values()`; `by` and `totals` are SQL over its columns (as `t.name`) and over
    `number_of(name)` for each name in `calendar`.
    """
    inner, params = rows.order_by().query.sql_with_params()
    table = CalendarDay._meta.db_table
    joins = " ".join(f"LEFT JOIN {table} {name}_day ON {name}_day.date = t.{name}" for name in calendar)
    group = f" GROUP BY {', '.join(str(place) for place in range(1, len(by) + 1))}" if by else ""
    sql = f"SELECT {', '.join([*by, *totals])} FROM ({inner}) t {joins}{group}"  # noqa: S608 names of columns only
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
