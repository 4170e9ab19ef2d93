"""The money of a grant's story: what is owed, what is paid, what comes back, what is passed on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from core.rules.dates import add_months
from demo.year.beginning import Beginning
from grants.models import Instalment, OnwardPayment, Payment, PaymentKind
from grants.models.payments import Route
from grants.rules.ledger import Line, covered_on, first_paid_on


class Paying(Beginning):
    """A grant with its schedule and its ledger. Ledger lines are told in the order in which they happen."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Nothing is owed or paid yet."""
        super().__init__(*args, **options)
        self.instalments: list[Instalment] = []
        self.payments: list[Payment] = []

    def instalment(
        self, amount: int, due: date | None, *, agreed: date | None = None, **columns: Any
    ) -> Self:
        """The next line of the payment schedule, agreed with the decision or later."""
        number = len(self.instalments) + 1
        line = Instalment(grant=self.grant, number=number, amount=Decimal(amount), due_on=due, **columns)
        self.instalments.append(line)
        self.tell(agreed or self.decided, line, self.officer, "Payment schedule agreed")
        return self

    def quarterly(self, parts: int, first_due: date, every_months: int = 3) -> Self:
        """Equal parts of the award, the last taking the odd pounds."""
        total = int(self.grant.amount_awarded or 0)
        for part in range(parts):
            amount = total // parts if part < parts - 1 else total - (total // parts) * (parts - 1)
            due = add_months(first_due, part * every_months)
            covers_to = add_months(due, every_months) - timedelta(days=1)
            self.instalment(amount, due, period_from=due, period_to=covers_to)
        return self

    def authorise(self, number: int, day: date) -> Self:
        """The second approver releases an instalment."""
        line, second = self.instalments[number - 1], self.scene.users["administrator"]
        self.tell(day, line, second, "Authorised", authorised_by=second, authorised_on=day)
        return self

    def pay(self, number: int, day: date, amount: int | None = None, **columns: Any) -> Self:
        """The whole of an instalment, or part of it, is paid."""
        line = self.instalments[number - 1]
        values = {"amount": line.amount if amount is None else Decimal(amount), "paid_on": day}
        return self._money(
            Payment(grant=self.grant, instalment=line, **(values | columns)), "Payment recorded"
        )

    def overpay(self, amount: int, day: date) -> Self:
        """Money went outside the schedule although the award was paid out."""
        line = Payment(grant=self.grant, amount=Decimal(amount), paid_on=day, above_award=True)
        return self._money(line, "Payment recorded, above the award")

    def received(self, place: int, day: date) -> Self:
        """The provider confirms that a payment (by its place in the story) arrived."""
        by = self.scene.acting_for(self.grant.lead_provider)
        self.tell(day, self.payments[place], by, "Receipt confirmed", receipt_confirmed_on=day)
        return self

    def reverse(self, place: int, day: date, reason: str) -> Self:
        """A payment (by its place in the story) comes back whole."""
        paid = self.payments[place]
        back = Payment(
            grant=self.grant,
            instalment=paid.instalment,
            kind=PaymentKind.REVERSAL,
            reverses=paid,
            amount=paid.amount,
            paid_on=day,
            reason=reason,
        )
        return self._money(back, "Payment reversed")

    def recover(self, amount: int, day: date, reason: str) -> Self:
        """The provider gives money back."""
        back = Payment(
            grant=self.grant,
            kind=PaymentKind.RECOVERY,
            amount=Decimal(amount),
            paid_on=day,
            reason=reason,
            route=Route.OTHER,
        )
        return self._money(back, "Money recovered")

    def _money(self, line: Payment, reason: str) -> Self:
        """Write a ledger line, and what it changes on its instalment and its grant."""
        line.recorded_by = self.finance
        self.payments.append(line)
        self.tell(line.paid_on, line, self.finance, reason)
        lines = self._ledger()
        first = first_paid_on(lines)
        if first != self.latest("first_paid_on", self.grant):
            self.tell(line.paid_on, self.grant, self.finance, reason, first_paid_on=first)
        for instalment in self.instalments:
            covered = covered_on(instalment.number, instalment.amount, lines)
            if covered != self.latest("paid_on", instalment):
                self.tell(line.paid_on, instalment, self.finance, reason, paid_on=covered)
        return self

    def _ledger(self) -> list[Line]:
        """The ledger as the pure rules read it; lines are known by their place, instalments by their number."""
        places = {id(payment): place for place, payment in enumerate(self.payments)}
        return [
            Line(
                id=place,
                kind=payment.kind,
                amount=payment.amount,
                paid_on=payment.paid_on,
                reverses=places[id(payment.reverses)] if payment.reverses is not None else None,
                instalment=payment.instalment.number if payment.instalment is not None else None,
            )
            for place, payment in enumerate(self.payments)
        ]

    def onward(self, partner: str, amount: int, day: date) -> Self:
        """The lead provider passes money on to a partner."""
        to = self.scene.organisations[partner]
        passed_on = OnwardPayment(grant=self.grant, partner=to, amount=Decimal(amount), paid_on=day)
        self.tell(day, passed_on, self.officer, "Onward payment reported")
        return self
