"""Calendar months, dates in words and pounds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import add_months, long_date, months_before, months_in
from core.rules.money import format_pounds, to_pence
from tests.rules.england import days


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 3, 31), -6, date(2026, 9, 30)),
        (date(2027, 5, 31), -3, date(2027, 2, 28)),
        (date(2028, 5, 31), -3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 8, 31), 0, date(2026, 8, 31)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
    ],
)
def test_months_are_clipped_to_the_month_s_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
    assert months_before(day, -months) == expected


@given(days, days, st.integers(-30, 30))
def test_months_keep_the_order_of_days(one: date, two: date, months: int) -> None:
    earlier, later = sorted([one, two])
    assert add_months(earlier, months) <= add_months(later, months)
    landed = add_months(one, months)
    assert (landed.year - one.year) * 12 + landed.month - one.month == months
    assert landed.day == one.day or (landed + timedelta(days=1)).day == 1


@given(days, st.integers(1, 60))
def test_whole_months_count_both_days(start: date, months: int) -> None:
    assert add_months(start, months).day != start.day or (
        months_in(start, add_months(start, months) - timedelta(days=1)) == months
    )


@given(days, days)
def test_another_day_is_always_more_months(one: date, two: date) -> None:
    start, end = sorted([one, two])
    shorter, longer = months_in(start, end), months_in(start, end + timedelta(days=1))
    assert shorter is not None
    assert longer is not None
    assert 0 < shorter < longer
    assert months_in(end + timedelta(days=1), start) is None


def test_a_date_in_words() -> None:
    assert long_date(date(2026, 3, 3)) == "3 March 2026"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("18000"), "£18,000"),
        (Decimal("4500.5"), "£4,500.50"),
        (Decimal("0"), "£0"),
        (Decimal("0.005"), "£0.01"),
        (Decimal("-5000"), "-£5,000"),
        (Decimal("-0.001"), "£0"),
        (Decimal("999.999"), "£1,000"),
        (None, "not known"),
    ],
)
def test_pounds_as_people_read_them(amount: Decimal | None, text: str) -> None:
    assert format_pounds(amount) == text


def test_pence_are_rounded_away_from_zero() -> None:
    assert to_pence(Decimal("2.345")) == Decimal("2.35")
    assert to_pence(Decimal("-2.345")) == Decimal("-2.35")
