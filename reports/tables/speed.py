"""The tables of how fast money moves. A statistic that the curve does not reach says so; so do too few cases."""

from typing import Any

import django_tables2 as tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web.cells import link
from core.web.tables import DateColumn, NumberColumn, ShareColumn, Table
from grants.queries.timing.rows import TimedGrant
from reports.tables.speed_lines import TimingLine

NONE_WAITS = "nobody waits"
CASES_HEADING = "Each case, where under ten"
ANSWERS = {
    "within": "yes",
    "past": "no",
    "not_yet": "not yet known",
    "not_known": "not known",
    "not_due": "clock not started",
}


class StatisticColumn(NumberColumn):
    """A statistic: a number, or why there is none."""

    def render(self, value: int | str) -> str:
        """With thousands separators."""
        return value if isinstance(value, str) else f"{value:,}"


class StatisticsTable(Table):
    """What the tables of statistics share."""

    n = NumberColumn("Grants timed")
    waiting = NumberColumn("Still waiting")
    half = StatisticColumn("Half within")
    p90 = StatisticColumn("Nine in ten within")
    longest = StatisticColumn("Longest still waiting", default=NONE_WAITS)
    cases = tables2.Column(f"{CASES_HEADING} (working days)", empty_values=(), visible=False)

    def __init__(self, data: list[TimingLine], **options: Any) -> None:
        super().__init__(data, **{"orderable": False, **options})
        if any(line.summary.cases for line in data):
            self.columns.show("cases")


class WaitTable(StatisticsTable):
    """The quartiles of the total wait and of council's time."""

    caption = "How long until the first payment"
    show_caption = False
    export_only = ("low", "high")

    name = tables2.Column("Measure")
    unit = tables2.Column("Counted in")
    cases = tables2.Column(CASES_HEADING, empty_values=(), visible=False)
    p25 = StatisticColumn("A quarter within")
    interval = StatisticColumn("95% interval of the half")
    low = StatisticColumn("95% interval: from", visible=False)
    high = StatisticColumn("95% interval: to", visible=False)
    p75 = StatisticColumn("Three quarters within")

    class Meta:
        sequence = (
            "name",
            "unit",
            "n",
            "waiting",
            "p25",
            "half",
            "interval",
            "low",
            "high",
            "p75",
            "p90",
            "longest",
        )


class GroupTable(StatisticsTable):
    """The same for each fund, round, year or kind of provider, in working days."""

    name = tables2.Column("Which")
    council_half = StatisticColumn("Half within, council’s time")
    cannot_assess = NumberColumn("Cannot be assessed (not tracked)")

    class Meta:
        sequence = (
            "name",
            "n",
            "waiting",
            "half",
            "council_half",
            "p90",
            "longest",
            "cases",
            "cannot_assess",
        )
        empty_text = "No grant is recorded yet."

    def render_name(self, value: str, record: TimingLine) -> SafeString | str:
        """A fund leads to its own figures."""
        return format_html('<a href="{}">{}</a>', record.url, value) if record.url else value


class StepTable(StatisticsTable):
    """Step by step, in working days."""

    caption = "Step by step (working days)"
    show_caption = False

    name = tables2.Column("Step")
    whose = tables2.Column("Whose step")
    not_known = NumberColumn("Done, but a date is missing (grants)")

    class Meta:
        sequence = ("name", "whose", "n", "waiting", "half", "p90", "longest", "cases", "not_known")


class CurveTable(Table):
    """The curve at round numbers, and at each standard."""

    caption = "Share of grants paid by then"
    is_small = True

    working_days = NumberColumn("Working days")
    total = ShareColumn("Total wait")
    council = ShareColumn("Council’s time")
    at_risk = NumberColumn("Grants whose total wait was so long")


class WhoseTable(Table):
    """Whose the working days were."""

    caption = "Whose time it was"
    show_caption = False
    is_small = True

    whose = tables2.Column("Whose")
    working_days = NumberColumn("Working days, all grants together")
    share = ShareColumn("Share")


class LeadTable(Table):
    """How long before the deadline groups heard, round by round."""

    caption = "How long before the deadline groups heard"
    show_caption = False

    name = tables2.Column("Round")
    fund = tables2.Column("Fund")
    announced_on = DateColumn("Announced")
    closes_on = DateColumn("Closes")
    working_days = NumberColumn("Announced to close (working days)")
    norm_working_days = NumberColumn("Norm (working days)")
    words = tables2.Column("Time enough", accessor="is_short", empty_values=())

    class Meta:
        empty_text = "No round is recorded."

    def render_words(self, value: bool | None) -> str:
        """Yes, no, or not known."""
        return "not known" if value is None else "no" if value else "yes"


class LongestTable(Table):
    """The longest waits that still go on."""

    caption = "The longest waits that still go on"
    show_caption = False

    title = tables2.Column("Grant")
    fund = tables2.Column("Fund")
    decided_on = DateColumn("Decided")
    total_working_days = NumberColumn("Total wait (working days)")
    council = NumberColumn(
        "Council’s time (working days)", accessor="clock__council_working_days", default="not started"
    )
    standard_working_days = NumberColumn("Standard (working days)")

    class Meta:
        empty_text = "No grant waits for its first payment."

    def render_title(self, record: TimedGrant) -> SafeString:
        """The grant leads to its story."""
        return link("grant", record.ref, record.title, record.ref)


class RowsTable(LongestTable):
    """Every grant behind the figures, for the download."""

    caption = "The grants behind the figures"

    ref = tables2.Column("Reference")
    title = tables2.Column("Grant")
    provider = tables2.Column("Provider")
    paid_on = DateColumn("First payment", default="still waiting")
    total_days = NumberColumn("Total wait (calendar days)")
    provider_time = NumberColumn("Provider’s time (working days)", accessor="clock__provider_working_days")
    funder_time = NumberColumn(
        "Of council’s time, waiting on the funder", accessor="clock__funder_working_days"
    )
    answer = tables2.Column("Within the standard")
    lost = NumberColumn("Funded time lost (days)", accessor="lost__days")
    window = NumberColumn("Approved window (days)", accessor="lost__window_days")

    def render_title(self, record: TimedGrant) -> SafeString:
        """As recorded."""
        return format_html("{}", record.title)

    def render_answer(self, value: str) -> str:
        """In words."""
        return ANSWERS[value]
