"""`/reports/sustainability/`: what ends when, for whom, and until when there is time to act."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.web.excel import Sheet, report_workbook, table_sheet
from core.web.formats import counted, day
from core.web.tables import heading
from core.web.views import ListPage
from grants.models import Grant
from grants.queries.sustainability import support_ending
from grants.queries.worklist import checked_on
from grants.rules.safe_date import bases_words
from reports.filters import EndingFilter
from reports.queries.endings import EndingLine, ending_lines
from reports.queries.sustainability import Sustainability, sustainability
from reports.tables.sustainability import HIDDEN_WORDS, EndingTable, FigureTable, PlaceTable, SumLine
from reports.views.sustainability_words import (
    answer,
    ended_words,
    families_chart,
    left_out_words,
    levels_words,
    money_chart,
    money_words,
    month_words,
    safe_words,
)


class SustainabilityPage(ListPage):
    """The answer, the calendar of endings, the places where they meet, then each grant."""

    template_name = "reports/sustainability.html"
    permission = "grants.view_reports"
    title = "Sustainability: what ends when, and for whom"
    noun = ("grant", "grants")
    table_class = EndingTable
    filterset_class = EndingFilter
    order_by = "ends_on"
    downloads = (("xlsx", "Download the figures and the rows behind them (Excel)"),)

    @cached_property
    def found(self) -> Sustainability:
        """The figures, as this reader may see them: the same whatever is filtered."""
        return sustainability(self.person, on=self.today, illustrative=self.illustrative)

    def queryset(self) -> QuerySet[Grant]:
        """The grants behind the figures."""
        return support_ending(self.person, on=self.today, illustrative=self.illustrative)

    def records(self, page: QuerySet[Grant]) -> list[EndingLine]:
        """The rows of this page."""
        return ending_lines(page, self.found)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands above the list."""
        found = self.found
        when, calendar, places = self._tables()
        return super().get_context_data(
            found=found,
            answer=answer(found),
            money=money_words(found),
            ended=ended_words(found),
            left_out=left_out_words(found.not_assessed),
            levels=levels_words(found),
            safe=safe_words(found),
            families_chart=families_chart(found),
            money_chart=money_chart(found),
            when=when,
            calendar=calendar,
            places=places,
            places_left=found.places_count - len(found.places),
            flags_url=f"{reverse('flags')}?rule=cluster" if self.person.is_officer else "",
            checked=checked_on(),
            hidden_words=HIDDEN_WORDS if found.hides else "",
            **kwargs,
        )

    def _tables(self) -> tuple[FigureTable, FigureTable, PlaceTable]:
        """By when, month by month, and place by place; a column that would hold nothing but 0 is left out."""
        found = self.found
        lines = [SumLine(self._until(place), each) for place, (_, each) in enumerate(found.by)]
        lines += [
            SumLine("In the next 12 months together", found.ahead),
            SumLine("Ended in the last 12 months", found.ended),
        ]
        months = [SumLine(month_words(month), each) for month, each in found.months]
        places = [SumLine(at.name, each, at.kind, at.first, at.last) for at, each in found.places]
        tables = (
            FigureTable(lines, orderable=False, caption="By when", identity="by-when"),
            FigureTable(months, orderable=False, caption="Month by month", identity="calendar"),
            PlaceTable(places, orderable=False),
        )
        for column in ("children", "pounds_not_known"):
            if not any(getattr(each, column) for each in (found.ahead, found.ended)):
                for table in tables:
                    table.columns.hide(column)
        return tables

    def _until(self, place: int) -> str:
        until = f"By {day(self.found.by[place][0])}"
        return until if place == 0 else f"After that, b{until[1:]}"

    def export(self, queryset: QuerySet[Grant], kind: str) -> HttpResponseBase:
        """The figures as they stand on the page, then every grant that is listed."""
        when, calendar, places = self._tables()
        headings = [heading(column) for column in self.table.visible_columns]
        sheets = [
            table_sheet("By when", when),
            table_sheet("Months", calendar),
            table_sheet("Places", places),
            Sheet("Grants", headings, self._export_rows(queryset)),
        ]
        return report_workbook(self.title, [*self._about(), *self._notes()], sheets)

    def _notes(self) -> Sequence[tuple[str, str]]:
        found = self.found
        checked = checked_on()
        notes = [
            ("Answer", answer(found)),
            ("Ended", ended_words(found)),
            ("Left out", left_out_words(found.not_assessed)),
            ("Places as at", day(checked) if checked else ""),
            ("Latest safe date", bases_words(found.bases) if found.grants else ""),
            ("c", HIDDEN_WORDS if found.hides else ""),
            ("Rows", counted(found.grants, "grant")),
        ]
        return [(label, words) for label, words in notes if words]
