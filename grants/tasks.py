"""Celery tasks: a date in, one operation. Sent twice or killed half way, the flags end the same."""

from datetime import date

import structlog
from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from core.models.users import User
from grants.operations.flag_pass import raise_flags

log = structlog.get_logger("tracker.flags")

RETRY = {"autoretry_for": (OperationalError,), "retry_backoff": 2, "retry_backoff_max": 60, "max_retries": 30}


@shared_task(**RETRY)
def flag_slow_disbursement(on: str | None = None) -> None:
    """Bring the flags about money that is slow to the day `on` (ISO), today without one."""
    _run("disbursement", on)


@shared_task(**RETRY)
def flag_cliff_edges(on: str | None = None) -> None:
    """Bring the flags about endings, and money that may go back, to the day `on` (ISO), today without one."""
    _run("endings", on)


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
