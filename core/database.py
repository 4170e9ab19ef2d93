"""What a database needs to be told outside the records: fresh statistics, and plain rows by the thousand."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import RawSQL

ROWS_IN_A_STATEMENT = 1000
VALUES_IN_A_STATEMENT = 32_000  # SQLite takes 32,766


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


def one_of(keys: Sequence[int]) -> RawSQL:
    """Keys by the ten thousand for `pk__in`, as one value: each on its own takes several times as long."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(CAST(%s AS bigint[]))", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(keys))])


def insert_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, skip_known: bool = False
) -> list[int]:
    """Write plain rows, at most a thousand to a statement, and answer their ids in the same order.

    `bulk_create` takes five times as long, nearly all of it in Python. Every column that has no default in the database
    must be given; a moment is given by `moment`. With `skip_known` rows that a unique key knows are left out, and no
    ids are answered. Nothing of it enters a history: see core.bulk.
    """
    stream = iter(rows)
    most = min(ROWS_IN_A_STATEMENT, VALUES_IN_A_STATEMENT // len(columns))
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    write = _from_json if connection.vendor == "postgresql" else _from_values
    quote = connection.ops.quote_name
    key = model._meta.pk.column or ""
    after = "ON CONFLICT DO NOTHING" if skip_known else f"RETURNING {quote(key)}"
    ids: list[int] = []
    with connection.cursor() as cursor:
        while batch := list(islice(stream, most)):
            rest, parameters = write(fields, batch)
            names = ", ".join(quote(field.column) for field in fields)
            # Only names from the models are put into the text; values go as parameters.
            sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) {rest} {after}"
            cursor.execute(sql, parameters)
            if not skip_known:
                ids.extend(row[0] for row in cursor.fetchall())
    return ids


def update_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the columns of rows that stand again; each row is given as its key, then its values.

    Nothing of it enters a history: see core.bulk.
    """
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in columns)]
    write = _update_from_json if connection.vendor == "postgresql" else _update_one_by_one
    stream = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(stream, ROWS_IN_A_STATEMENT)):
            write(cursor, fields, batch)


def _update_one_by_one(cursor: Any, fields: list[Any], rows: list[Sequence[Any]]) -> None:
    """One prepared statement, run for each row inside SQLite: `bulk_update` sends a chain of CASE WHEN as long as the
    batch for every column, and takes several times as long."""
    quote = connection.ops.quote_name
    key, *names = (quote(field.column) for field in fields)
    sets = ", ".join(f"{name} = %s" for name in names)
    sql = f"UPDATE {quote(fields[0].model._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608
    cursor.executemany(sql, [(*values, pk) for pk, *values in _as_values(fields, rows)])


def _update_from_json(cursor: Any, fields: list[Any], rows: list[Sequence[Any]]) -> None:
    """All rows as one value, joined to the table."""
    quote = connection.ops.quote_name
    key, *names = (quote(field.column) for field in fields)
    table = quote(fields[0].model._meta.db_table)
    sets = ", ".join(f"{name} = new.{name}" for name in names)
    cursor.execute(
        f"UPDATE {table} SET {sets} "  # noqa: S608
        f"FROM json_populate_recordset(NULL::{table}, %s::json) AS new WHERE {table}.{key} = new.{key}",
        [_as_json(fields, rows)],
    )


def _as_values(fields: list[Any], rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
    """SQLite takes each value as it is, JSON as text."""
    as_json = {place for place, field in enumerate(fields) if isinstance(field, JSONField)}
    if not as_json:
        return rows
    return [
        [json.dumps(value) if place in as_json else value for place, value in enumerate(row)] for row in rows
    ]


def _as_json(fields: list[Any], rows: list[Sequence[Any]]) -> str:
    """To send thousands of values each on its own costs more than to have PostgreSQL take one apart.

    Row by row: put together all at once, they take several megabytes more.
    """
    names = [field.column for field in fields]
    return f"[{','.join(json.dumps(dict(zip(names, row, strict=True)), default=str) for row in rows)}]"


def _from_values(fields: list[Any], rows: list[Sequence[Any]]) -> tuple[str, list[Any]]:
    """A list of values."""
    row = f"({', '.join(['%s'] * len(fields))})"
    return f"VALUES {', '.join([row] * len(rows))}", list(chain.from_iterable(_as_values(fields, rows)))


def _from_json(fields: list[Any], rows: list[Sequence[Any]]) -> tuple[str, list[Any]]:
    """All rows as one value."""
    quote = connection.ops.quote_name
    table = quote(fields[0].model._meta.db_table)
    columns = ", ".join(quote(field.column) for field in fields)
    document = _as_json(fields, rows)
    return f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)", [document]  # noqa: S608
