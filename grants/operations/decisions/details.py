"""What is not known of a grant, filled in: its people and places, who pays for it, its decision, since when it is
tracked, its dates and amount."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import transaction

from core.errors import ActionRefused
from core.models import Locality, Role, User
from core.models.users import OFFICER_ROLES
from core.records import names_in_words, write
from core.rules.dates import long_date
from core.rules.money import format_pounds, to_pence
from grants.models import FundingAward, Grant
from grants.models.decisions import APPROVED
from grants.operations.writing import (
    USED_FORM,
    edited_before,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
)
from grants.queries.ledger import ledger_lines, scheduled_of
from grants.rules.ledger import net_paid

VARIED_LATER = ("planned_start", "planned_end", "ends_on", "amount_awarded")
"""Filled in while it is not known. Once known it was agreed: a later change of it is a variation."""
DECIDED = ("decision", "decided_on")
"""Filled in together while no decision is recorded: then it stands."""
ONLY_ADDED = (*VARIED_LATER, *DECIDED)
RECORDED_OF_TRACKED = {
    "payments": "Payments are",
    "returns": "Returns are",
    "clock_stops": "A clock stop is",
    "checks": "A check is",
    "instalments": "A payment schedule is",
    "variations": "A variation is",
    "notices": "Who was told is",
}
ALONE_OF_TRACKED = {"agreement": "An agreement is", "plan": "A plan for the end is"}
"""What shows that a grant is tracked in earnest: its flags cannot be made to vanish by not tracking it."""
PUBLISHED_AS = {"planned_start": "starts_about", "ends_on": "ends_about", "decided_on": "decided_about"}


@dataclass(frozen=True, slots=True)
class Details:
    """A grant's details as they shall stand: None is "not known", no locality is "where is not known".

    The decision, the planned dates, the end and the amount are only ever added: None leaves them as they are.
    """

    lead_officer: User | None
    finance_owner: User | None
    localities: tuple[Locality, ...]
    tracked_from: date | None
    purpose: str | None
    award_type: str | None
    funding_award: FundingAward | None
    planned_start: date | None = None
    planned_end: date | None = None
    ends_on: date | None = None
    amount_awarded: Decimal | None = None
    decision: str | None = None
    decided_on: date | None = None


def details_of(grant: Grant) -> Details:
    """A grant's details as they stand."""
    columns = {
        field.name: getattr(grant, field.name) for field in fields(Details) if field.name != "localities"
    }
    return Details(**columns, localities=tuple(grant.localities.order_by("name")))


