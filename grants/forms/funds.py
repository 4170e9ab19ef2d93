"""Entries about rounds and funding awards."""

from typing import Any

from core.web.fields import DateField, MoneyField
from grants.forms.base import ActForm, WordsField
from grants.forms.details import choice_field
from grants.models import FundingAward
from grants.models.funds import SpentMeans

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
    """What a funder agreed about its money; its amount and what counts as spent only while they are not known."""

    submit_label = "Save what the funder agreed"
    total_amount = MoneyField(required=False, label="Amount")
    spent_means = choice_field("What counts as spent?", list(SpentMeans.choices))
    spend_by = DateField(required=False, label="To be spent by", help_text=EXAMPLE)
    closed_on = DateField(
        required=False,
        label="Closed on",
        help_text="Only when the award is over and what was left has gone back.",
    )
    reason = WordsField(label="What was agreed, and how do we know?")

    def __init__(self, *args: Any, award: FundingAward, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("total_amount", "spent_means"):
            if getattr(award, name) is not None:
                del self.fields[name]
