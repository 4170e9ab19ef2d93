"""The constraints of instalments, payments and clock stops."""

from datetime import date
from decimal import Decimal
from typing import Any

from grants.models import ClockStop, Instalment, OnwardPayment, Payment
from tests.constraints import Case
from tests.factories import (
    make_grant,
    make_instalment,
    make_organisation,
    make_payment_row,
    make_stop,
    somebody,
)

DAY = date(2026, 11, 9)


def make_onward() -> OnwardPayment:
    """What a lead provider passed on."""
    return OnwardPayment.objects.create(
        grant=make_grant(), partner=make_organisation(), amount=Decimal(500), paid_on=date(2026, 11, 16)
    )


def instalment(**fields: Any) -> Instalment:
    """The first instalment of a new grant."""
    return make_instalment(make_grant(), **fields)


def payment(**fields: Any) -> Payment:
    """A payment to a new grant."""
    return make_payment_row(make_grant(), **fields)


def stop() -> ClockStop:
    """An open stop of a new grant."""
    return make_stop(make_grant())


def _second_instalment() -> Instalment:
    return make_instalment(instalment().grant)


def _reversal() -> Payment:
    paid = payment()
    return make_payment_row(paid.grant, kind="reversal", reverses=paid, reason="Wrong payee")


CASES = [
    Case(
        "instalment_number_once",
        row=_second_instalment,
        accepted=[{"number": 3}, lambda row: {"number": 1, "grant": make_grant()}],
        refused=[{"number": 1}],
    ),
    Case("instalment_numbered_from_1", row=instalment, accepted=[{"number": 1}], refused=[{"number": 0}]),
    Case(
        "instalment_not_negative",
        row=instalment,
        accepted=[{"amount": 0}, {"amount": None}],
        refused=[{"amount": Decimal("-0.01")}],
    ),
    Case(
        "instalment_paid_has_amount",
        row=instalment,
        accepted=[{"paid_on": DAY}, {"paid_on": None, "amount": None}],
        refused=[{"paid_on": DAY, "amount": None}],
    ),
    Case(
        "instalment_authorised_paired",
        row=instalment,
        accepted=[lambda row: {"authorised_by": somebody(), "authorised_on": DAY}],
        refused=[{"authorised_on": DAY}, lambda row: {"authorised_by": somebody()}],
    ),
    Case(
        "instalment_met_needs_condition",
        row=instalment,
        accepted=[{"condition": "Accounts seen", "condition_met_on": DAY}],
        refused=[{"condition": "", "condition_met_on": DAY}],
    ),
    Case(
        "instalment_basis_known",
        row=instalment,
        accepted=[{"basis": "on_claim"}],
        refused=[{"basis": "on_a_whim"}, {"basis": ""}],
    ),
    Case(
        "instalment_period_in_order",
        row=instalment,
        accepted=[{"period_from": DAY, "period_to": DAY}, {"period_from": DAY}],
        refused=[{"period_from": DAY, "period_to": date(2026, 11, 8)}],
    ),
    Case(
        "payment_positive",
        row=payment,
        accepted=[{"amount": Decimal("0.01")}],
        refused=[{"amount": 0}, {"amount": Decimal("-4500")}],
    ),
    Case(
        "payment_kind_known",
        row=lambda: payment(reason="For the test"),
        accepted=[{"kind": "recovery"}],
        refused=[{"kind": "gift"}, {"kind": ""}],
    ),
    Case(
        "payment_route_known",
        row=payment,
        accepted=[{"route": "journal"}],
        refused=[{"route": "cash in hand"[:10]}, {"route": ""}],
    ),
    Case(
        "payment_reversal_names_payment",
        row=_reversal,
        accepted=[{"kind": "recovery", "reverses": None}],
        refused=[{"reverses": None}, {"kind": "recovery"}, {"kind": "payment"}],
    ),
    Case(
        "payment_back_has_reason",
        row=_reversal,
        accepted=[{"kind": "payment", "reverses": None, "reason": ""}],
        refused=[{"reason": ""}, {"kind": "recovery", "reverses": None, "reason": ""}],
    ),
    Case(
        "payment_above_is_payment",
        row=payment,
        accepted=[{"above_award": True}],
        refused=[{"above_award": True, "kind": "recovery", "reason": "Underspend"}],
    ),
    Case(
        "payment_receipt_after_paid",
        row=payment,
        accepted=[{"receipt_confirmed_on": DAY}],
        refused=[{"receipt_confirmed_on": date(2026, 11, 8)}],
    ),
    Case("onward_positive", row=make_onward, accepted=[{"amount": Decimal("0.01")}], refused=[{"amount": 0}]),
    Case(
        "stop_waiting_on_known",
        row=stop,
        accepted=[{"waiting_on": "funder"}],
        refused=[{"waiting_on": "council"}, {"waiting_on": ""}],
    ),
    Case("stop_has_reason", row=stop, accepted=[{"reason": "Bank letter"}], refused=[{"reason": ""}]),
    Case(
        "stop_end_after_start",
        row=stop,
        accepted=[{"ended_on": date(2026, 10, 12)}, {"ended_on": None}],
        refused=[{"ended_on": date(2026, 10, 11)}],
    ),
]
