"""What changes on rounds and funding awards."""

import uuid
from datetime import date

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import locked, write
from core.rules.dates import long_date
from grants.models import FundingAward, Round
from grants.operations.writing import edited_before, insist_not_before, insist_not_future, words
from grants.permissions import insist


@transaction.atomic
def extend_round(
    *,
    round: Round,
    closes_on: date,
    decision_due_on: date | None = None,
    reason: str,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Round:
    """Move a round's close to a later day, while it is open; `decision_due_on` moves the decision with it."""
    insist(by, "grants.extend_round")
    round = locked(Round.objects, pk=round.pk)
    moved = {"decision_due_on": decision_due_on} if decision_due_on else {}
    written = {"closes_on": closes_on, "history_change_reason": reason.strip(), **moved}
    if edited_before(round, request_key, version, **written):
        return round
    reason = words(reason, "reason", missing="Say why the round is extended.")
    if round.announced_on is None or round.announced_on > on:
        raise ActionRefused("This round is not announced yet, so there is nothing to extend.")
    if round.closes_on is None or round.closes_on < on:
        raise ActionRefused("This round is closed. A closed round cannot be extended.")
    if closes_on <= round.closes_on:
        raise ActionRefused(
            f"Enter a day after {long_date(round.closes_on)}, when it closes now.", "closes_on"
        )
    due_on = decision_due_on or round.decision_due_on
    if due_on is not None and due_on < closes_on:
        raise ActionRefused(
            f"The decision is due on {long_date(due_on)}, before the new close. Enter a later day for it.",
            "decision_due_on",
        )
    round.closes_on, round.decision_due_on = closes_on, due_on
    write(round, by=by, reason=reason)
    return round


@transaction.atomic
def change_award(
    *,
    award: FundingAward,
    spend_by: date | None,
    closed_on: date | None = None,
    reason: str,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> FundingAward:
    """Record a spend-by date that the funder agreed, or the day an award was closed and what was left went back."""
    insist(by, "grants.vary_grant")
    award = locked(FundingAward.objects, pk=award.pk)
    written = {"spend_by": spend_by, "closed_on": closed_on, "history_change_reason": reason.strip()}
    if edited_before(award, request_key, version, **written):
        return award
    if award.closed_on is not None:
        raise ActionRefused(f"This award was closed on {long_date(award.closed_on)} already.")
    reason = words(reason, "reason", missing="Say what the funder agreed.")
    insist_not_future(closed_on, on, "closed_on")
    insist_not_before(closed_on, award.confirmed_on or award.told_on, "closed_on", "the award was made")
    insist_not_before(spend_by, award.confirmed_on or award.told_on, "spend_by", "the award was made")
    if spend_by is None and award.spend_by is not None:
        raise ActionRefused("Enter the day by which the money is to be spent.", "spend_by")
    if spend_by == award.spend_by and closed_on is None:
        raise ActionRefused("Nothing changes. Enter another spend-by date, or the day the award was closed.")
    award.spend_by, award.closed_on = spend_by, closed_on
    write(award, by=by, reason=reason)
    return award
