"""`/reports/speed/`: how fast money reaches groups, and whose time it took."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import TemplateView

from core.web.excel import Sheet, report_workbook, table_sheet
from core.web.tables import Table
from core.web.views import Guarded
from reports.queries.speed import FundName, Speed, SpeedReader
from reports.tables.speed import (
    CurveTable,
    GroupTable,
    LeadTable,
    LongestTable,
    RowsTable,
    StepTable,
    WaitTable,
    WhoseTable,
)
from reports.views.speed_words import (
    answer,
    apart_figures,
    council_words,
    curve_points,
    group_lines,
    lead_words,
    left_out_words,
    lost_figures,
    paid_chart,
    standard_figures,
    step_lines,
    wait_lines,
    whose_bar,
    whose_parts,
)

ROUNDS_SHOWN = 25
WAYS = {
    "fund": "By fund",
    "round": "By round",
    "year": "By financial year of the decision",
    "kind": "By kind of provider",
}


class SpeedPage(Guarded, TemplateView):
    """The answer, whose time it was, the curve, then each way of telling grants apart."""

    template_name = "reports/speed.html"
    permission = "grants.view_reports"
    title = "Speed: how long groups wait for their money"

    def prepare(self) -> None:
        """The fund that the address names, if any, and every figure."""
        self.reader = SpeedReader(self.person, illustrative=self.illustrative, on=self.today)
        code = self.request.GET.get("fund", "")
        self.fund: FundName | None = self.reader.fund(code)
        if code and self.fund is None:
            raise Http404
        self.speed: Speed = self.reader.read(self.fund)

    def get(  # type: ignore[override]
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """The page, or its figures and the rows behind them as a workbook."""
        if request.GET.get("download") == "xlsx":
            return self.export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows."""
        speed = self.speed
        tables = self._tables()
        rounds = tables.pop("rounds")
        return super().get_context_data(
            title=self.title,
            speed=speed,
            fund=self.fund,
            answer=answer(speed),
            council_words=council_words(speed),
            left_out=left_out_words(speed),
            whose=whose_bar(speed),
            chart=None if speed.total.is_listed else paid_chart(speed),
            ways=[tables.pop(way) for way in WAYS if way in tables],
            tables=tables,
            rounds=rounds,
            rounds_left=len(speed.rounds) - ROUNDS_SHOWN,
            lead_words=lead_words(speed),
            standard=[(figure.name, figure.words) for figure in standard_figures(speed)],
            lost=[(figure.name, figure.words) for figure in lost_figures(speed)],
            longest=LongestTable(speed.longest, orderable=False),
            download=f"?{'fund=' + self.fund.code + '&' if self.fund else ''}download=xlsx",
            **kwargs,
        )

    def _tables(self, *, every_round: bool = False) -> dict[str, Table]:
        """The tables that page and download share, by the name of their sheet."""
        speed = self.speed
        rounds = speed.rounds if every_round else speed.rounds[:ROUNDS_SHOWN]
        tables: dict[str, Table] = {
            "waits": WaitTable(wait_lines(speed)),
            "whose": WhoseTable(whose_parts(speed), orderable=False),
        }
        if not speed.total.is_listed:
            tables["curve"] = CurveTable(curve_points(speed, paid_chart(speed)), orderable=False)
        for way, caption in WAYS.items():
            if way != "fund" or self.fund is None:
                lines = group_lines(speed.groups[way])
                tables[way] = GroupTable(lines, caption=f"{caption} (working days)", identity=f"by-{way}")
        tables["steps"] = StepTable(step_lines(speed))
        tables["rounds"] = LeadTable(rounds, orderable=False)
        return tables

    def export(self) -> HttpResponseBase:
        """Every table of the page as a sheet, then every grant behind the figures."""
        speed = self.speed
        figures = [*standard_figures(speed), *lost_figures(speed), *apart_figures(speed)]
        tables = self._tables(every_round=True)
        for table in tables.values():
            table.choose_columns_of_download()
        rows = RowsTable([], orderable=False)
        about = [
            *self.about_download(f"fund: {self.fund.name}" if self.fund else "none"),
            ("Answer", answer(speed)),
            *(("Left out", words) for words in left_out_words(speed)),
        ]
        sheets = [
            Sheet("Figures", ["Figure", "Value"], ((one.name, one.value) for one in figures)),
            *(table_sheet(SHEETS[name], table) for name, table in tables.items()),
            table_sheet("Grants", rows, self.reader.rows(self.fund)),
        ]
        return report_workbook(self.title, about, sheets)


SHEETS = {
    "waits": "Waits",
    "whose": "Whose time",
    "curve": "Curve",
    "fund": "By fund",
    "round": "By round",
    "year": "By year",
    "kind": "By provider",
    "steps": "Steps",
    "rounds": "Rounds",
}
