"""Entries about the end: the plan, its lines of cover, who was told."""

from typing import Any

from django import forms

from core.web.fields import DateField, MoneyField, WholeNumberField
from grants.forms.base import ActForm, WordsField
from grants.models import CoverKind
from grants.models.endings import Certainty, Told

EXAMPLE = "For example, 27 3 2026."


class RecordPlanForm(ActForm):
    """The plan in words."""

    submit_label = "Save the plan"
    summary = WordsField(
        rows=5, label="What happens when the money ends?", help_text="In plain words, without names."
    )
    reviewed_on = DateField(required=False, label="Reviewed on", help_text=EXAMPLE)


class CoverForm(ActForm):
    """One line of the plan, new or changed."""

    submit_label = "Save who is covered"
    kind = forms.ChoiceField(
        choices=CoverKind.choices, widget=forms.RadioSelect, label="How are they covered?"
    )
    number = WholeNumberField(label="How many of the caseload?")
    source = WordsField(
        rows=1,
        max_length=200,
        required=False,
        label="Which funding or service",
        help_text="Not needed where support finishes as planned.",
    )
    amount = MoneyField(required=False, label="Amount of that funding")
    certainty = forms.ChoiceField(
        choices=Certainty.choices,
        widget=forms.RadioSelect,
        label="How certain is it?",
        help_text="Only what is confirmed counts as cover.",
    )
    confirmed_on = DateField(required=False, label="Confirmed on", help_text=EXAMPLE)

    def __init__(self, *args: Any, is_new: bool = True, counted_before: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            again = (
                f"Until now {counted_before}: count again as the last return does. " if counted_before else ""
            )
            self.fields["number"].help_text = f"{again}Enter 0 if this covers nobody any more."


class RecordNoticeForm(ActForm):
    """Who was told that the money ends."""

    submit_label = "Save who was told"
    told = forms.ChoiceField(choices=Told.choices, widget=forms.RadioSelect, label="Who was told?")
    told_on = DateField(label="Date told", help_text=EXAMPLE)
    note = WordsField(rows=1, max_length=300, required=False, label="How")
