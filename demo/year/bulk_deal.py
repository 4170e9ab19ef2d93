"""One grant of the many, dealt from its number: most are paid in good time, some late, a few never."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from core.rules.dates import add_months
from demo.year.bulk_cast import BulkCast
from demo.year.scene import Scene, at_ten
from grants.models import (
    Agreement,
    AwardType,
    CaseloadUnit,
    ClockStop,
    Cover,
    CoverKind,
    Grant,
    Instalment,
    Notice,
    OutcomeReturn,
    Payment,
    Purpose,
    ReturnState,
    SustainabilityPlan,
    Variation,
)
from grants.models.decisions import DecisionKind, MadeBy
from grants.models.endings import Certainty, Told
from grants.models.payments import WaitingOn

MONTHS = (6, 12, 12, 12, 18, 24, 24, 36)
PURPOSES = (Purpose.DIRECT_SUPPORT,) * 9 + (Purpose.TRAINING,)
UNITS = (CaseloadUnit.FAMILIES,) * 8 + (CaseloadUnit.CHILDREN,)
TITLES = (
    "Youth club",
    "Family mornings",
    "Breakfast club",
    "Mentoring",
    "Parent support",
    "Play sessions",
    "Drop-in",
)
OLDER = timedelta(days=1500)
UNTRACKED, WITHDRAWN, NEVER_PAID, STOPPED, LATE_LINE, VARIED, NO_REPORT = (
    0.03,
    0.01,
    0.02,
    0.10,
    0.015,
    0.05,
    0.12,
)
DAYS_OF_A_RETURN = 92


class Dealt(NamedTuple):
    """A grant with every record that belongs to it."""

    grant: Grant
    records: list[Any]
    locality_id: int


def deal(scene: Scene, cast: BulkCast, number: int, ref: str) -> Dealt:
    """The grant of this number, whatever the size of the register."""
    chance = random.Random(f"{scene.on} bulk {number}")
    grant = _grant(scene, cast, number, ref, chance)
    dealt = Dealt(grant, [], cast.place_ids[number // 250])
    if grant.tracked_from is None:
        return dealt
    if chance.random() < WITHDRAWN:
        grant.withdrawn_on = min(_decided(grant) + timedelta(days=chance.randint(5, 60)), scene.on)
        return dealt
    _sign_and_pay(scene, dealt, chance)
    if grant.first_paid_on is not None:
        _report_and_end(scene, dealt, chance)
    return dealt


def _decided(grant: Grant) -> date:
    assert grant.decided_on is not None  # noqa: S101
    return grant.decided_on


def _grant(scene: Scene, cast: BulkCast, number: int, ref: str, chance: random.Random) -> Grant:
    window, fund, award = cast.windows[chance.randrange(len(cast.windows))]
    assert window.announced_on is not None  # noqa: S101
    decided = min(window.announced_on + timedelta(days=chance.randint(55, 112)), scene.day(-1))
    start = decided + timedelta(days=chance.randint(15, 60))
    end = add_months(start, chance.choice(MONTHS)) - timedelta(days=1)
    tracked = chance.random() >= UNTRACKED
    if not tracked:  # from a list older than the awards
        decided, start, end = (day - OLDER for day in (decided, start, end))
    amount = Decimal(chance.randrange(2_000, 40_000, 500))
    officer, finance = scene.users["commissioner"], scene.users["finance"]
    return Grant(
        ref=ref,
        title=f"{chance.choice(TITLES)} {number + 1}",
        fund=fund,
        round=window if tracked else None,
        funding_award=award if tracked else None,
        lead_provider=cast.providers[number // 20],
        payer=scene.organisations["council"],
        award_type=AwardType.GRANT,
        purpose=chance.choice(PURPOSES),
        lead_officer=officer,
        finance_owner=finance,
        tracked_from=window.announced_on if tracked else None,
        decision=DecisionKind.APPROVE,
        decided_on=decided,
        decided_by=officer,
        decision_made_by=MadeBy.OFFICER,
        amount_applied_for=amount,
        amount_awarded=amount,
        planned_start=start,
        planned_end=end,
        ends_on=end,
        source="Illustrative: dealt by a generator.",
    )


def _sign_and_pay(scene: Scene, dealt: Dealt, chance: random.Random) -> None:
    """Agreement, schedule, a stop for some, and the payments that have happened by the scene's day."""
    grant, decided = dealt.grant, _decided(dealt.grant)
    days = sorted(decided + timedelta(days=chance.randint(2, 20)) for _ in range(3))
    issued, signed, countersigned = (day if day <= scene.on else None for day in days)
    if issued:
        terms = Agreement(grant=grant, issued_on=issued, signed_on=signed, countersigned_on=countersigned)
        dealt.records.append(terms)
    if chance.random() < STOPPED:
        begun = decided + timedelta(days=chance.randint(3, 15))
        ended = begun + timedelta(days=chance.randint(2, 30))
        if begun <= scene.on:
            who = WaitingOn.PROVIDER if chance.random() < 0.8 else WaitingOn.FUNDER
            stop = ClockStop(grant=grant, waiting_on=who, reason="Waiting for papers", started_on=begun)
            stop.ended_on = ended if ended <= scene.on else None
            dealt.records.append(stop)
    wait = timedelta(days=max(3, int(chance.lognormvariate(3.2, 0.5))))
    first_paid = None if chance.random() < NEVER_PAID else decided + wait
    _instalments(scene, dealt, first_paid, chance)


