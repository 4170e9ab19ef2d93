"""The end of a grant's record: closed when its work is done, withdrawn when it never began."""

import uuid
from datetime import date

from django.db import transaction

from core.errors import ActionRefused
from core.models import User
from core.records import write
from core.rules.dates import add_months, long_date
from core.rules.money import format_pounds
from grants.models import Grant
from grants.models.decisions import APPROVED, may_be_support
from grants.models.returns import people_words
from grants.operations.writing import (
    edited_before,
    held,
    insist_it_runs,
    insist_not_before,
    insist_not_future,
    words,
)
from grants.queries.endings import ending_of
from grants.queries.ledger import ledger_lines
from grants.rules.cliff import WINDOW_MONTHS
from grants.rules.ledger import net_paid, paid_towards


@transaction.atomic
def close_grant(
    *,
    grant: Grant,
    closed_on: date | None = None,
    withdrawn_on: date | None = None,
    reason: str,
    by: User,
    on: date,
    request_key: uuid.UUID | None = None,
    version: int | None = None,
) -> Grant:
    """Close a grant whose work has ended, or withdraw one of which nothing is paid. Give one of the two dates.

    Closing must not hide anything: it is refused before the end, while money is owed, and, for a year after direct
    support ended, while people have no confirmed support.
    """
    grant = held(grant, by, "grants.vary_grant")
    written = {"closed_on": closed_on, "withdrawn_on": withdrawn_on, "history_change_reason": reason.strip()}
    if edited_before(grant, request_key, version, **written):
        return grant
    insist_it_runs(grant)
    reason = words(reason, "reason", missing="Say why the grant is closed or withdrawn.")
    if (closed_on is None) == (withdrawn_on is None):
        raise ActionRefused("Enter one date: the day the grant was closed, or the day it was withdrawn.")
    if closed_on is not None:
        insist_not_future(closed_on, on, "closed_on")
        _insist_ended(grant, closed_on)
        _insist_settled(grant)
        _insist_nobody_left(grant, on)
    else:
        insist_not_future(withdrawn_on, on, "withdrawn_on")
        _insist_unpaid(grant, withdrawn_on)
    grant.closed_on, grant.withdrawn_on = closed_on, withdrawn_on
    write(grant, by=by, reason=reason)
    return grant


def _insist_ended(grant: Grant, closed_on: date) -> None:
    if grant.ends_on is not None and closed_on < grant.ends_on:
        raise ActionRefused(
            f"The grant ends on {long_date(grant.ends_on)}. If it ended earlier, vary its end first.",
            "closed_on",
        )


def _insist_settled(grant: Grant) -> None:
    """A tracked grant was paid what was awarded, no more, and nothing of its schedule is left to pay."""
    if grant.tracked_from is None or grant.decision not in APPROVED:
        return
    if grant.first_paid_on is None and grant.amount_awarded != 0:
        raise ActionRefused(
            "Nothing was paid on this grant. If it will not go ahead, withdraw it.", "closed_on"
        )
    lines = ledger_lines(grant)
    if grant.amount_awarded is not None and net_paid(lines) > grant.amount_awarded:
        above = format_pounds(net_paid(lines) - grant.amount_awarded)
        raise ActionRefused(
            f"{above} more than the award was paid. Recover it, or vary the award first.", "closed_on"
        )
    for owed in grant.instalments.filter(paid_on__isnull=True).exclude(amount=0).order_by("number"):
        # Any payment settles an instalment of which the amount is not known.
        if owed.amount is not None or not paid_towards(owed.pk, lines):
            raise ActionRefused(
                f"Instalment {owed.number} is not paid. Pay it, or vary the award to what was paid.",
                "closed_on",
            )


def _insist_nobody_left(grant: Grant, on: date) -> None:
    """Whoever may be supported by it counts, and until it is known when the support ended."""
    if grant.tracked_from is None or not may_be_support(grant.purpose, grant.decision):
        return
    until = grant.ends_on and add_months(grant.ends_on, WINDOW_MONTHS)
    ending = ending_of(grant, on)
    if ending.uncovered == 0 or (until is not None and on > until):
        return
    if grant.purpose is None or until is None:
        what = "what it pays for" if grant.purpose is None else "when it ends"
        raise ActionRefused(
            f"It is not known {what}, so closing it may hide people who are left without support. Fill that in first.",
            "closed_on",
        )
    how_many = "It is not known how many people have"
    if ending.uncovered is not None:
        has = "has" if ending.uncovered == 1 else "have"
        how_many = f"{people_words(ending.uncovered, ending.unit)} {has}"
    raise ActionRefused(
        f"{how_many} no confirmed support after it. Record the caseload and the plan, or close it after "
        f"{long_date(until)}.",
        "closed_on",
    )


def _insist_unpaid(grant: Grant, withdrawn_on: date | None) -> None:
    insist_not_before(withdrawn_on, grant.decided_on, "withdrawn_on", "the grant was decided")
    if net_paid(ledger_lines(grant)) > 0:
        raise ActionRefused(
            "Money is paid on this grant. Recover it first, or close the grant.", "withdrawn_on"
        )
