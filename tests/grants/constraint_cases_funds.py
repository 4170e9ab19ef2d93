"""The constraints of funding awards, funds and rounds."""

from datetime import date
from decimal import Decimal

from grants.models import FunderClaim, FundingAwardYear, Outcome, Round
from tests.constraints import Case
from tests.factories import make_award, make_fund, make_round


def make_year(**fields: object) -> FundingAwardYear:
    """What a new award is worth in 2026/27."""
    return FundingAwardYear.objects.create(
        **{"award": make_award(), "financial_year": 2026, "amount": 150_000, **fields}
    )


def make_claim() -> FunderClaim:
    """A claim that is due and not sent."""
    return FunderClaim.objects.create(award=make_award(), amount=Decimal(1000), due_on=date(2027, 4, 30))


def make_outcome(**fields: object) -> Outcome:
    """A line of a new fund's framework."""
    return Outcome.objects.create(
        **{"fund": make_fund(), "code": "safer", "text": "Families are safer", **fields}
    )


def _second_year() -> FundingAwardYear:
    return make_year(award=make_year().award, financial_year=2027)


def _second_outcome() -> Outcome:
    return make_outcome(fund=make_outcome().fund, code="heard")


def _second_round() -> Round:
    return make_round(fund=make_round(name="Autumn").fund, name="Spring")


CASES = [
    Case(
        "award_total_not_negative",
        row=make_award,
        accepted=[{"total_amount": 0}, {"total_amount": None}],
        refused=[{"total_amount": Decimal("-0.01")}],
    ),
    Case(
        "award_spent_means_known",
        row=make_award,
        accepted=[{"spent_means": "defrayed"}, {"spent_means": None}],
        refused=[{"spent_means": "promised"}, {"spent_means": ""}],
    ),
    Case(
        "award_told_before_confirmed",
        row=make_award,
        accepted=[{"told_on": date(2026, 4, 1)}, {"confirmed_on": None}, {"told_on": None}],
        refused=[{"told_on": date(2026, 4, 2)}],
    ),
    Case(
        "award_retained_share_0_to_1",
        row=make_award,
        accepted=[{"retained_share": 0}, {"retained_share": 1}, {"retained_share": None}],
        refused=[{"retained_share": Decimal("-0.0001")}, {"retained_share": Decimal("1.0001")}],
    ),
    Case(
        "awardyear_once",
        row=_second_year,
        accepted=[{"financial_year": 2028}, lambda row: {"financial_year": 2026, "award": make_award()}],
        refused=[{"financial_year": 2026}],
    ),
    Case(
        "awardyear_not_negative",
        row=make_year,
        accepted=[{"amount": 0}, {"amount": None}],
        refused=[{"amount": Decimal("-0.01")}],
    ),
    Case(
        "claim_not_negative",
        row=make_claim,
        accepted=[{"amount": 0}, {"amount": None}],
        refused=[{"amount": Decimal("-0.01")}],
    ),
    Case(
        "claim_sent_before_certified",
        row=make_claim,
        accepted=[{"sent_on": date(2027, 4, 1), "certified_on": date(2027, 4, 1)}],
        refused=[{"sent_on": date(2027, 4, 2), "certified_on": date(2027, 4, 1)}],
    ),
    Case(
        "claim_certified_was_sent",
        row=make_claim,
        accepted=[{"sent_on": date(2027, 4, 1)}],
        refused=[{"certified_on": date(2027, 4, 1)}],
    ),
    Case(
        "fund_standard_positive",
        row=make_fund,
        accepted=[{"payment_standard_working_days": 1}],
        refused=[{"payment_standard_working_days": 0}],
    ),
    Case(
        "fund_return_period_positive",
        row=make_fund,
        accepted=[{"return_period_months": 1}],
        refused=[{"return_period_months": 0}],
    ),
    Case(
        "fund_payment_after_decision",
        row=make_fund,
        accepted=[{"planned_announcement_to_first_payment_days": 90}],
        refused=[{"planned_announcement_to_first_payment_days": 89}],
    ),
    Case(
        "fund_threshold_not_negative",
        row=make_fund,
        accepted=[{"second_approver_threshold": 0}, {"second_approver_threshold": None}],
        refused=[{"second_approver_threshold": Decimal("-0.01")}],
    ),
    Case(
        "outcome_once_in_fund",
        row=_second_outcome,
        accepted=[{"code": "seen"}, lambda row: {"code": "safer", "fund": make_fund()}],
        refused=[{"code": "safer"}],
    ),
    Case(
        "round_name_once_in_fund",
        row=_second_round,
        accepted=[{"name": "Summer"}, lambda row: {"name": "Autumn", "fund": make_fund()}],
        refused=[{"name": "Autumn"}],
    ),
    Case(
        "round_announced_before_closes",
        row=make_round,
        accepted=[{"announced_on": date(2026, 9, 1)}, {"announced_on": None}],
        refused=[{"announced_on": date(2026, 9, 2)}],
    ),
    Case(
        "round_opens_before_closes",
        row=make_round,
        accepted=[{"opens_on": date(2026, 9, 1)}, {"opens_on": None}],
        refused=[{"opens_on": date(2026, 9, 2)}],
    ),
    Case(
        "round_closes_before_decision",
        row=make_round,
        accepted=[{"decision_due_on": date(2026, 9, 1)}, {"decision_due_on": None}],
        refused=[{"decision_due_on": date(2026, 8, 31)}],
    ),
]
