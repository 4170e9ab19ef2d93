"""From a flag to an e-mail through a real worker; what the queue forgot; many workers at one moment."""

import subprocess
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from core.models import Delivery, Job, Message
from core.operations import jobs
from core.operations.deliveries import compose_digests, send_delivery
from core.operations.jobs import run_job, start_job
from core.operations.messages import Note, tell
from core.tasks import compose_digests as compose_task
from core.tasks import sweep_deliveries, sweep_jobs
from grants.models import Flag
from grants.tasks import flag_slow_disbursement
from tests.factories import make_delivery, make_grant, make_job, make_message, make_user

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

ON = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
AT_ONCE = 8
WaitUntil = Callable[[Callable[[], bool]], None]


def letters(post: Path) -> list[str]:
    """The e-mails that were sent."""
    return [file.read_text() for file in sorted(post.iterdir())]


def test_a_flag_becomes_a_message_and_the_messages_one_e_mail(
    worker: subprocess.Popen[bytes], post: Path, wait_until: WaitUntil
) -> None:
    owner = make_user("finance")
    for title in ("Caring in the Garden", "Orchard Mornings"):
        make_grant(title=title, planned_start=date(2027, 1, 4), finance_owner=owner)
    for _ in range(2):
        flag_slow_disbursement.delay(ON.isoformat())
    wait_until(lambda: Flag.objects.count() == Message.objects.filter(to=owner).count() == 2)
    for _ in range(3):
        compose_task.delay(ON.isoformat())
        sweep_deliveries.delay()
    wait_until(lambda: Delivery.objects.filter(state="sent").exists())
    delivery = Delivery.objects.get()
    assert (delivery.to, delivery.attempts, delivery.messages.count()) == (owner, 1, 2)
    (letter,) = letters(post)
    assert f"To: {owner.email}" in letter
    assert f"<digest.{owner.pk}.2026-11-20@" in letter
    assert "Caring in the Garden" in letter
    assert "Orchard Mornings" in letter
    for flag in Flag.objects.all():
        assert f"/flags/{flag.pk}/" in letter


def test_what_the_queue_forgot_is_swept_up(
    worker: subprocess.Popen[bytes], post: Path, wait_until: WaitUntil
) -> None:
    """Rows without a message in the queue, as after a Redis that was emptied."""
    now = timezone.now()
    delivery = make_delivery(to=make_user("finance"), next_try_at=now)
    job = make_job(created_at=now - timedelta(minutes=2))
    sweep_deliveries.delay()
    sweep_jobs.delay()
    wait_until(lambda: Delivery.objects.get(pk=delivery.pk).state == "sent")
    wait_until(lambda: Job.objects.get(pk=job.pk).state == "failed")  # nothing runs jobs of this kind
    assert "Something went wrong here" in Job.objects.get(pk=job.pk).error
    assert len(letters(post)) == 1


@pytest.fixture
def at_once() -> Callable[[Callable[[int], Any]], list[Any]]:
    """Runs the same thing in many threads, each with a connection of its own, at one moment."""
    if connection.vendor == "sqlite":
        pytest.skip("threads cannot share a database in memory: set DATABASE_URL to a PostgreSQL")
    barrier = Barrier(AT_ONCE)

    def run(act: Callable[[int], Any]) -> list[Any]:
        def one(number: int) -> Any:
            try:
                connection.ensure_connection()
                barrier.wait(30)
                return act(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))

    return run


AtOnce = Callable[[Callable[[int], Any]], list[Any]]


def test_many_workers_send_one_e_mail(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(EmailMessage, "send", lambda email, *_: sent.append(email))
    delivery = make_delivery()
    at_once(lambda _: send_delivery(delivery_id=delivery.pk, at=AT))
    delivery.refresh_from_db()
    assert (len(sent), delivery.state, delivery.attempts) == (1, "sent", 1)


def test_many_composers_write_one_e_mail_a_person(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.operations.deliveries._send", lambda delivery_id: None)
    people = [make_user("finance") for _ in range(5)]
    for person in people * 3:
        make_message(to=person)
    composed = at_once(lambda _: compose_digests(on=ON, at=AT))
    assert sum(composed) == Delivery.objects.count() == 5
    assert {delivery.messages.count() for delivery in Delivery.objects.all()} == {3}


def test_many_tellers_tell_each_thing_once(at_once: AtOnce) -> None:
    reader = make_user("finance")

    def say(number: int) -> None:
        notes = [Note(f"flag:{n}", reader.pk, "flag", "It is late.", "", True) for n in range(600)]
        with transaction.atomic():
            tell(notes, at=AT)

    at_once(say)
    assert Message.objects.count() == 600


def test_many_submits_start_one_job_and_many_workers_run_it_once(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def runner(job: Job, progress: jobs.Progress, finish: jobs.Finish) -> None:
        with transaction.atomic():
            ran.append(job.pk)
            finish({})

    monkeypatch.setattr(jobs, "RUNNERS", {"copy": jobs.JobKind(runner, "Copy", lambda job: "")})
    monkeypatch.setattr(jobs, "_send", lambda job_id: None)
    person, key = make_user(), uuid.uuid4()
    started = at_once(lambda _: start_job(kind="copy", by=person, at=AT, arguments={}, request_key=key))
    assert len({job.pk for job in started}) == Job.objects.count() == 1
    at_once(lambda number: run_job(job_id=started[0].pk, at=AT, message=f"m{number}"))
    assert ran == [started[0].pk]
    assert Job.objects.get().state == "done"
