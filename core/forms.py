"""Entries about the days on which this council is closed, and about messages."""

from django import forms

from core.models import Digest
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


class DigestForm(GovukForm):
    """How often by e-mail."""

    digest = forms.ChoiceField(
        label="How often do you want your messages by e-mail?",
        choices=Digest.choices,
        widget=forms.RadioSelect,
        help_text="You can read every message here, whatever you choose.",
    )


class MarkReadForm(GovukForm):
    """The newest message that the page knew of; without it all of them."""

    up_to = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RetryDeliveryForm(GovukForm):
    """Nothing to fill in: the page asks whether it is meant."""

    submit_label = "Try again"
