"""Agreed changes of a grant's end, amount, scope or payment dates. The old values stay beside the new."""

import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import insist_on_version, write
from core.rules.dates import add_months, long_date
from core.rules.money import format_pounds, to_pence
from grants.models import Grant, Instalment, Variation
from grants.operations.payments.derived import keep_paid_dates
from grants.operations.writing import (
    USED_FORM,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
    repeated,
    words,
)
from grants.queries.ledger import lacking, ledger_lines, owed_of
from grants.rules.ledger import kept_outside, net_paid, shrink

DUE_AFTER_END_MONTHS = 12
# The notes on the schedule, as `_move` and `_resize` write them.
NOTE = re.compile(
    r"Instalment (?:(?P<moved>\d+): due (?P<to>[^,]+), before .+"
    r"|\d+: £.+, before £.+|\d+ added: .+, due (?P<due>[^,]+))\."
)


@transaction.atomic
def vary_grant(
    *,
    grant: Grant,
    new_ends_on: date | None = None,
    new_amount: Decimal | None = None,
    scope: str = "",
    due_dates: Mapping[int, date] | None = None,
    added_due_on: date | None = None,
    reason: str,
    proposed_on: date,
    decided_on: date,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Variation:
    """Change what was agreed: the end, the amount, the scope, when instalments (by number) are due.

    What the schedule lacks of the award becomes a new instalment where `added_due_on` says when it is due; a lower
    amount, never below what is paid, takes from the last unpaid instalments. Where there is no schedule yet, what is
    not paid of the award is its first instalment. What changes in the schedule is written into the scope.
    """
    grant = held(grant, by, "grants.vary_grant")
    written = {"new_ends_on": new_ends_on, "proposed_on": proposed_on, "decided_on": decided_on}
    before = repeated(
        Variation, request_key, grant_id=grant.pk, new_amount=new_amount, reason=reason.strip(), **written
    )
    if before is not None:
        if not _says(before.scope, scope.strip(), due_dates or {}, added_due_on):
            raise ActionRefused(USED_FORM)
        return before
    insist_on_version(grant, version)
    insist_it_runs(grant)
    reason = words(reason, "reason", missing="Say why the grant is varied.")
    scope = words(scope, "scope")
    _insist_days(grant, proposed_on, decided_on, on)
    _insist_end(grant, new_ends_on)
    for field, due_on in _due_days(due_dates or {}, added_due_on):
        _insist_due(grant, new_ends_on or grant.ends_on, due_on, field)
    schedule = list(grant.instalments.order_by("number"))  # read once: a line may be moved and resized in one
    _insist_amount(grant, new_amount)
    changes = [*_move(schedule, due_dates or {}), *_resize(grant, schedule, new_amount, added_due_on)]
    if new_ends_on is None and new_amount is None and not scope and not changes:
        raise ActionRefused("Nothing changes. Enter a new end, a new amount, a new scope or a new due date.")
    variation = Variation(
        grant=grant,
        proposed_on=proposed_on,
        decided_on=decided_on,
        decided_by=by,
        reason=reason,
        old_ends_on=grant.ends_on if new_ends_on else None,
        new_ends_on=new_ends_on,
        old_amount=grant.amount_awarded if new_amount is not None else None,
        new_amount=new_amount,
        scope="\n".join(filter(None, [scope, *(note for note, _ in changes)])),
        request_key=request_key,
    )
    write(variation, by=by, reason=reason)
    _apply(grant, variation, {instalment.number: instalment for _, instalment in changes}.values(), by)
    return variation


def _says(recorded: str, scope: str, due_dates: Mapping[int, date], added_due_on: date | None) -> bool:
    """Whether what a variation keeps in words is what was typed: its scope, then a note for each date."""
    if not recorded.startswith(scope):
        return False
    notes = recorded.removeprefix(scope).removeprefix("\n").splitlines()
    found = [NOTE.fullmatch(note) for note in notes]
    moved = {int(note["moved"]): note["to"] for note in found if note and note["moved"]}
    added = [note["due"] for note in found if note and note["due"]]
    return (
        all(found)
        and moved == {number: long_date(due_on) for number, due_on in due_dates.items()}
        and added == ([] if added_due_on is None else [long_date(added_due_on)])
    )


def _insist_days(grant: Grant, proposed_on: date, decided_on: date, on: date) -> None:
    insist_not_future(decided_on, on, "decided_on")
    insist_not_before(decided_on, proposed_on, "decided_on", "the variation was proposed")
    insist_not_before(decided_on, grant.decided_on, "decided_on", "the grant was decided")


def _insist_end(grant: Grant, new_ends_on: date | None) -> None:
    if new_ends_on is None:
        return
    if new_ends_on == grant.ends_on:
        raise ActionRefused(f"The grant ends on {long_date(new_ends_on)} already.", "new_ends_on")
    insist_not_before(new_ends_on, grant.planned_start, "new_ends_on", "the work was planned to start")


def _due_days(due_dates: Mapping[int, date], added_due_on: date | None) -> Iterator[tuple[str, date]]:
    """Each due date that was typed, after the name of its field."""
    yield from ((f"due_{number}", due_on) for number, due_on in sorted(due_dates.items()))
    if added_due_on is not None:
        yield "added_due_on", added_due_on


def _insist_due(grant: Grant, ends_on: date | None, due_on: date, field: str) -> None:
    """Refuse a due date that can only be a slip: nothing would ever be late, or all of it is."""
    insist_not_before(due_on, grant.decided_on, field, "the grant was decided")
    if ends_on is not None and due_on > add_months(ends_on, DUE_AFTER_END_MONTHS):
        raise ActionRefused(
            f"{long_date(due_on)} is more than a year after {long_date(ends_on)}, when the grant ends.", field
        )


def _insist_amount(grant: Grant, new_amount: Decimal | None) -> None:
    if new_amount is None:
        return
    if new_amount < 0 or new_amount != to_pence(new_amount):
        raise ActionRefused("Enter an amount in pounds and pence.", "new_amount")
    if new_amount == grant.amount_awarded:
        raise ActionRefused(f"The award is {format_pounds(new_amount)} already.", "new_amount")
    paid = net_paid(ledger_lines(grant))
    if new_amount < paid:
        raise ActionRefused(f"{format_pounds(paid)} is paid already. Recover money first.", "new_amount")


Change = tuple[str, Instalment]


def _move(lines: Sequence[Instalment], due_dates: Mapping[int, date]) -> list[Change]:
    """Instalments with their new due dates, not yet written, each with the note that keeps the old."""
    schedule = {instalment.number: instalment for instalment in lines}
    changes = []
    for number, due_on in sorted(due_dates.items()):
        instalment = schedule.get(number)
        field = f"due_{number}"
        if instalment is None:
            raise ActionRefused(f"This grant has no instalment {number}.", field)
        if instalment.due_on == due_on:
            raise ActionRefused(f"Instalment {number} is due on {long_date(due_on)} already.", field)
        if instalment.paid_on is not None:
            raise ActionRefused(f"Instalment {number} is paid already.", field)
        old = long_date(instalment.due_on) if instalment.due_on else "not known"
        instalment.due_on = due_on
        changes.append((f"Instalment {number}: due {long_date(due_on)}, before {old}.", instalment))
    return changes


def _resize(
    grant: Grant, schedule: Sequence[Instalment], new_amount: Decimal | None, added_due_on: date | None
) -> list[Change]:
    """The schedule's part of a variation: its first instalment, one more, or the last unpaid ones smaller."""
    if added_due_on is not None and not schedule:
        return [_first_instalment(grant, new_amount, added_due_on)]
    if added_due_on is not None:
        return [_one_more(grant, schedule, new_amount, added_due_on)]
    if new_amount is None:
        return []
    changes, paid = [], ledger_lines(grant)
    smaller = shrink(owed_of(schedule, paid), new_amount, kept_outside(paid))
    for instalment in schedule:
        if instalment.number in smaller:
            old, instalment.amount = instalment.amount, smaller[instalment.number]
            # Nothing is due of nothing: without a date it can never be called late.
            instalment.due_on = instalment.due_on if instalment.amount else None
            pounds = f"{format_pounds(instalment.amount)}, before {format_pounds(old)}"
            changes.append((f"Instalment {instalment.number}: {pounds}.", instalment))
    return changes


def _one_more(
    grant: Grant, schedule: Sequence[Instalment], new_amount: Decimal | None, due_on: date
) -> Change:
    """What the schedule lacks of the award, as its last line; where that is not known, what the award is raised by."""
    old, award = grant.amount_awarded, grant.amount_awarded if new_amount is None else new_amount
    amount = lacking(schedule, award, ledger_lines(grant))
    if amount is None and new_amount is not None and old is not None:
        amount = new_amount - old
    if amount is None:
        raise ActionRefused("It is not known what the schedule lacks. Leave this empty.", "added_due_on")
    if amount <= 0:
        raise ActionRefused("The schedule lacks nothing of the award. Leave this empty.", "added_due_on")
    number = schedule[-1].number + 1
    added = Instalment(grant=grant, number=number, amount=amount, due_on=due_on)
    return f"Instalment {number} added: {format_pounds(amount)}, due {long_date(due_on)}.", added


def _first_instalment(grant: Grant, new_amount: Decimal | None, due_on: date) -> Change:
    """What was never paid of the award, as the one line of a schedule; not known where the award is not."""
    award = grant.amount_awarded if new_amount is None else new_amount
    amount = lacking((), award, ledger_lines(grant))
    if amount is not None and amount <= 0:
        raise ActionRefused("The award is paid in full: nothing of it is left to schedule.", "added_due_on")
    pounds = "amount not known" if amount is None else format_pounds(amount)
    first = Instalment(grant=grant, number=1, amount=amount, due_on=due_on)
    return f"Instalment 1 added: {pounds}, due {long_date(due_on)}.", first


def _apply(grant: Grant, variation: Variation, instalments: Collection[Instalment], by: User) -> None:
    if variation.new_ends_on is not None:
        grant.ends_on, grant.ends_about = variation.new_ends_on, None
    if variation.new_amount is not None:
        grant.amount_awarded = variation.new_amount
    # Whatever was varied, the grant moves to its next version: a form that was open then shows what no longer stands.
    write(grant, by=by, reason=variation.reason)
    for instalment in instalments:
        write(instalment, by=by, reason=variation.reason)
    keep_paid_dates(grant, by=by, reason=variation.reason)
