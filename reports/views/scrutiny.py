"""`/reports/scrutiny/`: each resolution of the committee, answered by a rule that is stated beside it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from core.calendar import working_days
from core.web.excel import Sheet, report_workbook
from core.web.formats import day
from core.web.views import Guarded
from grants.models import Grant
from reports.queries.resolution_rows import early_help_rows, speed_rows
from reports.queries.resolutions import SPEED, Answered, answers
from reports.views.resolution_words import ANSWER_WORDS, AnswerBlock, answer_block

TITLE = "Scrutiny: what became of the committee’s resolutions"
SPEED_HEADINGS = (
    "Grant",
    "Reference",
    "Provider",
    "Fund",
    "Decided",
    "First payment",
    "Standard (working days)",
    "Council’s time (working days)",
    "Answer",
)
EARLY_HELP_HEADINGS = (
    "Grant",
    "Reference",
    "Provider",
    "Fund",
    "Purpose",
    "Awarded",
    "Ends",
    "Sustainability plan recorded",
)


class ScrutinyPage(Guarded, TemplateView):
    """One block for each resolution; the same as a workbook, with the grants behind it."""

    template_name = "reports/scrutiny.html"
    permission = "grants.view_reports"

    def get(  # type: ignore[override]
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """The page, or the workbook."""
        found = answers(self.person, on=self.today, illustrative=self.illustrative, calendar=working_days())
        blocks = [answer_block(one) for one in found]
        if request.GET.get("download") == "xlsx":
            return self._workbook(found, blocks)
        return self.render_to_response(
            self.get_context_data(
                title=TITLE, blocks=blocks, illustrative=self.illustrative, as_at=self.today
            )
        )

    def _workbook(self, found: list[Answered], blocks: list[AnswerBlock]) -> HttpResponseBase:
        return report_workbook(
            TITLE, self.about_download("none"), [_answers_sheet(blocks), *self._rows(found)]
        )

    def _rows(self, found: list[Answered]) -> Iterator[Sheet]:
        """The grants behind each answer, drawn as they are written."""
        grants = Grant.objects.visible_to(self.person).in_register(illustrative=self.illustrative)
        for one in found:
            name = f"Resolution {one.resolution.number}"
            if one.resolution.number == SPEED:
                rows = speed_rows(grants, self.today, working_days())
                lines = ((r.title, r.ref, r.provider, r.fund, *r[4:8], ANSWER_WORDS[r.answer]) for r in rows)
                yield Sheet(name, SPEED_HEADINGS, lines)
            else:
                behind = early_help_rows(grants.filter(fund__code__in=[fund.code for fund in one.funds]))
                yield Sheet(name, EARLY_HELP_HEADINGS, ((r.title, r.ref, *r[2:]) for r in behind))


def _answers_sheet(blocks: list[AnswerBlock]) -> Sheet:
    """Everything that the page says, a line for each thing."""
    return Sheet("Answers", ("Resolution", "What", "Answer"), _answer_lines(blocks))


def _answer_lines(blocks: list[AnswerBlock]) -> Iterator[tuple[int, str, str]]:
    for block in blocks:
        resolution = block.resolution
        yield resolution.number, "Text", resolution.text
        yield resolution.number, "Committee", f"{resolution.committee}, {day(resolution.on)}"
        yield resolution.number, "State", block.state
        yield resolution.number, "Answer", block.sentence
        yield resolution.number, "Rule", block.rule
        for figure, words in block.figures:
            yield resolution.number, words, figure
        for words in block.not_known:
            yield resolution.number, "Not known", words
        yield resolution.number, "Funds in scope", block.funds
        yield resolution.number, "How it is taken", resolution.interpretation
