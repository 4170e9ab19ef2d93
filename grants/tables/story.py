"""The small tables of one grant's story."""

from collections.abc import Collection
from datetime import date
from typing import Any

import django_tables2 as tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.rules.working_days import WorkingDays
from core.web.formats import NOT_KNOWN, day, pounds
from core.web.states import state_tag
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, Table
from grants.models import ClockStop, OutcomeReturn, Payment
from grants.models.decisions import Check, CheckResult
from grants.models.endings import Certainty, CoverKind, Told
from grants.models.payments import Basis, PaymentKind
from grants.models.returns import CaseloadUnit
from grants.queries.cases import check_facts
from grants.queries.returns import SHOWN_STATES, shown_state
from grants.queries.story import ScheduleLine
from grants.queries.story_lines import CoverLine, NoticeLine
from grants.rules.blocking import check_trouble
from grants.rules.cliff import covers_of
from grants.tables.cells import people


class ScheduleTable(Table):
    """The payment schedule with the state of each instalment."""

    caption = "Payment schedule"

    number = tables2.Column("Instalment", accessor="instalment__number")
    amount = MoneyColumn("Amount", accessor="instalment__amount")
    due_on = DateColumn("Due", accessor="instalment__due_on")
    condition = tables2.Column("Condition", accessor="instalment__condition", default="none")
    state = tables2.Column("State")

    class Meta:
        empty_text = "No instalment is recorded."

    def render_amount(self, value: Any, record: ScheduleLine) -> str:
        """The amount, and how much of it is not paid where a part is."""
        is_part_paid = record.left is not None and 0 < record.left < value
        return pounds(value) + (f", {pounds(record.left)} of it not paid" if is_part_paid else "")

    def render_condition(self, value: str, record: ScheduleLine) -> str:
        """The condition, when it was met, and whether the instalment waits for a claim."""
        met = record.instalment.condition_met_on
        return f"{value} (met {day(met)})" if met else value

    def render_state(self, value: str, record: ScheduleLine) -> SafeString:
        """Paid, blocked, waiting, late; on claim it says so."""
        instalment = record.instalment
        if value == "paid":
            return state_tag(value, f"paid {day(instalment.paid_on)}")
        if value == "closed":
            return state_tag(value, "never paid")
        met = not instalment.condition or instalment.condition_met_on is not None
        if met and instalment.basis == Basis.ON_CLAIM and instalment.claim_valid_on is None:
            return state_tag("waiting", "waits for a claim")
        return state_tag(value)


class PaymentTable(Table):
    """Money that moved, newest first. Give `links` by payment for those who may act on it.

    `standing` has the ids of the payments that are not fully reversed: only those reach anybody, who can confirm it.
    """

    caption = "Payments, newest first"

    paid_on = DateColumn("Date")
    kind = tables2.Column("What")
    amount = MoneyColumn("Amount")
    reference = tables2.Column("Reference", default="none")
    receipt_confirmed_on = DateColumn("Receipt confirmed", empty_values=())
    act = tables2.Column("Action", accessor="pk", empty_values=())

    class Meta:
        empty_text = "No payment is recorded."

    def __init__(
        self, data: Any, *, links: dict[int, tuple[str, str]], standing: Collection[int], **options: Any
    ) -> None:
        super().__init__(data, orderable=False, **options)
        self.links, self.standing = links, standing
        self.recoveries = {line.pk for line in data if line.kind == PaymentKind.RECOVERY}
        if not links:
            self.columns.hide("act")

    def render_kind(self, record: Payment) -> str:
        """Payment, reversal or recovery; what was reversed; that a payment was recorded as above the award."""
        of = " of a recovery" if record.reverses_id in self.recoveries else ""
        return PaymentKind(record.kind).label + of + (", above the award" if record.above_award else "")

    def render_amount(self, value: Any, record: Payment) -> str:
        """What came back has a minus sign."""
        went = record.kind == PaymentKind.PAYMENT or record.reverses_id in self.recoveries
        return pounds(value if went else -value)

    def render_receipt_confirmed_on(self, value: date | None, record: Payment) -> str:
        """The day, or whether there is anything to confirm."""
        if value is not None:
            return day(value)
        return "not confirmed" if record.pk in self.standing else "does not apply"

    def render_act(self, record: Payment) -> SafeString | str:
        """The one thing that this reader may do with the payment."""
        found = self.links.get(record.pk)
        if found is None:
            return ""
        label, url = found
        return format_html(
            '<a href="{}">{}<span class="govuk-visually-hidden"> of {}</span></a>',
            url,
            label,
            day(record.paid_on),
        )


class CheckTable(Table):
    """Due diligence. Give `ref` to link each check to its form."""

    caption = "Checks"

    kind = tables2.Column("Check")
    needed_before = tables2.Column("Needed before")
    requested_on = DateColumn("Asked for", default="not asked for")
    state = tables2.Column("State", empty_values=(), accessor="result")
    expires_on = DateColumn("Expires", default="no date")

    class Meta:
        empty_text = "No check is recorded as needed."

    def __init__(self, data: Any, *, on: Any, ref: str = "", **options: Any) -> None:
        super().__init__(data, orderable=False, **options)
        self.on, self.ref = on, ref

    def render_kind(self, record: Check) -> SafeString | str:
        """The check leads to its form for those who may record it."""
        words = record.get_kind_display()
        if not self.ref:
            return words
        return format_html(
            '<a href="{}">{}</a>', reverse("record_check", args=[self.ref, record.kind]), words
        )

    def render_needed_before(self, record: Check) -> str:
        """The agreement, or payment."""
        return record.get_needed_before_display()

    def render_state(self, record: Check) -> SafeString:
        """Seen and in order, or what is wrong."""
        changed = record.changed_by_id is not None and record.result is None
        if changed:
            return state_tag("blocked", "changed, not verified")
        trouble = check_trouble(check_facts(record), self.on)
        if trouble is None:
            return state_tag("done", CheckResult.PASSED.label.lower())
        return state_tag("blocked", trouble[0])


