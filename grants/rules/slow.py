"""Slow disbursement: money approved and not paid, stops nobody chases, rounds announced too late.

Source of the rules and worked examples: docs/rules/slow-disbursement.md. Times are working days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

from core.rules.working_days import WorkingDays
from grants.rules.clock import PROVIDER, ClockCase, Stop, clock_start, is_paid, stop_working_days, time_used
from grants.rules.levels import Facts, Level, iso

CHASE_AFTER_WORKING_DAYS = 10

InstalmentState: TypeAlias = Literal["paid", "blocked", "waiting", "late"]


def watch_at_working_days(standard_working_days: int) -> int:
    """The first whole working day at or past 75% of the standard: 16 for a standard of 21."""
    return -(-3 * standard_working_days // 4)


class Thresholds(NamedTuple):
    """The first dates on which an unpaid grant without stops reaches each level."""

    clock_start: date
    watch_from: date
    late_from: date
    critical_from: date


class SlowVerdict(NamedTuple):
    """A grant whose first payment is slow. `start_passed`: the planned start went by unpaid."""

    level: Level
    council_working_days: int
    start_passed: bool
    case: ClockCase
    clock_start: date
    decided_on: date
    standard_working_days: int
    on: date
    calendar: WorkingDays

    @property
    def figures(self) -> str:
        """What the sentence hangs on besides the days that pass: whether the start went by unpaid."""
        return str(self.start_passed)

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON."""
        clock = time_used(self.case, self.clock_start, self.decided_on, self.on, self.calendar)
        return {
            "on": self.on.isoformat(),
            "standard_working_days": self.standard_working_days,
            "council_working_days": clock.council_working_days,
            "gross_working_days": clock.gross_working_days,
            "provider_working_days": clock.provider_working_days,
            "funder_working_days": clock.funder_working_days,
            "total_wait_working_days": clock.total_wait_working_days,
            "clock_start": clock.start.isoformat(),
            "decided_on": self.decided_on.isoformat(),
            "planned_start": iso(self.case.planned_start),
            "start_passed": self.start_passed,
        }


def start_counts(case: ClockCase) -> bool:
    """Whether passing the planned start unpaid matters: not if it came before the decision, nor on claim."""
    return (
        case.planned_start is not None
        and case.decided_on is not None
        and case.planned_start >= case.decided_on
        and not case.on_claim
    )


def judge_first_payment(
    case: ClockCase, standard_working_days: int, on: date, calendar: WorkingDays
) -> SlowVerdict | None:
    """How slow the first payment is on `on`; None when it is paid, undecided, unclaimed or in good time."""
    decided_on = case.decided_on
    if decided_on is None or decided_on > on or is_paid(case, on):
        return None
    start = clock_start(case, standard_working_days, calendar)
    if start is None:
        return None
    council = 0
    if start < on:
        council = calendar.between(start, on)
        if case.stops:
            council -= stop_working_days(case.stops, PROVIDER, start, on, calendar)
    start_passed = case.planned_start is not None and on > case.planned_start and start_counts(case)
    level = _level_of(council, standard_working_days, start_passed)
    if level is None:
        return None
    return SlowVerdict(
        level, council, start_passed, case, start, decided_on, standard_working_days, on, calendar
    )


def _level_of(council_working_days: int, standard_working_days: int, start_passed: bool) -> Level | None:
    if start_passed or council_working_days > 2 * standard_working_days:
        return Level.CRITICAL
    if council_working_days > standard_working_days:
        return Level.LATE
    if council_working_days >= watch_at_working_days(standard_working_days):
        return Level.WATCH
    return None


def thresholds(case: ClockCase, standard_working_days: int, calendar: WorkingDays) -> Thresholds | None:
    """When each level would be reached if nothing is paid and nobody stops the clock; None without one."""
    start = clock_start(case, standard_working_days, calendar)
    if start is None or case.decided_on is None:
        return None
    number = calendar.number(start)
    critical_from = calendar.first_date(number + 2 * standard_working_days + 1)
    if start_counts(case) and case.planned_start is not None:
        critical_from = min(critical_from, case.planned_start + timedelta(days=1))
    return Thresholds(
        clock_start=start,
        watch_from=calendar.first_date(number + watch_at_working_days(standard_working_days)),
        late_from=calendar.first_date(number + standard_working_days + 1),
        critical_from=critical_from,
    )


class InstalmentCase(NamedTuple):
    """One later instalment. `condition_met_on` is the day its last condition was met, if it has any."""

    due_on: date | None
    condition_met_on: date | None
    has_condition: bool
    paid_on: date | None


