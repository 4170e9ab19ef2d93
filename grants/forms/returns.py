"""What providers report."""

from django import forms

from core.web.fields import DateField, MoneyField, WholeNumberField
from grants.forms.base import ActForm
from grants.models import CaseloadUnit
from grants.operations.returns import REPLACES


class RecordCaseloadForm(ActForm):
    """Who is supported on a period's last day."""

    questions = {REPLACES: "Replace what was reported for that day"}

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
