"""The import: batch by batch, all or nothing, in one transaction. See docs/importing.md."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

import structlog
from django.db import transaction

from core.models import Role, User
from core.rules.dates import long_date
from grants.operations.decisions.bank_details import block_newcomers
from grants.operations.imports.background import REASON
from grants.operations.imports.batch import Batches, Terms
from grants.operations.imports.funds import Funds
from grants.operations.imports.summary import ImportSummary
from grants.operations.writing import insist_not_future
from grants.permissions import insist
from grants.rules.import_rows import GrantRow, RefusedRow
from providers.operations.matching import Matcher
from providers.operations.naming import hold_newcomers

log = structlog.get_logger("tracker.imports")

MAY_IMPORT = "grants.import_grants"
ACTOR = "import"
ROWS_IN_BATCH = 500

Rows = Iterable[GrantRow | RefusedRow]


def import_grants(
    *,
    rows: Rows,
    columns: Mapping[str, str],
    file_name: str,
    on: date,
    by: User | None = None,
    fund_code: str | None = None,
    tracked_from: date | None = None,
    skip_invalid: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    finish: Callable[[ImportSummary], None] | None = None,
) -> ImportSummary:
    """Bring the real register to what a published list says; `by` None is the system's own actor.

    With a refused row nothing is written, unless `skip_invalid`; with `dry_run` never. `finish` is called inside the
    transaction of what is written. Refuses an unknown fund, and a day of tracking that is to come.
    """
    if by is not None and by.role != Role.SYSTEM:
        insist(by, MAY_IMPORT)
    insist_not_future(tracked_from, on, "tracked_from")
    with transaction.atomic():
        actor = User.objects.select_for_update().get(pk=User.objects.system(ACTOR).pk)  # one import at a time
        hold_newcomers()
        summary = ImportSummary()
        terms = Terms(actor, by or actor, f"{REASON} {file_name}"[:300], tracked_from, columns)
        _take_all(rows, Batches(terms, Funds(fund_code), Matcher(on=on), summary), progress)
        if tracked_from is not None and summary.decided_before_tracking:
            summary.remarks.append(_count_as_unpaid(summary.decided_before_tracking, tracked_from))
        summary.written = not dry_run and (skip_invalid or not summary.refused)
        if not summary.written:
            transaction.set_rollback(True)
        else:
            block_newcomers(by=terms.by)
        if summary.written and finish is not None:
            finish(summary)
    log.info(
        "grants imported" if summary.written else "grants not imported",
        by=terms.by.pk,
        rows=summary.rows,
        created=summary.created,
        updated=summary.updated,
        refused=len(summary.refused),
    )
    return summary


def _count_as_unpaid(count: int, tracked_from: date) -> str:
    day = long_date(tracked_from)
    said = (
        f"1 grant was decided before {day}, from which it is tracked: until its payments are recorded here it counts"
        if count == 1
        else f"{count:,} grants were decided before {day}, from which they are tracked: until their payments are "
        "recorded here they count"
    )
    return f"{said} as unpaid. Record what was paid, or import grants of the past without a day of tracking."


class _Before(NamedTuple):
    """Where an identifier was met first, and what stood there."""

    row: int
    fingerprint: bytes


def _take_all(rows: Rows, batches: Batches, progress: Callable[[int], None] | None) -> None:
    summary = batches.summary
    met: dict[str, _Before] = {}
    stream = iter(rows)
    while batch := list(islice(stream, ROWS_IN_BATCH)):
        summary.rows += len(batch)
        fresh, again = _apart(batch, met, summary)
        batches.take(fresh)
        for row in again:
            _judge_again(row, met[row.source_id], batches)
        if progress is not None:
            progress(summary.rows)
    summary.organisations_created = batches.matcher.created
    summary.probable_duplicates = batches.matcher.offered
    summary.funds_created = batches.funds.created


def _apart(
    batch: Rows, met: dict[str, _Before], summary: ImportSummary
) -> tuple[list[GrantRow], list[GrantRow]]:
    """The rows whose identifier comes for the first time, and those whose identifier came before."""
    fresh, again = [], []
    for row in batch:
        if isinstance(row, RefusedRow):
            summary.refused.append(row)
        elif row.source_id in met:
            again.append(row)
        else:
            met[row.source_id] = _Before(row.row, row.fingerprint())
            fresh.append(row)
    return fresh, again


def _judge_again(row: GrantRow, before: _Before, batches: Batches) -> None:
    """The same identifier again: nothing to do where it says the same, refused where it says something else."""
    if row.fingerprint() != before.fingerprint:
        batches.refuse(
            row,
            "id",
            f"Row {before.row} has the same identifier and says something else. Give each grant one row.",
        )
    elif before.row in batches.refused:
        batches.refuse(row, "id", f"The row is the same as row {before.row}, which is refused.")
    else:
        batches.summary.unchanged += 1
