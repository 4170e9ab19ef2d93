"""Entries about rounds and funding awards."""

from core.web.fields import DateField
from grants.forms.base import ActForm, WordsField

EXAMPLE = "For example, 27 3 2026."


class ExtendRoundForm(ActForm):
    """A later close."""

    submit_label = "Extend the round"
    closes_on = DateField(label="New close", help_text=EXAMPLE)
    decision_due_on = DateField(
        required=False,
        label="Decision due on",
        help_text="Leave this empty if the day of the decision stays.",
    )
    reason = WordsField(label="Why is the round extended?")


class ChangeAwardForm(ActForm):
    """What a funder agreed about its money."""

    submit_label = "Save what the funder agreed"
    spend_by = DateField(required=False, label="To be spent by", help_text=EXAMPLE)
    closed_on = DateField(
        required=False,
        label="Closed on",
        help_text="Only when the award is over and what was left has gone back.",
    )
    reason = WordsField(label="What was agreed, and how do we know?")
