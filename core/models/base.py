"""The base of every record that people write, and the two shapes of database check that keep paired facts paired."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class Recorded(models.Model):
    """A record written by an operation: safe to repeat (`request_key`) and safe from lost updates (`version`)."""

    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


def all_or_none(*fields: str) -> Q:
    """A check that the named columns are all set or all null."""
    return Q(**{f"{name}__isnull": True for name in fields}) | Q(
        **{f"{name}__isnull": False for name in fields}
    )


def exactly_one(*fields: str) -> Q:
    """A check that one, and only one, of the named columns is set."""

    def only(chosen: str) -> Q:
        return Q(**{f"{name}__isnull": name != chosen for name in fields})

    return reduce(or_, (only(name) for name in fields))


def is_unknown(field: str) -> models.ExpressionWrapper:
    """Whether a column is null, as something to sort by: false comes first."""
    return models.ExpressionWrapper(Q(**{f"{field}__isnull": True}), output_field=models.BooleanField())


def sorted_either_way(field: str, *, name: str) -> list[models.Index]:
    """The two indexes of a list that is sorted by a column which may be null: what is not known comes last in both."""
    return [
        models.Index(is_unknown(field), F(field).asc(), F("id").asc(), name=f"{name}_up"),
        models.Index(is_unknown(field), F(field).desc(), F("id").asc(), name=f"{name}_down"),
    ]


def money_field(**options: Any) -> "models.DecimalField[Any, Any]":
    """Pounds sterling, two places."""
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


def history(**options: Any) -> HistoricalRecords:
    """Who changed what, when and why, for one table."""
    return HistoricalRecords(history_change_reason_field=models.TextField(null=True), **options)
