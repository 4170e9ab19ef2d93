"""The table of what is not known."""

import django_tables2 as tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web.formats import counted
from core.web.tables import NumberColumn, Table
from reports.queries.completeness import AWARD, Missing


class MissingTable(Table):
    """What is not known, most figures spoiled first."""

    caption = "What is not known, most figures spoiled first"

    what = tables2.Column("What is not known")
    count = NumberColumn("How many")
    who = tables2.Column("Who could say")
    spoils = tables2.Column("Figures it spoils")
    act = tables2.Column("Fill it in", accessor="key", empty_values=())

    class Meta:
        empty_text = "Everything that the figures need is recorded."

    def render_count(self, value: int, record: Missing) -> str:
        """With what is counted."""
        return counted(value, *record.noun)

    def render_spoils(self, value: tuple[str, ...]) -> str:
        """As a list in words."""
        return ", ".join(value) if value else "none"

    def render_act(self, record: Missing) -> SafeString:
        """The form of the first that lacks it, and the list of them all."""
        url = reverse("funds") if record.noun == AWARD else f"{reverse('grants')}?missing={record.key}"
        hidden = '<span class="govuk-visually-hidden"> without this: {}</span>'
        all_of_them = format_html(
            '<a href="{}">See the {}' + hidden + "</a>", url, record.noun[1], record.what
        )
        if not record.first_ref or not record.act:
            return all_of_them
        form = reverse(record.act, args=[record.first_ref])
        first = format_html('<a href="{}">Fill in {}' + hidden + "</a>", form, record.first_ref, record.what)
        return format_html('<div class="app-table__links">{}<br>{}</div>', first, all_of_them)