class InstalmentVerdict(NamedTuple):
    """An instalment that could have been paid from `payable_on` and was not by `on`."""

    level: Level
    payable_on: date
    working_days_late: int
    case: InstalmentCase
    on: date

    @property
    def figures(self) -> str:
        """What the sentence hangs on besides the days that pass: since when it could be paid."""
        return self.payable_on.isoformat()

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON."""
        return {
            "on": self.on.isoformat(),
            "due_on": iso(self.case.due_on),
            "condition_met_on": iso(self.case.condition_met_on) if self.case.has_condition else None,
            "payable_on": self.payable_on.isoformat(),
            "working_days_late": self.working_days_late,
        }


def instalment_state(case: InstalmentCase, on: date) -> InstalmentState:
    """Where an instalment stands on `on`. One with no due date waits: it cannot be late."""
    if case.paid_on is not None and case.paid_on <= on:
        return "paid"
    if case.has_condition and (case.condition_met_on is None or case.condition_met_on > on):
        return "blocked"
    payable_on = _payable_on(case)
    return "late" if payable_on is not None and on > payable_on else "waiting"


def _payable_on(case: InstalmentCase) -> date | None:
    if case.due_on is None or not case.has_condition or case.condition_met_on is None:
        return case.due_on
    return max(case.due_on, case.condition_met_on)


def judge_instalment(case: InstalmentCase, on: date, calendar: WorkingDays) -> InstalmentVerdict | None:
    """A later instalment is late after the later of its due date and the day its last condition was met."""
    payable_on = _payable_on(case)
    if payable_on is None or instalment_state(case, on) != "late":
        return None
    return InstalmentVerdict(Level.LATE, payable_on, calendar.between(payable_on, on), case, on)


class StopVerdict(NamedTuple):
    """A clock stop that has been open long enough for somebody to chase it."""

    level: Level
    working_days: int
    stop: Stop
    on: date

    @property
    def figures(self) -> str:
        """What the sentence hangs on besides the days that pass: for whom, since when."""
        return f"{self.stop.waiting_on} {self.stop.start}"

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON."""
        return {
            "on": self.on.isoformat(),
            "waiting_on": self.stop.waiting_on,
            "started_on": self.stop.start.isoformat(),
            "working_days": self.working_days,
        }


def judge_stop(stop: Stop, on: date, calendar: WorkingDays) -> StopVerdict | None:
    """A stop still open on `on` after ten working days is to be chased."""
    if stop.start > on or (stop.end is not None and stop.end <= on):
        return None
    working_days = calendar.between(stop.start, on)
    if working_days < CHASE_AFTER_WORKING_DAYS:
        return None
    return StopVerdict(Level.LATE, working_days, stop, on)


class RoundVerdict(NamedTuple):
    """A round that gives groups less notice than the fund's norm, while it can still be extended."""

    level: Level
    lead_time_working_days: int
    norm_working_days: int
    announced_on: date
    closes_on: date
    extend_to: date
    on: date

    @property
    def figures(self) -> str:
        """What the sentence hangs on: the close and the norm."""
        return f"{self.closes_on} {self.norm_working_days}"

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON."""
        return {
            "on": self.on.isoformat(),
            "announced_on": self.announced_on.isoformat(),
            "closes_on": self.closes_on.isoformat(),
            "lead_time_working_days": self.lead_time_working_days,
            "norm_working_days": self.norm_working_days,
            "extend_to": self.extend_to.isoformat(),
        }


def information_lead_time_working_days(
    announced_on: date | None, closes_on: date | None, calendar: WorkingDays
) -> int | None:
    """Working days from a round's announcement to its close; None when either is not known."""
    if announced_on is None or closes_on is None:
        return None
    return calendar.between(announced_on, closes_on)


def judge_round(
    announced_on: date | None,
    closes_on: date | None,
    norm_working_days: int,
    on: date,
    calendar: WorkingDays,
) -> RoundVerdict | None:
    """A round announced and not yet closed whose information lead time is under the fund's norm."""
    if announced_on is None or closes_on is None or not announced_on <= on <= closes_on:
        return None
    lead_time = calendar.between(announced_on, closes_on)
    if lead_time >= norm_working_days:
        return None
    extend_to = calendar.plus(announced_on, norm_working_days)
    return RoundVerdict(Level.WATCH, lead_time, norm_working_days, announced_on, closes_on, extend_to, on)
