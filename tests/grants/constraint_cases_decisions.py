"""The constraints of grants and what stands beside the decision."""

from datetime import date
from decimal import Decimal
from typing import Any

from grants.models import Agreement, Check, GrantPartner, Variation
from tests.constraints import Case
from tests.factories import (
    make_agreement,
    make_check,
    make_grant,
    make_organisation,
    make_user,
    make_variation,
    somebody,
)

DAY = date(2026, 10, 9)
UNDECIDED = {"decision": None, "decided_on": None, "decided_by": None}


def make_partner(**fields: Any) -> GrantPartner:
    """A partner in a new grant."""
    return GrantPartner.objects.create(
        **{"grant": make_grant(), "organisation": make_organisation(), **fields}
    )


def _agreement(**fields: Any) -> Agreement:
    return make_agreement(make_grant(), **fields)


def _check(**fields: Any) -> Check:
    return make_check(make_grant(), **fields)


def _variation() -> Variation:
    return make_variation(make_grant())


def _second_check() -> Check:
    return make_check(make_check(make_grant()).grant, kind="insurance")


def _second_partner() -> GrantPartner:
    return make_partner(grant=make_partner().grant)


def _passed(by: Any) -> dict[str, Any]:
    return {"result": "passed", "checked_by": by, "checked_on": DAY}


GRANT_CASES = [
    Case(
        "grant_decision_paired",
        row=make_grant,
        accepted=[UNDECIDED, {"decision": "decline"}],
        refused=[{"decision": None}, {"decided_on": None}, {"decided_by": None}],
    ),
    Case(
        "grant_authority_needs_decision",
        row=make_grant,
        accepted=[
            {"decision_made_by": "cabinet", "call_in_ends_on": DAY, "authority_reference": "D1"},
            UNDECIDED,
        ],
        refused=[
            {**UNDECIDED, "decision_made_by": "cabinet"},
            {**UNDECIDED, "call_in_ends_on": DAY},
            {**UNDECIDED, "authority_reference": "D1"},
        ],
    ),
    Case(
        "grant_paid_was_approved",
        row=make_grant,
        accepted=[{"first_paid_on": DAY}, {"first_paid_on": DAY, "decision": "approve_with_conditions"}],
        refused=[{"first_paid_on": DAY, "decision": "defer"}, {"first_paid_on": DAY, "decision": "decline"}],
    ),
    Case(
        "grant_paid_is_tracked",
        row=make_grant,
        accepted=[{"first_paid_on": DAY}, {"tracked_from": None}],
        refused=[{"first_paid_on": DAY, "tracked_from": None}],
    ),
    Case(
        "grant_decided_once",
        row=make_grant,
        accepted=[{**UNDECIDED, "decided_about": "2024-04"}],
        refused=[{"decided_about": "2024-04"}],
    ),
    Case(
        "grant_start_once",
        row=make_grant,
        accepted=[{"planned_start": None, "starts_about": "2024"}],
        refused=[{"starts_about": "2024"}],
    ),
    Case(
        "grant_end_once",
        row=make_grant,
        accepted=[{"ends_on": None, "ends_about": "2025"}],
        refused=[{"ends_about": "2025"}],
    ),
    Case(
        "grant_planned_start_before_end",
        row=make_grant,
        accepted=[{"planned_end": date(2026, 11, 2)}, {"planned_end": None}],
        refused=[{"planned_end": date(2026, 11, 1)}],
    ),
    Case(
        "grant_start_before_end",
        row=make_grant,
        accepted=[{"ends_on": date(2026, 11, 2)}, {"ends_on": None}],
        refused=[{"ends_on": date(2026, 11, 1)}],
    ),
    *(
        Case(
            name,
            row=make_grant,
            accepted=[{field: 0}, {field: None}],
            refused=[{field: Decimal("-0.01")}],
        )
        for name, field in [
            ("grant_awarded_not_negative", "amount_awarded"),
            ("grant_applied_not_negative", "amount_applied_for"),
            ("grant_disbursed_not_negative", "amount_disbursed_undated"),
        ]
    ),
    *(
        Case(name, row=make_grant, accepted=[{field: known}], refused=[{field: "hearsay"}, {field: ""}])
        for name, field, known in [
            ("grant_award_type_known", "award_type", "contract"),
            ("grant_purpose_known", "purpose", "review"),
            ("grant_decision_known", "decision", "defer"),
            ("grant_made_by_known", "decision_made_by", "funder_panel"),
        ]
    ),
]

