"""Cells that several tables have."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.web.cells import link as link
from core.web.formats import NOT_KNOWN
from core.web.states import state_tag
from grants.models.flags import LEVEL_LABELS
from grants.models.returns import people_words
from grants.rules.levels import Level


def level_tag(level: str) -> SafeString:
    """A level in its colour and words."""
    return state_tag(level, LEVEL_LABELS[Level(level)])


def level_tags(levels: tuple[str, ...]) -> SafeString | str:
    """Each level that stands, worst first; "none" when nothing is flagged."""
    if not levels:
        return "none"
    return format_html(
        "<div>{}</div>", format_html_join(" ", "{}", ((level_tag(level),) for level in levels))
    )


def people(number: int | None, unit: str | None) -> str:
    """A caseload with its unit: "26 families", "14 children and young people"."""
    return NOT_KNOWN if number is None else people_words(number, unit)
