"""Flags and their events."""

from datetime import UTC, date, datetime
from typing import Any

from core.models import User
from grants.models import Flag, FlagEvent
from grants.models.flags import SUBJECT_FIELDS
from grants.rules.levels import RANK, Facts, Level, Rule
from tests.factories.grants import make_grant

# For each rule, facts such as its pure rule gives: what the sentences of a flag are made from.
FACTS: dict[str, Facts] = {
    Rule.SLOW_FIRST_PAYMENT: {
        "on": "2026-11-20",
        "standard_working_days": 21,
        "council_working_days": 30,
        "gross_working_days": 30,
        "provider_working_days": 0,
        "funder_working_days": 0,
        "total_wait_working_days": 30,
        "clock_start": "2026-10-09",
        "decided_on": "2026-10-09",
        "planned_start": None,
        "start_passed": False,
    },
    Rule.LATE_INSTALMENT: {
        "on": "2026-11-20",
        "due_on": "2026-11-02",
        "condition_met_on": None,
        "payable_on": "2026-11-02",
        "working_days_late": 14,
    },
    Rule.PAID_ABOVE_AWARD: {
        "on": "2026-11-20",
        "paid": "19200.00",
        "awarded": "18000.00",
        "above": "1200.00",
    },
    Rule.STOP_TO_CHASE: {
        "on": "2026-11-20",
        "waiting_on": "provider",
        "started_on": "2026-10-12",
        "working_days": 29,
    },
    Rule.SHORT_NOTICE_ROUND: {
        "on": "2026-11-20",
        "announced_on": "2026-11-02",
        "closes_on": "2026-12-04",
        "lead_time_working_days": 24,
        "norm_working_days": 30,
        "extend_to": "2026-12-14",
    },
    Rule.MONEY_MAY_GO_BACK: {
        "on": "2026-11-20",
        "spend_by": "2027-03-31",
        "at_risk": "12000.00",
        "available": "300000.00",
        "spent": "250000.00",
        "instalments_due": "38000.00",
        "forecast_underspend": "0.00",
        "announcement_to_first_payment_days": 135,
        "last_announcement_on": "2026-11-16",
    },
    Rule.CLIFF_EDGE: {
        "on": "2026-11-20",
        "ends_on": "2027-02-28",
        "starts_on": "2026-11-02",
        "uncovered": 26,
        "covered": 0,
        "caseload": 26,
        "caseload_on": "2026-09-30",
        "caseload_needed_from": "2026-05-20",
        "notice_due_on": "2026-11-28",
        "notice_given_on": None,
        "latest_safe_on": None,
        "reported_until": "2028-02-28",
        "unit": "families",
    },
    Rule.CLUSTER: {
        "on": "2026-11-20",
        "refs": ["grant-a", "grant-b"],
        "window_start": "2027-02-28",
        "window_end": "2027-03-31",
        "measure": "families",
        "part": "40",
        "whole": "60",
    },
}


def make_flag(**fields: Any) -> Flag:
    """A late first payment of a new grant since 10 November 2026; name another subject (`round=`, ...) to flag that.

    Its rank is the level's. It has no event: make_flag_event adds them.
    """
    values: dict[str, Any] = {
        "rule": Rule.SLOW_FIRST_PAYMENT,
        "level": Level.LATE,
        "opened_on": date(2026, 11, 10),
        "is_illustrative": True,
        **fields,
    }
    if not any(values.get(subject) for subject in SUBJECT_FIELDS):
        values["grant"] = make_grant()
    values.setdefault("facts", FACTS[values["rule"]])
    values.setdefault("level_since", values["opened_on"])
    values.setdefault("rank", RANK[Level(values["level"])])
    return Flag.objects.create(**values)


def make_flag_event(flag: Flag, **fields: Any) -> FlagEvent:
    """The flag was raised by the pass, at noon of the day it opened."""
    on = fields.get("on", flag.opened_on)
    values: dict[str, Any] = {"kind": "opened", "on": on, "level": flag.level, "facts": flag.facts, **fields}
    values.setdefault("at", datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    if "by" not in values:
        values["by"] = User.objects.system("flag pass")
    return FlagEvent.objects.create(flag=flag, **values)
