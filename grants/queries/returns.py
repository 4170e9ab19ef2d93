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


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return. `state` is the recorded one, or "late" when it is due and its day has passed."""

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
    """The returns that a list calls by that state."""
    if state == "late":
        return is_late(on)
    waits = state in (ReturnState.DUE, ReturnState.SENT_BACK)
    return Q(state=state) & ((Q(due_on__isnull=True) | Q(due_on__gte=on)) if waits else Q())


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
    waits = record["state"] in (ReturnState.DUE, ReturnState.SENT_BACK)
    late = waits and record["due_on"] is not None and record["due_on"] < on
    state = "late" if late else record["state"]
    return ReturnRow(
        pk=record["pk"],
        ref=record["grant__ref"],
        title=record["grant__title"],
        provider=record["grant__lead_provider__name"],
        period_from=record["period_from"],
        period_to=record["period_to"],
        due_on=record["due_on"],
        state=state,
        state_words=STATES[state],
        submitted_on=record["submitted_on"],
        people=record["caseload"],
        unit=record["caseload_unit"],
    )


def state_counts(returns: QuerySet[OutcomeReturn], on: date, *, open_only: bool = False) -> dict[str, int]:
    """How many returns are in each state that a list names, in one query; `open_only` leaves the accepted uncounted."""
    states = [state for state in STATES if not (open_only and state == ReturnState.ACCEPTED)]
    if open_only:
        returns = returns.filter(state__in=[state for state in ReturnState if state != ReturnState.ACCEPTED])
    found: dict[str, int] = returns.order_by().aggregate(
        **{state: Count("pk", filter=returns_in_state(state, on)) for state in states}
    )
    return found


def in_words(counts: Iterable[tuple[str, int]]) -> str:
    """ "2 late, 3 due": the states that occur."""
    return ", ".join(f"{number:,} {STATES[state].lower()}" for state, number in counts if number)
