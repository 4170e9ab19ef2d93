"""Form fields that say in plain words what is wrong with what was typed."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.rules.dates import EARLIEST, LATEST
from core.web.widgets import DateInput, MoneyInput, WholeNumberInput

PART_NAMES = ("day", "month", "year")
MOST = 2_147_483_647
"""The largest whole number that a column of the database takes."""


def lower_first(label: str) -> str:
    """The label inside a sentence: "Date paid" becomes "date paid", "PO number" stays."""
    return label if label[1:2].isupper() or label[1:2] == "" else label[0].lower() + label[1:]


class DateField(forms.Field):
    """A whole date typed as day, month and year. `example` is the date its message shows."""

    widget = DateInput

    def __init__(self, *, example: str = "27 3 2026", **options: Any) -> None:
        super().__init__(**options)
        self.example = example

    @property
    def _name(self) -> str:
        return str(self.label or "The date")

    def to_python(self, value: Any) -> date | None:
        """A date, or None when nothing was typed; ValidationError says what is missing or that no such date exists."""
        if value is None or isinstance(value, date):
            return value
        parts = DateInput().decompress(value) if isinstance(value, str) else list(value)
        if not any(parts):
            return None
        missing = [name for name, part in zip(PART_NAMES, parts, strict=True) if not part]
        if missing:
            raise ValidationError(f"{self._name} must include a {' and '.join(missing)}", code="incomplete")
        return self._real_date(parts)

    def _real_date(self, parts: list[Any]) -> date:
        try:
            day, month, year = (int(part) for part in parts)
            found = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(
                f"{self._name} must be a real date, like {self.example}", code="invalid"
            ) from None
        if not EARLIEST <= found <= LATEST:
            years = f"between {EARLIEST.year} and {LATEST.year}"
            raise ValidationError(
                f"{self._name} must have a year of four figures, {years}, like 2026", code="invalid"
            )
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another date was typed; what can't be read counts as a change."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


# Digits as they are, or in threes with one kind of mark between them: "12,50" and "0,500" are other people's decimals.
WHOLE = "[0-9]+|[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)"
POUNDS = re.compile(rf"(-?) ?£? ?(?=\.?[0-9])((?:{WHOLE})?)((?:\.[0-9]{{0,2}})?)")
COUNT = re.compile(rf"(-?)({WHOLE})")


def _plain(field: forms.Field, pattern: re.Pattern[str], value: Any) -> Any:
    """What was typed without its marks: "£ 4,500.50" is 4500.50. Refuses what is not of the pattern."""
    if not isinstance(value, str):
        return value
    typed = " ".join(value.replace("−", "-").split())
    found = pattern.fullmatch(typed)
    if typed and found is None:
        raise ValidationError(field.error_messages["invalid"], code="invalid")
    return "".join(found.groups()).replace(",", "").replace(" ", "") if found else ""


class MoneyField(forms.DecimalField):
    """Pounds and pence. A £ sign before them is ignored, and so are commas or spaces between thousands."""

    widget = MoneyInput

    def __init__(self, **options: Any) -> None:
        options = {"max_digits": 14, "decimal_places": 2, "min_value": Decimal(0), **options}
        super().__init__(**options)
        example = "Enter an amount in pounds, like 4,500 or 4,500.50"
        too_long = f"Enter an amount below £{10 ** (options['max_digits'] - options['decimal_places']):,}"
        self.error_messages |= {
            "invalid": example,
            "min_value": f"{example}, without a minus",
            "max_digits": too_long,
            "max_whole_digits": too_long,
        }

    def to_python(self, value: Any) -> Any:
        """A Decimal, or None when nothing was typed."""
        return super().to_python(_plain(self, POUNDS, value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min, max or step: the box is text, as numbers with commas are."""
        return {}


class WholeNumberField(forms.IntegerField):
    """A count or a duration. Commas or spaces between thousands are ignored."""

    widget = WholeNumberInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": MOST, **options})
        example = "Enter a whole number, like 26"
        self.error_messages |= {
            "invalid": example,
            "min_value": f"{example}, without a minus",
            "max_value": f"Enter a whole number up to {MOST:,}",
        }

    def to_python(self, value: Any) -> Any:
        """An int, or None when nothing was typed."""
        return super().to_python(_plain(self, COUNT, value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min or max attribute: the box is text."""
        return {}
