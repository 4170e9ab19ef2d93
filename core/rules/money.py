"""Pounds sterling: rounding to pence and showing amounts."""

from decimal import ROUND_HALF_UP, Decimal

NOT_KNOWN = "not known"
_PENNY = Decimal("0.01")


def to_pence(amount: Decimal) -> Decimal:
    """The amount in pounds with two places, half a penny rounded away from zero."""
    return amount.quantize(_PENNY, rounding=ROUND_HALF_UP)


def format_pounds(amount: Decimal | None) -> str:
    """£18,000 or £4,500.50; an unknown amount is "not known", never £0."""
    if amount is None:
        return NOT_KNOWN
    pence = to_pence(amount)
    sign = "-" if pence < 0 else ""
    text = f"{abs(pence):,.2f}"
    return f"{sign}£{text.removesuffix('.00')}"
