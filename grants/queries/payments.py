"""What to pay next, most harm first: what is ready, what is blocked and by whom.

What could have been paid before today comes first: only there somebody waits. Harm is the funded time lost to a first
payment that is still awaited, then the people waiting, then the working days over the standard. The database sifts and
adds up all that is due; only what is shown is looked at closely. Six queries, whatever the size of the register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import ClockStop, Grant, Instalment
from grants.permissions import with_variers
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
from grants.queries.sift import Sifted, sift
from grants.rules.blocking import Blocker
from grants.rules.clock import measure
from grants.rules.lost_time import funded_time_lost
from grants.rules.slow import judge_instalment

SHOWN = 50


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


class _Beside(NamedTuple):
    """What the database says beside an instalment that is shown."""

    left: Decimal | None
    people: int | None
    people_unit: str | None
    payable_on: date | None


def pay_next(
    user: User, *, illustrative: bool, on: date, calendar: WorkingDays, limit: int = SHOWN
) -> PayNext:
    """What is due by a month from `on`, or of no known date, in one register, for a person who may see it."""
    due = with_readiness(due_instalments(user, illustrative=illustrative, on=on), on)
    ready, blocked = sift(with_harm(with_payable_on(with_left(due, on)), on), limit)
    items = _to_pay([*ready.most, *blocked.most], on, calendar)
    return PayNext(_group(ready, items), _group(blocked, items))


def _group(sifted: Sifted, items: Mapping[int, ToPay]) -> Group:
    """As the page shows it."""
    shown = sorted((items[key] for key in sifted.most if key in items), key=lambda item: item.harm)
    return Group(tuple(shown), sifted.count, sifted.total, sifted.not_known)


def _to_pay(keys: Sequence[int], on: date, calendar: WorkingDays) -> dict[int, ToPay]:
    """What is shown of each instalment, by its id: five queries."""
    grants = with_variers(Grant.objects.select_related("fund", "lead_provider"))
    joined = Instalment.objects.prefetch_related(Prefetch("grant", grants))
    instalments = with_people(with_payable_on(with_left(joined, on)), on).in_bulk(keys)
    stops = stops_by_grant({found.grant_id for found in instalments.values()})
    blocks = blockers_by_instalment(list(instalments.values()), on, stops)
    return {
        key: _item(instalment, blocks[key], stops.get(instalment.grant_id, []), on, calendar)
        for key, instalment in instalments.items()
    }


def _beside(instalment: Any) -> _Beside:
    return _Beside(*(getattr(instalment, name) for name in _Beside._fields))


def _item(
    instalment: Instalment,
    blocks: tuple[Blocker, ...],
    stops: list[ClockStop],
    on: date,
    calendar: WorkingDays,
) -> ToPay:
    grant, beside = instalment.grant, _beside(instalment)
    return ToPay(
        instalment_id=instalment.pk,
        number=instalment.number,
        ref=grant.ref,
        title=grant.title,
        provider=grant.lead_provider.name if grant.lead_provider else None,
        fund=grant.fund.name,
        left=beside.left,
        due_on=instalment.due_on,
        is_first=grant.first_paid_on is None,
        lost_share=_lost_share(grant, on),
        people=beside.people,
        unit=beside.people_unit,
        is_late=beside.payable_on is not None and beside.payable_on < on,
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
