"""`/returns/`: what providers report, by when, and what is late."""

from django.db.models import QuerySet
from django.http import HttpRequest

from core.models import Role
from core.web.views import ListPage
from grants.filters import ReturnFilter
from grants.models import OutcomeReturn
from grants.queries.returns import ReturnRow, in_words, return_rows, state_counts, visible_returns
from grants.tables import ReturnTable


class ReturnsPage(ListPage):
    """Due, late, submitted, sent back, accepted; the next due first."""

    title = "Returns: what is due, late, submitted and accepted"
    noun = ("return", "returns")
    roles = (Role.COMMISSIONER, Role.FINANCE, Role.ADMINISTRATOR, Role.PROVIDER)
    table_class = ReturnTable
    filterset_class = ReturnFilter
    order_by = "-due_on"
    request: HttpRequest

    def prepare(self) -> None:
        """The filters take the page's date."""
        self.request.on = self.today  # type: ignore[attr-defined]

    def queryset(self) -> QuerySet[OutcomeReturn]:
        """The returns that the person may read."""
        return visible_returns(self.person, illustrative=self.illustrative)

    def summary(self, queryset: QuerySet[OutcomeReturn], count: str) -> str:
        """ "24 returns: 2 late, 3 due, 19 accepted"; of a very long list only what is still to be done is counted."""
        counts = state_counts(queryset, self.today, open_only=self.paginator.capped)
        return f"{count}: {in_words(counts.items())}" if any(counts.values()) else count

    def records(self, page: QuerySet[OutcomeReturn]) -> list[ReturnRow]:
        """The rows of this page."""
        return return_rows(page, self.today)
