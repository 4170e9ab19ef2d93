"""`/grants/`: the register."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from core.calendar import working_days
from core.models import Role
from core.web.views import ListPage
from grants.filters import GrantFilter, ProviderGrantFilter, ScrutinyGrantFilter
from grants.models import Grant
from grants.queries.decisions import GrantRow, register_rows, totals
from grants.tables import GrantTable
from grants.views.totals import money_words, not_known_words

FILTERS: dict[str, type[GrantFilter]] = {
    Role.SCRUTINY: ScrutinyGrantFilter,
    Role.PROVIDER: ProviderGrantFilter,
}
HIDDEN_COLUMNS: dict[str, tuple[str, ...]] = {
    Role.SCRUTINY: ("families", "people", "unit"),
    Role.PROVIDER: ("provider", "levels", "level_words"),
}
TOTALS_UP_TO = 2_000


class RegisterPage(ListPage):
    """Every grant that a person may see, with what was awarded, paid, how fast, when it ends and for whom."""

    template_name = "grants/register.html"
    title = "Grants: who got what, how fast, until when"
    noun = ("grant", "grants")
    table_class = GrantTable
    order_by = "title"
    roles = (Role.COMMISSIONER, Role.FINANCE, Role.ADMINISTRATOR, Role.SCRUTINY, Role.PROVIDER)
    request: HttpRequest
    totals_up_to: ClassVar[int] = TOTALS_UP_TO

    def prepare(self) -> None:
        """The role decides the filters and columns; the filters take the page's date and its calendar."""
        self.calendar = working_days()
        self.request.on, self.request.calendar = self.today, self.calendar  # type: ignore[attr-defined]
        self.filterset_class = FILTERS.get(self.person.role, GrantFilter)  # type: ignore[misc]

    def queryset(self) -> QuerySet[Grant]:
        """The grants of this register that the person may see."""
        return Grant.objects.visible_to(self.person).in_register(illustrative=self.illustrative)

    def summary(self, queryset: QuerySet[Grant], count: str) -> str:
        """ "47 grants · £612,400 awarded · £431,250 paid · 3 amounts not known"; a very long list is only counted."""
        if self.paginator.count > self.totals_up_to:
            return f"{count} · narrow the list to {self.totals_up_to:,} or fewer to see what they add up to"
        found = totals(queryset)
        return " · ".join([count, *money_words(found), *not_known_words(found)])

    def records(self, page: QuerySet[Grant]) -> list[GrantRow]:
        """The rows of this page with their figures."""
        return register_rows(
            page, on=self.today, calendar=self.calendar, with_people=not self.hides("families")
        )

    def hides(self, column: str) -> bool:
        """Whether a column is not for this person's role."""
        return column in HIDDEN_COLUMNS.get(self.person.role, ())

    def hide_columns(self) -> None:
        """Without the columns that are not for this role."""
        for column in HIDDEN_COLUMNS.get(self.person.role, ()):
            self.table.columns.hide(column)
