"""Grants, with what stands beside the decision: agreement, checks, variations."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.models import Role
from grants.models import Agreement, Check, Grant, Variation
from tests.factories.funds import make_fund
from tests.factories.people import make_organisation, somebody
from tests.factories.sequence import next_number

DECIDED_ON = date(2026, 10, 9)


def make_grant(
    *, tracked: bool = True, decided: bool = True, illustrative: bool = True, **fields: Any
) -> Grant:
    """Direct support of £18,000, approved on 9 October 2026, from November 2026 to August 2027, unpaid.

    `tracked=False` leaves `tracked_from` unknown, `decided=False` the decision. Without `fund=` it gets a new fund, in
    the illustrative register or the real one; `fields` has the last word. `localities=` places it.
    """
    number = next_number()
    localities = fields.pop("localities", ())
    values: dict[str, Any] = {
        "ref": f"grant-{number}",
        "title": f"Project {number}",
        "award_type": "grant",
        "purpose": "direct_support",
        "amount_awarded": Decimal("18000.00"),
        "planned_start": date(2026, 11, 2),
        "planned_end": date(2027, 8, 31),
        "ends_on": date(2027, 8, 31),
    }
    if tracked:
        values["tracked_from"] = date(2026, 4, 1)
    if decided:
        values |= {"decision": "approve", "decided_on": DECIDED_ON, "decided_by": somebody()}
        values |= {"lead_officer": somebody(), "finance_owner": somebody(Role.FINANCE)}
    values |= fields
    if "fund" not in values:
        values["fund"] = (
            values["round"].fund if values.get("round") else make_fund(is_illustrative=illustrative)
        )
    if "lead_provider" not in values:
        values["lead_provider"] = make_organisation(is_illustrative=illustrative)
    grant = Grant.objects.create(**values)
    grant.localities.set(localities)
    grant.refresh_from_db()
    return grant


def make_agreement(grant: Grant, **fields: Any) -> Agreement:
    """An agreement issued, signed and countersigned within two weeks of the decision."""
    values = {
        "issued_on": date(2026, 10, 12),
        "signed_on": date(2026, 10, 16),
        "countersigned_on": date(2026, 10, 19),
    }
    return Agreement.objects.create(**{"grant": grant, **values, **fields})


def make_check(grant: Grant, **fields: Any) -> Check:
    """A safeguarding check that nobody has seen yet; `result="passed"` brings by whom and when."""
    values: dict[str, Any] = {"kind": "safeguarding", "requested_on": date(2026, 10, 12), **fields}
    if values.get("result"):
        values.setdefault("checked_by", somebody())
        values.setdefault("checked_on", date(2026, 10, 20))
    return Check.objects.create(grant=grant, **values)


def make_variation(grant: Grant, **fields: Any) -> Variation:
    """Three more months, agreed in November 2026; the grant itself is not changed."""
    values = {
        "proposed_on": date(2026, 11, 2),
        "decided_on": date(2026, 11, 9),
        "decided_by": somebody(),
        "reason": "Families need longer",
        "old_ends_on": grant.ends_on,
        "new_ends_on": date(2027, 11, 30),
    }
    return Variation.objects.create(**{"grant": grant, **values, **fields})
