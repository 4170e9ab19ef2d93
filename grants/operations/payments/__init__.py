"""Money that moves, the schedule that says when, and the stretches in which the council waits."""

from grants.operations.payments.clock_stops import end_clock_stop, start_clock_stop
from grants.operations.payments.instalments import authorise_instalment, meet_condition, record_claim
from grants.operations.payments.ledger import (
    confirm_receipt,
    record_payment,
    recover_payment,
    reverse_payment,
)

__all__ = [
    "authorise_instalment",
    "confirm_receipt",
    "end_clock_stop",
    "meet_condition",
    "record_claim",
    "record_payment",
    "recover_payment",
    "reverse_payment",
    "start_clock_stop",
]
