"""The two pages that most pages are: a list, and a form that runs one operation."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from rules import has_perm

from core.errors import ActionRefused
from core.models import User
from core.web.context import BANDS
from core.web.downloads import WRITERS
from core.web.filters import FilterSet
from core.web.formats import counted, day
from core.web.pagination import CappedPaginator, page_address, page_links
from core.web.tables import Table, heading

EXPORT_BATCH = 500


class Guarded:
    """A page that opens to some people only.

    Set `permission` (a name of the `rules` library) or `roles`, or override `allowed`, or raise Http404 in `prepare`.
    """

    permission: ClassVar[str] = ""
    roles: ClassVar[Iterable[str] | None] = None
    request: HttpRequest
    kwargs: dict[str, Any]

    def allowed(self, user: Any) -> bool:
        """Whether this person may open the page at all."""
        if self.permission and not has_perm(self.permission, user):
            return False
        return self.roles is None or user.role in self.roles

    @cached_property
    def today(self) -> date:
        """The date in London, to be passed on as `on`; one date for the whole page, even over midnight."""
        return timezone.localdate()

    @property
    def person(self) -> User:
        """Who reads the page; nobody gets here without having signed in."""
        return cast(User, self.request.user)

    @property
    def illustrative(self) -> bool:
        """Whether the person looks at the illustrative register, which shares no total with the real one."""
        return bool(getattr(self.request, "illustrative", False))

    def about_download(self, filters: str) -> list[tuple[str, str]]:
        """What a download of this page says of itself: as at when, of which register, with which filters, for whom."""
        return [
            ("As at", day(self.today)),
            ("Register", BANDS[self.illustrative] if settings.MODE != "production" else "This council's own"),
            ("Filters", filters),
            ("For", self.person.get_role_display()),
        ]

    def prepare(self) -> None:
        """Find what the page is about, once, before it answers; raise Http404 for what the person may not see."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse with 403, prepare, then answer."""
        if not self.allowed(request.user):
            raise PermissionDenied
        self.prepare()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class ListPage(Guarded, TemplateView):
    """A list that filters, sorts, pages, and keeps all of that in its address.

    Give `title`, `noun`, `table_class`, `queryset()`, and, where they help, `filterset_class` and `summary()`.
    """

    template_name = "components/list_page.html"
    title: ClassVar[str]
    noun: ClassVar[tuple[str, str]] = ("row", "rows")
    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    per_page: ClassVar[int] = 25
    order_by: ClassVar[str] = ""
    downloads: ClassVar[tuple[tuple[str, str], ...]] = (
        ("xlsx", "Download what is on screen (Excel)"),
        ("csv", "The same as CSV"),
        ("json", "The same as JSON"),
    )

    def queryset(self) -> "QuerySet[Any]":
        """Every row this person may see, with what the columns need already joined."""
        raise NotImplementedError

    def summary(self, queryset: "QuerySet[Any]", count: str) -> str:
        """The sentence above the table; `count` is the number of rows in words."""
        return count

    def records(self, page: "QuerySet[Any]") -> Sequence[Any]:
        """What the table shows of one page of rows; override to add figures in a fixed number of queries."""
        return list(page)

    def export(self, queryset: "QuerySet[Any]", kind: str) -> HttpResponseBase:
        """What is on screen, all pages of it, as a file of `kind` (the first of each pair in `downloads`)."""
        headings = [heading(column) for column in self.table.visible_columns]
        return WRITERS[kind](self.title, self._about(), headings, self._export_rows(queryset))

    def _about(self) -> list[tuple[str, str]]:
        """What a download is, as at when, which filters."""
        shown = self.filterset.in_words() if self.filterset else []
        return self.about_download("; ".join(shown) or "none")

    def _export_rows(self, queryset: "QuerySet[Any]") -> Iterator[list[Any]]:
        """Every row in the order on screen, a few hundred at a time, so that figures come in few queries."""
        keys = queryset.values_list("pk", flat=True).iterator(EXPORT_BATCH)
        while batch := list(islice(keys, EXPORT_BATCH)):
            for record in self.records(queryset.filter(pk__in=batch)):
                yield self.table.values(record)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The page, or the file when the address asks for a download that is offered."""
        self.query = clean_query(request.GET)
        rows = self.queryset()
        chosen = self.filterset_class
        self.filterset: FilterSet | None = chosen(request.GET, rows, request=request) if chosen else None
        if self.filterset:
            # A value that no filter knows must not pass for "everything": nothing is listed until it is put right.
            rows = self.filterset.qs if self._is_understood else rows.none()
        order = request.GET.get("sort") or self.order_by or None
        self.table = self.table_class(rows, query=self.query, order_by=order)
        kind = request.GET.get("download", "")
        if kind in dict(self.downloads) and self._is_understood:
            self.table.choose_columns_of_download()
            self.hide_columns()
            return self.export(self.table.ordered, kind)
        return self.render_to_response(self.get_context_data(rows=rows))

    @property
    def _is_understood(self) -> bool:
        """Whether every filter in the address has a value that it knows."""
        return self.filterset is None or self.filterset.is_valid()

    def hide_columns(self) -> None:
        """Take away the table's columns that are not for this person: on screen and in a download alike."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table with one page of records, and what stands around it."""
        rows = kwargs.pop("rows")
        self.hide_columns()
        self.paginator = paginator = CappedPaginator(self.table.ordered, self.per_page)
        page = paginator.get_page(self.request.GET.get("page"))
        page.object_list = self.table.records = self.records(cast("QuerySet[Any]", page.object_list))
        query = _without(self.query, "page")
        return super().get_context_data(
            title=self.title,
            noun=self.noun,
            filterset=self.filterset,
            is_filtered=self.filterset is not None and self.filterset.is_filtered,
            summary=self.summary(rows, paginator.words(*self.noun)) if self._is_understood else "",
            table=self.table,
            page=page,
            pages=pagination(page, query),
            capped=paginator.capped,
            shown=counted(paginator.count, *self.noun),
            sort=self.request.GET.get("sort", ""),
            downloads=[(label, f"?{_with(query, download=kind)}") for kind, label in self.downloads],
            **kwargs,
        )


