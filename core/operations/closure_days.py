"""Days on which this council is closed though England is not. Each change rebuilds the calendar with it."""

from datetime import date

import structlog
from django.db import transaction

from core.calendar import FIRST_DAY, LAST_DAY, england_bank_holidays, rebuild
from core.errors import ActionRefused, NotAllowed
from core.models import CalendarEdition, ClosureDay, Role, User
from core.records import locked, remove, write
from core.rules.dates import long_date
from core.rules.free_text import examine

log = structlog.get_logger("tracker.calendar")

WEEKEND = {5: "Saturday", 6: "Sunday"}


@transaction.atomic
def add_closure_day(*, day: date, reason: str, by: User) -> ClosureDay:
    """Count `day` as not worked from now on, in every timing, past ones too.

    Refuses a day that is not worked anyway, one that is on the list, and one outside the calendar. The same day for
    the same reason, sent again, is the one that stands.
    """
    _hold_calendar(by)
    reason = reason.strip()
    standing = ClosureDay.objects.filter(date=day).first()
    if standing is not None:
        if standing.reason == reason:
            return standing
        raise ActionRefused(f"{long_date(day)} is a closure day already: {standing.reason}.", "day")
    _insist_worked(day)
    if not reason:
        raise ActionRefused("Say why the council is closed.", "reason")
    refusals = examine(reason).refusals
    if refusals:
        raise ActionRefused(" ".join(refusals), "reason")
    closure = ClosureDay(date=day, reason=reason)
    write(closure, by=by, reason="Added to the days on which the council is closed")
    rebuild()
    log.info("closure day added", date=day.isoformat(), user=by.pk)
    return closure


@transaction.atomic
def remove_closure_day(*, closure: ClosureDay, by: User) -> date:
    """Count the day as worked again from now on; returns the day."""
    _hold_calendar(by)
    closure = locked(ClosureDay.objects, pk=closure.pk)
    remove(closure, by=by, reason="Taken off the days on which the council is closed")
    rebuild()
    log.info("closure day removed", date=closure.date.isoformat(), user=by.pk)
    return closure.date


def _hold_calendar(by: User) -> None:
    """Only administrators, one at a time: two rebuilds at once would write the same days twice."""
    if by.role != Role.ADMINISTRATOR:
        raise NotAllowed("Only an administrator changes the days on which the council is closed.")
    locked(CalendarEdition.objects, pk=1)


def _insist_worked(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ActionRefused(
            f"The calendar runs from {long_date(FIRST_DAY)} to {long_date(LAST_DAY)}. Enter a day in it.",
            "day",
        )
    if day.weekday() in WEEKEND:
        what = f"a {WEEKEND[day.weekday()]}"
    elif day in england_bank_holidays(day, day):
        what = "a bank holiday"
    else:
        return
    raise ActionRefused(f"{long_date(day)} is {what}: it is no working day already.", "day")
