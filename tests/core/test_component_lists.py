"""Tables and the lists that are made of them."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import django_tables2 as tables2
import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core.models import User
from core.web.filters import FilterSet, SearchFilter
from core.web.pagination import CappedPaginator
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, Table
from core.web.views import ListPage
from tests.core.elements import Elements, prepare
from tests.factories.people import People


class PeopleTable(Table):
    """Columns of each kind that a table meets."""

    caption = "People"
    name = tables2.Column(linkify=lambda record: f"/people/{record.pk}/")
    role = tables2.Column()
    seen_until = DateColumn(verbose_name="Seen until")


class Row:
    """A record that is no model."""

    def __init__(self, name: str, amount: Decimal | None) -> None:
        self.name = name
        self.amount = amount


class RowTable(Table):
    """A small table inside a page."""

    caption = "Schedule"
    name = tables2.Column()
    amount = MoneyColumn()

    def render_name(self, value: str, record: Row) -> str:
        """A table's own rendering is honoured."""
        return f"{value}: {record.amount is not None}"


def rendered(table: Table) -> str:
    """The table's HTML."""
    return render_to_string("components/table.html", {"table": table})


def test_cells_are_escaped_and_unknown_is_said() -> None:
    html = rendered(RowTable([Row("<b>bold</b>", None), Row("Second", Decimal(0))], orderable=False))
    assert "<b>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;: False" in html
    assert ">not known</td>" in html
    assert ">£0</td>" in html


def test_a_table_is_one_to_a_screen_reader() -> None:
    page = Elements(rendered(RowTable([Row("A", None)], orderable=False, identity="one")))
    assert next(page.all("div"))["aria-labelledby"] in page.ids()
    assert [head["scope"] for head in page.all("th")] == ["col", "col", "row"]
    assert next(page.all("td"))["data-label"] == "Amount"


def test_a_path_that_ends_early_is_unknown_but_a_wrong_name_is_an_error() -> None:
    class Deep(Table):
        last = NumberColumn(accessor="amount__families")

    assert ">not known<" in rendered(Deep([Row("A", None)]))
    with pytest.raises(AttributeError):
        rendered(Deep([Row("A", Decimal(1))]))


@pytest.mark.django_db
def test_unknown_sorts_last_in_both_directions(people: People) -> None:
    User.objects.filter(pk=people.finance.pk).update(seen_until=datetime(2026, 1, 2, tzinfo=ZoneInfo("UTC")))
    User.objects.filter(pk=people.scrutiny.pk).update(seen_until=datetime(2026, 1, 3, tzinfo=ZoneInfo("UTC")))
    up = PeopleTable(User.objects.all(), order_by="seen_until").ordered
    down = PeopleTable(User.objects.all(), order_by="-seen_until").ordered
    assert [user.pk for user in up][:2] == [people.finance.pk, people.scrutiny.pk]
    assert [user.pk for user in down][:2] == [people.scrutiny.pk, people.finance.pk]
    assert [user.pk for user in up][2:] == [user.pk for user in down][2:]


@pytest.mark.django_db
def test_choices_are_shown_in_words_and_a_link_is_made(people: People) -> None:
    table = PeopleTable(User.objects.filter(pk=people.finance.pk))
    html = rendered(table)
    assert ">Finance</td>" in html
    assert f'href="/people/{people.finance.pk}/"' in html


def test_an_address_keeps_what_is_filled() -> None:
    page = PeopleTable([], query=QueryDict("search=a&page=3"), order_by=())
    assert page.heads[0].url == "?search=a&sort=name"


# --- lists -----------------------------------------------------------------------------------------------------------


class PeopleFilter(FilterSet):
    """A search."""

    search = SearchFilter(["name__istartswith", "email__istartswith"])


class PeopleList(ListPage):
    """A register of people."""

    title, noun = "People", ("person", "people")
    table_class, filterset_class, order_by, per_page = PeopleTable, PeopleFilter, "name", 2
    downloads: ClassVar[tuple[tuple[str, str], ...]] = (("txt", "Download as text"),)

    def queryset(self) -> Any:
        """Everybody."""
        return User.objects.all()

    def export(self, queryset: Any, kind: str) -> HttpResponse:
        """The names."""
        return HttpResponse(",".join(user.name for user in queryset))


def get(view: type, address: str, user: User) -> Any:
    """The answer to a GET, rendered."""
    request = RequestFactory().get(address)
    prepare(request, user)
    response = view.as_view()(request)
    return response.render() if hasattr(response, "render") else response


@pytest.mark.django_db
def test_a_list_keeps_its_state_in_its_address(people: People) -> None:
    html = get(PeopleList, "/x/?search=&sort=-name&page=2", people.finance).content.decode()
    addresses = [attributes["href"] or "" for attributes in Elements(html).all("a") if attributes.get("href")]
    assert "?sort=name" in addresses
    assert "?sort=-name&page=1" in addresses
    assert "?sort=-name&download=txt" in addresses
    heads = {attributes.get("aria-sort") for attributes in Elements(html).all("th")}
    assert "descending" in heads


@pytest.mark.django_db
def test_a_filter_narrows_and_says_so(people: People) -> None:
    name = people.finance.name
    response = get(PeopleList, f"/x/?search={name[:5]}", people.finance)
    expected = User.objects.filter(name__istartswith=name[:5]).count()
    assert response.context_data["page"].paginator.count == expected
    assert "Clear all" in response.content.decode()
    empty = get(PeopleList, "/x/?search=nobody-at-all", people.finance).content.decode()
    assert "Nothing matches" in empty


@pytest.mark.django_db
def test_a_download_has_every_page_in_the_order_on_screen(people: People) -> None:
    names = get(PeopleList, "/x/?sort=-name&download=txt", people.finance).content.decode().split(",")
    assert names == sorted(User.objects.values_list("name", flat=True), reverse=True)
    assert len(names) > PeopleList.per_page
    assert "Download as text" in get(PeopleList, "/x/?download=exe", people.finance).content.decode()


@pytest.mark.django_db
def test_odd_addresses_still_answer(people: People) -> None:
    for query in ("page=999", "page=x", "sort=password", "sort=--name", "search=%00a", "page=-1"):
        assert get(PeopleList, f"/x/?{query}", people.finance).status_code == 200


@pytest.mark.django_db
def test_counting_stops_at_the_cap_and_sorts_nothing(people: People) -> None:
    paginator = CappedPaginator(User.objects.order_by("name"), 2, cap=3)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert (paginator.count, paginator.capped, paginator.num_pages) == (3, True, 2)
    assert len(queries) == 1
    assert "ORDER BY" not in queries[0]["sql"]
    assert paginator.words("person", "people") == "3+ people"
    exact = CappedPaginator(User.objects.order_by("name"), 2, cap=User.objects.count())
    assert not exact.capped
    assert exact.words("person", "people") == f"{User.objects.count()} people"
