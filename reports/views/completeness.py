"""`/reports/` and `/reports/completeness/`: which reports there are, and what is not known."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from core.web.formats import counted
from core.web.views import Guarded
from grants.permissions import may
from reports.queries.completeness import Missing, missing
from reports.tables.completeness import MissingTable

# Words, address, the question it answers, and the permission to open it.
REPORTS = (
    ("Scrutiny", "scrutiny", "What became of the committee’s resolutions?", "grants.view_reports"),
    ("Speed", "speed", "How fast is money paid, and whose time is it?", "grants.view_reports"),
    ("Sustainability", "sustainability", "What ends when, and for whom?", "grants.view_reports"),
    ("Completeness", "completeness", "What is not known, and who could say?", "grants.view_completeness"),
)


class ReportsPage(Guarded, TemplateView):
    """The reports that the reader may open."""

    template_name = "reports/reports.html"
    permission = "grants.view_reports"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each report with the question it answers."""
        reports = [
            (label, reverse(name), question)
            for label, name, question, permission in REPORTS
            if may(self.person, permission)
        ]
        return super().get_context_data(title="Reports: what the register answers", reports=reports, **kwargs)


class CompletenessPage(Guarded, TemplateView):
    """What is not known, how many grants, who could say."""

    template_name = "reports/completeness.html"
    permission = "grants.view_completeness"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is missing, and what is complete."""
        found = missing(self.person, illustrative=self.illustrative, on=self.today)
        acts = may(self.person, "grants.vary_grant")
        gaps = [one if acts else replace(one, first_ref=None) for one in found if one.count]
        tracking = next(one for one in found if one.key == "untracked")
        empty = {} if tracking.asked_of else {"empty_text": "No grant is recorded in this register."}
        return super().get_context_data(
            title="Completeness: what is not known, and who could say",
            summary=self._summary(len(gaps), tracking.count),
            table=MissingTable(gaps, orderable=False, **empty),
            complete=[self._known_words(one) for one in found if one.is_complete and one is not tracking],
            **kwargs,
        )

    def _known_words(self, one: Missing) -> str:
        """ "No end date" as what is known: "end date"."""
        return one.what.removeprefix("No ").removesuffix(" recorded").lower()

    def _summary(self, gaps: int, untracked: int) -> str:
        words = f"{counted(gaps, 'kind of fact is', 'kinds of facts are')} not known somewhere"
        return f"{words} · {counted(untracked, 'grant')} cannot be assessed: not tracked"
