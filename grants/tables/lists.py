"""The columns of the lists. Words for a row's state are made here, figures come with the row."""

from typing import Any

import django_tables2 as tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web.formats import NOT_KNOWN, day, pounds
from core.web.states import state_tag
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, Table, above_and_below
from grants.models.funds import SpentMeans
from grants.models.returns import CaseloadUnit
from grants.queries.decisions import GrantRow
from grants.queries.funds import FundRow, RoundRow
from grants.queries.returns import ReturnRow
from grants.queries.worklist import FlagRow
from grants.tables.cells import CANNOT_BE_ASSESSED, level_tag, level_tags, link, people


def first_payment_words(row: GrantRow) -> str:
    """Council's time until the first payment, in working days, and what there is instead."""
    if not row.tracked:
        return CANNOT_BE_ASSESSED
    if row.clock is None:
        return "no claim yet" if row.approved else "not decided"
    if row.is_paid:
        return f"{row.clock.council_working_days:,}"
    if row.is_stopped:
        return "never paid"
    return f"{row.clock.council_working_days:,}, not paid"


class GrantTable(Table):
    """The register."""

    caption = "Grants"
    show_caption = False

    title = tables2.Column("Grant", order_by="title")
    provider = tables2.Column("Provider", orderable=False)
    fund = tables2.Column("Fund", orderable=False)
    awarded = MoneyColumn("Awarded", order_by="amount_awarded")
    paid = MoneyColumn("Paid", orderable=False)
    first_payment = NumberColumn(
        "First payment (working days, council’s time)",
        accessor="clock",
        order_by="first_paid_on",
        empty_values=(),
    )
    ends_on = DateColumn("Ends", accessor="ends", order_by="ends_on")
    families = NumberColumn("Families", orderable=False, empty_values=())
    levels = tables2.Column("Level", orderable=False, empty_values=())

    def render_title(self, value: str, record: GrantRow) -> SafeString:
        """The title leads to the story; the reference stands below it."""
        return link("grant", record.ref, value, record.ref)

    def render_first_payment(self, record: GrantRow) -> str:
        """Working days, or why there are none."""
        return first_payment_words(record)

    def render_families(self, record: GrantRow) -> str:
        """The last caseload that is recent enough, and its unit where it is not families."""
        if not record.is_support:
            return "does not apply"
        if record.families is None:
            return NOT_KNOWN
        number, unit, _ = record.families
        return f"{number:,}" if unit == CaseloadUnit.FAMILIES else f"{number:,} children"

    def render_levels(self, record: GrantRow) -> SafeString | str:
        """The levels of the flags that stand."""
        return level_tags(record.levels) if record.tracked or record.levels else CANNOT_BE_ASSESSED


class ReturnTable(Table):
    """Outcome returns: what is due, late, submitted, sent back, accepted."""

    caption = "Returns"
    show_caption = False

    grant = tables2.Column("Grant", accessor="title", orderable=False)
    provider = tables2.Column("Provider", orderable=False)
    period_to = DateColumn("Period to", order_by="period_to")
    due_on = DateColumn("Due", order_by="due_on")
    state = tables2.Column("State", orderable=False)
    submitted_on = DateColumn("Submitted", orderable=False, default="not submitted")
    people = NumberColumn("People supported", orderable=False)
    unit = tables2.Column("Counted in", orderable=False, visible=False)

    export_only = ("unit",)

    def render_grant(self, value: str, record: ReturnRow) -> SafeString:
        """The title leads to the story."""
        return link("grant", record.ref, value)

    def render_state(self, record: ReturnRow) -> SafeString:
        """The state in words."""
        return state_tag(record.state, record.state_words)

    def render_people(self, value: int, record: ReturnRow) -> str:
        """The caseload with its unit."""
        return people(value, record.unit)

    def render_unit(self, value: str) -> str:
        """Families, or children and young people."""
        return CaseloadUnit(value).label


