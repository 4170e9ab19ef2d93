"""Cells that the tables of several apps have."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


def link(name: str, key: str, words: str, after: str = "") -> SafeString:
    """A link in a cell, with a quieter line below it."""
    if not after:
        return format_html('<a href="{}">{}</a>', reverse(name, args=[key]), words)
    cell = '<div><a href="{}">{}</a><br><span class="app-table__below">{}</span></div>'
    return format_html(cell, reverse(name, args=[key]), words, after)
