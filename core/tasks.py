"""Celery tasks of the ground floor: ids in, one operation. Sent twice or killed half way, they end the same."""

from datetime import date
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.operations import deliveries, jobs
from core.retry import RETRY

SECONDS_TO_SAY_SO = 60


@shared_task(bind=True, soft_time_limit=settings.CELERY_TASK_TIME_LIMIT - SECONDS_TO_SAY_SO, **RETRY)
def run_job(self: Any, job_id: int) -> None:
    """Run one job; a minute before a task is stopped the job ends with a sentence that says so."""
    jobs.run_job(job_id=job_id, at=timezone.now(), message=self.request.id or "")


@shared_task(**RETRY)
def sweep_jobs() -> None:
    """Send again the jobs that a broker forgot."""
    jobs.sweep_jobs(at=timezone.now())


@shared_task(**RETRY)
def compose_digests(on: str | None = None) -> None:
    """Put into one e-mail a person what is new for them on the day `on` (ISO), today without one.

    Without a day it waits for today's time of the e-mails.
    """
    if on is None and timezone.localtime().time() < settings.DIGEST_TIME:
        return
    day = date.fromisoformat(on) if on else timezone.localdate()
    deliveries.compose_digests(on=day, at=timezone.now())


@shared_task(**RETRY)
def send_delivery(delivery_id: int) -> None:
    """Try to send one e-mail, if it is due."""
    deliveries.send_delivery(delivery_id=delivery_id, at=timezone.now())


@shared_task(**RETRY)
def sweep_deliveries() -> None:
    """Send the e-mails that are due again, and those that a broker forgot."""
    deliveries.sweep_deliveries(at=timezone.now())
