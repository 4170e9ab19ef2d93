"""Entries about the days on which this council is closed."""

from django import forms

from core.web.fields import DateField
from core.web.forms import GovukForm


class AddClosureDayForm(GovukForm):
    """A closure day. Sent twice it is still one: there is one a date."""

    submit_label = "Add the closure day"
    day = DateField(label="Date", help_text="For example, 29 12 2026. A past day changes past timings too.")
    reason = forms.CharField(
        max_length=200, label="Reason", help_text="For example, offices closed between the holidays."
    )


class RemoveClosureDayForm(GovukForm):
    """Nothing to fill in: the page asks whether it is meant."""

    submit_label = "Remove the closure day"
