"""The facts a flag was judged on, as label and value. A fact's name carries its unit; the words carry it too."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.web.fields import lower_first
from core.web.formats import NOT_KNOWN, counted, day, pounds
from grants.models.funds import SpentMeans
from grants.tables.flags import Part

LABELS = {
    "on": "Judged on",
    "standard_working_days": "Standard",
    "council_working_days": "Council’s time",
    "gross_working_days": "From the clock’s start",
    "provider_working_days": "Waiting for the provider",
    "funder_working_days": "Waiting for the funder",
    "total_wait_working_days": "Total wait",
    "clock_start": "Clock started",
    "decided_on": "Decided",
    "planned_start": "Planned start",
    "start_passed": "Planned start passed unpaid",
    "due_on": "Due",
    "condition_met_on": "Condition met",
    "payable_on": "Payable from",
    "working_days_late": "Late by",
    "waiting_on": "Waiting for",
    "started_on": "Since",
    "working_days": "For",
    "announced_on": "Announced",
    "closes_on": "Closes",
    "lead_time_working_days": "Information lead time",
    "norm_working_days": "Norm",
    "extend_to": "Long enough if it closes on",
    "paid": "Paid",
    "awarded": "Awarded",
    "above": "Above the award",
    "spend_by": "Spend by",
    "announcement_to_first_payment_days": "Announcement to first payment takes",
    "last_announcement_on": "Last day to announce a round",
    "ends_on": "Ends",
    "starts_on": "Starts",
    "uncovered": "Without confirmed support",
    "covered": "Covered",
    "caseload": "On the last return",
    "caseload_on": "Counted on",
    "caseload_needed_from": "Oldest count that is recent enough",
    "notice_due_on": "Notice due",
    "notice_given_on": "Notice given",
    "latest_safe_on": "Latest safe date",
    "reported_until": "Reported until",
    "refs": "Grants",
    "window_start": "First ending",
    "window_end": "Last ending",
    "measure": "Measured by",
    "part": "Held by them",
    "whole": "Held by all",
    "unit": "Counted in",
}
NOTHING_THERE = {"notice_given_on": "none recorded", "condition_met_on": "no condition, or not met"}
POUNDS = {"paid", "awarded", "above"}
# Shown as a sum of their own.
ADDED_UP = {"at_risk", "available", "spent", "instalments_due", "forecast_underspend"}
SPENT = {
    SpentMeans.COMMITTED: "Committed to grants (of one that is over, only what was paid)",
    SpentMeans.PAID: "Paid to grants",
    SpentMeans.DEFRAYED: "Spent, as providers reported",
}


# A pass keeps its day alone, so that a repeat writes nothing; whoever ran one has its moment in the session.
CHECKED_AT = "flags_checked_at"


def checked_words(day_of_pass: date | None) -> str:
    """When the rules last looked."""
    return f"Checked on {day(day_of_pass)}." if day_of_pass else "The flags have never been checked."


def fact_rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every fact in the order it was kept, but for the pounds that `risk_parts` adds up."""
    return [
        (LABELS.get(name, name.replace("_", " ")), _value(name, value, facts))
        for name, value in facts.items()
        if name not in ADDED_UP
    ]


def risk_parts(facts: Mapping[str, Any], spent_means: str | None) -> list[Part]:
    """How the pounds that may go back follow from the others, each line by what it is for this award."""
    pounds_of = {name: Decimal(facts[name]) for name in ADDED_UP}
    means = SpentMeans(spent_means or SpentMeans.PAID)
    contained = ", which the commitment contains" if means == SpentMeans.COMMITTED else ""
    return [
        Part("Available to grants", pounds_of["available"]),
        Part(f"Less: {lower_first(SPENT[means])}", -pounds_of["spent"]),
        Part(f"Less: instalments due by then{contained}", -pounds_of["instalments_due"]),
        Part(
            "Add: what providers forecast they will not spend, and have not paid back",
            pounds_of["forecast_underspend"],
        ),
        Part("May go back", pounds_of["at_risk"]),
    ]


def _value(name: str, value: Any, facts: Mapping[str, Any]) -> str:
    if value is None:
        return NOTHING_THERE.get(name, NOT_KNOWN)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name in POUNDS or (name in ("part", "whole") and facts.get("measure") == "money"):
        return pounds(Decimal(value))
    if isinstance(value, int):
        return _number(name, value)
    return day(date.fromisoformat(value)) if _is_date(value) else str(value)


def _number(name: str, value: int) -> str:
    if "working_days" in name:
        return counted(value, "working day")
    return counted(value, "day") if name.endswith("_days") else f"{value:,}"


def _is_date(value: str) -> bool:
    return len(value) == len("2026-11-21") and value[4:5] == "-" and value[7:8] == "-"
