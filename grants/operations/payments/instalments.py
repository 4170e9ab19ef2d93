"""What makes an instalment ready to pay: its authorisation, its condition, its claim."""

import uuid
from datetime import date

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import locked, write
from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.models import Grant, Instalment
from grants.models.payments import Basis
from grants.operations.writing import (
    edited_before,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
    words,
)
from grants.queries.ledger import authorised_of, ledger_lines
from grants.rules.ledger import net_paid


@transaction.atomic
def authorise_instalment(
    *,
    instalment: Instalment,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Instalment:
    """A second person allows the payment of an instalment. Who decided the grant or varied it cannot, nor pay what they
    authorised.

    Refuses more than the award: that is varied first.
    """
    grant, instalment = _held(instalment, by, "grants.authorise_instalment")
    if edited_before(instalment, request_key, version):
        return instalment
    _insist_unpaid(instalment)
    if instalment.authorised_by is not None:
        who = "You" if instalment.authorised_by == by else str(instalment.authorised_by)
        raise ActionRefused(f"{who} authorised instalment {instalment.number} already.")
    _insist_within_award(grant, instalment)
    instalment.authorised_by = by
    instalment.authorised_on = on
    write(instalment, by=by, reason=f"Instalment {instalment.number} authorised")
    return instalment


@transaction.atomic
def meet_condition(
    *,
    instalment: Instalment,
    met_on: date,
    note: str = "",
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Instalment:
    """Record the day on which an instalment's condition was met."""
    grant, instalment = _held(instalment, by, "grants.meet_condition")
    said = note.strip() or "Condition met"
    if edited_before(instalment, request_key, version, condition_met_on=met_on, history_change_reason=said):
        return instalment
    if not instalment.condition:
        raise ActionRefused(f"Instalment {instalment.number} has no condition to meet.")
    if instalment.condition_met_on is not None:
        raise ActionRefused(f"The condition was met on {long_date(instalment.condition_met_on)} already.")
    insist_not_future(met_on, on, "met_on")
    insist_not_before(met_on, grant.decided_on, "met_on", "the grant was decided")
    words(note, "note")
    instalment.condition_met_on = met_on
    write(instalment, by=by, reason=said)
    return instalment


@transaction.atomic
def record_claim(
    *,
    instalment: Instalment,
    claim_valid_on: date,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Instalment:
    """Record the day on which a valid claim for an instalment came: its payment clock starts there."""
    grant, instalment = _held(instalment, by, "grants.record_claim")
    if edited_before(instalment, request_key, version, claim_valid_on=claim_valid_on):
        return instalment
    if instalment.basis != Basis.ON_CLAIM:
        raise ActionRefused(f"Instalment {instalment.number} is paid in advance: it needs no claim.")
    _insist_unpaid(instalment)
    insist_not_future(claim_valid_on, on, "claim_valid_on")
    insist_not_before(claim_valid_on, grant.decided_on, "claim_valid_on", "the grant was decided")
    instalment.claim_valid_on = claim_valid_on
    write(instalment, by=by, reason=f"Valid claim for instalment {instalment.number} received")
    return instalment


def _held(instalment: Instalment, by: User, permission: str) -> tuple[Grant, Instalment]:
    grant = held(instalment.grant, by, permission)
    insist_it_runs(grant)
    return grant, locked(Instalment.objects, pk=instalment.pk)


def _insist_within_award(grant: Grant, instalment: Instalment) -> None:
    """What is paid, what is authorised and this together stay within the award."""
    if grant.amount_awarded is None or instalment.amount is None:
        return
    lines = ledger_lines(grant)
    together = net_paid(lines) + authorised_of(grant, lines, instalment)
    if together > grant.amount_awarded:
        raise ActionRefused(
            f"With instalment {instalment.number} {format_pounds(together)} would be paid or authorised, "
            f"above the award of {format_pounds(grant.amount_awarded)}. Vary the award first."
        )


def _insist_unpaid(instalment: Instalment) -> None:
    if instalment.paid_on is not None:
        raise ActionRefused(
            f"Instalment {instalment.number} was paid on {long_date(instalment.paid_on)} already."
        )
