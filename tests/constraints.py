"""What a table of constraint cases is made of: a row, changes that the database accepts, changes that it refuses.

Changes go through QuerySet.update, so that nothing but the database stands in their way. A callable gets the row.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from django.db import connection, transaction
from django.db.models import BaseConstraint, Field, Model, UniqueConstraint
from django.db.utils import IntegrityError

Changes: TypeAlias = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]


class Case(NamedTuple):
    """One constraint by name: `row` makes a row that keeps it."""

    name: str
    row: Callable[[], Model]
    accepted: Sequence[Changes]
    refused: Sequence[Changes]


def attempt(row: Model, changes: Changes) -> str:
    """The database's words when it refuses the changes, empty when it takes them; the row stays as it was."""
    try:
        with transaction.atomic():
            values = changes(row) if callable(changes) else changes
            assert type(row)._base_manager.filter(pk=row.pk).update(**values) == 1
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error)
    return ""


def named_in(message: str, constraint: BaseConstraint, model: type[Model]) -> bool:
    """Whether a refusal names this constraint. SQLite names a unique index on plain columns by its columns."""
    if f"{constraint.name}" in message.replace('"', " ").replace("'", " ").split():
        return True
    if connection.vendor == "sqlite" and isinstance(constraint, UniqueConstraint) and constraint.fields:
        columns = [cast("Field[Any, Any]", model._meta.get_field(name)).column for name in constraint.fields]
        table = model._meta.db_table
        return message == f"UNIQUE constraint failed: {', '.join(f'{table}.{column}' for column in columns)}"
    return False
