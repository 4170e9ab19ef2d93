"""The columns of the ground floor's lists."""

from datetime import datetime

import django_tables2 as tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.models import Delivery, DeliveryState, Job, Message
from core.operations.jobs import title_of
from core.web.formats import moment
from core.web.states import state_tag
from core.web.tables import NumberColumn, Table

STATES_OF_DELIVERIES = {"waiting": "waiting", "sent": "done", "failed": "late"}
STATES_OF_JOBS = {"waiting": "waiting", "running": "open", "done": "done", "failed": "late"}


class MomentColumn(tables2.Column):
    """A day with its time of day, London; exported as such."""

    cell_class = "app-table__date"

    def render(self, value: datetime) -> str:
        """21 November 2026, 06:30."""
        return moment(value)


class MessageTable(Table):
    """What somebody was told."""

    caption = "Messages"
    show_caption = False
    row_header = "text"

    at = MomentColumn("When")
    text = tables2.Column("Message", orderable=False)
    read_at = tables2.Column("Read", orderable=False, empty_values=())

    def render_text(self, record: Message) -> SafeString | str:
        """Its first sentence leads to where to act; the rest stands below."""
        first, _, rest = record.text.partition(". ")
        if not record.path:
            return record.text
        return format_html(
            '<div><a href="{}">{}</a>{}</div>',
            record.path,
            first.removesuffix("."),
            format_html('<br><span class="app-table__below">{}</span>', rest) if rest else "",
        )

    def render_read_at(self, record: Message) -> SafeString:
        """Read, or new."""
        return state_tag("open", "new") if record.read_at is None else state_tag("closed", "read")


class DeliveryTable(Table):
    """E-mails of the product, never with an address."""

    caption = "E-mails"
    show_caption = False
    row_header = "subject"

    created_at = MomentColumn("Written")
    subject = tables2.Column(orderable=False)
    to = tables2.Column("To", orderable=False)
    state = tables2.Column(orderable=False)
    attempts = NumberColumn("Tries")
    due_at = MomentColumn("Next try", orderable=False, default="none")
    trouble = tables2.Column("What went wrong", orderable=False, default="nothing")
    again = tables2.Column(accessor="pk", verbose_name="Change", orderable=False)

    def render_state(self, record: Delivery) -> SafeString:
        """How far it is, in words and colour."""
        return state_tag(STATES_OF_DELIVERIES[record.state], record.get_state_display())

    def render_again(self, record: Delivery) -> SafeString | str:
        """The way to have it tried again, where it was given up."""
        if record.state != DeliveryState.FAILED:
            return "none"
        return format_html(
            '<a href="{}">Try again<span class="govuk-visually-hidden"> to send e-mail {}</span></a>',
            reverse("retry_delivery", args=[record.pk]),
            record.pk,
        )


class JobTable(Table):
    """Long work that somebody started."""

    caption = "Jobs"
    show_caption = False
    row_header = "kind"

    kind = tables2.Column("What", orderable=False)
    state = tables2.Column(orderable=False)
    created_at = MomentColumn("Started")
    finished_at = MomentColumn("Ended", orderable=False, default="not yet")

    def render_kind(self, record: Job) -> SafeString:
        """Its name leads to its page."""
        words = f"{title_of(record)} (job {record.pk})"
        return format_html('<a href="{}">{}</a>', reverse("job", args=[record.pk]), words)

    def render_state(self, record: Job) -> SafeString:
        """How far it is, in words and colour."""
        return state_tag(STATES_OF_JOBS[record.state], record.get_state_display())
