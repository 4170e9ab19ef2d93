"""The three groups of the payments page."""

from typing import Any

import django_tables2 as tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.models import User
from core.rules.working_days import WorkingDays
from core.web.formats import NOT_KNOWN, day, working_days
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, ShareColumn, Table
from grants.queries.paid import Paid
from grants.queries.payments import ToPay
from grants.rules.blocking import Blocker
from grants.tables.cells import link, people

TICK = (
    '<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">'
    '<input class="govuk-checkboxes__input" type="checkbox" name="instalment" value="{0}" id="pay-{0}">'
    '<label class="govuk-label govuk-checkboxes__label" for="pay-{0}">'
    '<span class="govuk-visually-hidden">{1}</span></label></div></div>'
)


class ToPayTable(Table):
    """Instalments to pay, most harm first. With a `payer` each leads to its form, unless another must pay it."""

    caption = "Ready to pay, most harm first"

    tick = tables2.Column("Tick", accessor="instalment_id")
    grant = tables2.Column("Grant", accessor="title")
    left = MoneyColumn("To pay")
    due_on = DateColumn("Due")
    lost_share = ShareColumn("Funded time lost", empty_values=())
    people = NumberColumn("People waiting")
    over_standard_working_days = NumberColumn("Over the standard (working days)")
    act = tables2.Column("Action", accessor="ref", empty_values=())

    class Meta:
        empty_text = "Nothing is waiting."

    def __init__(self, data: Any, *, payer: User | None, **options: Any) -> None:
        super().__init__(data, orderable=False, **options)
        self.payer = payer
        if payer is None:
            self.columns.hide("tick")
            self.columns.hide("act")

    row_header = "grant"

    @property
    def can_tick(self) -> bool:
        """Whether there is anything that the reader may tick."""
        return self.payer is not None and any(map(self._may_tick, self.data))

    @property
    def first_box(self) -> str:
        """The first box that the reader may tick, by its name in the page."""
        return next((f"pay-{record.instalment_id}" for record in self.data if self._may_tick(record)), "")

    def _may_tick(self, record: ToPay) -> bool:
        """What has an amount, and that the reader neither decided nor authorised."""
        return self.payer is not None and self.payer.pk not in record.barred and bool(record.left)

    def render_tick(self, value: int, record: ToPay) -> SafeString | str:
        """The box to tick, with its grant in its label."""
        if not self._may_tick(record):
            return ""
        return format_html(TICK, value, f"Paid: instalment {record.number}, {record.title}")

    def render_grant(self, value: str, record: ToPay) -> SafeString:
        """The title leads to the story; instalment and provider stand below it."""
        return link(
            "grant", record.ref, value, f"instalment {record.number} · {record.provider or NOT_KNOWN}"
        )

    def render_lost_share(self, value: float | None, record: ToPay) -> str:
        """Only a first payment loses funded time."""
        if not record.is_first:
            return "not a first payment"
        return NOT_KNOWN if value is None else ShareColumn.render(self.columns["lost_share"].column, value)

    def render_people(self, value: int, record: ToPay) -> str:
        """The last caseload with its unit; they wait once the money could have been paid."""
        words = people(value, record.unit)
        return words if record.is_late else f"{words}, not waiting yet"

    def render_act(self, record: ToPay) -> SafeString | str:
        """The form that records this payment, where the reader neither decided nor authorised it."""
        if self.payer is not None and self.payer.pk in record.barred:
            return "another person must pay: you decided or authorised it"
        url = f"{reverse('record_payment', args=[record.ref])}?instalment={record.number}"
        about = f" of instalment {record.number}, {record.title}"
        return format_html(
            '<a href="{}">Record payment<span class="govuk-visually-hidden">{}</span></a>', url, about
        )


class BlockedTable(ToPayTable):
    """Instalments that wait for somebody: whom, how long, and what clears it."""

    caption = "Blocked, most harm first"

    blockers = tables2.Column("Blocked by")

    class Meta:
        empty_text = "Nothing is blocked."
        sequence = (
            "grant",
            "blockers",
            "left",
            "due_on",
            "lost_share",
            "people",
            "over_standard_working_days",
            "act",
        )

    def __init__(self, data: Any, *, on: Any, calendar: WorkingDays, **options: Any) -> None:
        super().__init__(data, payer=None, **options)
        self.on, self.calendar = on, calendar

    def render_blockers(self, value: tuple[Blocker, ...]) -> SafeString:
        """Each block with who can clear it, for how long it has stood, and what clears it."""
        lines = format_html_join("", "<div>{} ({}{}): {}</div>", (self._words(blocker) for blocker in value))
        return format_html("<div>{}</div>", lines)

    def _words(self, blocker: Blocker) -> tuple[str, str, str, str]:
        waited = f", {working_days(self.calendar.between(blocker.since, self.on))}" if blocker.since else ""
        return blocker.what, blocker.who, waited, f"clears when {blocker.clears_when}"


class PaidTable(Table):
    """Payments of the last month that stand."""

    caption = "Paid lately"

    paid_on = DateColumn("Date")
    grant = tables2.Column("Grant", accessor="title")
    standing = MoneyColumn("Amount")
    receipt_confirmed_on = tables2.Column("Receipt", default="not confirmed yet")

    class Meta:
        empty_text = "Nothing was paid in the last month."

    def render_grant(self, value: str, record: Paid) -> SafeString:
        """The title leads to the story."""
        return link("grant", record.ref, value, record.provider or NOT_KNOWN)

    def render_receipt_confirmed_on(self, value: Any) -> str:
        """When the provider said that the money came."""
        return f"confirmed {day(value)}"