class FormPage(Guarded, FormView):
    """A form that runs one operation: GET shows it, POST runs `operate(form)` and goes to `success_url`.

    What the operation refuses is shown in the error summary and at its field; nothing typed is lost.
    """

    template_name = "components/form_page.html"
    title: ClassVar[str]
    success_message: ClassVar[str] = ""
    back_label: ClassVar[str] = "Back"

    def operate(self, form: Any) -> Any:
        """Run the operation with `form.cleaned_data`; may raise ActionRefused or ValidationError."""
        raise NotImplementedError

    def get_title(self) -> str:
        """The heading, when it depends on the record."""
        return self.title

    def get_back_url(self) -> str:
        """Where the back link leads."""
        return self.get_success_url()

    def get_success_message(self, result: Any) -> str:
        """What is said after the operation; `result` is what `operate` returned."""
        return self.success_message

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, its heading and the way back."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context.update(
            title=self.get_title(),
            back_url=self.get_back_url(),
            back_label=self.back_label,
            submit_label=getattr(form, "submit_label", "Save"),
        )
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Run the operation; show its refusal in the form, or say it is done and move on."""
        try:
            result = self.operate(form)
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except ValidationError as error:
            add_errors(form, error)
        else:
            message = self.get_success_message(result)
            if message:
                messages.success(self.request, message)
            return super().form_valid(form)
        return self.form_invalid(form)


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Show a ValidationError in the form: each message at its field, or at the top when the form has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


def clean_query(query: QueryDict) -> QueryDict:
    """The query string without empty values and without a download, so that addresses stay short."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        filled = [value for value in values if value]
        if filled and name != "download":
            kept.setlist(name, filled)
    return kept


def pagination(page: Any, query: str) -> dict[str, Any] | None:
    """What components/pagination.html shows: links, and the pages before and after; None for a single page."""
    if not page.has_other_pages():
        return None
    return {
        "links": list(page_links(page, query)),
        "previous": page_address(query, page.previous_page_number()) if page.has_previous() else "",
        "next": page_address(query, page.next_page_number()) if page.has_next() else "",
    }


def _without(query: QueryDict, name: str) -> str:
    kept = query.copy()
    kept.pop(name, None)
    return kept.urlencode()


def _with(query: str, **values: str) -> str:
    kept = QueryDict(query, mutable=True)
    kept.update(values)
    return kept.urlencode()
