"""The facts a flag was judged on, as label and value. A fact's name carries its unit; the words carry it too."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.web.formats import NOT_KNOWN, counted, day, pounds

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
    "spend_by": "Spend by",
    "at_risk": "May go back",
    "available": "Available to grants",
    "spent": "Spent",
    "instalments_due": "Instalments due by then",
    "forecast_underspend": "Forecast underspend",
    "announcement_to_first_payment_days": "Announcement to first payment takes",
    "last_announcement_on": "Last day to announce a round",
    "ends_on": "Ends",
    "starts_on": "Starts",
    "uncovered": "Without confirmed support",
    "covered": "Covered",
    "caseload": "On the last return",
    "caseload_on": "Counted on",
    "caseload_needed_from": "A caseload is known from",
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
POUNDS = {"at_risk", "available", "spent", "instalments_due", "forecast_underspend"}


def checked_words(day_of_pass: date | None) -> str:
    """When the rules last looked."""
    return f"Checked on {day(day_of_pass)}." if day_of_pass else "The flags have never been checked."


def fact_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Every fact in the order it was kept."""
    return [
        (LABELS.get(name, name.replace("_", " ")), _value(name, value, facts))
        for name, value in facts.items()
    ]


def _value(name: str, value: Any, facts: dict[str, Any]) -> str:
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