@transaction.atomic
def record_details(
    *,
    grant: Grant,
    details: Details,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Grant:
    """Fill in what is not known of a grant, and put right who owns it, who pays for it, where it works, what it buys.

    Refuses what only a variation may change, a person who is not there for it, an award that does not pay for its fund,
    a place of the other register, and to stop tracking a grant that has payments. Of a grant that is over only who paid
    for it can still be said. Whoever records a decision stands for who took it, and so can neither authorise nor pay.
    """
    grant = held(grant, by, "grants.vary_grant")
    if edited_before(grant, request_key, version, **_columns(details)):
        if set(details.localities) != set(grant.localities.all()):
            raise ActionRefused(USED_FORM)
        return grant
    before = details_of(grant)
    changed = [name for name in _names() if _differs(before, details, name)]
    if changed != ["funding_award"]:
        insist_it_runs(grant)
    _insist_not_varied(before, details)
    _insist_people(before, details)
    _insist_award(grant, before, details)
    _insist_places(grant, details.localities)
    _insist_tracking(grant, details.tracked_from, on)
    _insist_decision(grant, before, details, on)
    if not changed:
        raise ActionRefused("Nothing changes. Fill in something that is not known, or go back to the grant.")
    for name in changed:
        _fill_in(grant, name, details)
    if grant.decision is not None and before.decision is None:
        grant.decided_by = by
    _insist_order(grant)
    if "amount_awarded" in changed:
        _insist_amount(grant)
    write(grant, by=by, reason=_reason(before, details, changed))
    return grant


def _reason(before: Details, after: Details, changed: Collection[str]) -> str:
    """What was filled in. Where the grant works stands beside it, not in its row: so its old and new places too."""
    said = [name.replace("_", " ") for name in changed if name != "localities"]
    sentences = [f"Filled in: {', '.join(said)}"] if said else []
    if "localities" in changed:
        new, old = ([place.name for place in one.localities] for one in (after, before))
        sentences.append(names_in_words("Localities", new, old))
    return ". ".join(sentences)


def _names() -> list[str]:
    return [field.name for field in fields(Details)]


def _columns(details: Details) -> dict[str, Any]:
    """What a grant's own row shall say: of what is only ever added, what is."""
    said = {name: getattr(details, name) for name in _names() if name != "localities"}
    return {name: value for name, value in said.items() if not (name in ONLY_ADDED and value is None)}


def _differs(before: Details, after: Details, name: str) -> bool:
    new, old = getattr(after, name), getattr(before, name)
    if name == "localities":
        return set(new) != set(old)
    return new != old and not (name in ONLY_ADDED and new is None)


def _fill_in(grant: Grant, name: str, details: Details) -> None:
    """Set one of the details; a date known to the day takes the place of one published to the month."""
    if name == "localities":
        grant.localities.set(details.localities)
        return
    setattr(grant, name, getattr(details, name))
    if name in PUBLISHED_AS:
        setattr(grant, PUBLISHED_AS[name], None)


def _insist_not_varied(before: Details, after: Details) -> None:
    for name in VARIED_LATER:
        if getattr(before, name) is not None and _differs(before, after, name):
            what = name.replace("_", " ").capitalize()
            raise ActionRefused(f"{what}: this is known already. Vary the grant to change it.", name)


def _insist_people(before: Details, after: Details) -> None:
    """Whoever is given a grant now is there for it; who has it already may have left since."""
    if after.lead_officer != before.lead_officer:
        _insist_there(after.lead_officer, OFFICER_ROLES, "an officer", "lead_officer")
    if after.finance_owner != before.finance_owner:
        _insist_there(after.finance_owner, {Role.FINANCE}, "of finance", "finance_owner")


def _insist_there(person: User | None, roles: Collection[str], what: str, field: str) -> None:
    if person is not None and not (person.is_active and person.role in roles):
        raise ActionRefused(f"Choose somebody who is {what} and can sign in.", field)


def _insist_award(grant: Grant, before: Details, after: Details) -> None:
    """What a grant is given now is an award of its fund; what it has already may have been agreed otherwise."""
    award = after.funding_award
    if award in (None, before.funding_award):
        return
    if not grant.fund.awards.filter(pk=award.pk).exists():
        raise ActionRefused("Choose a funding award that pays for this grant’s fund.", "funding_award")


def _insist_places(grant: Grant, localities: Collection[Locality]) -> None:
    if any(locality.is_illustrative != grant.fund.is_illustrative for locality in localities):
        raise ActionRefused("Choose places of this grant’s own register.", "localities")


def _insist_tracking(grant: Grant, tracked_from: date | None, on: date) -> None:
    insist_not_future(tracked_from, on, "tracked_from")
    if tracked_from is not None or grant.tracked_from is None:
        return
    several = (words for name, words in RECORDED_OF_TRACKED.items() if getattr(grant, name).exists())
    alone = (words for name, words in ALONE_OF_TRACKED.items() if hasattr(grant, name))
    for words in chain(several, alone):
        raise ActionRefused(
            f"{words} recorded on this grant, so it stays tracked. Enter the day from which it is.",
            "tracked_from",
        )


def _insist_decision(grant: Grant, before: Details, after: Details, on: date) -> None:
    """What was decided comes with its day, and that before everything which followed from it."""
    if not any(_differs(before, after, name) for name in DECIDED):
        return
    if before.decision is not None:
        raise ActionRefused("The decision is recorded already, and stays as it is.", "decided_on")
    if after.decision not in APPROVED:
        raise ActionRefused("Say how the grant was approved on that day.", "decision")
    if after.decided_on is None:
        raise ActionRefused("Enter the day of the decision too.", "decided_on")
    insist_not_future(after.decided_on, on, "decided_on")
    announced_on = grant.round.announced_on if grant.round else None
    insist_not_before(after.decided_on, announced_on, "decided_on", "the round was announced")
    for day, what in _followed(grant):
        if day is not None and day < after.decided_on:
            words = f"{long_date(after.decided_on)} is after {long_date(day)}, when {what}."
            raise ActionRefused(words, "decided_on")


def _followed(grant: Grant) -> Iterator[tuple[date | None, str]]:
    """What can only follow a decision, each with its day."""
    if hasattr(grant, "agreement"):
        yield grant.agreement.issued_on, "the agreement was issued"
    for line in grant.instalments.order_by("number"):
        yield line.due_on, f"instalment {line.number} is due"
    for variation in grant.variations.all():
        yield variation.decided_on, "a variation was decided"


def _insist_order(grant: Grant) -> None:
    """Of two dates the later field is named, unless it stood before: then the form has no such field."""
    for field in ("planned_end", "ends_on"):
        insist_not_before(getattr(grant, field), grant.planned_start, field, "the work is planned to start")


def _insist_amount(grant: Grant) -> None:
    amount = grant.amount_awarded
    if amount is None:
        return
    if amount < 0 or amount != to_pence(amount):
        raise ActionRefused("Enter an amount in pounds and pence.", "amount_awarded")
    least = max(net_paid(ledger_lines(grant)), scheduled_of(grant))
    if amount < least:
        raise ActionRefused(
            f"{format_pounds(least)} is paid or scheduled already. Enter that much or more.", "amount_awarded"
        )
