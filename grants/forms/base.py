"""What every form of an operation has: free text that names nobody, a version, a repeat key."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from core.rules.free_text import examine
from core.web.forms import OperationForm

NAMES_NOBODY = "names_nobody"


class WordsField(forms.CharField):
    """Free text, of one line or more. What identifies a child or a family is refused."""

    def __init__(self, *, rows: int = 3, max_length: int = 2000, **options: Any) -> None:
        widget = forms.Textarea({"rows": rows}) if rows > 1 else forms.TextInput()
        super().__init__(**{"widget": widget, "max_length": max_length, **options})
        self.error_messages["max_length"] = f"Write at most {max_length:,} characters"

    def validate(self, value: str) -> None:
        """Refuse an NHS number, and what looks like a name beside a date of birth or a postcode."""
        super().validate(value)
        refusals = examine(value).refusals
        if refusals:
            raise ValidationError(list(refusals))


def confirmation() -> forms.BooleanField:
    """The box that is asked for when words hold something that only may identify somebody."""
    return forms.BooleanField(
        required=False, label="I have checked: these words identify no child and no family"
    )


class ActForm(OperationForm):
    """A form that runs one operation. Words that only may identify somebody are asked about before they are taken.

    `questions` are what the operation may ask: by the field that its refusal names, the words of the box that answers.
    """

    questions: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.questions.keys() & self.data.keys():
            self.ask(name)
        if NAMES_NOBODY in self.data:
            self.fields[NAMES_NOBODY] = confirmation()

    def ask(self, name: str) -> None:
        """Show the box that answers a question."""
        self.fields[name] = forms.BooleanField(required=False, label=self.questions[name])

    def clean(self) -> dict[str, Any]:
        """Ask once, with a box to tick, where words hold a postcode, a date of birth or the like."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        asked = [
            f"{warning} Look again at “{field.label}”: take it out, or tick the box."
            for name, field in self.fields.items()
            if isinstance(field, WordsField)
            for warning in examine(data.get(name) or "").warnings
        ]
        if asked and not data.get(NAMES_NOBODY):
            self.fields[NAMES_NOBODY] = confirmation()
            self.add_error(NAMES_NOBODY, asked)
        return data

    def entries(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != NAMES_NOBODY}