class FlagTable(Table):
    """Flags, most harm first."""

    caption = "Flags"
    show_caption = False
    row_header = "subject"

    level = tables2.Column("Level", order_by=("-rank", "opened_on"))
    subject = tables2.Column("About", orderable=False)
    why = tables2.Column("Why", orderable=False)
    owner = tables2.Column("Owner", orderable=False, default="nobody")
    opened_on = DateColumn("Raised", order_by="opened_on")
    act_by = DateColumn("Act by", orderable=False, default="no date")

    def render_level(self, record: FlagRow) -> SafeString:
        """The level in its colour and words."""
        return level_tag(record.level)

    def render_subject(self, value: str, record: FlagRow) -> SafeString:
        """What the flag is about leads to the flag; its rule stands below."""
        return link("flag", str(record.pk), value, record.rule_words)

    def render_opened_on(self, record: FlagRow) -> SafeString | str:
        """With the day of its level, where that is another."""
        return above_and_below(day(record.opened_on), record.level_words_since)


class FundTable(Table):
    """The funds with what they gave."""

    caption = "Funds"
    show_caption = False

    name = tables2.Column("Fund")
    grants = NumberColumn("Grants")
    awarded = MoneyColumn("Awarded")
    paid = MoneyColumn("Paid")
    waiting = NumberColumn("Approved, not paid (grants)")
    standard_working_days = NumberColumn("Payment standard (working days)")

    def render_name(self, value: str, record: FundRow) -> SafeString:
        """The name leads to the fund."""
        return link("fund", record.code, value)

    def render_awarded(self, value: Any, record: FundRow) -> str:
        """Pounds, and how many amounts they leave out."""
        left_out = record.totals.amounts_not_known
        return f"{pounds(value)}, {left_out} not known" if left_out else pounds(value)


class RoundTable(Table):
    """Bidding windows, with the time that groups have to hear of them."""

    caption = "Rounds"
    show_caption = False

    name = tables2.Column("Round", orderable=False)
    fund = tables2.Column("Fund", orderable=False)
    announced_on = DateColumn("Announced", order_by="announced_on")
    closes_on = DateColumn("Closes", order_by="closes_on")
    decision_due_on = DateColumn("Decision due", orderable=False)
    lead_time = NumberColumn("Information lead time (working days)", orderable=False)
    norm = NumberColumn("Norm (working days)", orderable=False)
    state = tables2.Column("State", orderable=False)
    act = tables2.Column("Action", accessor="ref", empty_values=(), orderable=False)

    def __init__(self, data: Any, *, may_extend: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        if not may_extend:
            self.columns.hide("act")

    def render_fund(self, value: str, record: RoundRow) -> SafeString:
        """The fund's name leads to its page."""
        return link("fund", record.fund_code, value)

    def render_lead_time(self, value: int, record: RoundRow) -> str:
        """Whether it is under the norm is said in words."""
        return f"{value:,}, under the norm" if record.is_short else f"{value:,}"

    def render_state(self, value: str) -> SafeString:
        """Coming, open, closed, or not known."""
        return state_tag(value, ROUND_STATES[value])

    def render_act(self, record: RoundRow) -> SafeString | str:
        """A round can be extended until it closes."""
        if record.state not in ("open", "due") or record.closes_on is None:
            return ""
        words = format_html('Extend<span class="govuk-visually-hidden"> {}</span>', record.name)
        return link("extend_round", record.ref, words)


ROUND_STATES = {"due": "coming", "open": "open", "closed": "closed", "unknown": "not known"}


class AwardTable(Table):
    """What funders gave for a fund."""

    caption = "Who pays for it"

    title = tables2.Column("Funding award")
    funder = tables2.Column("Funder")
    total_amount = MoneyColumn("Amount")
    available = MoneyColumn("For grants")
    spend_by = DateColumn("Spend by")
    spent_means = tables2.Column("Counts as spent when")
    cash_received_on = DateColumn("Cash received")

    class Meta:
        empty_text = "Who pays for this fund is not known."

    def render_spent_means(self, value: str) -> str:
        """What the funder counts as spent."""
        return SpentMeans(value).label
