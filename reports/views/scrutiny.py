"""`/reports/scrutiny/`: each resolution of the committee, answered by a rule that is stated beside it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from core.calendar import working_days
from core.web.excel import Sheet, report_workbook
from core.web.formats import CANNOT_BE_ASSESSED, NOT_KNOWN, day
from core.web.views import Guarded
from grants.models import Grant
from reports.queries.resolution_rows import EarlyHelpRow, SpeedRow, early_help_rows, speed_rows
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
                yield Sheet(name, SPEED_HEADINGS, map(_speed_line, rows))
            else:
                in_scope = grants.filter(fund__code__in=[fund.code for fund in one.funds])
                behind = early_help_rows(in_scope, self.today)
                yield Sheet(name, EARLY_HELP_HEADINGS, map(_early_help_line, behind))


def _speed_line(row: SpeedRow) -> tuple[Any, ...]:
    """One grant: what has not happened is not called unknown, where it is tracked."""
    unpaid, not_begun = ("not paid", "not started") if row.tracked else (NOT_KNOWN, CANNOT_BE_ASSESSED)
    return (
        row.title,
        row.ref,
        row.provider,
        row.fund,
        row.decided_on,
        row.first_paid_on or unpaid,
        row.standard_working_days,
        not_begun if row.council_working_days is None else row.council_working_days,
        ANSWER_WORDS[row.answer],
    )


def _early_help_line(row: EarlyHelpRow) -> tuple[Any, ...]:
    """One grant: of a tracked one it is known that no plan is recorded."""
    plan = row.planned_on or ("none" if row.tracked else NOT_KNOWN)
    return (row.title, row.ref, row.provider, row.fund, row.purpose, row.awarded, row.ends_on, plan)


def _answers_sheet(blocks: list[AnswerBlock]) -> Sheet:
    """Everything that the page says, a line for each thing."""
    return Sheet("Answers", ("Resolution", "What", "Answer", "Out of"), _answer_lines(blocks))


def _answer_lines(blocks: list[AnswerBlock]) -> Iterator[tuple[Any, ...]]:
    for block in blocks:
        resolution = block.resolution
        said = [
            ("Text", resolution.text, ""),
            ("Committee", f"{resolution.committee}, {day(resolution.on)}", ""),
            ("State", block.state, ""),
            ("Answer", block.sentence, ""),
            ("Rule", block.rule, ""),
            *((one.name, one.value, "" if one.of is None else one.of) for one in block.measured),
            *(("Not known", words, "") for words in block.not_known),
            ("Funds in scope", block.funds, ""),
            *(("Which funds", words, "") for words in [block.which_funds] if words),
            ("How it is taken", resolution.interpretation, ""),
        ]
        yield from ((resolution.number, *line) for line in said)
