"""An import as two jobs over one file: first a look at it that writes nothing, then the import itself."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from core.errors import ActionRefused
from core.models import Job, JobFile, JobState, User
from core.operations.jobs import start_job
from grants.models import Fund
from grants.operations.imports.run import MAY_IMPORT
from grants.operations.writing import insist_not_future
from grants.permissions import insist

CHECK, IMPORT = "import_check", "import"
KEPT_FOR = timedelta(days=7)
FILE_IS_GONE = "The file is not kept any more. Choose it again."


def check_list(
    *,
    file_name: str,
    content: bytes,
    fund: Fund | None,
    tracked_from: date | None,
    by: User,
    on: date,
    at: datetime,
    request_key: uuid.UUID | None = None,
) -> Job:
    """Begin to look at a published list. Nothing is written to the register."""
    insist(by, MAY_IMPORT)
    insist_not_future(tracked_from, on, "tracked_from")
    arguments = {
        "file_name": file_name,
        "fund": fund.code if fund is not None else None,
        "tracked_from": tracked_from.isoformat() if tracked_from is not None else None,
        "on": on.isoformat(),
    }
    return start_job(
        kind=CHECK, by=by, at=at, arguments=arguments, file=(file_name, content), request_key=request_key
    )


def import_checked(
    *, check: Job, skip_invalid: bool, by: User, at: datetime, request_key: uuid.UUID | None = None
) -> Job:
    """Begin to import the list that was looked at; `skip_invalid` leaves out the rows that cannot be taken.

    The same request key answers the same job. Refused once the file is forgotten.
    """
    insist(by, MAY_IMPORT)
    if check.kind != CHECK or check.state != JobState.DONE or check.started_by_id != by.pk:
        raise ActionRefused("This list is not checked yet. Wait until it is.")
    before = (
        Job.objects.filter(kind=IMPORT, started_by=by, request_key=request_key).first()
        if request_key
        else None
    )
    if before is not None:
        return before  # the same form sent again, its file used up by now
    if not JobFile.objects.filter(job=check).exists():
        raise ActionRefused(FILE_IS_GONE)
    arguments: dict[str, Any] = {**check.arguments, "check": check.pk, "skip_invalid": skip_invalid}
    return start_job(kind=IMPORT, by=by, at=at, arguments=arguments, request_key=request_key)


def forget_file(check_id: int) -> None:
    """Delete the file of an import that is through; inside the caller's transaction."""
    JobFile.objects.filter(job=check_id, job__kind=CHECK).delete()


@transaction.atomic
def forget_old_files(*, at: datetime) -> int:
    """Delete the files of lists that nobody has imported within a week; how many."""
    old = JobFile.objects.filter(job__kind=CHECK, job__finished_at__lt=at - KEPT_FOR)
    return old.delete()[0]
