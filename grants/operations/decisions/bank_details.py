"""Changed bank details. They are never stored: only that they changed, and who verified them by calling back.

They are the provider's, so a change and its call back hold for every running grant that the provider leads. See
docs/rules/blocking.md.
"""

import uuid
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from core.models import User
from core.records import write
from grants.models import Check, CheckKind, Grant
from grants.models.decisions import CheckResult, NeededBefore
from grants.operations.writing import edited_before, held, insist_it_runs, insist_not_future
from providers.operations.naming import held_organisation

CHANGED = "Bank details changed: to be verified by another person"


@transaction.atomic
def bank_details_changed(
    *,
    grant: Grant,
    told_on: date,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Check:
    """Record that the provider gave new bank details: nothing is paid until another person has verified them.

    `version` is that of the bank details check as the form showed it, 0 where there was none.
    """
    others = hold_all_of_its_provider(grant)
    grant = held(grant, by, "grants.record_check")
    insist_it_runs(grant)
    check = _check_of(grant)
    if check.pk is None:
        version = None
    if edited_before(check, request_key, version, requested_on=told_on):
        return check
    insist_not_future(told_on, on, "told_on")
    for waiting in (check, *map(_check_of, others)):
        _wait_for_the_call(waiting, told_on, by)
        write(waiting, by=by, reason=CHANGED)
    return check


def block_newcomers(*, by: User) -> None:
    """Block the grants that came to a provider after it gave new bank details, as those are that it led before.

    For whatever gives grants to providers: an import, and two records found to be one organisation.
    """
    waiting = waiting_for_a_call().filter(grant__lead_provider__isnull=False)
    changes = {
        check.grant.lead_provider_id: check for check in waiting.select_related("grant").order_by("pk")
    }
    if not changes:
        return
    running = Grant.objects.filter(withdrawn_on__isnull=True, closed_on__isnull=True)
    came = running.filter(lead_provider__in=changes).exclude(checks__in=waiting)
    for grant in came.select_for_update(of=("self",)).order_by("pk"):
        change, check = changes[grant.lead_provider_id], _check_of(grant)
        assert change.requested_on is not None  # noqa: S101
        assert change.changed_by is not None  # noqa: S101
        if check.checked_on is not None and check.checked_on >= change.requested_on:
            continue  # it had a call back of its own
        _wait_for_the_call(check, change.requested_on, change.changed_by)
        write(check, by=by, reason=CHANGED)


def _wait_for_the_call(check: Check, told_on: date, told_to: User) -> None:
    check.unverified_from = unverified_from(check, told_on)
    check.needed_before = NeededBefore.PAYMENT
    check.requested_on, check.changed_by = told_on, told_to
    check.result = check.checked_by = check.checked_on = check.expires_on = None


def hold_all_of_its_provider(grant: Grant) -> list[Grant]:
    """The other grants that its lead provider leads and that run; all of them locked, in one order."""
    if grant.lead_provider_id is None:
        return []
    held_organisation(grant.lead_provider_id)  # nobody is named the provider of one more grant meanwhile
    led = Grant.objects.filter(lead_provider_id=grant.lead_provider_id).select_for_update(of=("self",))
    return [
        other
        for other in led.order_by("pk")
        if other.pk != grant.pk and other.withdrawn_on is None and other.closed_on is None
    ]


def waiting_for_a_call() -> QuerySet[Check]:
    """Checks of changed bank details that nobody has verified."""
    return Check.objects.filter(kind=CheckKind.BANK_DETAILS, changed_by__isnull=False, result__isnull=True)


def waiting_for_the_same_call(check: Check) -> QuerySet[Check]:
    """Other checks of the provider that wait for the call back which this one waits for."""
    if check.changed_by_id is None or check.result is not None or check.grant.lead_provider_id is None:
        return Check.objects.none()
    same = {"changed_by_id": check.changed_by_id, "requested_on": check.requested_on}
    of_provider = waiting_for_a_call().filter(grant__lead_provider_id=check.grant.lead_provider_id, **same)
    return of_provider.exclude(pk=check.pk)


def _check_of(grant: Grant) -> Check:
    found = grant.checks.filter(kind=CheckKind.BANK_DETAILS).first()
    return found or Check(grant=grant, kind=CheckKind.BANK_DETAILS)


def unverified_from(check: Check, told_on: date) -> date | None:
    """The day from which nothing is verified: that of a change that still waits, or of this one; None: it never was."""
    if check.pk is None:
        return told_on
    if check.result is None and check.changed_by_id is not None:
        return check.unverified_from and min(check.unverified_from, told_on)
    verified = check.result == CheckResult.PASSED and (
        check.expires_on is None or check.expires_on >= told_on
    )
    return told_on if verified else None