CASES = [
    *GRANT_CASES,
    Case(
        "partner_once_in_grant",
        row=_second_partner,
        accepted=[lambda row: {"organisation": make_organisation()}, lambda row: {"grant": make_grant()}],
        refused=[lambda row: {"organisation": row.grant.partnerships.earliest("id").organisation}],
    ),
    Case(
        "agreement_issued_before_signed",
        row=_agreement,
        accepted=[{"signed_on": date(2026, 10, 12)}],
        refused=[{"signed_on": date(2026, 10, 11)}],
    ),
    Case(
        "agreement_signed_before_countersigned",
        row=_agreement,
        accepted=[{"countersigned_on": date(2026, 10, 16)}],
        refused=[{"countersigned_on": date(2026, 10, 15)}],
    ),
    Case(
        "agreement_countersigned_was_signed",
        row=_agreement,
        accepted=[{"countersigned_on": None, "signed_on": None}],
        refused=[{"signed_on": None}],
    ),
    Case(
        "agreement_signed_was_issued",
        row=lambda: _agreement(countersigned_on=None),
        accepted=[{"signed_on": None, "issued_on": None}],
        refused=[{"issued_on": None}],
    ),
    Case(
        "check_once_in_grant",
        row=_second_check,
        accepted=[{"kind": "accounts"}, lambda row: {"kind": "safeguarding", "grant": make_grant()}],
        refused=[{"kind": "safeguarding"}],
    ),
    Case(
        "check_result_paired",
        row=lambda: _check(result="passed"),
        accepted=[{"result": None, "checked_by": None, "checked_on": None}, {"result": "failed"}],
        refused=[{"result": None}, {"checked_by": None}, {"checked_on": None}],
    ),
    Case(
        "check_bank_by_second_person",
        row=lambda: _check(kind="bank_details", changed_by=somebody()),
        accepted=[lambda row: _passed(make_user()), {"changed_by": None}],
        refused=[lambda row: _passed(row.changed_by)],
    ),
    Case(
        "check_kind_known",
        row=_check,
        accepted=[{"kind": "dbs"}],
        refused=[{"kind": "hearsay"}, {"kind": ""}],
    ),
    Case(
        "check_needed_before_known",
        row=_check,
        accepted=[{"needed_before": "agreement"}],
        refused=[{"needed_before": "lunch"}, {"needed_before": ""}],
    ),
    Case(
        "check_result_known",
        row=lambda: _check(result="passed"),
        accepted=[{"result": "failed"}],
        refused=[{"result": "perhaps"}, {"result": ""}],
    ),
    Case(
        "check_expires_after_checked",
        row=lambda: _check(result="passed"),
        accepted=[{"expires_on": date(2026, 10, 20)}, {"expires_on": None}],
        refused=[{"expires_on": date(2026, 10, 19)}],
    ),
    Case(
        "variation_proposed_before_decided",
        row=_variation,
        accepted=[{"proposed_on": date(2026, 11, 9)}],
        refused=[{"proposed_on": date(2026, 11, 10)}],
    ),
    Case(
        "variation_amount_not_negative",
        row=_variation,
        accepted=[{"new_amount": 0}],
        refused=[{"new_amount": Decimal("-0.01")}],
    ),
    Case(
        "variation_changes_something",
        row=_variation,
        accepted=[
            {"new_ends_on": None, "scope": "Also Saturdays"},
            {"new_ends_on": None, "new_amount": 5, "scope": ""},
        ],
        refused=[{"new_ends_on": None, "new_amount": None, "scope": ""}],
    ),
    Case("variation_has_reason", row=_variation, accepted=[{"reason": "Agreed"}], refused=[{"reason": ""}]),
]
