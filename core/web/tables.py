"""Tables: django-tables2 for columns, order and export values, with a lean path from record to HTML.

The stock row resolves every cell through several layers. Here each column is looked at once per table; after that a
cell is one getter, at most one render call, and three strings in the template.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from html import unescape
from typing import Any, ClassVar

import django_tables2 as tables2
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django_tables2.utils import AttributeDict, OrderBy, signature

from core.models.base import is_unknown
from core.web.formats import NOT_KNOWN, day, pounds, share
from core.web.states import state_tag

Cell = tuple[str, str, Any]
TYPED = (int, float, Decimal, date)
LINE_BREAK = re.compile(r"<br\s*/?>")
WHOLE_NUMBER = re.compile(r"\d{1,3}(,\d{3})*|\d+")


class NumberColumn(tables2.Column):
    """A plain number, right aligned. Its unit belongs in the heading."""

    numeric = True

    def render(self, value: int) -> str:
        """With thousands separators."""
        return f"{value:,}"

    def value(self, value: Any) -> Any:
        """As it is, for export."""
        return value


class MoneyColumn(NumberColumn):
    """Pounds, right aligned; exported as a Decimal."""

    def render(self, value: Any) -> str:
        """£18,000 or £4,500.50."""
        return pounds(value)


class ShareColumn(NumberColumn):
    """A share between 0 and 1 as a percentage, right aligned."""

    def render(self, value: Any) -> str:
        """12%."""
        return share(value)


class DateColumn(tables2.Column):
    """A date in full, kept on one line; exported as a date."""

    cell_class = "app-table__date"

    def render(self, value: Any) -> str:
        """21 November 2026."""
        return day(value)

    def value(self, value: Any) -> Any:
        """As it is, for export."""
        return value


class WordsColumn(tables2.Column):
    """Whole sentences: on a phone they begin a line of their own and are read from the left."""

    cell_class = "app-table__words"


class StateColumn(tables2.Column):
    """A state word as a coloured tag. `label` gives the words for a record; without it the state itself is shown."""

    keeps_code = True

    def __init__(self, *args: Any, label: Callable[[Any], str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label = label

    def render(self, value: str, record: Any) -> SafeString:
        """The tag."""
        return state_tag(value, self.label(record) if self.label else "")

    def value(self, value: str, record: Any) -> str:
        """The words, for export."""
        return self.label(record) if self.label else value


@dataclass(frozen=True, slots=True)
class Head:
    """One column heading: its words, HTML attributes, the address that sorts by it (or "")."""

    label: str
    attributes: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How the cells of one column are made."""

    tag: str
    attributes: SafeString
    get: Callable[[Any], Any]
    render: Callable[[Any, Any], Any]
    empty: tuple[Any, ...]
    default: Any


