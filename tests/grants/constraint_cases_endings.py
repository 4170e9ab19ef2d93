"""The constraints of returns, plans, cover and notices."""

from datetime import date
from decimal import Decimal
from typing import Any

from grants.models import Cover, Notice, OutcomeReturn, SustainabilityPlan
from tests.constraints import Case
from tests.factories import make_cover, make_grant, make_notice, make_plan, make_return

SEPTEMBER = date(2026, 9, 30)


def outcome_return(**fields: Any) -> OutcomeReturn:
    """The return of a new grant to 30 September 2026."""
    return make_return(make_grant(), **fields)


def plan() -> SustainabilityPlan:
    """The plan of a new grant."""
    return make_plan(make_grant())


def cover(**fields: Any) -> Cover:
    """A line of a new plan."""
    return make_cover(plan(), **fields)


def notice() -> Notice:
    """The provider of a new grant was told."""
    return make_notice(make_grant())


def _second_return() -> OutcomeReturn:
    return make_return(outcome_return().grant, period_to=date(2026, 6, 30))


def _second_notice() -> Notice:
    return make_notice(notice().grant, told="families")


CASES = [
    Case(
        "return_once_per_period",
        row=_second_return,
        accepted=[
            {"period_to": date(2026, 3, 31)},
            lambda row: {"period_to": SEPTEMBER, "grant": make_grant()},
        ],
        refused=[{"period_to": SEPTEMBER}],
    ),
    Case(
        "return_period_in_order",
        row=outcome_return,
        accepted=[{"period_from": date(2026, 9, 30)}, {"period_from": None}],
        refused=[{"period_from": date(2026, 10, 1)}],
    ),
    Case(
        "return_caseload_has_unit",
        row=outcome_return,
        accepted=[{"caseload": None, "caseload_unit": None}, {"caseload": 0, "caseload_unit": "children"}],
        refused=[{"caseload": None}, {"caseload_unit": None}],
    ),
    Case(
        "return_submitted_paired",
        row=outcome_return,
        accepted=[{"state": "due", "submitted_on": None, "submitted_by": None}],
        refused=[{"submitted_by": None}, {"state": "due", "submitted_on": None}],
    ),
    Case(
        "return_state_matches_submission",
        row=outcome_return,
        accepted=[{"state": "sent_back"}, {"state": "accepted"}],
        refused=[{"state": "due"}, {"submitted_on": None, "submitted_by": None}, {"state": "lost"}],
    ),
    Case(
        "return_unit_known",
        row=outcome_return,
        accepted=[{"caseload_unit": "children"}],
        refused=[{"caseload_unit": "people"}, {"caseload_unit": ""}],
    ),
    *(
        Case(
            name,
            row=outcome_return,
            accepted=[{field: 0}, {field: None}],
            refused=[{field: Decimal("-0.01")}],
        )
        for name, field in [
            ("return_spent_not_negative", "spent_to_date"),
            ("return_underspend_not_negative", "forecast_underspend"),
        ]
    ),
    Case(
        "plan_reviewed_after_recorded",
        row=plan,
        accepted=[{"reviewed_on": date(2026, 10, 14)}],
        refused=[{"reviewed_on": date(2026, 10, 13)}],
    ),
    Case(
        "cover_kind_known",
        row=cover,
        accepted=[{"kind": "named_service"}],
        refused=[{"kind": "hope"}, {"kind": ""}],
    ),
    Case(
        "cover_unit_known",
        row=cover,
        accepted=[{"unit": "children"}, {"unit": None}],
        refused=[{"unit": "people"}, {"unit": ""}],
    ),
    Case(
        "cover_certainty_known",
        row=lambda: cover(certainty="hoped"),
        accepted=[{"certainty": "applied"}],
        refused=[{"certainty": "likely"}, {"certainty": ""}],
    ),
    Case(
        "cover_confirmed_has_date",
        row=cover,
        accepted=[{"certainty": "applied", "confirmed_on": None}],
        refused=[{"confirmed_on": None}, {"certainty": "applied"}],
    ),
    Case(
        "cover_names_its_source",
        row=cover,
        accepted=[{"kind": "finishes", "source": ""}],
        refused=[{"source": ""}, {"kind": "named_service", "source": ""}],
    ),
    Case(
        "notice_once",
        row=_second_notice,
        accepted=[
            {"told": "provider", "told_on": date(2026, 11, 3)},
            lambda row: {"told": "provider", "grant": make_grant()},
        ],
        refused=[{"told": "provider"}],
    ),
    Case(
        "notice_told_known",
        row=notice,
        accepted=[{"told": "partners"}],
        refused=[{"told": "press"}, {"told": ""}],
    ),
]
