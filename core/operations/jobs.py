"""Long work as a row: started once, taken by one worker at a time, ended by the attempt that holds it.

An app registers each kind of work in its `AppConfig.ready()`. A worker that is killed half way leaves nothing behind:
what it wrote and the end of the job are one transaction, and the next worker begins again.
"""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from celery import signature
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet

from core.errors import ActionRefused
from core.models import Job, JobFile, JobState, User
from core.records import locked

log = structlog.get_logger("tracker.jobs")

SECONDS_BETWEEN_REPORTS = 1.0
WAITS_TOO_LONG = timedelta(minutes=1)
MOST_ATTEMPTS = 50  # more than Celery's retries: only work that kills its worker each time comes here
WENT_WRONG = (
    "Something went wrong here, and nothing was changed. Try again; if it happens again, tell an administrator "
    "the number of this job."
)
TOOK_TOO_LONG = "This took too long, so it was stopped and nothing was changed. Try again with less at once."


class JobFailed(Exception):
    """Raised by a runner to end its job as failed; the message is a sentence that says what to do."""


class JobTakenOver(Exception):
    """Another worker has this job by now: stop, and let what was written be rolled back."""


Depth = tuple[bool, int]


def _depth() -> Depth:
    return connection.in_atomic_block, len(connection.savepoint_ids)


class Progress:
    """Says how far a job is: `progress(done, total)`, as often as the runner likes.

    The row is written about once a second, and never inside the runner's own transaction, where nobody could see it.
    Raises JobTakenOver when another worker has the job.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = 0
        self.total: int | None = None
        self._outside, self._last = _depth(), float("-inf")

    def __call__(self, done: int, total: int | None = None) -> None:
        """Note that `done` units of `total` are done; None keeps the total given before."""
        self.total = self.total if total is None else total
        self.done = done if self.total is None else min(done, self.total)
        if _depth() != self._outside or time.monotonic() - self._last < SECONDS_BETWEEN_REPORTS:
            return
        self._last = time.monotonic()
        if not _held(self.job).update(done=self.done, total=self.total):
            raise JobTakenOver


Finish = Callable[[dict[str, Any]], None]
Runner = Callable[[Job, Progress, Finish], None]


class JobKind(NamedTuple):
    """One kind of work: what runs it, its name on the page, and where its result is shown ("" for nowhere)."""

    run: Runner
    title: str
    result_url: Callable[[Job], str]


RUNNERS: dict[str, JobKind] = {}


def _nowhere(job: Job) -> str:
    return ""


def register_runner(
    kind: str, runner: Runner, *, title: str, result_url: Callable[[Job], str] = _nowhere
) -> None:
    """Make a kind of work known; called from `AppConfig.ready()`.

    The runner does its work and calls `finish(result)` inside the transaction of its own write. It may raise JobFailed.
    """
    RUNNERS[kind] = JobKind(runner, title, result_url)


def title_of(job: Job) -> str:
    """What kind of work it is, in words."""
    known = RUNNERS.get(job.kind)
    return known.title if known else "Work that this version does not know"


def result_url_of(job: Job) -> str:
    """Where the result of a finished job is shown, "" for nowhere."""
    known = RUNNERS.get(job.kind)
    return known.result_url(job) if known else ""


@transaction.atomic
def start_job(
    *,
    kind: str,
    by: User,
    at: datetime,
    arguments: dict[str, Any],
    file: tuple[str, bytes] | None = None,
    is_illustrative: bool = False,
    request_key: uuid.UUID | None = None,
) -> Job:
    """Put a piece of long work down and, once that is committed, send it to a worker.

    `arguments` must be JSON; `file` is (name, content). The same request key answers the same job. Who may start
    which kind of work is for the caller to ask.
    """
    if kind not in RUNNERS:
        raise ValueError(f"no runner for jobs of kind {kind}")
    locked(
        User.objects, pk=by.pk
    )  # the same form sent twice at one moment: the second waits, and finds the first
    if request_key is not None:
        before = Job.objects.filter(request_key=request_key).first()
        if before is not None:
            return _the_same(before, kind, by)
    job = Job.objects.create(
        kind=kind,
        arguments=arguments,
        request_key=request_key,
        started_by=by,
        is_illustrative=is_illustrative,
        created_at=at,
    )
    if file is not None:
        JobFile.objects.create(job=job, name=file[0][-255:], content=file[1])
    log.info("job started", job=job.pk, kind=kind, user=by.pk)
    _send(job.pk)
    return job


def _the_same(before: Job, kind: str, by: User) -> Job:
    if before.kind != kind or before.started_by_id != by.pk:
        raise ActionRefused("This form was sent before, for something else. Open it again to start new work.")
    return before


def _send(job_id: int) -> None:
    """Hand the job to a worker after the commit. Robust: a broker that is down loses nothing, the sweep sends again."""
    task = signature("core.tasks.run_job", args=[job_id])
    transaction.on_commit(task.delay, robust=True)


def run_job(*, job_id: int, at: datetime, message: str = "") -> None:
    """Take a job and run it to its end: done, or failed with a sentence. Nothing happens when it is not to be had.

    `message` is the id of the message that asks for it: the same message again means that its worker died, and the job
    is taken over at once; another message takes it only when it has been running for longer than a task may.
    An OperationalError comes through, for the caller to try again.
    """
    job = _take(job_id, at, message)
    if job is None:
        return
    if job.attempt > MOST_ATTEMPTS:
        _fail(job, at, WENT_WRONG)
        return
    begun = time.monotonic()

    def moment() -> datetime:
        return at + timedelta(seconds=time.monotonic() - begun)

    progress = Progress(job)
    try:
        RUNNERS[job.kind].run(job, progress, _finish(job, progress, moment))
    except JobTakenOver:
        log.warning("job taken over", job=job.pk, attempt=job.attempt)
    except JobFailed as failure:
        _fail(job, moment(), str(failure))
    except OperationalError:
        log.warning("job interrupted", job=job.pk, attempt=job.attempt)
        raise
    except SoftTimeLimitExceeded:
        _fail(job, moment(), TOOK_TOO_LONG)
    except Exception:
        log.exception("job failed", job=job.pk, kind=job.kind, attempt=job.attempt)
        _fail(job, moment(), WENT_WRONG)
    else:
        _insist_finished(job, moment())


@transaction.atomic
def _take(job_id: int, at: datetime, message: str) -> Job | None:
    """The job with its attempt raised; None when it has ended or another worker has it."""
    overdue = Q(began_at__lte=at - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT))
    free = Q(state=JobState.WAITING) | (Q(state=JobState.RUNNING) & (Q(taken_by=message) | overdue))
    hit = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, attempt=F("attempt") + 1, began_at=at, taken_by=message
    )
    return Job.objects.select_related("started_by").get(pk=job_id) if hit else None


def _held(job: Job) -> "QuerySet[Job]":
    """The row of the job as long as this attempt has it; no row after that."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt=job.attempt)


