"""Filters of the lists. Their state lives in the URL; what is empty is not kept."""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial, reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
import django_filters.conf
from django import forms
from django.db.models import Q, QuerySet
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.web.forms import GovukForm, name_fields

Choices = tuple[tuple[str, str], ...]
DASHES = django_filters.conf.settings.EMPTY_CHOICE_LABEL


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

    def __init__(
        self,
        *args: Any,
        panel: str,
        fields: dict[str, forms.Field],
        choices: dict[str, Choices],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # The filter set made the fields for itself: a form class would copy each of them, with all its choices, anew.
        self.panel, self.fields, self.choices = panel, fields, choices
        name_fields(self)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = (
                    f"{field.label}: choose one from the list, or clear it. “%(value)s” is not one of them"
                )
            if type(field.widget) is forms.Select:
                field.widget.__class__ = PlainSelect

    def fields_html(self) -> SafeString:
        """The fields of the panel. What a field looked like before with the same choices and value is kept."""
        return mark_safe("".join(self._field_html(field) for field in self))

    def _field_html(self, field: BoundField) -> str:
        choices, value = self.choices.get(field.name), field.value() or ""
        is_open = choices is None and isinstance(field.field, forms.ChoiceField)
        if field.errors or is_open or (choices is None and value):
            return field.as_field_group()
        look = (self.panel, field.html_name, choices, str(value))
        if look not in _looks:
            if len(_looks) >= KEPT_LOOKS:
                _looks.clear()
            _looks[look] = field.as_field_group()
        return _looks[look]


_looks: dict[tuple[Any, ...], str] = {}
KEPT_LOOKS = 500


class RowFilter(django_filters.ChoiceFilter):
    """One of the rows that `rows(request)` answers, by its `key`: read once for a page, as plain words."""

    def __init__(
        self, rows: Callable[[Any], "QuerySet[Any]"], *, key: str = "pk", words: str = "name", **options: Any
    ):
        self.rows, self.key, self.words = rows, key, words
        super().__init__(**options)

    def read(self, request: Any) -> None:
        """Read the choices: one query."""
        rows = self.rows(request).values_list(self.key, self.words)
        self.extra["choices"] = [(str(key), words) for key, words in rows]


class FilterSet(django_filters.FilterSet):
    """Base filter set. Choices that are left open read "Any"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in self.filters.values():
            if isinstance(item, RowFilter):
                item.read(self.request)
            if item.extra.get("empty_label", DASHES) == DASHES and isinstance(
                item, django_filters.ChoiceFilter
            ):
                item.extra["empty_label"] = "Any"

    def get_form_class(self) -> Callable[..., FilterForm]:
        """A FilterForm with the filters' fields, whatever Meta says."""
        return partial(
            FilterForm,
            panel=type(self).__name__,
            fields={name: item.field for name, item in self.filters.items()},
            choices={
                name: tuple(item.extra["choices"])
                for name, item in self.filters.items()
                if "choices" in item.extra
            },
        )

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

    def in_words(self) -> list[str]:
        """Each filter in use as its panel says it: "Ends within: 12 months"."""
        return [
            f"{self.form.fields[name].label}: {self._choice(name, value)}" for name, value in self.active()
        ]

    def _choice(self, name: str, value: Any) -> str:
        choices = getattr(self.form.fields[name], "choices", ())
        return next((str(words) for key, words in choices if str(key) == str(value)), str(value))


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
