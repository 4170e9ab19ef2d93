"""Entries about money: payments, what undoes them, instalments, clock stops."""

from decimal import Decimal
from typing import Any

from django import forms

from core.rules.dates import long_date
from core.rules.money import format_pounds
from core.web.fields import DateField, MoneyField
from core.web.formats import counted
from core.web.forms import INCOMPLETE
from core.web.widgets import MoneyInput
from grants.forms.base import ActForm, WordsField
from grants.models import Grant, Instalment
from grants.models.payments import Route, WaitingOn
from providers.models import Organisation

ANOTHER = {"another": "It is another one: record it too"}


class InstalmentField(forms.ModelChoiceField):
    """One instalment of the grant, or none: a payment outside the schedule."""

    def label_from_instance(self, obj: Instalment) -> str:
        """ "1: £4,500, due 7 November 2026", and whether it is paid."""
        due = f", due {long_date(obj.due_on)}" if obj.due_on else ""
        return f"{obj.number}: {format_pounds(obj.amount)}{due}{' (paid)' if obj.paid_on else ''}"


def _date_paid() -> DateField:
    return DateField(label="Date paid", help_text="The day the money moved, for example 27 3 2026.")


def _route() -> forms.ChoiceField:
    return forms.ChoiceField(choices=Route.choices, widget=forms.RadioSelect, initial=Route.BACS)


def _reference() -> WordsField:
    return WordsField(
        rows=1,
        max_length=80,
        required=False,
        label="Reference",
        help_text="As it stands in the ledger. No bank details.",
    )


class RecordPaymentForm(ActForm):
    """A payment. Its button names an amount only where a script keeps it to what is typed: another may be."""

    submit_label = "Record payment"

    questions = {
        "above_award": "The money has moved already: record it above the award, to be put right",
        **ANOTHER,
    }

    instalment = InstalmentField(
        queryset=Instalment.objects.none(), required=False, empty_label="Outside the schedule"
    )
    amount = MoneyField(label="Amount", widget=MoneyInput({"data-amount-in-button": ""}))
    paid_on = _date_paid()
    route = _route()
    reference = _reference()
    payee = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        required=False,
        label="Paid to",
        empty_label="The lead provider",
    )

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schedule = grant.instalments.order_by("number")
        self.fields["instalment"].queryset = schedule  # type: ignore[attr-defined]
        self.fields["payee"].queryset = Organisation.objects.filter(partnerships__grant=grant)  # type: ignore[attr-defined]
        instalment, left = self.initial.get("instalment"), self.initial.get("amount")
        if instalment is not None and left is not None:
            words = f"{format_pounds(left)} is left to pay of instalment {instalment.number}."
            self.fields["amount"].help_text = words


class AmountsField(forms.Field):
    """What was shown of each instalment, hidden: "12:4500.00 15:900.00" as {12: Decimal("4500.00"), …}."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> dict[int, Decimal]:
        """The amounts by instalment; refuses what no page of ours sent."""
        amount = MoneyField()
        try:
            pairs = [pair.split(":") for pair in (value or "").split()]
            return {int(pk): amount.clean(typed) for pk, typed in pairs}
        except (ValueError, forms.ValidationError):
            raise forms.ValidationError(INCOMPLETE) from None

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the page."""
        if isinstance(value, dict):
            return " ".join(f"{pk}:{amount}" for pk, amount in value.items())
        return value


class RecordPaymentsForm(ActForm):
    """What was left of several instalments, paid on one day. The button says how many, and how much together."""

    amounts = AmountsField(error_messages={"required": INCOMPLETE})
    paid_on = _date_paid()
    route = _route()
    reference = _reference()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_button(self.initial["amounts"])

    def show_now(self, amounts: dict[int, Decimal]) -> None:
        """Send what is left now when the form is sent again; the rest stays as typed."""
        self.data = {**self.data.dict(), "amounts": self.fields["amounts"].prepare_value(amounts)}  # type: ignore[attr-defined]
        self._name_button(amounts)

    def _name_button(self, amounts: dict[int, Decimal]) -> None:
        total = format_pounds(sum(amounts.values(), Decimal(0)))
        self.submit_label = f"Record {counted(len(amounts), 'payment', 'payments')}: {total}"


class ReversePaymentForm(ActForm):
    """A reversal, of the whole line unless an amount is given."""

    submit_label = "Record the reversal"
    amount = MoneyField(label="Amount to reverse")
    reversed_on = DateField(label="Date of the reversal", help_text="For example, 27 3 2026.")
    reason = WordsField(label="Why is it reversed?")


class RecoverPaymentForm(ActForm):
    """Money that came back."""

    questions = ANOTHER

    submit_label = "Record money paid back"
    amount = MoneyField(label="Amount that came back")
    recovered_on = DateField(label="Date it came back", help_text="For example, 27 3 2026.")
    reason = WordsField(label="Why did it come back?")
    route = forms.ChoiceField(choices=Route.choices, widget=forms.RadioSelect, initial=Route.BACS)
    reference = WordsField(rows=1, max_length=80, required=False, label="Reference")


class ConfirmReceiptForm(ActForm):
    """The provider's word that a payment arrived."""

    submit_label = "Confirm that it arrived"
    confirmed_on = DateField(label="Date it arrived", help_text="For example, 27 3 2026.")


class AuthoriseInstalmentForm(ActForm):
    """Nothing to type: the button is the act."""

    submit_label = "Authorise this instalment"


class MeetConditionForm(ActForm):
    """When a condition was met."""

    submit_label = "Record that the condition is met"
    met_on = DateField(label="Date the condition was met", help_text="For example, 27 3 2026.")
    note = WordsField(required=False, label="What shows it")


class RecordClaimForm(ActForm):
    """When a valid claim came."""

    submit_label = "Record the claim"
    claim_valid_on = DateField(
        label="Date a valid claim came",
        help_text="The day on which everything needed was here, for example 27 3 2026.",
    )


class StartClockStopForm(ActForm):
    """A stretch in which the council waits."""

    submit_label = "Stop the clock"
    waiting_on = forms.ChoiceField(
        choices=WaitingOn.choices, widget=forms.RadioSelect, label="Who does the council wait for?"
    )
    reason = WordsField(rows=1, max_length=300, label="What does the council wait for?")
    started_on = DateField(label="Date the wait began", help_text="For example, 27 3 2026.")
    ended_on = DateField(
        required=False, label="Date it came", help_text="Leave this empty while the council is still waiting."
    )


class CorrectClockStopForm(StartClockStopForm):
    """A stretch as it should have been recorded."""

    submit_label = "Correct the clock stop"
    why = WordsField(
        label="Why is it corrected?",
        help_text="For a wait that never was, give both dates the same day: it then counts nothing.",
    )


class EndClockStopForm(ActForm):
    """The end of a clock stop."""

    submit_label = "End the clock stop"
    ended_on = DateField(
        label="Date it came", help_text="The day the council had what it waited for, for example 27 3 2026."
    )
