"""`/returns/`: what providers report, by when, and what is late."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.models import Role
from core.web.views import ListPage
from grants.filters import ReturnFilter
from grants.models import OutcomeReturn
from grants.queries.returns import ReturnRow, in_words, return_rows, state_counts, visible_returns
from grants.queries.tracking import tracking
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
    not_assessed = ""

    def prepare(self) -> None:
        """The filters take the page's date."""
        self.request.on = self.today  # type: ignore[attr-defined]

    def queryset(self) -> QuerySet[OutcomeReturn]:
        """The returns that the person may read."""
        return visible_returns(self.person, illustrative=self.illustrative)

    def summary(self, queryset: QuerySet[OutcomeReturn], count: str) -> str:
        """ "24 returns: 2 late, 3 due, 19 accepted"; of a very long list only what is still to be done is counted."""
        if not self.paginator.count:
            known = tracking(self.person, illustrative=self.illustrative)
            if known.is_nothing_known:
                self.not_assessed = f"What is due and what came {known.nothing_known_words}."
                return self.not_assessed
        counts = state_counts(queryset, self.today, open_only=self.paginator.capped)
        return f"{count}: {in_words(counts.items())}" if any(counts.values()) else count

    def records(self, page: QuerySet[OutcomeReturn]) -> list[ReturnRow]:
        """The rows of this page."""
        return return_rows(page, self.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With why there is none, where nothing is tracked."""
        context = super().get_context_data(**kwargs)
        return {**context, "nothing": "No return is recorded." if self.not_assessed else ""}
