"""What the two jobs of an import do: read the stored file, compare it with the register, write or not."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.urls import reverse

from core.database import refresh_statistics
from core.errors import ActionRefused
from core.models import Job, JobFile
from core.operations.jobs import Finish, JobFailed, Progress, register_runner
from grants.imports.errors import FileRefused
from grants.imports.prepared import Prepared, prepare
from grants.operations.imports import ImportSummary, import_grants
from grants.operations.imports.jobs import CHECK, FILE_IS_GONE, IMPORT, forget_file

MOST_KEPT = 5_000
ENOUGH_FOR_STATISTICS = 1_000


def check(job: Job, progress: Progress, finish: Finish) -> None:
    """Read the file and say what an import would do."""
    with _refusals_end_the_job(), _read(job, job.pk, progress) as prepared:
        summary = _import(job, prepared, dry_run=True, skip_invalid=True)
        finish(result_of(summary, prepared))


def run(job: Job, progress: Progress, finish: Finish) -> None:
    """Read the file again and import it; its end, and the end of the file, are one transaction with what is written."""

    def written(summary: ImportSummary) -> None:
        forget_file(job.arguments["check"])
        finish(result_of(summary, prepared))

    with _refusals_end_the_job(), _read(job, job.arguments["check"], progress) as prepared:
        summary = _import(job, prepared, skip_invalid=job.arguments["skip_invalid"], finish=written)
        if not summary.written:
            finish(result_of(summary, prepared))
    if summary.created >= ENOUGH_FOR_STATISTICS and summary.written:
        refresh_statistics()


def _import(job: Job, prepared: Prepared, **options: Any) -> ImportSummary:
    tracked_from = job.arguments["tracked_from"]
    return import_grants(
        rows=prepared.rows(),
        columns=prepared.columns,
        file_name=job.arguments["file_name"],
        on=date.fromisoformat(job.arguments["on"]),
        by=job.started_by,
        fund_code=job.arguments["fund"],
        tracked_from=date.fromisoformat(tracked_from) if tracked_from else None,
        **options,
    )


def _read(job: Job, file_of: int, progress: Progress) -> Prepared:
    """The rows of the file, which were looked at before where this is the second job."""
    stored = JobFile.objects.filter(job=file_of).first()
    if stored is None:
        raise JobFailed(FILE_IS_GONE)
    return prepare(
        io.BytesIO(bytes(stored.content)), fund_given=bool(job.arguments["fund"]), progress=progress
    )


@contextmanager
def _refusals_end_the_job() -> Iterator[None]:
    try:
        yield
    except (FileRefused, ActionRefused) as refusal:
        raise JobFailed(str(refusal)) from None


def result_of(summary: ImportSummary, prepared: Prepared) -> dict[str, Any]:
    """What the page shows. Of very many refused rows the first are kept; all are counted."""
    document = summary.as_json(ignored_columns=prepared.ignored, remarks=prepared.remarks)
    refused: list[Mapping[str, Any]] = document["refused"]
    return {**document, "refused": refused[:MOST_KEPT], "refused_rows": len(refused)}


def _result_url(job: Job) -> str:
    return reverse("import_result", args=[job.pk])


def register() -> None:
    """Make both kinds of job known."""
    register_runner(CHECK, check, title="A list of grants: what an import would do", result_url=_result_url)
    register_runner(IMPORT, run, title="A list of grants: import", result_url=_result_url)
