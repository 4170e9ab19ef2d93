"""What people do with flags. None of it clears one: only the rule does, when its condition no longer holds."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.errors import ActionRefused, StaleVersion
from core.models import User
from core.records import locked
from core.rules.dates import long_date
from grants.models import Flag, FlagEvent, FlagEventKind
from grants.operations.writing import words
from grants.permissions import insist


@transaction.atomic
def acknowledge_flag(
    *, flag: Flag, note: str = "", by: User, on: date, at: datetime, version: int | None = None
) -> FlagEvent:
    """Say that somebody has seen the flag and is on it."""
    flag = _held(flag, by)
    event = _event(flag, FlagEventKind.ACKNOWLEDGED, words(note, "note"), {}, by, on, at, version)
    if event.pk is None:
        flag.acknowledged_by, flag.acknowledged_on = by, on
        flag.save(update_fields=["acknowledged_by", "acknowledged_on"])
        event.save()
    return event


@transaction.atomic
def assign_flag(
    *, flag: Flag, owner: User, note: str = "", by: User, on: date, at: datetime, version: int | None = None
) -> FlagEvent:
    """Give the flag to an officer, who owns it from now on."""
    flag = _held(flag, by)
    if not owner.is_active or not owner.is_officer:
        raise ActionRefused("Choose an officer of the council who can sign in.", "owner")
    said = f"To {owner}. {words(note, 'note')}".strip()
    event = _event(flag, FlagEventKind.REASSIGNED, said, {"owner_id": owner.pk}, by, on, at, version)
    if event.pk is None:
        if flag.owner_id == owner.pk:
            raise ActionRefused(f"{owner} owns this flag already.", "owner")
        flag.owner = owner
        flag.save(update_fields=["owner"])
        event.save()
    return event


@transaction.atomic
def date_flag(
    *, flag: Flag, act_by: date, note: str = "", by: User, on: date, at: datetime, version: int | None = None
) -> FlagEvent:
    """Set the day by which its owner means to act."""
    flag = _held(flag, by)
    said = f"By {long_date(act_by)}. {words(note, 'note')}".strip()
    event = _event(flag, FlagEventKind.DATED, said, {"act_by": act_by.isoformat()}, by, on, at, version)
    if event.pk is None:
        if act_by < on:
            raise ActionRefused(f"{long_date(act_by)} has passed. Enter today or a later day.", "act_by")
        flag.act_by = act_by
        flag.save(update_fields=["act_by"])
        event.save()
    return event


@transaction.atomic
def note_flag(*, flag: Flag, note: str, by: User, on: date, at: datetime) -> FlagEvent:
    """Add a note to the flag."""
    flag = _held(flag, by)
    note = words(note, "note", missing="Write the note.")
    event = _event(flag, FlagEventKind.NOTED, note, {}, by, on, at)
    if event.pk is None:
        event.save()
    return event


@transaction.atomic
def snooze_flag(
    *, flag: Flag, reason: str, by: User, on: date, at: datetime, version: int | None = None
) -> FlagEvent:
    """Put the flag aside, with a reason, until its level rises."""
    flag = _held(flag, by)
    reason = words(reason, "reason", missing="Say why this can wait.")
    event = _event(flag, FlagEventKind.SNOOZED, reason, {"rank": flag.rank}, by, on, at, version)
    if event.pk is None:
        if flag.is_snoozed:
            raise ActionRefused("This flag is snoozed already. It returns when its level rises.")
        flag.snoozed_by, flag.snoozed_on, flag.snoozed_rank = by, on, flag.rank
        flag.save(update_fields=["snoozed_by", "snoozed_on", "snoozed_rank"])
        event.save()
    return event


@transaction.atomic
def wake_flag(
    *, flag: Flag, reason: str, by: User, on: date, at: datetime, version: int | None = None
) -> FlagEvent:
    """End a snooze before its level rises, with a reason."""
    flag = _held(flag, by)
    reason = words(reason, "reason", missing="Say why this cannot wait.")
    event = _event(flag, FlagEventKind.WOKEN, reason, {}, by, on, at, version)
    if event.pk is None:
        if not flag.is_snoozed:
            raise ActionRefused("This flag is not snoozed: it is in the lists already.")
        flag.snoozed_by = flag.snoozed_on = flag.snoozed_rank = None
        flag.save(update_fields=["snoozed_by", "snoozed_on", "snoozed_rank"])
        event.save()
    return event


def _held(flag: Flag, by: User) -> Flag:
    insist(by, "grants.work_flags")
    fresh: Flag = locked(Flag.objects, pk=flag.pk)
    if fresh.cleared_on is not None:
        raise ActionRefused(
            f"This flag cleared on {long_date(fresh.cleared_on)}: there is nothing left to do."
        )
    return fresh


def version_of(flag: Flag) -> int:
    """What a form of the flag was opened on: its last event. Each event is an act, so none is done unseen."""
    return flag.events.order_by("-at", "-pk").values_list("pk", flat=True).first() or 0


def _event(
    flag: Flag,
    kind: FlagEventKind,
    note: str,
    facts: dict[str, Any],
    by: User,
    on: date,
    at: datetime,
    version: int | None = None,
) -> FlagEvent:
    """A new event, not yet saved; or the flag's last one, where that is the same act sent twice.

    Refuses where something has happened to the flag since the form was opened.
    """
    last = flag.events.order_by("-at", "-pk").first()
    if last is not None and (last.kind, last.by_id, last.on, last.note, last.facts) == (
        kind,
        by.pk,
        on,
        note,
        facts,
    ):
        return last
    if version is not None and version != (last.pk if last else 0):
        raise StaleVersion
    return FlagEvent(flag=flag, kind=kind, on=on, at=at, by=by, level=flag.level, facts=facts, note=note)