class Table(tables2.Table):
    """Base of every table.

    Give `caption` on the class or to the instance; `show_caption = False` keeps it for screen readers only. The first
    column is the row's header unless `row_header` names another. Two tables of one class on a page need an `identity`
    each. `is_small` says that its few short columns fit a phone as they are. `query` is the address's query string that
    sort links keep, set by ListPage. `export_only` names the columns that only a download shows, being `visible=False`:
    a number's unit, where the screen has both in one cell. `screen_only` names those that a download leaves out, for
    what their cells hold together stands there in columns of its own.
    """

    caption: ClassVar[str] = ""
    show_caption: ClassVar[bool] = True
    is_small: ClassVar[bool] = False
    row_header: ClassVar[str] = ""
    export_only: ClassVar[tuple[str, ...]] = ()
    screen_only: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, data: Any, *, caption: str = "", identity: str = "", query: Any = None, **options: Any
    ) -> None:
        options.setdefault("template_name", "components/table.html")
        options.setdefault("default", NOT_KNOWN)
        super().__init__(data, **options)
        self.words = caption or self.caption
        self.identity = identity or type(self).__name__.lower()
        self.query = query
        self.records: Iterable[Any] | None = None
        if isinstance(self.data.data, QuerySet):
            self._order_steadily()

    def _order_steadily(self) -> None:
        """What is not known comes last in either direction, and ties always come in the same order.

        Among equals the id goes the way of the column before it, as an index read backwards has it.
        """
        queryset = self.data.data
        model = queryset.model
        order = [part for term in queryset.query.order_by for part in _unknown_last(model, term)]
        if order:
            self.data.data = queryset.order_by(*order, "-pk" if str(order[-1]).startswith("-") else "pk")

    def choose_columns_of_download(self) -> None:
        """A download has one thing in each column."""
        for name in self.export_only:
            self.columns.show(name)
        for name in self.screen_only:
            self.columns.hide(name)

    @property
    def ordered(self) -> Any:
        """The whole list in the order asked for."""
        return self.data.data

    @cached_property
    def visible_columns(self) -> list[Any]:
        """The bound columns on show."""
        return list(self.columns.itervisible())

    @cached_property
    def heads(self) -> list[Head]:
        """The headings, left to right."""
        columns = self.visible_columns
        return [Head(heading(each), self._head_attributes(each), self._sort_url(each)) for each in columns]

    def _head_attributes(self, column: Any) -> SafeString:
        attributes = {}
        if getattr(column.column, "numeric", False):
            attributes["class"] = "app-table__n"
        if self.query is not None and column.is_ordered:
            attributes["aria-sort"] = "descending" if column.order_by_alias.is_descending else "ascending"
        return _html_attributes(attributes)

    def _sort_url(self, column: Any) -> str:
        if self.query is None or not column.orderable:
            return ""
        query = self.query.copy()
        query.pop("page", None)
        query["sort"] = str(column.order_by_alias.next)
        return f"?{query.urlencode()}"

    @cached_property
    def plans(self) -> list[ColumnPlan]:
        """One plan per visible column."""
        header = self.row_header or (self.visible_columns[0].name if self.visible_columns else "")
        return [self._plan(column, is_header=column.name == header) for column in self.visible_columns]

    def _plan(self, bound: Any, *, is_header: bool) -> ColumnPlan:
        column = bound.column
        attributes = {"scope": "row", "role": "rowheader"} if is_header else {"role": "cell"}
        attributes["data-label"] = heading(bound)
        classes = "app-table__n" if getattr(column, "numeric", False) else getattr(column, "cell_class", "")
        if classes:
            attributes["class"] = classes
        return ColumnPlan(
            tag="th" if is_header else "td",
            attributes=_html_attributes(attributes),
            get=_getter(bound.accessor, None if getattr(column, "keeps_code", False) else self.data.model),
            render=self._renderer(bound),
            empty=tuple(column.empty_values),
            default=bound.default,
        )

    def _renderer(self, bound: Any) -> Callable[[Any, Any], Any]:
        """The cell's content from (value, record), calling what the column or the table defines."""
        fixed = {"column": bound.column, "bound_column": bound, "bound_row": None, "table": self}
        function = getattr(bound.render, "__func__", bound.render)
        plain = function is tables2.Column.render
        names = _wanted(function, bound_to=function is not bound.render) or (*fixed, "value", "record")

        def content(value: Any, record: Any) -> Any:
            given = {**fixed, "value": value, "record": record}
            made = value if plain else bound.render(**{name: given[name] for name in names})
            return bound.link(made, **given) if bound.link else made

        return content

    def body(self) -> Iterator[list[Cell]]:
        """Rows of (tag, attributes, content), for the template."""
        plans = self.plans
        for record in self.ordered if self.records is None else self.records:
            row: list[Cell] = []
            for plan in plans:
                value = plan.get(record)
                content = plan.default if value in plan.empty else plan.render(value, record)
                row.append((plan.tag, plan.attributes, content))
            yield row

    def values(self, record: Any) -> list[Any]:
        """One record's cells as a workbook wants them: numbers, money and dates as such, anything else as words."""
        cells: list[Any] = []
        for plan in self.plans:
            value = plan.get(record)
            if value in plan.empty:
                cells.append(plan.default)
            elif isinstance(value, datetime):
                cells.append(timezone.make_naive(value))
            elif isinstance(value, TYPED) and not isinstance(value, bool):
                cells.append(value)
            else:
                cells.append(_words_of(plan.render(value, record)))
        return cells


def above_and_below(above: str, below: str) -> SafeString | str:
    """A cell with a quieter line below its words, where there is one."""
    cell = '<div>{}<br><span class="app-table__below">{}</span></div>'
    return format_html(cell, above, below) if below else above


def _words_of(content: Any) -> Any:
    """What a cell says, without its markup; a whole number as a number."""
    words = unescape(strip_tags(LINE_BREAK.sub(" · ", str(content)))).strip()
    return int(words.replace(",", "")) if WHOLE_NUMBER.fullmatch(words) else words


@lru_cache(maxsize=1024)
def _wanted(function: Callable[..., Any], *, bound_to: bool) -> tuple[str, ...]:
    """The names of the arguments that a render function takes; empty when it takes any."""
    names, catches_all = signature(function)
    return () if catches_all else names[1:] if bound_to else names


def heading(bound: Any) -> str:
    """A column's heading: what it was given, else its own name (not the name of the field at the end of its path)."""
    return str(bound.column.verbose_name or capfirst(bound.name.replace("_", " ")))


def _html_attributes(attributes: dict[str, str]) -> SafeString:
    return format_html(" {}", AttributeDict(attributes).as_html()) if attributes else mark_safe("")


def _unknown_last(model: Any, term: Any) -> list[Any]:
    """The ordering that puts null last, where the term may be null; other terms as they are.

    Whether it is known is a column of its own: SQLite has no index for NULLS LAST. Its indexes: `sorted_either_way`.
    """
    if not isinstance(term, str) or term == "?":
        return [term]
    name = OrderBy(term).bare
    field = _field(model, name)
    if name == "pk" or (field is not None and not field.null and "__" not in name):
        return [term]
    return [is_unknown(name).asc(), F(name).desc() if term.startswith("-") else F(name).asc()]


def _field(model: Any, name: str) -> Any:
    """The concrete field called `name`, None for an annotation or a path."""
    return next((field for field in model._meta.concrete_fields if name in {field.name, field.attname}), None)


def _getter(accessor: Any, model: Any) -> Callable[[Any], Any]:
    """From a record to the column's value: through attributes, keys or calls; None as soon as something is None."""
    if callable(accessor):
        return accessor
    parts = str(accessor).replace(".", "__").split("__")
    field = accessor.get_field(model) if model is not None and hasattr(accessor, "get_field") else None
    choices = dict(getattr(field, "flatchoices", None) or ())

    def get(record: Any) -> Any:
        value = record
        for part in parts:
            value = value[part] if isinstance(value, dict) else getattr(value, part)
            if callable(value):
                value = value()
            if value is None:
                return None
        return choices.get(value, value) if choices else value

    return get
