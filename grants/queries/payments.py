"""What to pay next, most harm first: what is ready, what is blocked and by whom, what was paid lately.

What could have been paid before today comes first: only there somebody waits. Harm is the funded time lost to a first
payment that is still awaited, then the people waiting, then the working days over the standard. Everything due is read
once, in a stream; only what is shown is looked at closely. Eight queries, whatever the size of the register.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from heapq import nsmallest
from typing import NamedTuple

from django.db.models import Count, Sum

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import ClockStop, Grant, Instalment, Payment, PaymentKind
from grants.queries.blocking import barred_from_paying, blockers_by_instalment
from grants.queries.candidates.payments import instalment_case
from grants.queries.cases import clock_case
from grants.queries.due import due_instalments, with_left, with_payable_on, with_people, with_readiness
from grants.rules.blocking import Blocker
from grants.rules.clock import measure
from grants.rules.lost_time import funded_time_lost
from grants.rules.slow import judge_instalment

PAID_LATELY_DAYS = 31
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
class Paid:
    """One payment made lately; `left` is what stands of it after reversals."""

    payment_id: int
    ref: str
    title: str
    provider: str | None
    number: int | None
    amount: Decimal
    paid_on: date
    receipt_confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Group:
    """Instalments with their number and total in pounds, more than are shown perhaps; `not_known` have no amount."""

    items: tuple[ToPay, ...]
    count: int
    total: Decimal
    not_known: int


@dataclass(frozen=True, slots=True)
class PaidGroup:
    """Payments of the last month with their number and total in pounds, reversals not taken off."""

    items: tuple[Paid, ...]
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class PayNext:
    """The three groups of the payments page."""

    ready: Group
    blocked: Group
    paid_lately: PaidGroup


class _Due(NamedTuple):
    """One instalment as the stream gives it, with what its harm hangs on."""

    pk: int
    is_ready: bool
    left: Decimal | None
    planned_start: date | None
    planned_end: date | None
    first_paid_on: date | None
    due_on: date | None
    implementable_on: date
    payable_on: date | None
    people: int | None
    unit: str | None

    def is_late(self, on: date) -> bool:
        """Whether it could have been paid before `on`."""
        return self.payable_on is not None and self.payable_on < on

    def lost_share(self, on: date) -> float | None:
        """The funded time lost so far to a first payment that is awaited."""
        if self.first_paid_on is not None:
            return None
        lost = funded_time_lost(self.planned_start, self.planned_end, None, on)
        return lost.share if lost else None

    def harm(self, on: date) -> tuple[bool, float, int, date, int]:
        """Sorts the most harmful first; the earlier it could have been paid, the longer it is over the standard."""
        late = self.is_late(on)
        waiting = (self.people or 0) if late else 0
        payable_from = max(self.due_on or self.implementable_on, self.implementable_on)
        return (not late, -(self.lost_share(on) or 0), -waiting, payable_from, self.pk)


@dataclass(slots=True)
class _Sifted:
    """The most harmful of a group so far, and what all of it adds up to."""

    limit: int
    on: date
    most: list[_Due] = field(default_factory=list)
    count: int = 0
    total: Decimal = NOTHING
    not_known: int = 0

    def take(self, due: _Due) -> None:
        """Count one more; the list is cut from time to time, so that it stays short."""
        self.count += 1
        if due.left is None:
            self.not_known += 1
        else:
            self.total += due.left
        self.most.append(due)
        if len(self.most) >= self.limit + CHUNK:
            self.cut()

    def cut(self) -> None:
        """Keep only the most harmful."""
        self.most = nsmallest(self.limit, self.most, key=lambda due: due.harm(self.on))

    def group(self, items: dict[int, ToPay]) -> Group:
        """As the page shows it."""
        shown = sorted((items[due.pk] for due in self.most if due.pk in items), key=lambda item: item.harm)
        return Group(tuple(shown), self.count, self.total, self.not_known)


def pay_next(
    user: User, *, illustrative: bool, on: date, calendar: WorkingDays, limit: int = SHOWN
) -> PayNext:
    """What is due by a month from `on`, or of no known date, in one register, for a person who may see it."""
    ready, blocked = _sift(user, illustrative, on, limit)
    items = _to_pay([*ready.most, *blocked.most], on, calendar)
    return PayNext(ready.group(items), blocked.group(items), _paid_lately(user, illustrative, on, limit))


def _sift(user: User, illustrative: bool, on: date, limit: int) -> tuple[_Sifted, _Sifted]:
    """All that is due, in one streamed query: the ready and the blocked."""
    due = with_readiness(due_instalments(user, illustrative=illustrative, on=on), on)
    rows = with_people(with_payable_on(with_left(due)), on).values_list(*_COLUMNS)
    ready, blocked = _Sifted(limit, on), _Sifted(limit, on)
    for row in rows.iterator(CHUNK):
        found = _Due(*row)
        (ready if found.is_ready else blocked).take(found)
    ready.cut()
    blocked.cut()
    return ready, blocked


_COLUMNS = (
    "pk",
    "is_ready",
    "left",
    "grant__planned_start",
    "grant__planned_end",
    "grant__first_paid_on",
    "due_on",
    "grant__implementable_on",
    "payable_on",
    "people",
    "people_unit",
)


def _to_pay(dues: Sequence[_Due], on: date, calendar: WorkingDays) -> dict[int, ToPay]:
    """What is shown of each instalment, by its id: five queries."""
    joined = Instalment.objects.select_related("grant__fund", "grant__lead_provider")
    instalments = joined.in_bulk([due.pk for due in dues])
    blocks = blockers_by_instalment(list(instalments.values()), on)
    stops: dict[int, list[ClockStop]] = {}
    for stop in ClockStop.objects.filter(grant__in={found.grant_id for found in instalments.values()}):
        stops.setdefault(stop.grant_id, []).append(stop)
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
        lost_share=due.lost_share(on),
        people=due.people,
        unit=due.unit,
        is_late=due.is_late(on),
        over_standard_working_days=_over_standard(instalment, stops, on, calendar),
        blockers=blocks,
        barred=barred_from_paying(instalment),
    )


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


def _paid_lately(user: User, illustrative: bool, on: date, limit: int) -> PaidGroup:
    payments = Payment.objects.filter(
        kind=PaymentKind.PAYMENT,
        paid_on__gt=on - timedelta(days=PAID_LATELY_DAYS),
        paid_on__lte=on,
        grant__fund__is_illustrative=illustrative,
    )
    if not user.is_council:
        payments = payments.filter(grant__in=Grant.objects.visible_to(user).order_by())
    whole = payments.order_by().aggregate(count=Count("pk"), total=Sum("amount"))
    shown = payments.select_related("grant__lead_provider", "instalment").order_by("-paid_on", "-pk")[:limit]
    items = tuple(
        Paid(
            payment_id=payment.pk,
            ref=payment.grant.ref,
            title=payment.grant.title,
            provider=payment.grant.lead_provider.name if payment.grant.lead_provider else None,
            number=payment.instalment.number if payment.instalment else None,
            amount=payment.amount,
            paid_on=payment.paid_on,
            receipt_confirmed_on=payment.receipt_confirmed_on,
        )
        for payment in shown
    )
    return PaidGroup(items, whole["count"], whole["total"] or NOTHING)
