"""Jobs: started once, ended by the attempt that holds them, taken over from a dead worker and from no living one."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction
from django.urls import reverse
from kombu.exceptions import OperationalError as QueueAway

from core.errors import ActionRefused
from core.models import Job, JobFile, Message, User
from core.operations import jobs
from core.operations.jobs import Finish, JobFailed, Progress, register_runner, run_job, start_job, sweep_jobs
from core.operations.messages import Note, tell
from tests.conftest import ClientFor
from tests.factories import make_job

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:No directory at"),
]

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = AT + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, eager: None) -> Iterator[None]:
    """Runners of this test only, tasks in this process, a day of its own."""
    monkeypatch.setattr(jobs, "RUNNERS", {})
    with time_machine.travel(AT, tick=False):
        yield


def write(job: Job) -> None:
    """What a runner writes: one message a job, so that a second time would be seen."""
    Message.objects.create(
        key=f"job:{job.pk}:{uuid.uuid4()}", to=job.started_by, kind="test", text="Done.", at=AT
    )


def copy(job: Job, progress: Progress, finish: Finish) -> None:
    """A runner that does its work and ends it in one transaction."""
    progress(1, 3)
    with transaction.atomic():
        write(job)
        finish({"rows": 3})


def start(by: User, **options: Any) -> Job:
    return start_job(**{"kind": "copy", "by": by, "at": AT, "arguments": {"fund": "A"}, **options})


def test_a_job_runs_after_the_commit_and_keeps_its_result(
    commissioner: User, django_capture_on_commit_callbacks: Any
) -> None:
    register_runner("copy", copy, title="Copy")
    with django_capture_on_commit_callbacks(execute=True) as sent:
        job = start(commissioner, file=("list.csv", b"a,b"), is_illustrative=True)
        assert Job.objects.get().state == "waiting"
    assert len(sent) == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.attempt, job.done, job.total) == ("done", {"rows": 3}, 1, 1, 3)
    assert job.finished_at is not None
    assert job.finished_at >= AT
    assert (job.is_illustrative, job.arguments) == (True, {"fund": "A"})
    assert bytes(JobFile.objects.get(job=job).content) == b"a,b"


def test_the_same_form_starts_one_job(commissioner: User, finance: User) -> None:
    register_runner("copy", copy, title="Copy")
    register_runner("other", copy, title="Other")
    key = uuid.uuid4()
    first, second = start(commissioner, request_key=key), start(commissioner, request_key=key)
    assert first == second
    assert Job.objects.count() == 1
    with pytest.raises(ActionRefused, match="sent before"):
        start(finance, request_key=key)
    with pytest.raises(ActionRefused, match="sent before"):
        start(commissioner, request_key=key, kind="other")


def test_a_queue_that_is_away_loses_no_job(
    commissioner: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    register_runner("copy", copy, title="Copy")

    def away(*_: Any, **__: Any) -> None:
        raise QueueAway

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr("celery.canvas.Signature.apply_async", away)
        job = start(commissioner)
    assert Job.objects.get(pk=job.pk).state == "waiting"
    assert sweep_jobs(at=AT + timedelta(seconds=59)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_jobs(at=AT + timedelta(seconds=60)) == 1
    assert Job.objects.get(pk=job.pk).state == "done"
    assert sweep_jobs(at=LATER) == 0


def test_a_sentence_ends_a_job_and_leaves_nothing_written(commissioner: User) -> None:
    def refuse(job: Job, progress: Progress, finish: Finish) -> None:
        with transaction.atomic():
            write(job)
            raise JobFailed("Row 3 has no title. Fill it in and send the file again.")

    register_runner("copy", refuse, title="Copy")
    job = start(commissioner)
    run_job(job_id=job.pk, at=LATER)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "Row 3 has no title. Fill it in and send the file again.")
    assert job.finished_at is not None
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("raised", "sentence"),
    [
        (ZeroDivisionError("secret words"), "Something went wrong here"),
        (SoftTimeLimitExceeded(), "This took too long"),
        (None, "Something went wrong here"),  # came back without an end
    ],
)
def test_a_fault_ends_a_job_in_plain_words(
    raised: Exception | None, sentence: str, commissioner: User
) -> None:
    def break_down(job: Job, progress: Progress, finish: Finish) -> None:
        if raised is not None:
            raise raised

    register_runner("copy", break_down, title="Copy")
    job = start(commissioner)
    run_job(job_id=job.pk, at=LATER)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error.startswith(sentence)
    assert "secret" not in job.error


def test_a_database_that_is_away_leaves_the_job_to_the_next_try(commissioner: User) -> None:
    tries = []

    def flicker(job: Job, progress: Progress, finish: Finish) -> None:
        tries.append(job.attempt)
        if len(tries) == 1:
            raise OperationalError
        copy(job, progress, finish)

    register_runner("copy", flicker, title="Copy")
    job = start(commissioner)
    with pytest.raises(OperationalError):
        run_job(job_id=job.pk, at=LATER, message="m1")
    assert Job.objects.get(pk=job.pk).state == "running"
    run_job(job_id=job.pk, at=LATER, message="m1")
    assert tries == [1, 2]
    assert (Job.objects.get(pk=job.pk).state, Message.objects.count()) == ("done", 1)


def test_only_the_same_message_or_a_long_time_takes_a_running_job(commissioner: User) -> None:
    ran = []

    def die(job: Job, progress: Progress, finish: Finish) -> None:
        ran.append(job.attempt)
        raise OperationalError  # as good as a worker that was killed: the row stays as it is

    register_runner("copy", die, title="Copy")
    job = start(commissioner)

    def ask(message: str, at: datetime) -> int:
        with pytest.raises(OperationalError) if message != "other" else transaction.atomic():
            run_job(job_id=job.pk, at=at, message=message)
        return len(ran)

    assert ask("first", AT) == 1
    assert ask("other", AT + timedelta(minutes=29)) == 1
    assert sweep_jobs(at=AT + timedelta(minutes=29)) == 0
    assert ask("first", AT + timedelta(minutes=29)) == 2
    assert sweep_jobs(at=AT + timedelta(minutes=59)) == 1
    assert ask("third", AT + timedelta(minutes=59)) == 3


@pytest.mark.parametrize("where", ["progress", "finish"])
def test_a_worker_that_lost_its_job_writes_nothing(
    where: str, commissioner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_REPORTS", 0)
    register_runner("copy", copy, title="Copy")
    job = start(commissioner)
    attempts = []

    def slow(mine: Job, progress: Progress, finish: Finish) -> None:
        """While it works, its message comes again, and another worker does the whole job."""
        attempts.append(mine.attempt)
        if mine.attempt == 2:
            copy(mine, progress, finish)
            return
        run_job(job_id=mine.pk, at=LATER, message="m1")
        if where == "progress":
            progress(2, 3)
            pytest.fail("it was told nothing")
        copy_without_progress(mine, finish)

    def copy_without_progress(mine: Job, finish: Finish) -> None:
        with transaction.atomic():
            write(mine)
            finish({"rows": -1})

    monkeypatch.setitem(jobs.RUNNERS, "copy", jobs.JobKind(slow, "Copy", lambda job: ""))
    run_job(job_id=job.pk, at=AT, message="m1")
    job.refresh_from_db()
    assert attempts == [1, 2]
    assert (job.state, job.result, Message.objects.count()) == ("done", {"rows": 3}, 1)


def test_a_finished_job_is_not_run_again(commissioner: User) -> None:
    register_runner("copy", copy, title="Copy")
    job = start(commissioner)
    for message in ("m1", "m1", "m2"):
        run_job(job_id=job.pk, at=AT + timedelta(days=1), message=message)
    job.refresh_from_db()
    assert (job.attempt, Message.objects.count()) == (1, 1)


def test_progress_is_written_about_once_a_second_and_not_inside_a_transaction(
    commissioner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int | None]] = []
    clock = iter(range(0, 100))
    monkeypatch.setattr(jobs.time, "monotonic", lambda: next(clock) / 4)

    def count(job: Job, progress: Progress, finish: Finish) -> None:
        for done in range(6):
            progress(done, 5)
            seen.append(Job.objects.values_list("done", "total").get(pk=job.pk))
        with transaction.atomic():
            for _ in range(8):
                progress(99)
            seen.append(Job.objects.values_list("done", "total").get(pk=job.pk))
            finish({})

    register_runner("copy", count, title="Copy")
    job = start(commissioner)
    run_job(job_id=job.pk, at=AT)
    written = [done for done, _ in seen]
    assert written[0] == 0
    assert len(set(written)) < 6
    assert written[-1] == written[-2]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 5, 5)


def test_work_that_kills_its_worker_each_time_comes_to_an_end(commissioner: User) -> None:
    register_runner("copy", copy, title="Copy")
    job = start(commissioner)
    Job.objects.filter(pk=job.pk).update(state="running", attempt=50, began_at=AT, taken_by="m1")
    run_job(job_id=job.pk, at=LATER, message="m1")
    job.refresh_from_db()
    assert (job.state, Message.objects.count()) == ("failed", 0)


def test_the_page_says_how_far_it_is_and_leads_to_the_result(
    commissioner: User, finance: User, client_for: ClientFor
) -> None:
    register_runner(
        "copy", copy, title="Copy a list", result_url=lambda job: f"/copied/{job.result['rows']}/"
    )
    job = start(commissioner)
    Job.objects.filter(pk=job.pk).update(state="running", began_at=AT, done=1200, total=20000)
    url = reverse("job", args=[job.pk])
    page = client_for(commissioner).get(url).content.decode()
    assert "1,200 of 20,000 (6%)" in page
    assert 'max="20000"' in page
    assert "data-unfinished" in page
    assert client_for(finance).get(url).status_code == 404
    Job.objects.filter(pk=job.pk).update(state="done", result={"rows": 3}, finished_at=LATER)
    page = client_for(commissioner).get(url).content.decode()
    assert 'href="/copied/3/"' in page
    assert "data-unfinished" not in page
    Job.objects.filter(pk=job.pk).update(state="failed", error="Row 3 has no title.")
    page = client_for(commissioner).get(url).content.decode()
    assert "Row 3 has no title." in page
    assert "/copied/" not in page


def test_the_list_shows_each_person_their_own(
    commissioner: User, finance: User, client_for: ClientFor
) -> None:
    register_runner("copy", copy, title="Copy a list")
    job = start(commissioner)
    theirs = make_job(started_by=finance)
    page = client_for(commissioner).get(reverse("jobs")).content.decode()
    assert f"Copy a list (job {job.pk})" in page
    assert f"job {theirs.pk})" not in page
    assert "Work that this version does not know" in client_for(finance).get(reverse("jobs")).content.decode()


def test_a_runner_may_tell_in_its_own_transaction(commissioner: User) -> None:
    """Messages of a job that was taken over are not told."""

    def tells(job: Job, progress: Progress, finish: Finish) -> None:
        with transaction.atomic():
            tell([Note(f"copied:{job.pk}", job.started_by_id, "job", "It is copied.", "", False)], at=AT)
            Job.objects.filter(pk=job.pk).update(attempt=9)
            finish({})

    register_runner("copy", tells, title="Copy")
    run_job(job_id=start(commissioner).pk, at=AT)
    assert not Message.objects.exists()
