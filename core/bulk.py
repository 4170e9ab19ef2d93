"""Records by the hundred: written as plain rows, with who and why in their history.

Django's own bulk calls spend most of their time in Python, and django-simple-history makes every record a second time:
here the database copies the rows into the history itself.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from core.database import ROWS_IN_A_STATEMENT, insert_rows, moment, update_rows
from core.models.users import User

# What both databases take as it is. Anything else goes through its field.
PLAIN = frozenset({type(None), str, int, bool, Decimal, date})


def insert_with_history(records: Sequence[Model], *, by: User, reason: str) -> None:
    """Write new records of one table, give them their keys, and begin their history."""
    if not records:
        return
    with transaction.atomic(savepoint=False):
        _insert(records)
        _into_history(records, "+", by, reason)


def update_with_history(records: Sequence[Model], names: Iterable[str], *, by: User, reason: str) -> None:
    """Write the named fields of records that stand, with a row in the history of each.

    The caller holds the records: the history is what the table holds then, in every column.
    """
    if not records:
        return
    fields: list[Any] = [records[0]._meta.get_field(name) for name in names]
    with transaction.atomic(savepoint=False):
        update_rows(
            type(records[0]),
            [field.name for field in fields],
            ((record.pk, *_values(record, fields)) for record in records),
        )
        _into_history(records, "~", by, reason)


def _insert(records: Sequence[Model]) -> None:
    meta = records[0]._meta
    fields: list[Any] = [f for f in meta.concrete_fields if not f.generated and not f.primary_key]
    ids = insert_rows(
        type(records[0]), [field.name for field in fields], (_values(record, fields) for record in records)
    )
    for record, pk in zip(records, ids, strict=True):
        record.pk = pk
        record._state.adding = False


def _values(record: Model, fields: Sequence[Any]) -> list[Any]:
    values = [getattr(record, field.attname) for field in fields]
    return [
        value if type(value) in PLAIN else field.get_db_prep_save(value, connection)
        for value, field in zip(values, fields, strict=True)
    ]


def _into_history(records: Sequence[Model], kind: str, by: User, reason: str) -> None:
    """One row for each record, as it now stands: copied inside the database."""
    model: Any = type(records[0])
    history = model.history.model
    quote = connection.ops.quote_name
    kept = ", ".join(quote(field.column) for field in history.tracked_fields)
    about = "history_date, history_user_id, history_change_reason, history_type"
    at = moment(timezone.now())  # noqa: TID251 the history asks the clock for single records too
    stream = iter(records)
    with connection.cursor() as cursor:
        while batch := [record.pk for record in islice(stream, ROWS_IN_A_STATEMENT)]:
            cursor.execute(
                # Only names from the models are put into the text; values go as parameters.
                f"INSERT INTO {quote(history._meta.db_table)} ({kept}, {about}) "  # noqa: S608
                f"SELECT {kept}, %s, %s, %s, %s FROM {quote(model._meta.db_table)} "
                f"WHERE {quote(model._meta.pk.column)} IN ({', '.join(['%s'] * len(batch))}) "
                f"ORDER BY {quote(model._meta.pk.column)}",
                [at, by.pk, reason, kind, *batch],
            )
