"""Money that moves, the schedule that says when, and the stretches in which the council waits."""

from grants.operations.payments.clock_stops import correct_clock_stop, end_clock_stop, start_clock_stop
from grants.operations.payments.instalments import authorise_instalment, meet_condition, record_claim
from grants.operations.payments.ledger import (
    confirm_receipt,
    record_payment,
    recover_payment,
    reverse_payment,
)
from grants.operations.payments.several import Paid, record_payments

__all__ = [
    "Paid",
    "authorise_instalment",
    "confirm_receipt",
    "correct_clock_stop",
    "end_clock_stop",
    "meet_condition",
    "record_claim",
    "record_payment",
    "record_payments",
    "recover_payment",
    "reverse_payment",
    "start_clock_stop",
]
