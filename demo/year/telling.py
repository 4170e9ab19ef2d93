"""Writes the year as it is lived: each event on its day, and the flags brought up to date in between."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.models import User
from demo.year.beginning import Event
from demo.year.draft import Draft
from demo.year.scene import at_six, at_ten, write_on
from grants.models import Grant, GrantPartner, Payment
from grants.operations.flag_pass import raise_flags


def tell(drafts: Iterable[Draft], *, passes: Sequence[date] = (), by: User) -> int:
    """Write the stories that are not in the register yet; how many were.

    On each day of `passes` the flags are judged on what had been written by then.
    """
    wanted = list(drafts)
    standing = set(Grant.objects.filter(ref__in=[d.grant.ref for d in wanted]).values_list("ref", flat=True))
    new = [draft for draft in wanted if draft.grant.ref not in standing]
    events = sorted(((event, draft) for draft in new for event in draft.events), key=lambda pair: pair[0].day)
    days = sorted(passes)
    for event, draft in events:
        while days and days[0] < event.day:
            bring_flags_to(days.pop(0), by=by)
        _happen(event, draft)
    for day in days:
        bring_flags_to(day, by=by)
    return len(new)


def bring_flags_to(day: date, *, by: User) -> None:
    """One flag pass, at six in the morning of its day."""
    raise_flags(on=day, by=by, at=at_six(day))


def _happen(event: Event, draft: Draft) -> None:
    record = event.record
    for column, value in event.changes.items():
        setattr(record, column, value)
    is_new = record._state.adding
    if is_new and isinstance(record, Payment):
        record.recorded_at = at_ten(event.day)
    write_on(record, event.day, by=event.by, reason=event.reason)
    if is_new and record is draft.grant:
        _place(draft, event)


def _place(draft: Draft, first: Event) -> None:
    """A grant's localities and partners, which stand from its first day."""
    scene, grant = draft.scene, draft.grant
    grant.localities.set(scene.localities[key] for key in draft.localities)
    for key, role in draft.partners:
        partner = GrantPartner(grant=grant, organisation=scene.organisations[key], role=role)
        write_on(partner, first.day, by=first.by, reason=first.reason)
