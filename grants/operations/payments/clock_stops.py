"""The stretches in which the council waits for the provider or the funder."""

import uuid
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from core.errors import ActionRefused
from core.models import User
from core.records import locked, write
from core.rules.dates import long_date
from grants.models import ClockStop, Grant
from grants.models.payments import WaitingOn
from grants.operations.writing import (
    edited_before,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
    repeated,
    words,
)


@transaction.atomic
def start_clock_stop(
    *,
    grant: Grant,
    waiting_on: str,
    reason: str,
    started_on: date,
    ended_on: date | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
) -> ClockStop:
    """Record that the council waits; `ended_on`, the first day it no longer waits, when that has come already."""
    grant = held(grant, by, "grants.stop_clock")
    written = {"waiting_on": waiting_on, "reason": reason.strip(), "started_on": started_on}
    before = repeated(ClockStop, request_key, grant_id=grant.pk, ended_on=ended_on, **written)
    if before is not None:
        return before
    insist_it_runs(grant)
    reason = words(reason, "reason", missing="Say what the council is waiting for.")
    _insist_start(grant, started_on, on)
    _insist_end(started_on, ended_on, on)
    if ended_on is None:
        _insist_no_other_open(grant.clock_stops.all(), waiting_on)
    stop = ClockStop(
        grant=grant,
        waiting_on=waiting_on,
        reason=reason,
        started_on=started_on,
        ended_on=ended_on,
        request_key=request_key,
    )
    write(stop, by=by, reason=reason)
    return stop


@transaction.atomic
def end_clock_stop(
    *,
    stop: ClockStop,
    ended_on: date,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> ClockStop:
    """Record that the council has what it waited for; the day itself counts as the council's again."""
    held(stop.grant, by, "grants.stop_clock")
    stop = locked(ClockStop.objects, pk=stop.pk)
    if edited_before(stop, request_key, version, ended_on=ended_on):
        return stop
    if stop.ended_on is not None:
        raise ActionRefused(f"This clock stop ended on {long_date(stop.ended_on)} already.")
    _insist_end(stop.started_on, ended_on, on)
    stop.ended_on = ended_on
    write(stop, by=by, reason=f"Clock stop ended: {stop.reason}")
    return stop


@transaction.atomic
def correct_clock_stop(
    *,
    stop: ClockStop,
    waiting_on: str,
    reason: str,
    started_on: date,
    ended_on: date | None,
    why: str,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> ClockStop:
    """Put right what was recorded of a stop: without an end it is open, without a length it counts nothing."""
    grant = held(stop.grant, by, "grants.stop_clock")
    stop = locked(ClockStop.objects, pk=stop.pk)
    entries = {
        "waiting_on": waiting_on,
        "reason": reason.strip(),
        "started_on": started_on,
        "ended_on": ended_on,
    }
    if edited_before(stop, request_key, version, **entries, history_change_reason=why.strip()):
        return stop
    entries["reason"] = words(reason, "reason", missing="Say what the council was waiting for.")
    why = words(why, "why", missing="Say why it is corrected.")
    _insist_start(grant, started_on, on)
    _insist_end(started_on, ended_on, on)
    if ended_on is None:
        insist_it_runs(grant)
        _insist_no_other_open(grant.clock_stops.exclude(pk=stop.pk), waiting_on)
    if all(getattr(stop, name) == value for name, value in entries.items()):
        raise ActionRefused("Nothing is corrected: this is what stands already.")
    for name, value in entries.items():
        setattr(stop, name, value)
    write(stop, by=by, reason=why)
    return stop


def _insist_start(grant: Grant, started_on: date, on: date) -> None:
    insist_not_future(started_on, on, "started_on")
    insist_not_before(started_on, grant.decided_on, "started_on", "the grant was decided")


def _insist_no_other_open(others: QuerySet[ClockStop], waiting_on: str) -> None:
    running = others.filter(waiting_on=waiting_on, ended_on__isnull=True).first()
    if running is not None:
        party, since = WaitingOn(waiting_on).label.lower(), long_date(running.started_on)
        raise ActionRefused(f"The clock has been stopped for the {party} since {since}. End that stop first.")


def _insist_end(started_on: date, ended_on: date | None, on: date) -> None:
    insist_not_future(ended_on, on, "ended_on")
    insist_not_before(ended_on, started_on, "ended_on", "the stop began")
