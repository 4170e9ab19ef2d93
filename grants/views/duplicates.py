"""`/providers/duplicates/`: records that look like one organisation, for a person to decide."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy

from core.web.views import FormPage, ListPage
from grants.forms.imports import SayIfSameForm
from grants.operations.duplicates import say_if_same
from grants.operations.imports import MAY_IMPORT
from grants.queries.duplicates import both_rows, open_duplicates
from grants.tables.imports import DuplicateTable, OrganisationTable
from providers.models import Likeness, ProbableDuplicate


class DuplicatesPage(ListPage):
    """The pairs that nobody has looked at."""

    title = "Probable duplicates: is this one organisation or two?"
    noun = ("pair", "pairs")
    permission = MAY_IMPORT
    table_class = DuplicateTable
    template_name = "grants/duplicates.html"
    order_by = "found_on"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With which register it is: lists are imported into the real one alone."""
        return super().get_context_data(illustrative=self.illustrative, **kwargs)

    def queryset(self) -> "QuerySet[ProbableDuplicate]":
        """The pairs of this register."""
        return open_duplicates().filter(older__is_illustrative=self.illustrative)


class DuplicatePage(FormPage):
    """One pair: what is known of both, and the question."""

    title = "Is this one organisation or two?"
    permission = MAY_IMPORT
    form_class = SayIfSameForm
    template_name = "grants/duplicate.html"
    success_url = reverse_lazy("duplicates")
    back_label = "Back to probable duplicates"
    pair: ProbableDuplicate

    def prepare(self) -> None:
        """Find the pair, answered or not."""
        pairs = ProbableDuplicate.objects.select_related("older", "newer", "decided_by")
        self.pair = get_object_or_404(pairs, pk=self.kwargs["pk"])

    def operate(self, form: Any) -> ProbableDuplicate:
        """Record the answer."""
        return say_if_same(
            duplicate=self.pair, likeness=form.cleaned_data["likeness"], by=self.person, on=self.today
        )

    def get_success_message(self, result: ProbableDuplicate) -> str:
        """What follows from it."""
        if result.state == Likeness.SAME:
            return f"{result.newer} is now one record with {result.older}."
        return f"{result.newer} and {result.older} stay two organisations."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both records, why they were found alike, and the answer where there is one."""
        return super().get_context_data(
            why=self.pair.why,
            table=OrganisationTable(both_rows(self.pair)),
            answered=self.pair.get_state_display() if self.pair.state != Likeness.OPEN else "",
            **kwargs,
        )
