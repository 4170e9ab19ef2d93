"""What providers report."""

import uuid
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.errors import ActionRefused, StaleVersion
from core.models import User
from core.records import write
from core.rules.dates import long_date
from core.rules.money import format_pounds, to_pence
from grants.models import Grant, OutcomeReturn, ReturnState
from grants.models.returns import CaseloadUnit
from grants.operations.writing import edited_before, held, insist_not_before, insist_not_future

REPLACES = "replaces"
# Above it a number is a slip: no grant supports as many, and one such line would drown a report.
MOST_SUPPORTED = 100_000


@transaction.atomic
def record_caseload(
    *,
    grant: Grant,
    period_to: date,
    caseload: int,
    caseload_unit: str,
    forecast_underspend: Decimal | None = None,
    spent_to_date: Decimal | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> OutcomeReturn:
    """Record who is supported on the last day of a period, and what is expected to be left unspent (None: not known).

    Makes the return for that day, or submits the one that stands; a provider cannot change one that was accepted.
    `version` is that of the return as the form showed it, 0 where there was none: a return that was made all the same
    is not replaced unseen.
    """
    grant = held(grant, by, "grants.record_caseload")
    record = grant.returns.filter(period_to=period_to).first()
    if record is None:
        if version:
            raise StaleVersion
        record, version = OutcomeReturn(grant=grant, period_to=period_to), None
    written = {
        "caseload": caseload,
        "caseload_unit": caseload_unit,
        "forecast_underspend": forecast_underspend,
        "spent_to_date": spent_to_date,
    }
    unseen = version == 0 and record.caseload is not None
    if edited_before(record, request_key, None if unseen else version, **written):
        return record
    if grant.withdrawn_on is not None:
        raise ActionRefused("This grant was withdrawn: nobody is supported by it.")
    if record.state == ReturnState.ACCEPTED and by.is_provider:
        raise ActionRefused("This return was accepted. Ask the lead officer to change it.")
    if unseen:
        said = _people(record)
        raise ActionRefused(
            f"{said} were reported for {long_date(period_to)} already. Tick the box to replace it.", REPLACES
        )
    insist_not_future(period_to, on, "period_to")
    insist_not_before(period_to, grant.planned_start, "period_to", "the work was planned to start")
    _insist_number(caseload)
    _insist_pounds(grant, forecast_underspend, "forecast_underspend")
    _insist_pounds(grant, spent_to_date, "spent_to_date")
    for name, value in written.items():
        setattr(record, name, value)
    if record.state != ReturnState.ACCEPTED:
        record.state, record.submitted_on, record.submitted_by = ReturnState.SUBMITTED, on, by
    write(record, by=by, reason=f"Caseload recorded: {_people(record)}")
    return record


def _people(record: OutcomeReturn) -> str:
    """ "26 families"."""
    return f"{record.caseload} {CaseloadUnit(str(record.caseload_unit)).label.lower()}"


def _insist_number(caseload: int) -> None:
    if caseload < 0:
        raise ActionRefused("Enter 0 or more.", "caseload")
    if caseload > MOST_SUPPORTED:
        raise ActionRefused(f"Enter {MOST_SUPPORTED:,} or fewer: only who this grant supports.", "caseload")


def _insist_pounds(grant: Grant, amount: Decimal | None, field: str) -> None:
    if amount is None:
        return
    if amount < 0 or amount != to_pence(amount):
        raise ActionRefused("Enter an amount in pounds and pence.", field)
    if grant.amount_awarded is not None and amount > grant.amount_awarded:
        raise ActionRefused(
            f"The award is {format_pounds(grant.amount_awarded)}: this cannot be more.", field
        )
