"""The tables, split by stage of the money's life."""

from grants.models.decisions import (
    Agreement,
    AwardType,
    Check,
    CheckKind,
    Grant,
    GrantPartner,
    Purpose,
    Variation,
)
from grants.models.endings import Cover, CoverKind, Notice, SustainabilityPlan
from grants.models.flags import Flag, FlagEvent, FlagEventKind, FlagPass
from grants.models.funds import Fund, FunderClaim, FundingAward, FundingAwardYear, Outcome, Round
from grants.models.payments import ClockStop, Instalment, OnwardPayment, Payment, PaymentKind
from grants.models.returns import CaseloadUnit, OutcomeReturn, ReturnState

__all__ = [
    "Agreement",
    "AwardType",
    "CaseloadUnit",
    "Check",
    "CheckKind",
    "ClockStop",
    "Cover",
    "CoverKind",
    "Flag",
    "FlagEvent",
    "FlagEventKind",
    "FlagPass",
    "Fund",
    "FunderClaim",
    "FundingAward",
    "FundingAwardYear",
    "Grant",
    "GrantPartner",
    "Instalment",
    "Notice",
    "OnwardPayment",
    "Outcome",
    "OutcomeReturn",
    "Payment",
    "PaymentKind",
    "Purpose",
    "ReturnState",
    "Round",
    "SustainabilityPlan",
    "Variation",
]
