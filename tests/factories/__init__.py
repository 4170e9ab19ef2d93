"""Rows for tests, written directly with sane defaults; every default can be overridden by the field's name."""

from tests.factories.endings import make_cover, make_notice, make_plan, make_return
from tests.factories.flags import make_flag, make_flag_event
from tests.factories.funds import make_award, make_fund, make_round
from tests.factories.grants import make_agreement, make_check, make_grant, make_variation
from tests.factories.imports import make_duplicate, make_import_check
from tests.factories.outbox import make_delivery, make_job, make_message
from tests.factories.payments import make_instalment, make_payment_row, make_stop
from tests.factories.people import (
    People,
    make_membership,
    make_organisation,
    make_people,
    make_user,
    somebody,
)
from tests.factories.places import make_locality, make_ward

__all__ = [
    "People",
    "make_agreement",
    "make_award",
    "make_check",
    "make_cover",
    "make_delivery",
    "make_duplicate",
    "make_flag",
    "make_flag_event",
    "make_fund",
    "make_grant",
    "make_import_check",
    "make_instalment",
    "make_job",
    "make_locality",
    "make_membership",
    "make_message",
    "make_notice",
    "make_organisation",
    "make_payment_row",
    "make_people",
    "make_plan",
    "make_return",
    "make_round",
    "make_stop",
    "make_user",
    "make_variation",
    "make_ward",
    "somebody",
]
