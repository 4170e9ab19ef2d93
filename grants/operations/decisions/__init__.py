"""What follows a decision: the agreement, due diligence, variations, and the grant's close."""

from grants.operations.decisions.agreements import record_agreement
from grants.operations.decisions.bank_details import bank_details_changed
from grants.operations.decisions.checks import add_check, record_check
from grants.operations.decisions.closing import close_grant
from grants.operations.decisions.details import Details, details_of, record_details
from grants.operations.decisions.lead_provider import is_settled, name_provider
from grants.operations.decisions.variations import vary_grant

__all__ = [
    "Details",
    "add_check",
    "bank_details_changed",
    "close_grant",
    "details_of",
    "is_settled",
    "name_provider",
    "record_agreement",
    "record_check",
    "record_details",
    "vary_grant",
]
