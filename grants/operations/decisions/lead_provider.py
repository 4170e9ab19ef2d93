"""Who leads a grant, said where a list did not say it, and what kind of organisation that is."""

import uuid
from datetime import date

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import write
from grants.models import Agreement, Grant
from grants.operations.decisions.bank_details import waiting_for_a_call
from grants.operations.writing import USED_FORM, edited_before, held, insist_it_runs, words
from grants.permissions import insist
from providers.models import Organisation
from providers.operations.naming import (
    add_organisation,
    held_organisation,
    hold_newcomers,
    names_like,
    organisation_named,
    say_kind,
)

PERMISSION = "grants.vary_grant"


@transaction.atomic
def name_provider(
    *,
    grant: Grant,
    provider: str,
    kind: str | None,
    is_new: bool = False,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Grant:
    """Say which organisation leads a grant, by its name or number, and of what kind it is (None: leave it).

    With `is_new` one that the register does not know is added to it. Once there is an agreement or a payment the
    provider stays: its kind can still be said. Refuses a provider whose changed bank details nobody has verified. What
    was seen of the provider before, and authorised for it, holds no more.
    """
    insist(by, PERMISSION, grant)
    provider = words(provider, "provider", missing="Enter the name or the number of the provider.")
    register = grant.fund.is_illustrative
    if is_new:
        hold_newcomers()
    known = organisation_named(provider, illustrative=register)
    # The organisation before the grant, as changed bank details are recorded: one of the two waits for the other.
    organisation = held_organisation(known.pk) if known else None
    grant = held(grant, by, PERMISSION)
    if edited_before(grant, request_key, version, lead_provider_id=organisation and organisation.pk):
        if kind not in (None, organisation and organisation.kind):
            raise ActionRefused(USED_FORM)
        return grant
    insist_it_runs(grant)
    if organisation is None:
        _insist_new(provider, is_new, register)
        _insist_open(grant)
        organisation = add_organisation(
            provider, kind, illustrative=register, by=by, reason=f"Named as the provider of {grant.ref}"
        )
    elif grant.lead_provider_id != organisation.pk:
        _insist_open(grant)
        _insist_verified(organisation)
    _write(grant, organisation, kind, by)
    return grant


def is_settled(grant: Grant) -> bool:
    """Whether the provider can be put right no more: there is an agreement with it, or money went to it."""
    return Agreement.objects.filter(grant=grant).exists() or grant.payments.exists()


def _write(grant: Grant, organisation: Organisation, kind: str | None, by: User) -> None:
    said = []
    if kind is not None and organisation.kind != kind:
        say_kind(organisation, kind, by=by, reason=f"Its kind was said on {grant.ref}")
        said.append(f"Kind of provider: {organisation.get_kind_display()}")
    if grant.lead_provider_id != organisation.pk:
        before = grant.lead_provider or "not known"
        if grant.lead_provider is not None:
            _begin_anew(grant, by, f"Checked and authorised for {before}, not for {organisation}")
        grant.lead_provider = organisation
        said.insert(0, f"Lead provider: {organisation}, before: {before}")
    if not said:
        raise ActionRefused(
            "Nothing changes. Enter another provider or another kind, or go back to the grant."
        )
    write(grant, by=by, reason=". ".join(said))


def _begin_anew(grant: Grant, by: User, reason: str) -> None:
    """Nobody has seen the papers and the bank details of the new provider, nor allowed a payment to it."""
    for check in grant.checks.select_for_update().order_by("pk"):
        check.result = check.checked_by = check.checked_on = check.expires_on = None
        check.requested_on = check.changed_by = check.unverified_from = None
        write(check, by=by, reason=reason)
    for instalment in (
        grant.instalments.filter(authorised_on__isnull=False).select_for_update().order_by("pk")
    ):
        instalment.authorised_by = instalment.authorised_on = None
        write(instalment, by=by, reason=reason)


def _insist_new(name: str, is_new: bool, register: bool) -> None:
    if is_new:
        return
    like = " or ".join(f"“{each}”" for each in names_like(name, illustrative=register))
    meant = f"Did you mean {like}? " if like else ""
    raise ActionRefused(
        f"Nobody in this register is called “{name}”. {meant}Put it right, or tick the box to add it.",
        "is_new",
    )


def _insist_open(grant: Grant) -> None:
    if grant.lead_provider_id is not None and is_settled(grant):
        raise ActionRefused(
            f"{grant.lead_provider} has an agreement or payments on this grant, so it stays its provider.",
            "provider",
        )


def _insist_verified(organisation: Organisation) -> None:
    if waiting_for_a_call().filter(grant__lead_provider=organisation).exists():
        raise ActionRefused(
            f"The bank details of {organisation} have changed and are not verified. Record the call back on one of "
            "its other grants first.",
            "provider",
        )
