"""How operations write: with the actor and the reason in the history, the version moved, repeats recognised."""

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from core.errors import ActionRefused, StaleVersion
from core.models.base import Recorded
from core.models.users import User

R = TypeVar("R", bound=Recorded)


def write(record: Model, *, by: User, reason: str) -> None:
    """Save a record with who and why in its history; a `Recorded` that stood already moves to its next version."""
    if isinstance(record, Recorded) and not record._state.adding:
        record.version += 1
    record._history_user = by  # type: ignore[attr-defined]
    record._change_reason = reason  # type: ignore[attr-defined]
    record.save()


def insist_on_version(record: Recorded, version: int | None) -> None:
    """Refuse when the record moved on since the form was opened; None means the caller holds the lock itself."""
    if version is not None and record.version != version:
        raise StaleVersion


def locked(queryset: Any, **lookup: Any) -> Any:
    """One row of a queryset, locked until the transaction ends; a clear refusal when it is not there.

    On SQLite the IMMEDIATE transaction itself is the lock.
    """
    try:
        return queryset.select_for_update(of=("self",)).get(**lookup)
    except ObjectDoesNotExist:
        raise ActionRefused(
            "This record does not exist any more. Go back to the list and open it again."
        ) from None
