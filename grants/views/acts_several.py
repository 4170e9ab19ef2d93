"""`/payments/record/`: what was ticked on the payments page, paid on one day."""

import re
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core.rules.money import format_pounds
from core.web.formats import NOT_KNOWN, counted
from grants.forms.payments import RecordPaymentsForm
from grants.models import Grant, Instalment, Payment
from grants.operations.payments import Paid, record_payments
from grants.queries.due import with_left
from grants.queries.payments import SHOWN
from grants.views.acts import Act, Fact

KEY = re.compile("[0-9]{1,18}")  # SQLite takes no number of twenty digits


class RecordPayments(Act):
    """The instalments that the address names, each with what is left of it, and one date for all."""

    template_name = "grants/acts/record_payments.html"
    title = "Record several payments"
    permission = "grants.record_payment"
    form_class = RecordPaymentsForm
    back_label = "Back to the payments"
    found: dict[int, Instalment]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; nothing ticked is no page of its own."""
        return super().get(request, *args, **kwargs) if self.found else self._back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Record them."""
        return super().post(request, *args, **kwargs) if self.found else self._back()

    def form_invalid(self, form: Any) -> HttpResponse:
        """What was refused is shown with what is left by now: sent again as it stood, it would be refused for ever."""
        self.prepare()
        form.show_now(self.left())
        return super().form_invalid(form)

    def _back(self) -> HttpResponse:
        """To where there is something to tick, which says so."""
        return redirect(f"{reverse('payments')}?ticked=none")

    def prepare(self) -> None:
        """Find what was ticked; 404 for what is not there or not this person's to see."""
        ticked = dict.fromkeys(self.request.GET.getlist("instalment"))
        if len(ticked) > SHOWN or not all(map(KEY.fullmatch, ticked)):
            raise Http404
        grants = Grant.objects.visible_to(self.person).in_register(illustrative=self.illustrative)
        instalments = Instalment.objects.filter(pk__in=ticked, grant__in=grants.order_by().values("pk"))
        rows = with_left(instalments, self.today).select_related("grant__lead_provider")
        found = {row.pk: row for row in rows}
        if len(found) != len(ticked):
            raise Http404
        self.found = {int(pk): found[int(pk)] for pk in ticked}

    def left(self) -> dict[int, Decimal]:
        """What is left to pay of each, where that is known and not nothing."""
        return {pk: row.left for pk, row in self.found.items() if row.left}  # type: ignore[attr-defined]

    def get_initial(self) -> dict[str, Any]:
        """What is left of each."""
        return {**super().get_initial(), "amounts": self.left()}

    def about(self) -> str:
        """What the form does, or that nothing is left for it to do."""
        if not self.left():
            return self._nothing_left()
        return (
            "What is left of each is recorded as paid, all on one date. If one is refused, none is recorded."
        )

    def _nothing_left(self) -> str:
        """Why there is nothing to record: an amount that is not known is not one that is paid."""
        not_known = sum(row.left is None for row in self.found.values())  # type: ignore[attr-defined]
        if not not_known:
            return "All of these are paid already: nothing is left to record."
        return (
            f"{counted(not_known, 'amount is', 'amounts are')} not known, and nothing is left to pay of the others. "
            "Record a payment whose amount is not known from its own grant."
        )

    def facts(self) -> list[Fact]:
        """Each instalment with what is left of it and for whom, then all together."""
        left = self.left()
        rows = [
            (
                f"{row.grant.title}, instalment {row.number}",
                f"{self._left_words(row.left)} · {row.grant.lead_provider or NOT_KNOWN}",  # type: ignore[attr-defined]
            )
            for row in self.found.values()
        ]
        return [*rows, ("Together", format_pounds(sum(left.values(), Decimal(0))))] if left else rows

    def _left_words(self, left: Decimal | None) -> str:
        return "nothing left to pay" if left == 0 else format_pounds(left)

    def act(self, form: Any) -> list[Payment]:
        """Record what the page showed."""
        typed = form.entries()
        amounts = typed.pop("amounts")
        if not amounts.keys() <= self.found.keys():
            raise Http404
        lines = [Paid(self.found[pk], amount) for pk, amount in amounts.items()]
        return record_payments(lines=lines, **typed, by=self.person, on=self.today, at=timezone.now())

    def get_success_message(self, result: list[Payment]) -> str:
        """How many, and how much."""
        total = sum((payment.amount for payment in result), Decimal(0))
        return f"{counted(len(result), 'payment', 'payments')} recorded: {format_pounds(total)}."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With whether anything is left to record."""
        return super().get_context_data(is_over=not self.left(), **kwargs)

    def get_success_url(self) -> str:
        """Back to what is still to be paid."""
        return reverse("payments")
