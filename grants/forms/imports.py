"""Choosing a published list, and saying what two like organisations are."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.web.fields import DateField
from core.web.forms import OperationForm
from grants.imports.readers import MOST_BYTES
from grants.models import Fund
from providers.models import Likeness

ACCEPTED = ".csv,.json,.xlsx,.txt"
ONE_FUND_EACH = "One fund for each programme in the file"


class CheckListForm(OperationForm):
    """A file, and where its grants go."""

    submit_label = "Check the list"
    file = forms.FileField(
        label="List of grants",
        help_text=f"CSV, Excel (.xlsx) or 360Giving JSON, up to {MOST_BYTES // 1_000_000} MB.",
        widget=forms.FileInput({"accept": ACCEPTED}),
        error_messages={"empty": "The file is empty. Check that it was saved or downloaded whole"},
    )
    fund: "forms.ModelChoiceField[Fund]" = forms.ModelChoiceField(
        queryset=Fund.objects.none(),
        required=False,
        label="Fund",
        empty_label=ONE_FUND_EACH,
        help_text="Choose a fund if every grant in the list belongs to it.",
    )
    tracked_from = DateField(
        required=False,
        label="Tracked from",
        help_text="For example, 1 4 2026. From then on their payments and returns are recorded here. "
        "Grants of which no payment is recorded here count as unpaid. Leave this empty for grants of the past: they "
        "raise no flag and enter no statistic.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.filter(is_illustrative=False)  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too big before anything reads it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(f"The file must be {MOST_BYTES // 1_000_000} MB or smaller. Split it")
        return file


class ImportCheckedForm(OperationForm):
    """Nothing to fill in: the page says what the button does."""


class SayIfSameForm(OperationForm):
    """Whether two records are one organisation."""

    submit_label = "Save"
    likeness = forms.ChoiceField(
        label="Are they the same organisation?",
        choices=[(Likeness.SAME, "Yes, they are one"), (Likeness.DIFFERENT, "No, they are two")],
        widget=forms.RadioSelect,
        help_text="If they are one, the grants, numbers and people of the newer record go to the older one.",
    )
