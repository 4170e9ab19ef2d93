"""What a database needs to be told outside the records: fresh statistics, and plain rows by the thousand."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import JSONField, Model

# Below the number of values that SQLite takes in one statement (32,766), for rows of up to 30 columns.
ROWS_IN_A_STATEMENT = 1000


def refresh_statistics() -> None:
    """After a bulk load: have the planner count again. With the counts of an empty table it picks plans a hundred
    times slower."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_cache_tables(*, using: str, **_: Any) -> None:
    """After a migration: make the tables of caches that are kept in the database, where they are missing."""
    call_command("createcachetable", database=using, verbosity=0)


def moment(at: datetime) -> Any:
    """A moment as the database stores it, for SQL of our own."""
    return connection.ops.adapt_datetimefield_value(at)


def insert_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, skip_known: bool = False
) -> list[int]:
    """Write plain rows, a thousand to a statement, and answer their ids in the same order.

    For tables without history whose rows come by the thousand: `bulk_create` takes five times as long, nearly all of it
    in Python. Every column that has no default in the database must be given; a moment is given by `moment`. With
    `skip_known` rows that a unique key knows are left out, and no ids are answered.
    """
    stream = iter(rows)
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    write = _from_json if connection.vendor == "postgresql" else _from_values
    quote = connection.ops.quote_name
    key = model._meta.pk.column or ""
    after = "ON CONFLICT DO NOTHING" if skip_known else f"RETURNING {quote(key)}"
    ids: list[int] = []
    with connection.cursor() as cursor:
        while batch := list(islice(stream, ROWS_IN_A_STATEMENT)):
            rest, parameters = write(fields, batch)
            names = ", ".join(quote(field.column) for field in fields)
            # Only names from the models are put into the text; values go as parameters.
            sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) {rest} {after}"
            cursor.execute(sql, parameters)
            if not skip_known:
                ids.extend(row[0] for row in cursor.fetchall())
    return ids


def _from_values(fields: list[Any], rows: list[Sequence[Any]]) -> tuple[str, list[Any]]:
    """A list of values: SQLite takes each as it is, JSON as text."""
    as_json = {place for place, field in enumerate(fields) if isinstance(field, JSONField)}
    values = [
        json.dumps(value) if place in as_json else value for row in rows for place, value in enumerate(row)
    ]
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"VALUES {', '.join([row] * len(rows))}", values


def _from_json(fields: list[Any], rows: list[Sequence[Any]]) -> tuple[str, list[Any]]:
    """All rows as one value, which PostgreSQL takes apart: to send thousands of values each on its own costs more."""
    quote = connection.ops.quote_name
    names = [field.column for field in fields]
    table = quote(fields[0].model._meta.db_table)
    document = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str)
    columns = ", ".join(map(quote, names))
    return f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)", [document]  # noqa: S608
