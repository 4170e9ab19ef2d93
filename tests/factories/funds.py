"""Funding awards, funds, rounds."""

from datetime import date
from decimal import Decimal
from typing import Any

from grants.models import Fund, FundingAward, Round
from tests.factories.sequence import next_number


def make_award(**fields: Any) -> FundingAward:
    """£300,000 confirmed in April 2026, to be paid out by the end of March 2028, nothing retained."""
    number = next_number()
    values = {
        "ref": f"award-{number}",
        "title": f"Funding award {number}",
        "total_amount": Decimal("300000.00"),
        "told_on": date(2026, 2, 2),
        "confirmed_on": date(2026, 4, 1),
        "spend_by": date(2028, 3, 31),
        "spent_means": "paid",
        "is_illustrative": True,
    }
    return FundingAward.objects.create(**{**values, **fields})


def make_fund(**fields: Any) -> Fund:
    """A fund of the illustrative register with the product's default standards; `awards=` pays for it."""
    number = next_number()
    awards = fields.pop("awards", ())
    fund = Fund.objects.create(
        **{"code": f"fund-{number}", "name": f"Fund {number}", "is_illustrative": True, **fields}
    )
    fund.awards.set(awards)
    return fund


def make_round(**fields: Any) -> Round:
    """A round that was announced in July 2026 and closed in September, with time enough for groups to hear."""
    number = next_number()
    fields.setdefault("fund", None)
    values = {
        "ref": f"round-{number}",
        "name": f"Round {number}",
        "announced_on": date(2026, 7, 1),
        "opens_on": date(2026, 7, 1),
        "closes_on": date(2026, 9, 1),
        "decision_due_on": date(2026, 10, 9),
    }
    return Round.objects.create(**{**values, **fields, "fund": fields["fund"] or make_fund()})
