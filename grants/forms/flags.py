"""What people say about a flag."""

from django import forms

from core.models import User
from core.models.users import OFFICER_ROLES
from core.web.fields import DateField
from grants.forms.base import ActForm, WordsField


class AcknowledgeFlagForm(ActForm):
    """I have seen it."""

    submit_label = "Acknowledge this flag"
    note = WordsField(required=False, label="Note")


class AssignFlagForm(ActForm):
    """Whose it is from now on."""

    submit_label = "Give the flag"
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Person", empty_label="Choose a person"
    )
    note = WordsField(required=False, label="Note")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        officers = User.objects.filter(is_active=True, role__in=OFFICER_ROLES).order_by("name", "pk")
        self.fields["owner"].queryset = officers  # type: ignore[attr-defined]


class DateFlagForm(ActForm):
    """By when its owner means to act."""

    submit_label = "Set the date"
    act_by = DateField(label="Date to act by", help_text="Today or a later day, for example 27 3 2026.")
    note = WordsField(required=False, label="Note")


class NoteFlagForm(ActForm):
    """A note."""

    submit_label = "Add the note"
    note = WordsField(label="Note")


class SnoozeFlagForm(ActForm):
    """Why it can wait."""

    submit_label = "Snooze until its level rises"
    reason = WordsField(label="Why can it wait?")


class WakeFlagForm(ActForm):
    """Why it cannot wait."""

    submit_label = "End the snooze"
    reason = WordsField(label="Why can it not wait?")
