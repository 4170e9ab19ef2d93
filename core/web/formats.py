"""How money, dates, durations and what is not known are written. One place, so that every page says them alike."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

NOT_KNOWN = "not known"
CANNOT_BE_ASSESSED = "cannot be assessed"

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def known(value: object) -> object:
    """The value itself, or "not known" for None and the empty string. Zero is known."""
    return NOT_KNOWN if value is None or value == "" else value


def pounds(value: Decimal | int | None) -> str:
    """Pounds sterling: £18,000, or £4,500.50 when there are pence; None is "not known"."""
    if value is None or value == "":
        return NOT_KNOWN
    amount = Decimal(value)
    sign = "−" if amount < 0 else ""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{sign}£{abs(amount):,.{places}f}"


def day(value: date | str | None) -> str:
    """A date in full: 21 November 2026. Published dates keep their precision: "2024-04" is April 2024, "2024" is 2024.

    Raises ValueError for text that is not an ISO date, month or year.
    """
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, str):
        return _published(value)
    if isinstance(value, datetime):
        value = (timezone.make_naive(value) if timezone.is_aware(value) else value).date()
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None) -> str:
    """A day with its time of day in London: 21 November 2026, 06:30; None is "not known"."""
    return NOT_KNOWN if value is None else f"{day(value)}, {timezone.make_naive(value):%H:%M}"


def _published(text: str) -> str:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    if len(parts) == 2:
        return day(date(parts[0], parts[1], 1)).removeprefix("1 ")
    return day(date(*parts))


def counted(value: int | None, one: str, many: str = "") -> str:
    """A number with its noun: 1 grant, 47 grants, 1,204 families; None is "not known"."""
    if value is None:
        return NOT_KNOWN
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def working_days(value: int | None) -> str:
    """A duration in working days with its unit."""
    return counted(value, "working day")


def share(value: Decimal | float | None, *, below: Collection[int] = ()) -> str:
    """A share between 0 and 1 as a whole percentage. Never rounded to 0% or 100% unless it is exactly that.

    `below` are percentages from which something else holds: a share that has not reached one is not rounded up to it.
    """
    if value is None:
        return NOT_KNOWN
    percent = round(float(value) * 100)
    if percent == 0 and value > 0:
        return "less than 1%"
    if percent == 100 and value < 1:
        return "over 99%"
    if percent in below and float(value) * 100 < percent:
        percent -= 1
    return f"{percent}%"
