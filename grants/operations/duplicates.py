"""Two records that look like one organisation: a person says whether they are."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model

from core.bulk import update_with_history
from core.errors import ActionRefused
from core.models import Recorded, User
from core.records import locked, remove, write
from grants.models import FundingAward, Grant, GrantPartner
from grants.operations.decisions.bank_details import block_newcomers
from grants.operations.imports.run import MAY_IMPORT
from grants.permissions import insist
from providers.models import Likeness, Membership, Organisation, OrganisationIdentifier, ProbableDuplicate

log = structlog.get_logger("tracker.organisations")

BATCH = 500
# What an organisation is to other records. Payments keep their payee; flags follow at the next pass.
PLACES: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Grant, ("lead_provider", "commissioner", "payer")),
    (FundingAward, ("funder",)),
    (GrantPartner, ("organisation",)),
    (Membership, ("organisation",)),
    (OrganisationIdentifier, ("organisation",)),
    (Organisation, ("same_as",)),
)
REASON = "Found to be the same organisation"


@transaction.atomic
def say_if_same(*, duplicate: ProbableDuplicate, likeness: str, by: User, on: date) -> ProbableDuplicate:
    """Record whether two records are one organisation, and if so give what the newer has to the older.

    The same answer again changes nothing; another answer than was given is refused.
    """
    insist(by, MAY_IMPORT)
    pair: ProbableDuplicate = locked(ProbableDuplicate.objects, pk=duplicate.pk)
    if pair.state != Likeness.OPEN:
        if pair.state == likeness:
            return pair
        raise ActionRefused(f"Somebody has answered already: {pair.get_state_display().lower()}.")
    if likeness not in {Likeness.SAME, Likeness.DIFFERENT}:
        raise ActionRefused("Say whether they are one organisation or two.", "likeness")
    pair.state, pair.decided_by, pair.decided_on = likeness, by, on
    pair.save()
    if likeness == Likeness.SAME:
        _merge(pair.older_id, pair.newer_id, by=by, on=on)
    log.info("probable duplicate decided", pair=pair.pk, likeness=likeness, by=by.pk)
    return pair


def _merge(older_id: int, newer_id: int, *, by: User, on: date) -> None:
    """Everything of the newer record to the older, which may itself have been found to be another since."""
    both = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    found = {one.pk: one for one in both.filter(pk__in=[older_id, newer_id])}
    older, newer = _standing(found[older_id]), _standing(found[newer_id])
    if older == newer:
        return
    if older.is_illustrative != newer.is_illustrative:
        raise ActionRefused(
            "One of the two is illustrative: real and illustrative records are never made one."
        )
    _leave_one_partnership(older, newer, by)
    _leave_one_membership(older, newer, by, on)
    for model, names in PLACES:
        for name in names:
            _move(model, name, older, newer, by)
    block_newcomers(by=by)
    older.kind = older.kind or newer.kind
    older.ward_id = older.ward_id or newer.ward_id
    older.locality_id = older.locality_id or newer.locality_id
    older.address_confidential = older.address_confidential or newer.address_confidential
    write(older, by=by, reason=REASON)
    newer.same_as = older
    write(newer, by=by, reason=REASON)


def _standing(organisation: Organisation) -> Organisation:
    """The record that stands for it now."""
    return organisation.same_as or organisation


def _move(model: Any, name: str, older: Organisation, newer: Organisation, by: User) -> None:
    """Batch by batch, with the old value in each record's history."""
    ids: Iterable[int] = model.objects.filter(**{name: newer}).values_list("pk", flat=True)
    waiting, versioned = list(ids), issubclass(model, Recorded)
    for start in range(0, len(waiting), BATCH):
        records = list(
            model.objects.select_for_update(of=("self",))
            .filter(pk__in=waiting[start : start + BATCH])
            .order_by("pk")
        )
        for record in records:
            setattr(record, name, older)
            if versioned:
                record.version += 1
        update_with_history(records, [name, "version"] if versioned else [name], by=by, reason=REASON)


def _leave_one_partnership(older: Organisation, newer: Organisation, by: User) -> None:
    """A grant in which both take part keeps the older one's place."""
    for twice in GrantPartner.objects.filter(organisation=newer, grant__partnerships__organisation=older):
        remove(twice, by=by, reason=REASON)


def _leave_one_membership(older: Organisation, newer: Organisation, by: User, on: date) -> None:
    """Who acts for both already keeps one membership; the other ends today, or when it began if that is later."""
    held = Membership.objects.filter(organisation=older, ended_on__isnull=True).values("user_id")
    for twice in Membership.objects.filter(organisation=newer, ended_on__isnull=True, user_id__in=held):
        twice.ended_on = max(on, twice.started_on)
        write(twice, by=by, reason=REASON)