def _instalments(scene: Scene, dealt: Dealt, first_paid: date | None, chance: random.Random) -> None:
    grant = dealt.grant
    assert grant.planned_start is not None and grant.amount_awarded is not None  # noqa: S101, PT018
    parts = chance.choice((2, 4, 4, 4, 6))
    share = (grant.amount_awarded / parts).quantize(Decimal("1"))
    for part in range(parts):
        due = add_months(grant.planned_start, 3 * part)
        line = Instalment(grant=grant, number=part + 1, due_on=due, amount=share)
        if part == parts - 1:
            line.amount = grant.amount_awarded - share * (parts - 1)
        dealt.records.append(line)
        paid = first_paid if part == 0 else _later_payment(due, first_paid, chance)
        if paid is not None and paid <= scene.on:
            line.paid_on = paid
            dealt.records.append(_payment(scene, line, paid))
            if part == 0:
                grant.first_paid_on = paid


def _later_payment(due: date, first_paid: date | None, chance: random.Random) -> date | None:
    if first_paid is None or chance.random() < LATE_LINE:
        return None
    return max(due - timedelta(days=chance.randint(0, 6)), first_paid)


def _payment(scene: Scene, line: Instalment, paid: date) -> Payment:
    return Payment(
        grant=line.grant,
        instalment=line,
        amount=line.amount,
        paid_on=paid,
        recorded_by=scene.users["finance"],
        recorded_at=at_ten(paid),
    )


def _report_and_end(scene: Scene, dealt: Dealt, chance: random.Random) -> None:
    """The last return, an extension for some, and, near the end, a plan for some; most old grants are closed."""
    grant = dealt.grant
    assert grant.planned_start is not None and grant.planned_end is not None  # noqa: S101, PT018
    if chance.random() < VARIED:
        _extend(scene, dealt, chance)
    counted = min(scene.on, grant.planned_end) - timedelta(days=chance.randint(5, DAYS_OF_A_RETURN))
    families = chance.randint(4, 45)
    if counted > grant.planned_start and chance.random() >= NO_REPORT:
        dealt.records.append(
            OutcomeReturn(
                grant=grant,
                period_from=counted - timedelta(days=DAYS_OF_A_RETURN),
                period_to=counted,
                state=ReturnState.ACCEPTED,
                submitted_on=counted + timedelta(days=4),
                submitted_by=scene.users["commissioner"],
                caseload=families,
                caseload_unit=chance.choice(UNITS),
            )
        )
    ends = grant.ends_on
    if ends is not None and ends <= scene.day(330):
        _plan(scene, dealt, families, chance)
        if ends < scene.day(-90) and chance.random() < 0.9:
            grant.closed_on = ends + timedelta(days=80)


def _extend(scene: Scene, dealt: Dealt, chance: random.Random) -> None:
    grant = dealt.grant
    assert grant.planned_end is not None  # noqa: S101
    decided = _decided(grant) + timedelta(days=chance.randint(120, 240))
    if decided > scene.on:
        return
    new_end = add_months(grant.planned_end, 3)
    dealt.records.append(
        Variation(
            grant=grant,
            proposed_on=decided - timedelta(days=chance.randint(7, 40)),
            decided_on=decided,
            decided_by=scene.users["commissioner"],
            reason="More time, same money.",
            old_ends_on=grant.ends_on,
            new_ends_on=new_end,
        )
    )
    grant.ends_on = new_end


def _plan(scene: Scene, dealt: Dealt, families: int, chance: random.Random) -> None:
    """Half have a plan; two in three of those cover everybody."""
    grant = dealt.grant
    if chance.random() < 0.5:
        return
    recorded = scene.day(-chance.randint(5, 60))
    plan = SustainabilityPlan(grant=grant, recorded_on=recorded, summary="Agreed with the provider.")
    covered = families if chance.random() < 0.67 else families // 2
    cover = Cover(
        plan=plan,
        kind=CoverKind.FINISHES,
        number=covered,
        certainty=Certainty.CONFIRMED,
        confirmed_on=recorded,
    )
    notice = Notice(grant=grant, told=Told.PROVIDER, told_on=recorded)
    dealt.records.extend((plan, cover, notice))
