"""Returns with their caseload, plans and cover, notices."""

from datetime import date
from typing import Any

from core.models import Role
from grants.models import Cover, Grant, Notice, OutcomeReturn, SustainabilityPlan
from tests.factories.people import somebody


def make_return(grant: Grant, **fields: Any) -> OutcomeReturn:
    """26 families on 30 September 2026, submitted in October; `state="due"` leaves what is not there yet unknown."""
    values: dict[str, Any] = {"period_to": date(2026, 9, 30), "state": "submitted", **fields}
    if values["state"] != "due":
        values = {
            "submitted_on": date(2026, 10, 7),
            "submitted_by": somebody(Role.PROVIDER),
            "caseload": 26,
            **values,
        }
        if values["caseload"] is not None:
            values.setdefault("caseload_unit", "families")
    return OutcomeReturn.objects.create(grant=grant, **values)


def make_plan(grant: Grant, **fields: Any) -> SustainabilityPlan:
    """A plan recorded in October 2026 that covers nobody yet."""
    return SustainabilityPlan.objects.create(
        **{"grant": grant, "summary": "Schools carry on", "recorded_on": date(2026, 10, 14), **fields}
    )


def make_cover(plan: SustainabilityPlan, **fields: Any) -> Cover:
    """Ten of the caseload continue under confirmed funding; another `certainty` brings no date."""
    values: dict[str, Any] = {
        "kind": "confirmed_funding",
        "number": 10,
        "source": "Family Hubs grant",
        "certainty": "confirmed",
        **fields,
    }
    if values["certainty"] == "confirmed":
        values.setdefault("confirmed_on", date(2026, 10, 20))
    return Cover.objects.create(plan=plan, **values)


def make_notice(grant: Grant, **fields: Any) -> Notice:
    """The provider was told in writing on 2 November 2026."""
    return Notice.objects.create(
        **{"grant": grant, "told": "provider", "told_on": date(2026, 11, 2), **fields}
    )
