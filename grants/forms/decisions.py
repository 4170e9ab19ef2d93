"""Entries about what follows a decision: agreement, checks, variations, close."""

from datetime import date
from typing import Any

from django import forms

from core.rules.dates import long_date
from core.web.fields import DateField, MoneyField
from grants.forms.base import ActForm, WordsField
from grants.models import CheckKind, Grant
from grants.models.decisions import CheckResult, NeededBefore

EXAMPLE = "For example, 27 3 2026."
NOT_SEEN = "not_seen"
NOT_YET = "Leave this empty if it has not happened yet."


class RecordAgreementForm(ActForm):
    """The three dates of an agreement."""

    submit_label = "Save the agreement’s dates"
    issued_on = DateField(required=False, label="Issued by the council on", help_text=EXAMPLE)
    signed_on = DateField(required=False, label="Signed by the provider on", help_text=NOT_YET)
    countersigned_on = DateField(required=False, label="Countersigned by the council on", help_text=NOT_YET)


class AddCheckForm(ActForm):
    """A check that this grant needs."""

    submit_label = "Add the check"
    kind = forms.ChoiceField(choices=CheckKind.choices, widget=forms.RadioSelect, label="What is checked?")
    needed_before = forms.ChoiceField(
        choices=NeededBefore.choices,
        widget=forms.RadioSelect,
        initial=NeededBefore.PAYMENT,
        label="What waits for it?",
    )
    requested_on = DateField(required=False, label="Provider asked for it on", help_text=EXAMPLE)


class RecordCheckForm(ActForm):
    """What a check found. Changed bank details ask for a call back."""

    submit_label = "Save the check"
    result = forms.ChoiceField(
        choices=[*CheckResult.choices, (NOT_SEEN, "Not seen yet: only record that it was asked for")],
        widget=forms.RadioSelect,
        label="What was found?",
    )
    checked_on = DateField(required=False, label="Seen on", help_text=EXAMPLE)
    expires_on = DateField(
        required=False, label="Expires on", help_text="The last day on which it is still good."
    )
    requested_on = DateField(required=False, label="Provider asked for it on", help_text=EXAMPLE)
    called_back = forms.BooleanField(
        required=False,
        label="I called the provider back on a number that the council held before, and the details are right",
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != CheckKind.BANK_DETAILS:
            del self.fields["called_back"]

    def clean_result(self) -> str | None:
        """A check that is not seen yet has no result."""
        result: str = self.cleaned_data["result"]
        return None if result == NOT_SEEN else result


class BankDetailsChangedForm(ActForm):
    """That new bank details were given; the details themselves have no field."""

    submit_label = "Block payment until they are verified"
    told_on = DateField(label="Date the provider told us", help_text=EXAMPLE)


class VaryGrantForm(ActForm):
    """A variation; each unpaid instalment may get another due date."""

    submit_label = "Record the variation"
    new_ends_on = DateField(required=False, label="New end", help_text="Leave this empty if the end stays.")
    new_amount = MoneyField(
        required=False, label="New award", help_text="Leave this empty if the amount stays."
    )
    added_due_on = DateField(
        required=False,
        label="Added money is due on",
        help_text="For a higher award, or one that is not wholly in the schedule: the day from which the rest is to "
        "be paid, as one more instalment.",
    )
    scope = WordsField(required=False, label="What changes in the work?")
    reason = WordsField(label="Why is the grant varied?")
    proposed_on = DateField(label="Date proposed", help_text=EXAMPLE)
    decided_on = DateField(label="Date decided", help_text=EXAMPLE)

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schedule = list(grant.instalments.order_by("number"))
        if not schedule:
            first = self.fields["added_due_on"]
            first.label = "First instalment is due on"
            first.help_text = (
                "No payment schedule is recorded. What is not paid of the award becomes its first instalment."
            )
        self.due_fields: dict[str, int] = {}
        for instalment in (line for line in schedule if line.paid_on is None and line.amount != 0):
            name = f"due_{instalment.number}"
            now = long_date(instalment.due_on) if instalment.due_on else "not known"
            self.fields[name] = DateField(
                required=False,
                label=f"New due date of instalment {instalment.number}",
                help_text=f"Now {now}. Leave this empty if it stays.",
            )
            self.due_fields[name] = instalment.number

    def entries(self) -> dict[str, Any]:
        """The due dates by the instalment's number, the rest by its name."""
        typed = super().entries()
        given = {number: typed.pop(name) for name, number in self.due_fields.items()}
        due_dates: dict[int, date] = {number: day for number, day in given.items() if day is not None}
        return {**typed, "due_dates": due_dates}


class CloseGrantForm(ActForm):
    """The end of a grant's record."""

    submit_label = "Close this grant"
    closed_on = DateField(
        required=False, label="Closed on", help_text="When the work has ended and all is settled."
    )
    withdrawn_on = DateField(
        required=False, label="Or withdrawn on", help_text="When it does not go ahead, and nothing was paid."
    )
    reason = WordsField(label="Why is it closed or withdrawn?")
