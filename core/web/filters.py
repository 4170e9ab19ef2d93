"""Filters of the lists. Their state lives in the URL; what is empty is not kept."""

from collections.abc import Iterator
from functools import lru_cache, reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
import django_filters.conf
from django import forms
from django.db.models import Q, QuerySet
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.web.forms import GovukForm

DASHES = django_filters.conf.settings.EMPTY_CHOICE_LABEL
CHOOSE_ONE = (django_filters.ChoiceFilter, django_filters.ModelChoiceFilter)


@lru_cache(maxsize=4096)
def option_html(value: str, label: str, selected: bool) -> str:
    """One option; the same ones stand on every page."""
    return f'<option value="{escape(value)}"{" selected" if selected else ""}>{escape(label)}</option>'


class PlainSelect(forms.Select):
    """A select written in one go: a filter panel has scores of options, and a template for each takes its time."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The same HTML as the template's."""
        options = (
            option_html(str(option["value"]), str(option["label"]), bool(option["selected"]))
            for _, group, _ in self.optgroups(name, self.format_value(value), {})
            for option in group
        )
        attributes = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        return mark_safe(f"<select{attributes}>{''.join(options)}</select>")


class FilterForm(GovukForm):
    """The form of a filter panel: nothing is required and nothing says so."""

    mark_optional: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = (
                    f"{field.label}: choose one from the list, or clear it. “%(value)s” is not one of them"
                )
            if type(field.widget) is forms.Select:
                field.widget.__class__ = PlainSelect


class FilterSet(django_filters.FilterSet):
    """Base filter set. Choices that are left open read "Any"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in self.filters.values():
            if item.extra.get("empty_label", DASHES) == DASHES and isinstance(item, CHOOSE_ONE):
                item.extra["empty_label"] = "Any"

    def get_form_class(self) -> type[FilterForm]:
        """A FilterForm with the filters' fields, whatever Meta says."""
        fields = {name: item.field for name, item in self.filters.items()}
        return type(f"{type(self).__name__}Form", (FilterForm,), fields)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return any(True for _ in self.active())

    def active(self) -> Iterator[tuple[str, Any]]:
        """(name, value) of each filter in use."""
        if not self.is_bound:
            return
        self.errors  # noqa: B018 - runs the validation that makes cleaned_data
        for name, value in self.form.cleaned_data.items():
            empty = value in (None, "", []) or (isinstance(value, QuerySet) and not value)
            if not empty:
                yield name, value


class SearchFilter(django_filters.CharFilter):
    """Text looked for in several columns, each with its own lookup: `SearchFilter(["reference__istartswith"])`."""

    def __init__(self, lookups: list[str], **options: Any) -> None:
        super().__init__(**{"label": "Search", **options})
        self.lookups = lookups

    def filter(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Rows where any of the columns matches."""
        text = (value or "").strip()
        return (
            queryset.filter(reduce(or_, (Q(**{lookup: text}) for lookup in self.lookups)))
            if text
            else queryset
        )
