"""The signed terms."""

import uuid
from datetime import date

from django.db import transaction

from core.errors import ActionRefused, StaleVersion
from core.models import User
from core.records import write
from grants.models import Agreement, Grant
from grants.operations.writing import (
    edited_before,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
)
from grants.queries.blocking import block_case_of
from grants.rules.blocking import Block, blockers


@transaction.atomic
def record_agreement(
    *,
    grant: Grant,
    issued_on: date | None,
    signed_on: date | None = None,
    countersigned_on: date | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Agreement:
    """Record when the agreement was issued, signed by the provider and countersigned; None is "not yet".

    `version` is that of the agreement as the form showed it, 0 where there was none. Refuses dates out of order, and
    an agreement issued while a check that is needed before it is not in order.
    """
    grant = held(grant, by, "grants.record_agreement")
    agreement = Agreement.objects.filter(grant=grant).first()
    if agreement is None:
        if version:
            raise StaleVersion
        agreement, version = Agreement(grant=grant), None
    written = {"issued_on": issued_on, "signed_on": signed_on, "countersigned_on": countersigned_on}
    if edited_before(agreement, request_key, version, **written):
        return agreement
    insist_it_runs(grant)
    _insist_in_order(grant, issued_on, signed_on, countersigned_on, on)
    if issued_on is not None and agreement.issued_on is None:
        _insist_checks(grant, on)
    for name, value in written.items():
        setattr(agreement, name, value)
    write(agreement, by=by, reason=_reason(agreement))
    return agreement


def _reason(agreement: Agreement) -> str:
    if agreement.countersigned_on:
        return "Agreement countersigned"
    if agreement.signed_on:
        return "Agreement signed by the provider"
    return "Agreement issued" if agreement.issued_on else "Agreement not issued"


def _insist_in_order(
    grant: Grant, issued_on: date | None, signed_on: date | None, countersigned_on: date | None, on: date
) -> None:
    if signed_on is not None and issued_on is None:
        raise ActionRefused("Enter the day the agreement was issued too.", "issued_on")
    if countersigned_on is not None and signed_on is None:
        raise ActionRefused("Enter the day the provider signed too.", "signed_on")
    for day, field in (
        (issued_on, "issued_on"),
        (signed_on, "signed_on"),
        (countersigned_on, "countersigned_on"),
    ):
        insist_not_future(day, on, field)
    insist_not_before(issued_on, grant.decided_on, "issued_on", "the grant was decided")
    insist_not_before(signed_on, issued_on, "signed_on", "the agreement was issued")
    insist_not_before(countersigned_on, signed_on, "countersigned_on", "the provider signed")


def _insist_checks(grant: Grant, on: date) -> None:
    standing = blockers(block_case_of(grant, None), on)
    missing = [blocker.what for blocker in standing if blocker.block == Block.CHECK_BEFORE_AGREEMENT]
    if missing:
        raise ActionRefused(
            f"Needed before the agreement: {', '.join(missing)}. Record that first.", "issued_on"
        )
