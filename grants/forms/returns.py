"""What providers report."""

from typing import Any

from django import forms

from core.web.fields import DateField, MoneyField, WholeNumberField
from grants.forms.base import ActForm
from grants.models import CaseloadUnit

REPLACES = "replaces"


class RecordCaseloadForm(ActForm):
    """Who is supported on a period's last day.

    A return that was made for that day already is asked about: the box appears when the operation has refused it.
    """

    submit_label = "Save who is supported"
    period_to = DateField(
        label="Date counted", help_text="The last day of the period, for example 30 9 2026."
    )
    caseload = WholeNumberField(
        label="How many are being supported on that day?",
        help_text="A number only, never names. Enter 0 if support has finished for everybody.",
    )
    caseload_unit = forms.ChoiceField(
        choices=CaseloadUnit.choices, widget=forms.RadioSelect, label="What is counted?"
    )
    forecast_underspend = MoneyField(
        required=False,
        label="Money you expect not to spend",
        help_text="Enter 0 if all of it will be spent. Leave this empty if you do not know.",
    )
    spent_to_date = MoneyField(
        required=False,
        label="Spent so far",
        help_text="Since the start. Leave this empty if you do not know.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if REPLACES in self.data:
            self.ask_replaces()

    def ask_replaces(self) -> None:
        """Show the box that says that what was reported for that day is to be replaced."""
        self.fields[REPLACES] = forms.BooleanField(
            required=False, label="Replace what was reported for that day"
        )
