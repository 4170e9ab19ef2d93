"""The forms that change something. An empty POST is refused by the form (200), never by a broken page.

An action that no provider may take is 403 to every provider, whatever the grant; one that its own provider may take is
404 to another.
"""

from tests.role_matrix.rows import Row

GRANT = {"ref": "grant.ref"}
PAYMENT = {**GRANT, "pk": "payment.pk"}
INSTALMENT = {**GRANT, "number": "instalment.number"}
FLAG = {"pk": "flag.pk"}

#               anon comm fin  scru admi prov othe
FINANCE_ONLY = "302  403  200  403  403  403  403"
OFFICERS     = "302  200  200  403  200  403  403"  # fmt: skip
COMMISSIONER = "302  200  403  403  200  403  403"
ITS_PROVIDER = "302  403  403  403  403  200  404"
KEEPER = "302  403  403  403  200  403  403"
WHO_KNOWS    = "302  200  403  403  200  200  404"  # fmt: skip


def form(name: str, who: str, needs: dict[str, str], query: str = "") -> Row:
    """A form page: whoever may open it may send it."""
    return Row(name, get=who, post=who, needs=needs, query=query)


ROWS: list[Row] = [
    # the money
    form("record_payment", FINANCE_ONLY, GRANT, "?instalment=2"),
    # Nothing is ticked here: back to the payments.
    form("record_payments", "302  403  302  403  403  403  403", {}),
    form("reverse_payment", FINANCE_ONLY, PAYMENT),
    form("recover_payment", FINANCE_ONLY, GRANT),
    form("confirm_receipt", ITS_PROVIDER, PAYMENT),
    form("authorise_instalment", OFFICERS, INSTALMENT),
    form("meet_condition", OFFICERS, {**GRANT, "number": "conditional.number"}),
    form("record_claim", OFFICERS, {**GRANT, "number": "on_claim.number"}),
    form("start_clock_stop", OFFICERS, GRANT),
    form("end_clock_stop", OFFICERS, {**GRANT, "pk": "stop.pk"}),
    form("correct_clock_stop", OFFICERS, {**GRANT, "pk": "stop.pk"}),
    # the grant
    form("record_agreement", COMMISSIONER, GRANT),
    form("add_check", OFFICERS, GRANT),
    form("record_check", OFFICERS, {**GRANT, "kind": "check.kind"}),
    form("bank_details_changed", OFFICERS, GRANT),
    form("vary_grant", COMMISSIONER, GRANT),
    form("record_details", COMMISSIONER, GRANT),
    form("name_provider", COMMISSIONER, GRANT),
    form("close_grant", COMMISSIONER, GRANT),
    form("extend_round", COMMISSIONER, {"ref": "round.ref"}),
    form("change_award", COMMISSIONER, {"ref": "award.ref"}),
    # families
    form("record_caseload", WHO_KNOWS, GRANT),
    form("record_plan", COMMISSIONER, GRANT),
    form("add_cover", COMMISSIONER, GRANT),
    form("change_cover", COMMISSIONER, {**GRANT, "pk": "cover.pk"}),
    form("record_notice", COMMISSIONER, GRANT),
    # flags
    form("acknowledge_flag", OFFICERS, FLAG),
    form("assign_flag", OFFICERS, FLAG),
    form("date_flag", OFFICERS, FLAG),
    form("note_flag", OFFICERS, FLAG),
    form("snooze_flag", OFFICERS, FLAG),
    form("wake_flag", OFFICERS, FLAG),
    # the calendar
    form("closure_days", KEEPER, {}),
    Row(
        "remove_closure_day",
        get=KEEPER,
        post="302  403  403  403  302  403  403",
        needs={"pk": "closure.pk"},
    ),
    # imports: only who had a list looked at sees what came of it
    form("imports", COMMISSIONER, {}),
    form("import_result", "302  200  403  403  404  403  403", {"pk": "import_check.pk"}),
    form("duplicate", COMMISSIONER, {"pk": "duplicate.pk"}),
    # messages
    form("message_preference", "302  200  200  200  200  200  200", {}),
    Row(
        "retry_delivery",
        get=KEEPER,
        post="302  403  403  403  302  403  403",
        needs={"pk": "delivery.pk"},
    ),
]
