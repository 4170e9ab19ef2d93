"""Actions on money: payments, what undoes them, what takes money back."""

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.forms.payments import (
    ConfirmReceiptForm,
    RecordPaymentForm,
    RecoverPaymentForm,
    ReversePaymentForm,
)
from grants.models import Instalment, Payment, PaymentKind
from grants.operations.payments import (
    confirm_receipt,
    record_payment,
    recover_payment,
    reverse_payment,
)
from grants.queries.blocking import blockers_by_instalment
from grants.queries.ledger import ledger_lines
from grants.rules.blocking import Blocker
from grants.rules.ledger import left_of, net_paid, paid_towards
from grants.views.acts import Fact, GrantAct


class RecordPayment(GrantAct):
    """Record a payment; `?instalment=2` fills in what is left of instalment 2, otherwise of the first unpaid one."""

    title = "Record a payment"
    permission = "grants.record_payment"
    form_class = RecordPaymentForm

    def find(self) -> None:
        """The schedule, what is paid, and the instalment that the address names."""
        self.lines = ledger_lines(self.grant)
        self.schedule = list(self.grant.instalments.select_related("grant__fund").order_by("number"))
        number = self.request.GET.get("instalment")
        unpaid = (i for i in self.schedule if i.paid_on is None and i.amount != 0)
        named = next((i for i in self.schedule if str(i.number) == number), None)
        self.chosen = named or next(unpaid, None)

    def left(self, instalment: Instalment) -> Decimal | None:
        """What is left to pay of an instalment."""
        if instalment.amount is None:
            return None
        return instalment.amount - paid_towards(instalment.pk, self.lines)

    def get_initial(self) -> dict[str, Any]:
        """The chosen instalment and what is left of it."""
        if self.chosen is None:
            return super().get_initial()
        return {**super().get_initial(), "instalment": self.chosen, "amount": self.left(self.chosen) or None}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the grant, for its schedule."""
        return {**super().get_form_kwargs(), "grant": self.grant}

    def facts(self) -> list[Fact]:
        """The award, what is paid of it, and what blocks each instalment that is not paid."""
        unpaid = [i for i in self.schedule if i.paid_on is None and i.amount != 0]
        blocks = blockers_by_instalment(unpaid, self.today)
        rows = [
            ("Awarded", format_pounds(self.grant.amount_awarded)),
            ("Paid", format_pounds(net_paid(self.lines))),
        ]
        return rows + [(f"Instalment {i.number}", self._state(i, blocks[i.pk])) for i in unpaid]

    def _state(self, instalment: Instalment, blocks: tuple[Blocker, ...]) -> str:
        """Blocked by what, or ready; and until when it is not due."""
        due = instalment.due_on
        return blocked_words(blocks) + (
            f", not due until {long_date(due)}" if due and due > self.today else ""
        )

    def act(self, form: Any) -> Payment:
        """Record it."""
        return record_payment(
            grant=self.grant, **form.entries(), by=self.person, on=self.today, at=timezone.now()
        )

    def get_success_message(self, result: Payment) -> str:
        """How much was recorded."""
        above = " It is above the award: the flags will say so." if result.above_award else ""
        return f"Payment of {format_pounds(result.amount)} recorded.{above}"


def blocked_words(blocks: tuple[Blocker, ...]) -> str:
    """What blocks an instalment, and who can clear each thing, in one line."""
    if not blocks:
        return "Ready to pay"
    return "Blocked. " + "; ".join(f"{block.what} ({block.who})" for block in blocks)


class PaymentAct(GrantAct):
    """An action on one payment of a grant."""

    payment: Payment
    kinds: tuple[str, ...] = (PaymentKind.PAYMENT,)

    def find(self) -> None:
        """The payment by its id; a line of another kind is none."""
        payments = self.grant.payments.filter(kind__in=self.kinds).select_related("grant")
        self.payment = get_object_or_404(payments, pk=self.kwargs["pk"])
        self.left = left_of(self.payment.pk, ledger_lines(self.grant))

    def facts(self) -> list[Fact]:
        """The payment, and what of it stands."""
        rows = [
            (self.payment.get_kind_display(), format_pounds(self.payment.amount)),
            ("Date", long_date(self.payment.paid_on)),
        ]
        if self.left != self.payment.amount:
            rows.append(("Left after reversals", format_pounds(self.left)))
        return rows


class ReversePayment(PaymentAct):
    """Reverse a payment, or a recovery that did not happen."""

    title = "Reverse a payment"
    permission = "grants.reverse_payment"
    form_class = ReversePaymentForm
    kinds = (PaymentKind.PAYMENT, PaymentKind.RECOVERY)

    def get_title(self) -> str:
        """A payment or a recovery."""
        return f"Reverse a {self.payment.get_kind_display().lower()}"

    def get_initial(self) -> dict[str, Any]:
        """All that is left of it."""
        return {**super().get_initial(), "amount": self.left or None}

    def act(self, form: Any) -> Payment:
        """Reverse it."""
        return reverse_payment(
            payment=self.payment, **form.entries(), by=self.person, on=self.today, at=timezone.now()
        )

    def get_success_message(self, result: Payment) -> str:
        """How much was reversed."""
        return f"{format_pounds(result.amount)} reversed."


class RecoverPayment(GrantAct):
    """Record money that came back."""

    title = "Record money paid back"
    permission = "grants.reverse_payment"
    form_class = RecoverPaymentForm

    def facts(self) -> list[Fact]:
        """What is still paid."""
        return [("Paid, less what came back", format_pounds(net_paid(ledger_lines(self.grant))))]

    def act(self, form: Any) -> Payment:
        """Record it."""
        return recover_payment(
            grant=self.grant, **form.entries(), by=self.person, on=self.today, at=timezone.now()
        )

    def get_success_message(self, result: Payment) -> str:
        """How much came back."""
        return f"Recovery of {format_pounds(result.amount)} recorded."


class ConfirmReceipt(PaymentAct):
    """The provider confirms that a payment arrived."""

    title = "Confirm that a payment arrived"
    permission = "grants.confirm_receipt"
    for_its_provider = True
    form_class = ConfirmReceiptForm
    success_message = "Thank you. Your confirmation is recorded."

    def act(self, form: Any) -> Payment:
        """Confirm it; the same day said twice is one confirmation."""
        day = form.cleaned_data["confirmed_on"]
        return confirm_receipt(payment=self.payment, confirmed_on=day, by=self.person, on=self.today)
