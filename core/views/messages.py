"""`/messages/`: what somebody was told, how often by e-mail, and, for administrators, how the e-mails fare."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.generic import View

from core.filters import DeliveryFilter, MessageFilter
from core.forms import DigestForm, MarkReadForm, RetryDeliveryForm
from core.models import Delivery, Digest, Message, Role, User
from core.models.messages import MessageQuerySet
from core.operations.deliveries import retry_delivery
from core.operations.messages import choose_digest, mark_read
from core.queries.messages import unread_of, unread_words
from core.tables import DeliveryTable, MessageTable
from core.web.formats import moment
from core.web.views import FormPage, Guarded, ListPage


class MessagesPage(ListPage):
    """Everything that somebody was told, newest first."""

    title = "Messages: what you were told"
    noun = ("message", "messages")
    template_name = "core/messages.html"
    table_class = MessageTable
    filterset_class = MessageFilter
    order_by = "-at"

    def queryset(self) -> MessageQuerySet:
        """Theirs, of the register on show."""
        return Message.objects.visible_to(self.person).in_register(illustrative=self.illustrative)

    def summary(self, queryset: "QuerySet[Message]", count: str) -> str:
        """ "12 messages, 3 unread"."""
        unread = unread_words(unread_of(self.person, illustrative=self.illustrative))
        is_all = self.filterset is None or not self.filterset.is_filtered
        return f"{count}, {unread}" if unread and is_all else count

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the newest unread message, up to which the button marks them."""
        newest = self.queryset().unread().order_by("-pk").values_list("pk", flat=True).first()
        return super().get_context_data(
            newest=newest,
            digest=Digest(self.person.digest).label,
            keeps_product=self.person.role == Role.ADMINISTRATOR,
            **kwargs,
        )


class MarkRead(Guarded, View):
    """The button that says: I have read all of these."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark what the page knew of, and go back to it."""
        form = MarkReadForm(request.POST)
        if form.is_valid():
            mark_read(
                by=self.person,
                illustrative=self.illustrative,
                up_to=form.cleaned_data["up_to"],
                at=timezone.now(),
            )
        return redirect("messages")


class DigestPreference(FormPage):
    """How often somebody wants their messages by e-mail."""

    title = "Messages by e-mail"
    form_class = DigestForm
    success_url = reverse_lazy("messages")
    back_label = "Back to messages"

    def get_initial(self) -> dict[str, Any]:
        """What stands."""
        return {"digest": self.person.digest}

    def operate(self, form: Any) -> User:
        """Keep the choice."""
        return choose_digest(by=self.person, digest=form.cleaned_data["digest"])

    def get_success_message(self, result: User) -> str:
        """What was chosen."""
        return f"Messages by e-mail: {Digest(result.digest).label}."


class DeliveriesPage(ListPage):
    """How the e-mails fare: for administrators, without addresses."""

    title = "E-mails: what was sent, what waits, what could not be sent"
    noun = ("e-mail", "e-mails")
    template_name = "core/deliveries.html"
    roles = (Role.ADMINISTRATOR,)
    table_class = DeliveryTable
    filterset_class = DeliveryFilter
    order_by = "-created_at"

    def queryset(self) -> "QuerySet[Delivery]":
        """All of them: they are not about a register but about the post."""
        return Delivery.objects.select_related("to")

    def hide_columns(self) -> None:
        """A link has no place in a download."""
        if self.request.GET.get("download"):
            self.table.columns.hide("again")


class RetryDelivery(FormPage):
    """Asks whether an e-mail that was given up is to be tried again."""

    title = "Try to send an e-mail again"
    template_name = "core/retry_delivery.html"
    roles = (Role.ADMINISTRATOR,)
    form_class = RetryDeliveryForm
    success_url = reverse_lazy("deliveries")
    back_label = "Back to e-mails"
    delivery: Delivery

    def prepare(self) -> None:
        """Find the e-mail."""
        self.delivery = get_object_or_404(Delivery.objects.select_related("to"), pk=self.kwargs["pk"])

    def operate(self, form: Any) -> Delivery:
        """Have it tried again."""
        return retry_delivery(delivery=self.delivery, by=self.person, at=timezone.now())

    def get_success_message(self, result: Delivery) -> str:
        """What happens now."""
        return (
            "The e-mail is being tried again. If it does not work, it is tried ten times, ever more slowly."
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which e-mail, and what went wrong."""
        facts = [
            ("Subject", self.delivery.subject),
            ("To", str(self.delivery.to)),
            ("Written", moment(self.delivery.created_at)),
            ("State", self.delivery.get_state_display()),
            ("Tries", f"{self.delivery.attempts:,}"),
            ("What went wrong", self.delivery.trouble or "nothing"),
        ]
        return super().get_context_data(facts=facts, **kwargs)
