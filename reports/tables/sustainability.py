"""The tables of what ends when. A "c" stands where a number of people is not shown, to protect families."""

from datetime import date
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
    pounds_a_year = MoneyColumn("Pounds a year", accessor="figure__pounds_a_year")
    pounds_not_known = NumberColumn("Pounds not known (grants)", accessor="figure__pounds_not_known")


class PlaceTable(FigureTable):
    """Places where endings meet."""

    caption = "Places where endings meet"

    label = tables2.Column("Place")
    kind = tables2.Column("Kind")
    first = DateColumn("First ends")
    last = DateColumn("Last ends")

    class Meta:
        sequence = ("label", "kind", "first", "last", "...")
        empty_text = "No locality, school or provider loses half its support within three months."


class EndingTable(Table):
    """Each grant that ends, or ended, within twelve months."""

    caption = "Each grant"
    show_caption = False

    title = tables2.Column("Grant", order_by="title")
    ends_on = DateColumn("Ends", order_by="ends_on")
    uncovered = PeopleColumn("Left without support", orderable=False)
    unit = tables2.Column("Counted in", orderable=False, visible=False)
    level = tables2.Column("Level, and what would clear it", orderable=False, empty_values=())
    clears = tables2.Column("What would clear it", orderable=False, visible=False)
    plan = tables2.Column("Plan, and notice", accessor="plan_words", orderable=False)
    confirmed = MoneyColumn("Confirmed money", orderable=False, empty_values=())
    notice = tables2.Column("Notice", accessor="notice_words", orderable=False, visible=False)
    new_round_by = tables2.Column("Latest safe date", orderable=False)
    extension_by = DateColumn("Latest date to decide an extension", orderable=False, visible=False)
    pounds_a_year = MoneyColumn("Pounds a year", orderable=False)

    export_only = ("unit", "clears", "notice", "extension_by")

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
        if record.level is not None:
            return above_and_below(state_tag(record.level, LEVEL_LABELS[Level(record.level)]), record.clears)
        if record.is_covered:
            return state_tag("covered", "everybody covered")
        return above_and_below(state_tag("unflagged", "no flag yet"), record.clears)

    def render_plan(self, value: str, record: EndingLine) -> SafeString | str:
        """The plan; whether the provider was told below it."""
        return above_and_below(value, f"notice {record.notice_words}")

    def render_confirmed(self, record: EndingLine) -> str:
        """Pounds, and how many amounts they leave out."""
        found = record.confirmed
        if not found.lines:
            return "none"
        if found.pounds is None:
            return NOT_KNOWN
        left_out = f", {found.not_known} {NOT_KNOWN}" if found.not_known else ""
        return f"{pounds(found.pounds)}{left_out}"

    def render_new_round_by(self, value: Any, record: EndingLine) -> SafeString | str:
        """Until when a new round comes in time; an extension below it."""
        return above_and_below(day(value), f"extension by {day(record.extension_by)}")


HIDDEN_WORDS = (
    f"{HIDDEN}: not shown, to protect families. "
    "Numbers from 1 to 5 are not shown, nor others that would give them away."
)
