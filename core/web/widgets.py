"""Widgets whose shape differs from Django's own."""

from datetime import date
from typing import Any

from django import forms


class DateInput(forms.MultiWidget):
    """Day, month and year in three boxes, `name_day`, `name_month`, `name_year`.

    An ISO date is taken too, either as `name` itself or pasted into the day box.
    """

    template_name = "components/date_input.html"
    use_fieldset = True
    parts = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(
                {
                    "class": f"govuk-input govuk-date-input__input govuk-input--width-{width}",
                    "inputmode": "numeric",
                }
            )
            for name, _, width in self.parts
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: date | str | None) -> list[Any]:
        """A date, or ISO text, as its three parts."""
        if isinstance(value, str):
            value = _iso(value)
        return [value.day, value.month, value.year] if value else ["", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """What was typed, as three texts."""
        typed = [str(data.get(f"{name}_{part}") or "").strip() for part, _, _ in self.parts]
        whole = (
            _iso(data.get(name) or "") if not any(typed) else _iso(typed[0]) if not any(typed[1:]) else None
        )
        return [str(part) for part in self.decompress(whole)] if whole else typed

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form had no such date at all."""
        return name not in data and super().value_omitted_from_data(data, files, name)

    def id_for_label(self, id_: str) -> str:
        """The first box, where the error summary leads."""
        return f"{id_}_0" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds each box's label; an error turns all three boxes red."""
        context = super().get_context(name, value, attrs)
        for box, (_, label, _) in zip(context["widget"]["subwidgets"], self.parts, strict=True):
            box["label"] = label
            if box["attrs"].get("aria-invalid"):
                box["attrs"]["class"] += " govuk-input--error"
        return context


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


class MoneyInput(forms.TextInput):
    """Pounds, with the £ sign before the box."""

    prefix = "£"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-10", "inputmode": "decimal", **(attrs or {})})


class WholeNumberInput(forms.TextInput):
    """A whole number; `suffix` names its unit after the box ("working days")."""

    def __init__(self, attrs: dict[str, Any] | None = None, suffix: str = "") -> None:
        super().__init__({"class": "govuk-input--width-5", "inputmode": "numeric", **(attrs or {})})
        self.suffix = suffix
