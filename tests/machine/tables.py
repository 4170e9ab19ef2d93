"""Every row of every table before and after a step, and what lies between: what was written, not what was meant."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection

from core.models import Recorded

Row = dict[str, Any]
Tables = dict[str, dict[int, Row]]

APPS = ("core", "providers", "grants")
# Thousands of rows made from the closure days: they follow from what is looked at.
NOT_LOOKED_AT = {"core_calendarday", "core_calendaredition", "core_cache"}


class Change(NamedTuple):
    """One row that a step wrote; `before` is None for a new one, `after` for one that is gone."""

    table: str
    pk: int
    before: Row | None
    after: Row | None


class Kept(NamedTuple):
    """A table with history: where its history is, and whether its rows have a version."""

    history: str
    versioned: bool


@cache
def looked_at() -> tuple[str, ...]:
    """The tables of the product."""
    names = connection.introspection.django_table_names()
    return tuple(sorted(n for n in names if n.split("_")[0] in APPS and n not in NOT_LOOKED_AT))


@cache
def with_history() -> dict[str, Kept]:
    """Tables whose rows keep who changed them and why."""
    return {
        model._meta.db_table: Kept(model.history.model._meta.db_table, issubclass(model, Recorded))
        for model in apps.get_models()
        if hasattr(model, "history") and model._meta.app_label in APPS
    }


def read_tables() -> Tables:
    """Every row there is, as the database gives it."""
    with connection.cursor() as cursor:
        return {name: _rows(cursor, name) for name in looked_at()}


def _rows(cursor: Any, table: str) -> dict[int, Row]:
    cursor.execute(f'select * from "{table}"')  # noqa: S608 - names of our own tables
    columns = [column[0] for column in cursor.description]
    key = "history_id" if "history_id" in columns else "id"
    rows = (dict(zip(columns, values, strict=True)) for values in cursor.fetchall())
    return {row[key]: row for row in rows}


def changes(before: Tables, after: Tables) -> Iterator[Change]:
    """What lies between two readings."""
    for table in looked_at():
        old, new = before[table], after[table]
        for pk in old.keys() | new.keys():
            if old.get(pk) != new.get(pk):
                yield Change(table, pk, old.get(pk), new.get(pk))
