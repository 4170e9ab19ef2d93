"""How operations write: with the actor and the reason in the history, the version moved, repeats recognised."""

from collections.abc import Iterable
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
    _sign(record, by, reason)
    record.save()


def remove(record: Model, *, by: User, reason: str) -> None:
    """Delete a record; who, why and what it was stay in its history."""
    _sign(record, by, reason)
    record.delete()


def _sign(record: Model, by: User, reason: str) -> None:
    record._history_user = by  # type: ignore[attr-defined]
    record._change_reason = reason  # type: ignore[attr-defined]


def names_in_words(what: str, now: Iterable[str], before: Iterable[str]) -> str:
    """For a reason: a list of names, and the one whose place it takes. Lists of names have no history of their own."""
    new, old = (" and ".join(sorted(names)) or "not known" for names in (now, before))
    return f"{what}: {new}, before: {old}"


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