def _finish(job: Job, progress: Progress, moment: Callable[[], datetime]) -> Finish:
    def finish(result: dict[str, Any]) -> None:
        hit = _held(job).update(
            state=JobState.DONE,
            result=result,
            finished_at=moment(),
            done=progress.done,
            total=progress.total,
        )
        if not hit:
            raise JobTakenOver
        log.info("job done", job=job.pk, kind=job.kind, attempt=job.attempt)

    return finish


def _fail(job: Job, at: datetime, sentence: str) -> None:
    if _held(job).update(state=JobState.FAILED, error=sentence or WENT_WRONG, finished_at=at):
        log.warning("job ended as failed", job=job.pk, kind=job.kind, attempt=job.attempt)


def _insist_finished(job: Job, at: datetime) -> None:
    """A runner that came back without calling `finish` has lost its result: that is a fault of ours."""
    if _held(job).exists():
        log.error("job without an end", job=job.pk, kind=job.kind)
        _fail(job, at, WENT_WRONG)


def sweep_jobs(*, at: datetime) -> int:
    """Send again what has waited for over a minute, or runs for longer than a task may; answers how many.

    A job that is sent twice is run once: see `run_job`.
    """
    overdue = at - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    lost = Q(state=JobState.WAITING, created_at__lte=at - WAITS_TOO_LONG) | Q(
        state=JobState.RUNNING, began_at__lte=overdue
    )
    job_ids = list(Job.objects.unfinished().filter(lost).order_by("created_at").values_list("pk", flat=True))
    for job_id in job_ids:
        _send(job_id)
    if job_ids:
        log.warning("jobs sent again", jobs=job_ids)
    return len(job_ids)