class StopTable(Table):
    """The stretches in which the council waited, counted to `until`; `over` once the grant is.

    Give `ref` to link each to its correction.
    """

    caption = "When the council waited for others"

    waiting_on = tables2.Column("For")
    reason = tables2.Column("What for")
    started_on = DateColumn("From")
    ended_on = DateColumn("Until", empty_values=())
    days = NumberColumn("Working days", empty_values=(), accessor="pk")
    act = tables2.Column("Action", accessor="pk", empty_values=())

    def __init__(
        self, data: Any, *, until: date, over: bool, calendar: WorkingDays, ref: str = "", **options: Any
    ) -> None:
        super().__init__(data, orderable=False, **options)
        self.until, self.calendar, self.ref = until, calendar, ref
        self.open_words = "the end of the grant" if over else "still waiting"
        if not ref:
            self.columns.hide("act")

    def render_waiting_on(self, record: ClockStop) -> str:
        """Provider or funder."""
        return record.get_waiting_on_display()

    def render_ended_on(self, record: ClockStop) -> str:
        """The day it came."""
        return day(record.ended_on) if record.ended_on else self.open_words

    def render_days(self, record: ClockStop) -> str:
        """From its first day to the day it came, or as long as the council waits."""
        end = max(record.started_on, min(record.ended_on or self.until, self.until))
        return f"{self.calendar.between(record.started_on, end):,}"

    def render_act(self, record: ClockStop) -> SafeString:
        """Its correction."""
        return format_html(
            '<a href="{}">Correct<span class="govuk-visually-hidden"> the wait from {}</span></a>',
            reverse("correct_clock_stop", args=[self.ref, record.pk]),
            day(record.started_on),
        )


class StoryReturnTable(Table):
    """A grant's returns, newest first."""

    caption = "Returns, newest first"

    period_to = DateColumn("Period to")
    due_on = DateColumn("Due")
    state = tables2.Column("State")
    caseload = NumberColumn("Supported on the last day")

    class Meta:
        empty_text = "No return is recorded."

    def __init__(self, data: Any, *, on: Any, **options: Any) -> None:
        super().__init__(data, orderable=False, **options)
        self.on = on

    def render_state(self, record: OutcomeReturn) -> SafeString:
        """The state in words; late once its day has passed."""
        state = shown_state(record.state, record.due_on, self.on)
        return state_tag(state, SHOWN_STATES[state])

    def render_caseload(self, value: int, record: OutcomeReturn) -> str:
        """With its unit."""
        return people(value, record.caseload_unit)


class CoverTable(Table):
    """What happens to the families when the money ends; `unit` is what the last return counts."""

    caption = "Who is covered after the end"

    kind = tables2.Column("How")
    number = NumberColumn("Of the caseload")
    source = tables2.Column("By", default="the project itself")
    certainty = tables2.Column("Certainty")

    class Meta:
        empty_text = "Nobody is covered by the plan yet."

    def __init__(self, data: Any, *, ref: str = "", unit: str | None = None, **options: Any) -> None:
        super().__init__(data, orderable=False, **options)
        self.ref, self.unit = ref, unit

    def render_number(self, value: int, record: CoverLine) -> str:
        """With its unit, where one is known."""
        return people(value, record.unit) if record.unit else f"{value:,}"

    def render_kind(self, value: str, record: CoverLine) -> SafeString | str:
        """The line leads to its form for those who may change it."""
        words = CoverKind(value).label
        if not self.ref:
            return words
        return format_html('<a href="{}">{}</a>', reverse("change_cover", args=[self.ref, record.pk]), words)

    def render_certainty(self, value: str, record: CoverLine) -> SafeString:
        """Only what is confirmed counts."""
        words = Certainty(value).label
        if value == Certainty.CONFIRMED and self.unit and not covers_of(record.unit or None, self.unit):
            counted_in = CaseloadUnit(self.unit).label.lower()
            return state_tag("waiting", f"{words}: does not count, the last return counts {counted_in}")
        if value == Certainty.CONFIRMED:
            return state_tag("covered", f"{words} {day(record.confirmed_on)}")
        return state_tag("waiting", f"{words}: does not count yet")


class NoticeTable(Table):
    """Who was told of the end."""

    caption = "Who was told"

    told = tables2.Column("Told")
    told_on = DateColumn("On")
    note = tables2.Column("Note", default="none")

    class Meta:
        empty_text = "Nobody is recorded as told."

    def render_told(self, value: str, record: NoticeLine) -> str:
        """Provider, families, partners."""
        return Told(value).label


class HistoryTable(Table):
    """Who changed what, when and why."""

    caption = "Changes, newest first"

    at = DateColumn("When")
    who = tables2.Column("Who")
    what = tables2.Column("What")
    why = tables2.Column("Why", default=NOT_KNOWN)

    class Meta:
        empty_text = "No change is recorded."

    def render_what(self, value: str, record: Any) -> str:
        """What was recorded or changed, and to what."""
        return f"{value}: {record.details}" if record.details else value
