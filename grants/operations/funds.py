"""What changes on rounds and funding awards."""

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import locked, write
from core.rules.dates import long_date
from core.rules.money import to_pence
from grants.models import FundingAward, Round
from grants.models.funds import SpentMeans
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
    total_amount: Decimal | None = None,
    spent_means: str | None = None,
    reason: str,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> FundingAward:
    """Record a spend-by date that the funder agreed, or the day an award was closed and what was left went back.

    `total_amount` and `spent_means` are filled in while they are not known; None leaves them as they are.
    """
    insist(by, "grants.vary_grant")
    award = locked(FundingAward.objects, pk=award.pk)
    said = {"total_amount": total_amount, "spent_means": spent_means}
    filled_in = {name: value for name, value in said.items() if value is not None}
    written = {"spend_by": spend_by, "closed_on": closed_on, "history_change_reason": reason.strip()}
    if edited_before(award, request_key, version, **written, **filled_in):
        return award
    if award.closed_on is not None:
        raise ActionRefused(f"This award was closed on {long_date(award.closed_on)} already.")
    reason = words(reason, "reason", missing="Say what the funder agreed.")
    insist_not_future(closed_on, on, "closed_on")
    insist_not_before(closed_on, award.confirmed_on or award.told_on, "closed_on", "the award was made")
    insist_not_before(spend_by, award.confirmed_on or award.told_on, "spend_by", "the award was made")
    if spend_by is None and award.spend_by is not None:
        raise ActionRefused("Enter the day by which the money is to be spent.", "spend_by")
    _insist_unknown(award, filled_in)
    if spend_by == award.spend_by and closed_on is None and not filled_in:
        raise ActionRefused("Nothing changes. Enter another spend-by date, or the day the award was closed.")
    award.spend_by, award.closed_on = spend_by, closed_on
    for name, value in filled_in.items():
        setattr(award, name, value)
    write(award, by=by, reason=reason)
    return award


def _insist_unknown(award: FundingAward, filled_in: Mapping[str, Any]) -> None:
    """Refuse to change what is known, and what is no amount or no meaning."""
    for name in filled_in:
        if getattr(award, name) is not None:
            raise ActionRefused("This is known already, and stays as it is.", name)
    amount = filled_in.get("total_amount")
    if amount is not None and (amount < 0 or amount != to_pence(amount)):
        raise ActionRefused("Enter an amount in pounds and pence.", "total_amount")
    if filled_in.get("spent_means", SpentMeans.PAID) not in SpentMeans.values:
        raise ActionRefused("Choose what the funder counts as spent.", "spent_means")
