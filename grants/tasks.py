"""Celery tasks: a date in, one operation. Sent twice or killed half way, the flags end the same."""

from datetime import date

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.models.users import User
from core.retry import RETRY
from grants.operations.flag_pass import raise_flags
from grants.operations.imports.jobs import forget_old_files
from grants.queries.passes import groups_behind

log = structlog.get_logger("tracker.flags")


@shared_task(**RETRY)
def forget_old_lists() -> None:
    """Delete the files of lists that were looked at and not imported within a week."""
    forget_old_files(at=timezone.now())


@shared_task(**RETRY)
def flag_slow_disbursement(on: str | None = None) -> None:
    """Bring the flags about money that is slow to the day `on` (ISO), today without one."""
    _run("disbursement", on)


@shared_task(**RETRY)
def flag_cliff_edges(on: str | None = None) -> None:
    """Bring the flags about endings, and money that may go back, to the day `on` (ISO), today without one."""
    _run("endings", on)


@shared_task(**RETRY)
def catch_up(on: str | None = None) -> None:
    """Send again the passes of the day that have not come: the queue was emptied, or the timetable stood still.

    Without a day it waits for today's time of the pass. A pass that comes twice writes nothing the second time.
    """
    if on is None and timezone.localtime().time() < settings.FLAG_PASS_TIME:
        return
    day = date.fromisoformat(on) if on else timezone.localdate()
    for group in groups_behind(day):
        log.warning("flag pass sent again", group=group, on=day.isoformat())
        PASSES[group].delay(day.isoformat())


PASSES = {"disbursement": flag_slow_disbursement, "endings": flag_cliff_edges}


def _run(group: str, on: str | None) -> None:
    day = date.fromisoformat(on) if on else timezone.localdate()
    summary = raise_flags(on=day, by=User.objects.system("flag pass"), at=timezone.now(), groups=[group])
    log.info(
        "flag pass",
        group=group,
        on=day.isoformat(),
        opened=summary.opened,
        changed=summary.changed,
        cleared=summary.cleared,
    )
