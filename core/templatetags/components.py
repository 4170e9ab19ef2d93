"""The components as template tags, and the formats as filters: `{% load components %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from core.web import formats
from core.web.forms import form_errors
from core.web.states import state_tag
from core.web.tables import Table
from core.web.timeline import Step

register = template.Library()

register.filter("known", formats.known)
register.filter("pounds", formats.pounds)
register.filter("day", formats.day)
register.filter("working_days", formats.working_days)
register.filter("share", formats.share)


@register.filter
def counted(value: int | None, noun: str) -> str:
    """`{{ n|counted:"family,families" }}`: the number with its noun."""
    return formats.counted(value, *noun.split(","))


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """The rows of a table. Joined here, not looped over in the template: a register has hundreds of cells."""
    rows = (
        "".join(
            f"<{name}{attributes}>{conditional_escape(cell)}</{name}>" for name, attributes, cell in cells
        )
        for cells in table.body()
    )
    return mark_safe("".join(f'<tr role="row">{row}</tr>\n' for row in rows))


@register.simple_tag
def tag(state: str, label: str = "") -> SafeString:
    """`{% tag "late" "late: not paid" %}`: a state in its colour."""
    return state_tag(state, label)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """The list of what is wrong with a form; nothing when nothing is."""
    return {"errors": list(form_errors(form)) if form is not None and form.is_bound and form.errors else []}


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Iterable[Step], label: str = "Timeline") -> dict[str, Any]:
    """Steps in order, each with its date and what lies between it and the next."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("components/figures.html")
def figures(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """At most three (figure, what it counts) side by side."""
    shown = list(items)
    if len(shown) > 3:
        raise ValueError("A page shows at most three figures; put the rest in a table.")
    return {"items": shown}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Iterable[Any]]) -> dict[str, Any]:
    """Rows of (label, value) or (label, value, link address, link words)."""
    return {"rows": [tuple(row) for row in rows]}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """`{% breadcrumbs "Grants" grants_url "Caring in the Garden" %}`: pairs of words and address, then this page."""
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    return {"links": pairs, "here": parts[-1] if len(parts) % 2 else ""}
