"""The tables of what ends when. A "c" stands where a number of people is not shown, to protect families."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import django_tables2 as tables2
from django.utils.safestring import SafeString

from core.rules.suppression import HIDDEN, Shown
from core.web.cells import link
from core.web.formats import NOT_KNOWN, day, pounds
from core.web.states import state_tag
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, Table, above_and_below
from grants.models.flags import LEVEL_LABELS
from grants.models.returns import CaseloadUnit
from grants.rules.levels import Level
from reports.queries.endings import EndingLine
from reports.queries.sustainability import Figure


class PeopleColumn(NumberColumn):
    """A count of people: a number, "c", or not known."""

    def render(self, value: Shown) -> str:
        """With thousands separators."""
        return value if isinstance(value, str) else f"{value:,}"


class YearlyColumn(MoneyColumn):
    """Pounds a year, worked out and so told to the pound; exported to the penny."""

    def render(self, value: Any) -> str:
        """£15,340."""
        return pounds(round(value))


class SumLine(NamedTuple):
    """One line of a table of sums; the kind of a place, and when its first and last grant end."""

    label: str
    figure: Figure
    kind: str = ""
    first: date | None = None
    last: date | None = None


class FigureTable(Table):
    """Sums of what ends: by a day, in a month, at a place."""

    show_caption = False

    label = tables2.Column("When")
    grants = NumberColumn("Grants", accessor="figure__grants")
    families = PeopleColumn("Families", accessor="figure__families")
    children = PeopleColumn("Children and young people", accessor="figure__children")
    not_known = NumberColumn("Number not known (grants)", accessor="figure__not_known")
    pounds_a_year = YearlyColumn("Pounds a year", accessor="figure__pounds_a_year")
    pounds_not_known = NumberColumn("Pounds not known (grants)", accessor="figure__pounds_not_known")


class PlaceTable(FigureTable):
    """Places where endings meet."""

    caption = "Places where endings meet"

    label = tables2.Column("Place")
    kind = tables2.Column("Kind")
    first = DateColumn("First ends")
    last = DateColumn("Last ends")
    families = PeopleColumn("Families left without support", accessor="figure__families")
    children = PeopleColumn("Children and young people left without support", accessor="figure__children")

    class Meta:
        sequence = ("label", "kind", "first", "last", "...")
        empty_text = "No locality, school or provider loses half its support within three months."


class EndingTable(Table):
    """Each grant that ends, or ended, within twelve months."""

    caption = "Each grant"
    show_caption = False

    title = tables2.Column("Grant", order_by="title")
    name = tables2.Column("Grant", accessor="title", orderable=False, visible=False)
    ref = tables2.Column("Reference", orderable=False, visible=False)
    provider = tables2.Column("Provider", orderable=False, visible=False)
    ends_on = DateColumn("Ends", order_by="ends_on")
    uncovered = PeopleColumn("Left without support", orderable=False)
    people = PeopleColumn("Left without support", accessor="uncovered", orderable=False, visible=False)
    unit = tables2.Column("Counted in", orderable=False, visible=False)
    level = tables2.Column("Level, and what would clear it", orderable=False, empty_values=())
    level_words = tables2.Column("Level", accessor="level", empty_values=(), orderable=False, visible=False)
    clears = tables2.Column("What would clear it", orderable=False, visible=False)
    plan = tables2.Column("Plan, and notice", accessor="plan_words", orderable=False)
    plan_words = tables2.Column("Plan", orderable=False, visible=False)
    confirmed = MoneyColumn("Confirmed money", orderable=False, empty_values=())
    confirmed_pounds = MoneyColumn(
        "Confirmed money", accessor="confirmed__pounds", empty_values=(), orderable=False, visible=False
    )
    confirmed_not_known = NumberColumn(
        "Confirmed, amount not known (sources)",
        accessor="confirmed__not_known",
        orderable=False,
        visible=False,
    )
    notice = tables2.Column("Notice", accessor="notice_words", orderable=False, visible=False)
    new_round_by = tables2.Column("Latest safe date", orderable=False)
    extension_by = DateColumn("Latest date to decide an extension", orderable=False, visible=False)
    pounds_a_year = YearlyColumn("Pounds a year", orderable=False)

    screen_only = ("title", "uncovered", "level", "plan", "confirmed")
    export_only = (
        "name",
        "ref",
        "provider",
        "people",
        "unit",
        "level_words",
        "clears",
        "plan_words",
        "confirmed_pounds",
        "confirmed_not_known",
        "notice",
        "extension_by",
    )

    class Meta:
        empty_text = "No tracked grant that supports families ends within 12 months."

    def render_title(self, value: str, record: EndingLine) -> SafeString:
        """The title leads to the story; the provider stands below it."""
        return link("grant", record.ref, value, record.provider or "provider not known")

    def render_uncovered(self, value: Shown, record: EndingLine) -> str:
        """With the unit where it is not families."""
        words = value if isinstance(value, str) else f"{value:,}"
        return f"{words} children" if record.unit == CaseloadUnit.CHILDREN else words

    def render_unit(self, value: str) -> str:
        """Families, or children and young people."""
        return CaseloadUnit(value).label

    def render_level(self, record: EndingLine) -> SafeString | str:
        """The level in its colour and words, or what there is instead; what would clear it below."""
        words = self.render_level_words(record)
        if record.level is not None:
            return above_and_below(state_tag(record.level, words), record.clears)
        if record.is_covered:
            return state_tag("covered", words)
        return above_and_below(state_tag("unflagged", words), record.clears)

    def render_level_words(self, record: EndingLine) -> str:
        """The level, or what there is instead."""
        if record.level is not None:
            return LEVEL_LABELS[Level(record.level)]
        if record.has_nobody:
            return "nobody supported any more"
        return "everybody covered" if record.is_covered else "no flag yet"

    def render_plan(self, value: str, record: EndingLine) -> SafeString | str:
        """The plan; whether the provider was told below it."""
        return above_and_below(value, f"notice {record.notice_words}")

    def render_confirmed(self, record: EndingLine) -> str:
        """Pounds, and how many amounts they leave out."""
        found = record.confirmed
        if found.pounds is None:
            return self.render_confirmed_pounds(found.pounds, record)
        left_out = f", {found.not_known} {NOT_KNOWN}" if found.not_known else ""
        return f"{pounds(found.pounds)}{left_out}"

    def render_confirmed_pounds(self, value: Decimal | None, record: EndingLine) -> str:
        """Pounds. Without a plan nobody said what there is afterwards; a plan without a confirmed source says none."""
        if value is not None:
            return pounds(value)
        if record.confirmed.lines:
            return "amount not known"
        return "none" if record.is_planned else NOT_KNOWN

    def render_new_round_by(self, value: Any, record: EndingLine) -> SafeString | str:
        """Until when a new round comes in time; an extension below it."""
        return above_and_below(day(value), f"extension by {day(record.extension_by)}")


HIDDEN_WORDS = (
    f"{HIDDEN}: not shown, to protect families. "
    "Numbers from 1 to 5 are not shown, nor others that would give them away."
)
