"""Outcome returns as a list shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.models import User
from grants.models import Grant, OutcomeReturn, ReturnState

COLUMNS = (
    "pk",
    "grant__ref",
    "grant__title",
    "grant__lead_provider__name",
    "period_from",
    "period_to",
    "due_on",
    "state",
    "submitted_on",
    "caseload",
    "caseload_unit",
)
STATES = {
    "late": "Late",
    "due": "Due",
    "submitted": "Submitted",
    "sent_back": "Sent back",
    "accepted": "Accepted",
}
SENT_BACK_LATE = "sent_back_late"
# How a list calls them: one that was sent back and is late is found by either name, and counted once.
SHOWN_STATES = STATES | {SENT_BACK_LATE: f"{STATES['sent_back']} and late"}


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return. `state` is the recorded one, or one of the late ones once its day has passed."""

    pk: int
    ref: str
    title: str
    provider: str | None
    period_from: date | None
    period_to: date
    due_on: date | None
    state: str
    state_words: str
    submitted_on: date | None
    people: int | None
    unit: str | None


def is_late(on: date) -> Q:
    """Not submitted, or sent back and not submitted anew, and past its due date."""
    return Q(state__in=(ReturnState.DUE, ReturnState.SENT_BACK), due_on__lt=on)


def returns_in_state(state: str, on: date) -> Q:
    """The returns that a filter finds by that state: one that was sent back and is late by both."""
    if state == "late":
        return is_late(on)
    return Q(state=state) & ~is_late(on) if state == ReturnState.DUE else Q(state=state)


def _shown_as(state: str, on: date) -> Q:
    """The returns that a list calls by that state: each by one."""
    if state == SENT_BACK_LATE:
        return Q(state=ReturnState.SENT_BACK) & is_late(on)
    if state == ReturnState.SENT_BACK:
        return Q(state=state) & ~is_late(on)
    return Q(state=ReturnState.DUE) & is_late(on) if state == "late" else returns_in_state(state, on)


def shown_state(state: str, due_on: date | None, on: date) -> str:
    """What a list calls a return: its recorded state, or that it is late, or that it was sent back and is late."""
    if due_on is None or due_on >= on or state not in (ReturnState.DUE, ReturnState.SENT_BACK):
        return state
    return SENT_BACK_LATE if state == ReturnState.SENT_BACK else "late"


def visible_returns(user: User, *, illustrative: bool) -> QuerySet[OutcomeReturn]:
    """The returns that a person may read, of one register: of tracked grants that were not withdrawn."""
    returns = OutcomeReturn.objects.filter(
        grant__tracked_from__isnull=False,
        grant__withdrawn_on__isnull=True,
        grant__fund__is_illustrative=illustrative,
    )
    # The council sees every grant: looking each up again would cost a page its speed.
    return returns if user.is_council else returns.filter(grant__in=Grant.objects.visible_to(user).order_by())


def return_rows(returns: QuerySet[OutcomeReturn], on: date) -> list[ReturnRow]:
    """The rows of one page, in its order: one query."""
    return [_row(record, on) for record in returns.values(*COLUMNS)]


def _row(record: dict[str, Any], on: date) -> ReturnRow:
    state = shown_state(record["state"], record["due_on"], on)
    return ReturnRow(
        pk=record["pk"],
        ref=record["grant__ref"],
        title=record["grant__title"],
        provider=record["grant__lead_provider__name"],
        period_from=record["period_from"],
        period_to=record["period_to"],
        due_on=record["due_on"],
        state=state,
        state_words=SHOWN_STATES[state],
        submitted_on=record["submitted_on"],
        people=record["caseload"],
        unit=record["caseload_unit"],
    )


def state_counts(returns: QuerySet[OutcomeReturn], on: date, *, open_only: bool = False) -> dict[str, int]:
    """How many returns are in each state that a list names, in one query; `open_only` leaves the accepted uncounted."""
    states = [state for state in SHOWN_STATES if not (open_only and state == ReturnState.ACCEPTED)]
    if open_only:
        returns = returns.filter(state__in=[state for state in ReturnState if state != ReturnState.ACCEPTED])
    found: dict[str, int] = returns.order_by().aggregate(
        **{state: Count("pk", filter=_shown_as(state, on)) for state in states}
    )
    return found


def in_words(counts: Iterable[tuple[str, int]]) -> str:
    """ "2 late, 3 due": the states that occur."""
    return ", ".join(f"{number:,} {SHOWN_STATES[state].lower()}" for state, number in counts if number)
