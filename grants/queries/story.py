"""One grant's whole story, read once: what happened, whose time it took, what waits on whom, how it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Cast

from core.models import User
from core.rules.working_days import WorkingDays
from grants.models import (
    Agreement,
    Check,
    ClockStop,
    Flag,
    Grant,
    Instalment,
    OutcomeReturn,
    Payment,
    SustainabilityPlan,
)
from grants.models.decisions import APPROVED, may_be_support
from grants.permissions import with_variers
from grants.queries.candidates.endings import with_support
from grants.queries.candidates.payments import instalment_case
from grants.queries.cases import block_case, clock_case
from grants.queries.ledger import lacking, lines_of_payments
from grants.queries.planning import kept_durations, latest_safe_dates
from grants.queries.story_lines import CoverLine, NoticeLine, lines_of
from grants.rules.blocking import Blocker, blockers
from grants.rules.cliff import CliffCase, uncovered
from grants.rules.clock import Clock, measure
from grants.rules.ledger import Line, net_paid, paid_towards, standing
from grants.rules.levels import Level
from grants.rules.lost_time import LostTime, funded_time_lost
from grants.rules.safe_date import LatestSafe
from grants.rules.slow import instalment_state, judge_first_payment

RELATED = (
    "fund",
    "round",
    "lead_provider",
    "commissioner",
    "payer",
    "lead_officer",
    "finance_owner",
    "agreement",
    "plan",
    "funding_award__funder",
)


class ScheduleLine(NamedTuple):
    """One instalment and where it stands: paid, blocked, waiting, late, or closed with its grant.

    `left` is what is left to pay of it, None where its amount is not known.
    """

    instalment: Instalment
    state: str
    left: Decimal | None


class Support(NamedTuple):
    """Who is supported and who would be left. None is not known; `unit` is what is counted."""

    caseload: int | None
    counted_on: date | None
    unit: str | None
    covered: int
    uncovered: int | None
    notice_given_on: date | None


class FlagTag(NamedTuple):
    """A flag that stands on the grant, its instalments or its stops."""

    pk: int
    rule: str
    level: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the page of one grant says. What the reader may not see is empty.

    `standing` is what stands of each payment, by its id; one that was reversed whole is not in it. `unscheduled` is
    what the schedule lacks of the award while money is still awaited, None where that is not known.
    """

    grant: Grant
    on: date
    agreement: Agreement | None
    plan: SustainabilityPlan | None
    localities: tuple[str, ...]
    partners: tuple[str, ...]
    clock: Clock | None
    first_payment_is_late: bool
    lost: LostTime | None
    schedule: tuple[ScheduleLine, ...]
    payments: tuple[Payment, ...]
    paid: Decimal
    unscheduled: Decimal | None
    standing: Mapping[int, Decimal]
    checks: tuple[Check, ...]
    stops: tuple[ClockStop, ...]
    blockers: tuple[Blocker, ...]
    next_instalment: Instalment | None
    returns: tuple[OutcomeReturn, ...]
    support: Support | None
    covers: tuple[CoverLine, ...]
    notices: tuple[NoticeLine, ...]
    safe: LatestSafe | None
    flags: tuple[FlagTag, ...]

    @property
    def is_tracked(self) -> bool:
        """Whether the council records this grant's payments, returns and ending."""
        return self.grant.tracked_from is not None

    @property
    def is_approved(self) -> bool:
        """Whether a decision to give the money is recorded."""
        return self.grant.decision in APPROVED

    @property
    def runs(self) -> bool:
        """Neither withdrawn nor closed."""
        return self.grant.withdrawn_on is None and self.grant.closed_on is None

    @property
    def is_support(self) -> bool:
        """Whether families feel the end, as far as is known."""
        return may_be_support(self.grant.purpose, self.grant.decision)


def story_grants(user: User, on: date) -> QuerySet[Grant]:
    """The grants whose story a person may read, with what one query can bring along."""
    return with_variers(with_support(Grant.objects.visible_to(user).select_related(*RELATED), on))


