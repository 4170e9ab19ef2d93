"""The small tables of Today."""

from datetime import date
from typing import Any

import django_tables2 as tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.models import User
from core.rules.working_days import WorkingDays
from core.web.formats import day
from core.web.states import state_tag
from core.web.tables import DateColumn, NumberColumn, Table, above_and_below
from grants.models.payments import WaitingOn
from grants.queries.waiting import Waiting
from grants.queries.worklist import FlagRow
from reports.queries.home import News


def to_flag(flag: FlagRow) -> SafeString:
    """What the flag is about leads to the flag; its rule stands below it."""
    url = reverse("flag", args=[flag.pk])
    words = '<div><a href="{}">{}</a><br><span class="app-table__below">{}</span></div>'
    return format_html(words, url, flag.subject, flag.rule_words)


class FlagList(Table):
    """Flags: level, when they were raised, what would clear them."""

    caption = "Flags"
    show_caption = False
    row_header = "subject"

    level = tables2.Column("Level")
    subject = tables2.Column("About")
    opened_on = DateColumn("Raised")
    owner = tables2.Column("Owner", default="nobody")
    clears_when = tables2.Column("What would clear it")

    class Meta:
        empty_text = "No flag is yours."

    def __init__(self, data: Any, *, everybody: bool = False, **options: Any) -> None:
        super().__init__(data, **{"identity": "flags-owned", **options})
        if not everybody:
            self.columns.hide("owner")

    def render_level(self, value: str, record: FlagRow) -> SafeString:
        """The level in its colour and words."""
        return state_tag(value, record.level_words)

    def render_subject(self, record: FlagRow) -> SafeString:
        """What the flag is about."""
        return to_flag(record)

    def render_opened_on(self, record: FlagRow) -> SafeString | str:
        """With the day of its level, where that is another."""
        return above_and_below(day(record.opened_on), record.level_words_since)


class UnownedTable(FlagList):
    """Flags that nobody owns, each to be taken by the reader."""

    caption = "Flags nobody owns"

    act = tables2.Column("Action", accessor="pk")

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, orderable=False, identity="flags-unowned")
        self.reader = reader

    def render_act(self, record: FlagRow) -> SafeString:
        """The form that gives the flag, with the reader chosen."""
        url = f"{reverse('assign_flag', args=[record.pk])}?owner={self.reader.pk}"
        hidden = '<span class="govuk-visually-hidden">: {}, {}</span>'
        return format_html(
            '<a href="{}">Take it' + hidden + "</a>", url, record.rule_words.lower(), record.subject
        )


class WaitingTable(Table):
    """Whom the council waits for."""

    caption = "Waiting on others"
    show_caption = False

    title = tables2.Column("Grant")
    who = tables2.Column("Who")
    what = tables2.Column("What")
    since = NumberColumn("How long (working days)")

    class Meta:
        empty_text = "Nobody is waited for."

    def __init__(self, data: Any, *, on: date, calendar: WorkingDays, **options: Any) -> None:
        super().__init__(data, **options)
        self.on, self.calendar = on, calendar

    def render_title(self, value: str, record: Waiting) -> SafeString:
        """The grant leads to its story."""
        return format_html('<a href="{}">{}</a>', reverse("grant", args=[record.ref]), value)

    def render_who(self, value: str) -> str:
        """The provider, the funder, or another whom the condition names."""
        return f"the {value}" if value in WaitingOn.values else value

    def render_since(self, value: date) -> str:
        """Working days since it began."""
        return f"{self.calendar.between(value, self.on):,}"


class NewsTable(Table):
    """What the rules did since the person last looked."""

    caption = "New since you last looked"
    show_caption = False
    row_header = "flag"

    on = DateColumn("When")
    what = tables2.Column("What")
    flag = tables2.Column("About")

    class Meta:
        empty_text = "Nothing new."

    def render_what(self, record: News) -> str:
        """Raised, moved to another level, cleared."""
        return record.words

    def render_flag(self, record: News) -> SafeString:
        """What the flag is about."""
        return to_flag(record.flag)
