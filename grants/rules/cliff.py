"""The cliff edge: support that ends with families not covered by anything after it.

Source of the rule and worked examples: docs/rules/cliff-edge.md. Months are calendar months.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from core.rules.dates import add_months, months_before
from grants.rules.levels import Facts, Level, iso

WINDOW_MONTHS = 12
HIGH_WITHIN_MONTHS = 6
CASELOAD_GOOD_FOR_RETURN_PERIODS = 2
# A month end clipped on one side is at most three days from the same day of a longer month.
_CLIPPED_DAYS = 3


class CliffCase(NamedTuple):
    """One tracked, direct-support grant that is not closed: the caller passes no other.

    `caseload` was counted on `caseload_on`; `covered` are those whose support will finish as planned,
    continues under confirmed funding, or is accepted by a named service.
    """

    ends_on: date | None
    starts_on: date | None
    caseload: int | None
    caseload_on: date | None
    covered: int
    return_period_months: int
    notice_months: int
    notice_given_on: date | None
    latest_safe_on: date | None


class CliffVerdict(NamedTuple):
    """A grant that ends, or has ended, with people uncovered; `uncovered` None is not known."""

    level: Level
    uncovered: int | None
    case: CliffCase
    ends_on: date
    on: date

    @property
    def figures(self) -> str:
        """What the sentence hangs on: the end, and how many of how many are uncovered."""
        return f"{self.ends_on} {self.uncovered} {self.case.caseload}"

    def facts(self) -> Facts:
        """What the verdict was judged on, safe for JSON."""
        case, on = self.case, self.on
        given_on = case.notice_given_on
        return {
            "on": on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "starts_on": iso(case.starts_on),
            "uncovered": self.uncovered,
            "covered": case.covered,
            "caseload": case.caseload,
            "caseload_on": iso(case.caseload_on),
            "caseload_needed_from": caseload_needed_from(case, on).isoformat(),
            "notice_due_on": months_before(self.ends_on, case.notice_months).isoformat(),
            "notice_given_on": iso(given_on) if given_on is not None and given_on <= on else None,
            "latest_safe_on": iso(case.latest_safe_on),
            "reported_until": add_months(self.ends_on, WINDOW_MONTHS).isoformat(),
        }


def covers_of(unit: str | None, caseload_unit: str | None) -> bool:
    """Whether a line of cover counted in one unit covers anybody of a caseload counted in another.

    Units are never mixed; a line of which no unit is known counts what the caseload counts.
    """
    return unit is None or unit == caseload_unit


def in_window(ends_on: date, on: date) -> bool:
    """Whether an ending is looked at on `on`: it comes within twelve months, or came within the twelve before."""
    if ends_on < on:
        return on <= add_months(ends_on, WINDOW_MONTHS)
    return on >= months_before(ends_on, WINDOW_MONTHS)


def window(on: date) -> tuple[date, date]:
    """The first and the last ending that are looked at on `on`."""
    first, last = months_before(on, WINDOW_MONTHS), add_months(on, WINDOW_MONTHS)
    near = [timedelta(days=days) for days in range(-_CLIPPED_DAYS, _CLIPPED_DAYS + 1)]
    return (
        min(first + days for days in near if in_window(first + days, on)),
        max(last + days for days in near if in_window(last + days, on)),
    )


def assessable(case: CliffCase) -> bool:
    """Whether a cliff edge can be assessed at all: without an end date it cannot."""
    return case.ends_on is not None


def caseload_needed_from(case: CliffCase, on: date) -> date:
    """A caseload counted before this day is older than two return periods, and so not known.

    Age is measured on `on`, or at the end of the grant if that came first.
    """
    measured_at = on if case.ends_on is None else min(on, case.ends_on)
    return months_before(measured_at, CASELOAD_GOOD_FOR_RETURN_PERIODS * case.return_period_months)


def uncovered(case: CliffCase, on: date) -> int | None:
    """People of the last caseload whose support is not confirmed; None when it is not known."""
    if case.caseload is None or case.caseload_on is None:
        return None
    if case.caseload_on < caseload_needed_from(case, on):
        return None
    return max(0, case.caseload - case.covered)


def nobody_left(caseload: int | None, uncovered: int | None) -> bool:
    """Whether nobody was supported any more on the last caseload: then nobody is covered either."""
    return caseload == 0 and uncovered == 0


def judge_cliff_edge(case: CliffCase, on: date) -> CliffVerdict | None:
    """The cliff edge on `on`, or None: no end date, too far off, long over, or everybody covered."""
    if case.ends_on is None:
        return None
    level = _level_by_date(case, case.ends_on, on)
    if level is None:
        return None
    left = uncovered(case, on)
    if left == 0:
        return None
    return CliffVerdict(level, left, case, case.ends_on, on)


def _level_by_date(case: CliffCase, ends_on: date, on: date) -> Level | None:
    """The level if anybody is uncovered.

    A notice that is overdue lies inside the notice period, where the level is critical already: it needs no
    line of its own.
    """
    if not in_window(ends_on, on):
        return None
    if ends_on < on:
        return Level.FALLEN
    if months_before(ends_on, case.notice_months) <= on:
        return Level.CRITICAL
    if months_before(ends_on, HIGH_WITHIN_MONTHS) <= on or _latest_safe_passed(case, on):
        return Level.HIGH
    return Level.WATCH if _past_half(case, ends_on, on) else None


def _latest_safe_passed(case: CliffCase, on: date) -> bool:
    return case.latest_safe_on is not None and on > case.latest_safe_on


def _past_half(case: CliffCase, ends_on: date, on: date) -> bool:
    """Whether at least half of the grant's days have gone; an unknown start leaves the twelve months."""
    return case.starts_on is None or 2 * (ends_on - on).days <= (ends_on - case.starts_on).days
