"""The columns of the lists. Words for a row's state are made here, figures come with the row."""

from datetime import date
from typing import Any

import django_tables2 as tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web.formats import CANNOT_BE_ASSESSED, NOT_KNOWN, day, pounds, working_days
from core.web.states import state_tag
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, Table, above_and_below
from grants.models import FundingAward
from grants.models.flags import LEVEL_LABELS
from grants.models.funds import SpentMeans
from grants.models.returns import CaseloadUnit
from grants.queries.decisions import GrantRow
from grants.queries.funds import FundRow, RoundRow
from grants.queries.returns import ReturnRow
from grants.queries.worklist import FlagRow
from grants.rules.levels import Level
from grants.tables.cells import level_tag, level_tags, link, people


def not_paid_words(row: GrantRow) -> str:
    """Why there is no day of a first payment."""
    if not row.tracked:
        return CANNOT_BE_ASSESSED
    if row.clock is None:
        if row.decided_about:
            return f"day of the decision not known ({day(row.decided_about)})"
        if row.approved:
            return "no claim yet"
        return "not approved" if row.decided else "not decided"
    return "never paid" if row.is_stopped else "not paid"


def council_time(row: GrantRow) -> int | None:
    """Working days of council's time until the first payment, or so far; None where none are counted."""
    if row.clock is None or (row.is_stopped and row.first_paid_on is None):
        return None
    return row.clock.council_working_days


class GrantTable(Table):
    """The register."""

    caption = "Grants"
    show_caption = False
    screen_only = ("title", "first_payment", "families", "levels")
    export_only = ("name", "ref", "first_paid_on", "council_time", "people", "unit", "level_words")

    title = tables2.Column("Grant", order_by="title")
    name = tables2.Column("Grant", accessor="title", orderable=False, visible=False)
    ref = tables2.Column("Reference", orderable=False, visible=False)
    provider = tables2.Column("Provider", orderable=False)
    fund = tables2.Column("Fund", orderable=False)
    awarded = MoneyColumn("Awarded", order_by="amount_awarded")
    paid = MoneyColumn("Paid", orderable=False)
    first_payment = DateColumn(
        "First payment, and council’s time",
        accessor="first_paid_on",
        order_by="first_paid_on",
        empty_values=(),
    )
    first_paid_on = DateColumn("First payment", empty_values=(), orderable=False, visible=False)
    council_time = NumberColumn(
        "Council’s time until then (working days)",
        accessor="clock",
        empty_values=(),
        orderable=False,
        visible=False,
    )
    ends_on = DateColumn("Ends", accessor="ends", order_by="ends_on")
    families = NumberColumn("Families", orderable=False, empty_values=())
    people = NumberColumn(
        "People supported", accessor="families__number", empty_values=(), orderable=False, visible=False
    )
    unit = tables2.Column(
        "Counted in", accessor="families__unit", empty_values=(), orderable=False, visible=False
    )
    levels = tables2.Column("Level", orderable=False, empty_values=())
    level_words = tables2.Column("Level", accessor="levels", empty_values=(), orderable=False, visible=False)

    def render_title(self, value: str, record: GrantRow) -> SafeString:
        """The title leads to the story; the reference stands below it."""
        return link("grant", record.ref, value, record.ref)

    def render_first_payment(self, value: date | None, record: GrantRow) -> SafeString | str:
        """Its day, or why there is none; below it the working days of council's time until then, or so far."""
        counted = council_time(record)
        below = "" if counted is None else working_days(counted)
        return above_and_below(self.render_first_paid_on(value, record), below)

    def render_first_paid_on(self, value: date | None, record: GrantRow) -> str:
        """Its day, or why there is none."""
        return day(value) if value else not_paid_words(record)

    def render_council_time(self, record: GrantRow) -> str:
        """The working days, or why none are counted."""
        counted = council_time(record)
        return not_paid_words(record) if counted is None else f"{counted:,}"

    def render_families(self, record: GrantRow) -> str:
        """The last caseload that is recent enough, and its unit where it is not families."""
        if not record.is_support:
            return "does not apply"
        if record.families is None:
            return NOT_KNOWN
        number, unit, _ = record.families
        return f"{number:,}" if unit == CaseloadUnit.FAMILIES else f"{number:,} children"

    def render_people(self, value: int | None, record: GrantRow) -> str:
        """The same number without its unit."""
        if not record.is_support:
            return "does not apply"
        return NOT_KNOWN if value is None else f"{value:,}"

    def render_unit(self, value: str | None, record: GrantRow) -> str:
        """Families, or children and young people; nothing where nobody is counted."""
        return CaseloadUnit(value).label if value and record.is_support else ""

    def render_level_words(self, value: tuple[str, ...], record: GrantRow) -> str:
        """The levels in words."""
        if not value:
            return "none" if record.tracked else CANNOT_BE_ASSESSED
        return ", ".join(LEVEL_LABELS[Level(level)] for level in value)

    def render_levels(self, record: GrantRow) -> SafeString | str:
        """The levels of the flags that stand."""
        return level_tags(record.levels) if record.tracked or record.levels else CANNOT_BE_ASSESSED


class ReturnTable(Table):
    """Outcome returns: what is due, late, submitted, sent back, accepted."""

    caption = "Returns"
    show_caption = False

    grant = tables2.Column("Grant", accessor="title", orderable=False)
    ref = tables2.Column("Reference", orderable=False, visible=False)
    provider = tables2.Column("Provider", orderable=False)
    period_to = DateColumn("Period to", order_by="period_to")
    due_on = DateColumn("Due", order_by="due_on")
    state = tables2.Column("State", orderable=False)
    submitted_on = DateColumn("Submitted", orderable=False, default="not submitted")
    people = NumberColumn("People supported", orderable=False)
    unit = tables2.Column("Counted in", orderable=False, visible=False)

    export_only = ("ref", "unit")

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
    screen_only = ("subject",)
    export_only = ("about", "ref", "rule")

    level = tables2.Column("Level", order_by=("-rank", "opened_on"))
    subject = tables2.Column("About", orderable=False)
    about = tables2.Column("About", accessor="subject", orderable=False, visible=False)
    ref = tables2.Column("Reference", default="", orderable=False, visible=False)
    rule = tables2.Column("Rule", accessor="rule_words", orderable=False, visible=False)
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
    act = tables2.Column("Action", accessor="ref", empty_values=())

    def __init__(self, data: Any, *, may_change: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        if not may_change:
            self.columns.hide("act")

    class Meta:
        empty_text = "Who pays for this fund is not known."

    def render_spent_means(self, value: str) -> str:
        """What the funder counts as spent."""
        return SpentMeans(value).label

    def render_act(self, record: FundingAward) -> SafeString | str:
        """The form for what the funder agreed, until the award is closed."""
        if record.closed_on is not None:
            return "closed"
        words = format_html('Change<span class="govuk-visually-hidden"> {}</span>', record.title)
        return link("change_award", record.ref, words)
