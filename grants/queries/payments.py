"""What to pay next, most harm first: what is ready, what is blocked and by whom.

What could have been paid before today comes first: only there somebody waits. Harm is the funded time lost to a first
payment that is still awaited, then the people waiting, then the working days over the standard. The database sifts and
adds up all that is due; only what is shown is looked at closely. Five queries, whatever the size of the register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from typing import Any, NamedTuple

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import ClockStop, Grant, Instalment
from grants.queries.blocking import barred_from_paying, blockers_by_instalment, stops_by_grant
from grants.queries.candidates.payments import instalment_case
from grants.queries.cases import clock_case
from grants.queries.due import (
    due_instalments,
    with_harm,
    with_left,
    with_payable_on,
    with_people,
    with_readiness,
)
from grants.rules.blocking import Blocker
from grants.rules.clock import measure
from grants.rules.lost_time import funded_time_lost
from grants.rules.slow import judge_instalment

SHOWN = 50
CHUNK = 2000
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ToPay:
    """One instalment to pay. `left` is what is not paid yet, None where the amount is not known.

    `lost_share` is the funded time lost so far, 0 to 1, None where it is not known or this is no first payment;
    `people` the last caseload of the grant, in its `unit`, who wait when it `is_late`: it could have been paid on an
    earlier day; `blockers` is empty when it is ready; `barred` are the ids of those who may not pay it.
    """

    instalment_id: int
    number: int
    ref: str
    title: str
    provider: str | None
    fund: str
    left: Decimal | None
    due_on: date | None
    is_first: bool
    lost_share: float | None
    people: int | None
    unit: str | None
    is_late: bool
    over_standard_working_days: int
    blockers: tuple[Blocker, ...]
    barred: frozenset[int]

    @property
    def harm(self) -> tuple[bool, float, int, int]:
        """Sorts the most harmful first: late before due, and people count once they wait."""
        waiting = (self.people or 0) if self.is_late else 0
        return (not self.is_late, -(self.lost_share or 0), -waiting, -self.over_standard_working_days)


@dataclass(frozen=True, slots=True)
class Group:
    """Instalments with their number and total in pounds, more than are shown perhaps; `not_known` have no amount."""

    items: tuple[ToPay, ...]
    count: int
    total: Decimal
    not_known: int


@dataclass(frozen=True, slots=True)
class PayNext:
    """What is due: the ready and the blocked."""

    ready: Group
    blocked: Group


class _Due(NamedTuple):
    """One instalment as the stream gives it: how it sorts, what its group adds up, what its line shows."""

    not_late: int
    kept: float
    payable_from: int
    pk: int
    is_ready: bool
    left: Decimal | None
    people: int | None
    people_unit: str | None


def _harm(due: tuple[Any, ...]) -> tuple[int, float, int, int, int]:
    """Sorts the most harmful of `_Due` first; people count once they wait."""
    not_late, kept, payable_from, pk, _, _, people, _ = due
    return not_late, kept, 0 if not_late else -(people or 0), payable_from, pk


@dataclass(slots=True)
class _Sifted:
    """The most harmful of a group so far, and what all of it adds up to."""

    limit: int
    most: list[tuple[Any, ...]] = field(default_factory=list)
    count: int = 0
    total: Decimal = NOTHING
    not_known: int = 0

    def take(self, row: tuple[Any, ...], left: Decimal | None) -> None:
        """Count one more; the list is cut from time to time, so that it stays short."""
        self.count += 1
        if left is None:
            self.not_known += 1
        else:
            self.total += left
        self.most.append(row)
        if len(self.most) >= self.limit + CHUNK:
            self.cut()

    def cut(self) -> None:
        """Keep only the most harmful."""
        self.most = nsmallest(self.limit, self.most, key=_harm)

    def group(self, items: Mapping[int, ToPay]) -> Group:
        """As the page shows it."""
        dues = (_Due(*row) for row in self.most)
        shown = sorted((items[due.pk] for due in dues if due.pk in items), key=lambda item: item.harm)
        return Group(tuple(shown), self.count, self.total, self.not_known)


def pay_next(
    user: User, *, illustrative: bool, on: date, calendar: WorkingDays, limit: int = SHOWN
) -> PayNext:
    """What is due by a month from `on`, or of no known date, in one register, for a person who may see it."""
    ready, blocked = _sift(user, illustrative, on, limit)
    items = _to_pay([_Due(*row) for row in (*ready.most, *blocked.most)], on, calendar)
    return PayNext(ready.group(items), blocked.group(items))


def _sift(user: User, illustrative: bool, on: date, limit: int) -> tuple[_Sifted, _Sifted]:
    """All that is due, in one streamed query: the ready and the blocked. Thousands of rows stay plain tuples."""
    due = with_readiness(due_instalments(user, illustrative=illustrative, on=on), on)
    rows = with_harm(with_people(with_payable_on(with_left(due, on)), on), on).values_list(*_Due._fields)
    ready, blocked = _Sifted(limit), _Sifted(limit)
    for row in rows.iterator(CHUNK):
        (ready if row[4] else blocked).take(row, row[5])
    ready.cut()
    blocked.cut()
    return ready, blocked


def _to_pay(dues: Sequence[_Due], on: date, calendar: WorkingDays) -> dict[int, ToPay]:
    """What is shown of each instalment, by its id: four queries."""
    joined = Instalment.objects.select_related("grant__fund", "grant__lead_provider")
    instalments = joined.in_bulk([due.pk for due in dues])
    stops = stops_by_grant({found.grant_id for found in instalments.values()})
    blocks = blockers_by_instalment(list(instalments.values()), on, stops)
    found = ((due, instalments[due.pk]) for due in dues if due.pk in instalments)
    return {
        due.pk: _item(due, instalment, blocks[due.pk], stops.get(instalment.grant_id, []), on, calendar)
        for due, instalment in found
    }


def _item(
    due: _Due,
    instalment: Instalment,
    blocks: tuple[Blocker, ...],
    stops: list[ClockStop],
    on: date,
    calendar: WorkingDays,
) -> ToPay:
    grant = instalment.grant
    return ToPay(
        instalment_id=instalment.pk,
        number=instalment.number,
        ref=grant.ref,
        title=grant.title,
        provider=grant.lead_provider.name if grant.lead_provider else None,
        fund=grant.fund.name,
        left=due.left,
        due_on=instalment.due_on,
        is_first=grant.first_paid_on is None,
        lost_share=_lost_share(grant, on),
        people=due.people,
        unit=due.people_unit,
        is_late=not due.not_late,
        over_standard_working_days=_over_standard(instalment, stops, on, calendar),
        blockers=blocks,
        barred=barred_from_paying(instalment),
    )


def _lost_share(grant: Grant, on: date) -> float | None:
    """The funded time lost so far to a first payment that is awaited."""
    if grant.first_paid_on is not None:
        return None
    lost = funded_time_lost(grant.planned_start, grant.planned_end, None, on)
    return lost.share if lost else None


def _over_standard(instalment: Instalment, stops: list[ClockStop], on: date, calendar: WorkingDays) -> int:
    """Working days past the fund's standard for a first payment, past the day it could be paid for a later one."""
    grant = instalment.grant
    if grant.first_paid_on is None and instalment.number == 1:
        standard = grant.fund.payment_standard_working_days
        clock = measure(clock_case(grant, instalment, stops), standard, on, calendar)
        return max(0, clock.council_working_days - standard) if clock else 0
    verdict = judge_instalment(
        instalment_case(
            instalment.due_on,
            instalment.condition,
            instalment.condition_met_on,
            instalment.basis,
            instalment.claim_valid_on,
            None,
        ),
        on,
        calendar,
    )
    return verdict.working_days_late if verdict else 0
