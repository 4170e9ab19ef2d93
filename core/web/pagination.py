"""Pages of long lists without counting every row."""

from collections.abc import Iterator
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from core.web.formats import counted

COUNT_CAP = 10_000


class CappedPaginator(Paginator):
    """Counts at most `cap` rows. Beyond that it says "10,000+" and offers those; filters reach the rest."""

    def __init__(self, object_list: QuerySet, per_page: int, cap: int = COUNT_CAP) -> None:
        super().__init__(object_list, per_page)
        self.cap = cap

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by().values("pk")[: self.cap + 1].count()
        return len(self.object_list)

    @property
    def capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self.cap

    @cached_property
    def count(self) -> int:
        """Rows that pages are made of."""
        return min(self._counted, self.cap)

    def words(self, one: str, many: str = "") -> str:
        """The count with its noun: "47 grants", "10,000+ grants"."""
        if self.capped:
            return f"{self.cap:,}+ {many or one + 's'}"
        return counted(self.count, one, many)


def page_links(page: "Page", query: str) -> Iterator[tuple[str, str, bool]]:
    """(number or "…", address, is this the current page) for the pagination component.

    `query` is the query string to keep, without the page number; "…" has an empty address.
    """
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            yield str(number), page_address(query, number), number == page.number
        else:
            yield "…", "", False


def page_address(query: str, number: int) -> str:
    """The relative address of one page of the list."""
    return f"?{query}&page={number}" if query else f"?page={number}"