def story(grant: Grant, *, reader: User, on: date, calendar: WorkingDays) -> Story:
    """The story of one of `story_grants`, in at most ten queries; people figures are left out for scrutiny."""
    with_people = not reader.is_council or reader.is_officer
    instalments = tuple(grant.instalments.select_related("authorised_by").order_by("number"))
    stops = tuple(grant.clock_stops.all())
    checks = tuple(grant.checks.select_related("checked_by"))
    payments = tuple(grant.payments.select_related("payee").order_by("-paid_on", "-pk"))
    agreement: Agreement | None = getattr(grant, "agreement", None)
    upcoming = next((i for i in instalments if i.paid_on is None or i.paid_on > on), None)
    lines, ledger = lines_of(grant), lines_of_payments(payments)
    tracked = grant.tracked_from is not None
    over_on = grant.withdrawn_on or grant.closed_on
    waits = over_on is None and grant.decision in APPROVED
    # Nobody waits for the money of a grant that was withdrawn or closed: its time ends there.
    until = min(on, over_on) if over_on else on
    first = next((i for i in instalments if i.number == 1), None)
    case, standard = clock_case(grant, first, stops), grant.fund.payment_standard_working_days
    slow = judge_first_payment(case, standard, on, calendar) if tracked and waits else None
    is_late = slow is not None and slow.level != Level.WATCH
    return Story(
        grant=grant,
        on=on,
        agreement=agreement,
        plan=getattr(grant, "plan", None),
        localities=lines.localities,
        partners=lines.partners,
        clock=measure(case, standard, until, calendar) if tracked else None,
        first_payment_is_late=is_late,
        lost=funded_time_lost(grant.planned_start, grant.planned_end, grant.first_paid_on, on)
        if tracked and waits
        else None,
        schedule=tuple(
            ScheduleLine(i, _first_state(i, on, is_late=is_late), _left(i, ledger))
            if i.number == 1 and waits and grant.first_paid_on is None
            else ScheduleLine(i, _state_of(i, on, over=over_on is not None), _left(i, ledger))
            for i in instalments
        ),
        payments=payments,
        paid=net_paid(ledger),
        unscheduled=lacking(instalments, grant.amount_awarded, ledger) if tracked and waits else None,
        standing={line.id: amount for line, amount in standing(ledger)},
        checks=checks,
        stops=stops,
        blockers=blockers(block_case(grant, agreement, checks, stops, upcoming), on)
        if tracked and waits and (upcoming or not payments)
        else (),
        next_instalment=upcoming,
        returns=tuple(grant.returns.order_by("-period_to")[:8]) if with_people else (),
        support=_support(grant, on) if with_people else None,
        covers=lines.covers if with_people else (),
        notices=lines.notices if with_people else (),
        safe=_latest_safe(grant, on) if tracked and waits else None,
        flags=_flags(grant) if reader.is_council else (),
    )


def _state_of(instalment: Instalment, on: date, *, over: bool) -> str:
    """Paid, blocked, waiting, late; "closed" for what a grant that is over never paid."""
    case = instalment_case(
        instalment.due_on,
        instalment.condition,
        instalment.condition_met_on,
        instalment.basis,
        instalment.claim_valid_on,
        instalment.paid_on,
    )
    state = instalment_state(case, on)
    return "closed" if over and state != "paid" else state


def _first_state(instalment: Instalment, on: date, *, is_late: bool) -> str:
    """Where the first payment stands: late by its clock, which gives it the standard after it is due."""
    state = _state_of(instalment, on, over=False)
    if is_late:
        return "late"
    return "waiting" if state == "late" else state


def _left(instalment: Instalment, ledger: Sequence[Line]) -> Decimal | None:
    """What is left to pay of an instalment."""
    amount: Decimal | None = instalment.amount
    return None if amount is None else amount - paid_towards(instalment.pk, ledger)


def _support(grant: Grant, on: date) -> Support:
    """From what `with_support` brought along: the same definitions as the flag pass."""
    caseload = getattr(grant, "caseload", None)
    counted_on = getattr(grant, "caseload_on", None)
    people_covered: int = getattr(grant, "covered", 0)
    given_on = getattr(grant, "notice_given_on", None)
    case = CliffCase(
        ends_on=grant.ends_on,
        starts_on=grant.planned_start,
        caseload=caseload,
        caseload_on=counted_on,
        covered=people_covered,
        return_period_months=grant.fund.return_period_months,
        notice_months=grant.fund.notice_period_months,
        notice_given_on=given_on,
        latest_safe_on=None,
    )
    unit = getattr(grant, "caseload_unit", None)
    return Support(caseload, counted_on, unit, people_covered, uncovered(case, on), given_on)


def _latest_safe(grant: Grant, on: date) -> LatestSafe | None:
    """The latest safe dates, from this register's own durations or the fund's plan: at most two queries."""
    return latest_safe_dates(grant.ends_on, grant.fund, kept_durations(on)) if grant.ends_on else None


def _flags(grant: Grant) -> tuple[FlagTag, ...]:
    """The flags that stand, worst first: one query, each part by its index."""
    standing = Flag.objects.standing().order_by()
    own, *others = (
        standing.filter(**{path: grant}).values_list("pk", "rule", "level", Cast("rank", IntegerField()))
        for path in ("grant", "instalment__grant", "clock_stop__grant")
    )
    rows: Sequence[tuple[int, str, str, int]] = sorted(
        own.union(*others, all=True), key=lambda row: (-row[3], row[0])
    )
    return tuple(FlagTag(pk, rule, level) for pk, rule, level, _ in rows)
