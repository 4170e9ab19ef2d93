"""What every operation of this app begins with: hold the grant, know a repeat, look at dates and words."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from core.errors import ActionRefused
from core.models import Recorded, User
from core.records import insist_on_version, locked
from core.rules.dates import long_date
from core.rules.free_text import examine
from grants.models import Grant
from grants.permissions import insist

M = TypeVar("M", bound=Model)

USED_FORM = "This form was sent before, with other entries. Open it again to record something new."


def held(grant: Grant, by: User, permission: str) -> Grant:
    """The grant as it stands, its row locked to the end of the transaction; refuses who may not do the named thing."""
    fresh: Grant = locked(Grant.objects.select_related("fund"), pk=grant.pk)
    insist(by, permission, fresh)
    return fresh


def insist_it_runs(grant: Grant) -> None:
    """Refuse for a grant that was withdrawn or closed."""
    for ended_on, word in ((grant.withdrawn_on, "withdrawn"), (grant.closed_on, "closed")):
        if ended_on is not None:
            raise ActionRefused(
                f"This grant was {word} on {long_date(ended_on)}: nothing more is recorded on it."
            )


def repeated(model: type[M], request_key: uuid.UUID | None, **written: Any) -> M | None:
    """The record that the same form made before, if it was sent twice, however much the record was changed since.

    Refuses when the key was used for something else: what was typed the second time must not get lost in silence.
    """
    if request_key is None:
        return None
    line = _line_of(model, request_key)
    if line is None:
        return None
    if _says_otherwise(line, written):
        raise ActionRefused(USED_FORM)
    return model._default_manager.get(pk=line.id)


def _says_otherwise(line: Any, written: Mapping[str, Any]) -> bool:
    return any(getattr(line, name) != value for name, value in written.items())


def _line_of(model: type[Model], request_key: uuid.UUID) -> Any:
    """The first line of history that a form with this key wrote, or None.

    The record itself keeps only the key of the form that changed it last.
    """
    return model.history.filter(request_key=request_key).order_by("history_id").first()  # type: ignore[attr-defined]


def edited_before(
    record: Recorded, request_key: uuid.UUID | None, version: int | None, **written: Any
) -> bool:
    """Whether the same form has changed this record already; if not, stamps its key and refuses a stale version.

    `written` is what the form says of the record's fields. Refuses when the form was sent before with other entries:
    what was typed the second time must not get lost in silence.
    """
    line = None if request_key is None else _line_of(type(record), request_key)
    if line is not None:
        if line.id != record.pk or _says_otherwise(line, written):
            raise ActionRefused(USED_FORM)
        return True
    insist_on_version(record, version)
    if request_key is not None:
        record.request_key = request_key
    return False


def insist_not_future(day: date | None, on: date, field: str) -> None:
    """Refuse a date after today: only what has happened is recorded."""
    if day is not None and day > on:
        raise ActionRefused(f"{long_date(day)} is in the future. Enter today or a date before.", field)


def insist_not_before(day: date | None, earliest: date | None, field: str, what: str) -> None:
    """Refuse a date before another; `what` says in words what happened on the earlier one."""
    if day is not None and earliest is not None and day < earliest:
        raise ActionRefused(f"{long_date(day)} is before {long_date(earliest)}, when {what}.", field)


def words(text: str, field: str, *, missing: str = "") -> str:
    """The text without spaces around it; refuses one that names a person, and an empty one with `missing`."""
    text = text.strip()
    if missing and not text:
        raise ActionRefused(missing, field)
    refusals = examine(text).refusals
    if refusals:
        raise ActionRefused(" ".join(refusals), field)
    return text
