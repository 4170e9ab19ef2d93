"""Due diligence: what is needed, what was asked for, what was found."""

import uuid
from datetime import date

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import locked, write
from grants.models import Check, CheckKind, Grant
from grants.models.decisions import CheckResult, NeededBefore
from grants.operations.decisions.bank_details import (
    hold_all_of_its_provider,
    unverified_from,
    waiting_for_the_same_call,
)
from grants.operations.writing import (
    edited_before,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
    repeated,
)


@transaction.atomic
def add_check(
    *,
    grant: Grant,
    kind: str,
    needed_before: str = NeededBefore.PAYMENT,
    requested_on: date | None = None,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
) -> Check:
    """Say that a check is needed, before the agreement or before payment, and when the provider was asked for it."""
    grant = held(grant, by, "grants.record_check")
    written = {
        "grant_id": grant.pk,
        "kind": kind,
        "needed_before": needed_before,
        "requested_on": requested_on,
    }
    before = repeated(Check, request_key, **written)
    if before is not None:
        return before
    insist_it_runs(grant)
    insist_not_future(requested_on, on, "requested_on")
    label = CheckKind(kind).label
    if grant.checks.filter(kind=kind).exists():
        raise ActionRefused(f"{label} is on this grant's list of checks already.", "kind")
    check = Check(
        grant=grant,
        kind=kind,
        needed_before=needed_before,
        requested_on=requested_on,
        request_key=request_key,
    )
    write(check, by=by, reason=f"{label} needed before {NeededBefore(needed_before).label}")
    return check


@transaction.atomic
def record_check(
    *,
    check: Check,
    result: str | None,
    checked_on: date | None = None,
    expires_on: date | None = None,
    requested_on: date | None = None,
    called_back: bool = False,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Check:
    """Record what a check found; a result of None asks the provider for it, anew where it was seen before.

    Changed bank details pass only when a person other than the one who recorded the change `called_back` the provider;
    what was found holds for every grant of the provider that waits for the same call.
    """
    if check.kind == CheckKind.BANK_DETAILS:
        hold_all_of_its_provider(check.grant)
    grant = held(check.grant, by, "grants.record_check")
    check = locked(Check.objects, pk=check.pk)
    written = {"result": result, "checked_on": checked_on, "expires_on": expires_on}
    # Left empty, the day on which it was asked for stays.
    written |= {"requested_on": requested_on} if requested_on else {}
    if edited_before(check, request_key, version, **written):
        return check
    insist_it_runs(grant)
    requested_on = requested_on or check.requested_on
    insist_not_future(requested_on, on, "requested_on")
    label = CheckKind(check.kind).label
    if result is None:
        _ask(check, requested_on, checked_on, expires_on)
        write(check, by=by, reason=f"{label} asked for")
        return check
    _insist_seen(check, result, checked_on, expires_on, requested_on, on)
    same_call = [] if check.kind != CheckKind.BANK_DETAILS else waiting_for_the_same_call(check)
    if check.kind == CheckKind.BANK_DETAILS:
        _insist_second_person(check, result, called_back, by)
    check.requested_on = requested_on
    for found in (check, *same_call):
        found.result, found.checked_by, found.checked_on, found.expires_on = (
            result,
            by,
            checked_on,
            expires_on,
        )
        found.unverified_from = None
        write(found, by=by, reason=f"{label}: {CheckResult(result).label.lower()}")
    return check


def _ask(check: Check, requested_on: date | None, checked_on: date | None, expires_on: date | None) -> None:
    if checked_on is not None or expires_on is not None:
        raise ActionRefused("Say what the check found.", "result")
    if requested_on is None:
        raise ActionRefused(
            "Say what the check found, or when the provider was asked for it.", "requested_on"
        )
    if check.changed_by_id is not None:
        check.unverified_from = unverified_from(check, requested_on)
    check.result = check.checked_by = check.checked_on = check.expires_on = None
    check.requested_on = requested_on


def _insist_seen(
    check: Check,
    result: str,
    checked_on: date | None,
    expires_on: date | None,
    requested_on: date | None,
    on: date,
) -> None:
    if checked_on is None:
        raise ActionRefused("Enter the day on which it was seen.", "checked_on")
    insist_not_future(checked_on, on, "checked_on")
    if check.changed_by_id is not None:
        insist_not_before(checked_on, requested_on, "checked_on", "the change was told")
    insist_not_before(expires_on, checked_on, "expires_on", "it was seen")
    if result == CheckResult.FAILED and expires_on is not None:
        raise ActionRefused("What is not in order does not expire. Leave the date out.", "expires_on")


def _insist_second_person(check: Check, result: str, called_back: bool, by: User) -> None:
    if check.changed_by_id == by.pk:
        raise ActionRefused("You recorded the change of bank details, so another person must verify them.")
    if result == CheckResult.PASSED and not called_back:
        raise ActionRefused(
            "Call the provider back on a number that the council held before, then confirm it here.",
            "called_back",
        )
