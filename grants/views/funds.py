"""`/funds/`, `/funds/<code>/`, `/rounds/`: what is on offer, who pays for it, how long groups have to hear of it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from core.calendar import working_days
from core.web.formats import counted, pounds
from core.web.views import Guarded, ListPage
from grants.models import Fund, Round
from grants.permissions import may
from grants.queries.funds import FundTotals, RoundRow, added_up, fund_page, fund_rows, round_rows
from grants.tables import AwardTable, FundTable, RoundTable
from grants.views.totals import money_words, not_known_words


def totals_words(totals: FundTotals) -> str:
    """What a fund's grants add up to, in one sentence."""
    known = totals.money
    waiting = (
        "approved and not paid: not known"
        if totals.waiting is None
        else f"{totals.waiting:,} approved and not paid"
    )
    return " · ".join(
        [counted(totals.grants, "grant"), *money_words(known), waiting, *not_known_words(known)]
    )


def unnamed_words(grants: int) -> str:
    """Why nobody can say what may go back of the awards that pay for a fund; empty where it is known."""
    if not grants:
        return ""
    return (
        f"Which of these awards pays for {counted(grants, 'grant')} is not known, so how much of each may go back "
        "cannot be assessed."
    )


class FundsPage(Guarded, TemplateView):
    """Every fund of the register."""

    template_name = "grants/funds.html"
    permission = "grants.view_funds"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The funds and their totals."""
        rows = fund_rows(illustrative=self.illustrative)
        totals = added_up(row.totals for row in rows)
        return super().get_context_data(
            title="Funds: what there is to give and what was given",
            summary=f"{counted(len(rows), 'fund')} · {totals_words(totals)}",
            table=FundTable(rows, orderable=False),
            **kwargs,
        )


class FundPageView(Guarded, TemplateView):
    """One fund: who pays for it, its rounds, its standards, its outcomes, what its grants add up to."""

    template_name = "grants/fund.html"
    permission = "grants.view_funds"

    def prepare(self) -> None:
        """Find the fund."""
        self.fund = get_object_or_404(Fund, code=self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The fund and everything around it."""
        page = fund_page(self.fund, self.today, working_days())
        rounds = RoundTable(page.rounds, orderable=False, may_extend=may(self.person, "grants.extend_round"))
        rounds.columns.hide("fund")
        return super().get_context_data(
            title=self.fund.name,
            fund=self.fund,
            summary=totals_words(page.totals),
            awards=AwardTable(page.awards, orderable=False, may_change=may(self.person, "grants.vary_grant")),
            unnamed=unnamed_words(page.unnamed),
            rounds=rounds,
            outcomes=page.outcomes,
            standards=self._standards(),
            **kwargs,
        )

    def _standards(self) -> list[tuple[str, str]]:
        fund = self.fund
        threshold = fund.second_approver_threshold
        return [
            ("First payment within", counted(fund.payment_standard_working_days, "working day")),
            (
                "Groups hear of a round before it closes by",
                counted(fund.information_norm_working_days, "working day"),
            ),
            ("Notice that money ends", counted(fund.notice_period_months, "calendar month")),
            ("Returns every", counted(fund.return_period_months, "calendar month")),
            (
                "Second approver above",
                pounds(threshold) if threshold is not None else "no amount: one person is enough",
            ),
            ("Planned: announcement to decision", counted(fund.planned_announcement_to_decision_days, "day")),
            (
                "Planned: announcement to first payment",
                counted(fund.planned_announcement_to_first_payment_days, "day"),
            ),
            (
                "Planned: proposal to extend to decision",
                counted(fund.planned_proposal_to_decision_days, "day"),
            ),
        ]


class RoundsPage(ListPage):
    """Every bidding window, the newest first."""

    title = "Rounds: when groups could bid and how long they had to hear of it"
    noun = ("round", "rounds")
    permission = "grants.view_funds"
    table_class = RoundTable
    order_by = "-announced_on"

    def queryset(self) -> QuerySet[Round]:
        """The rounds of this register."""
        return Round.objects.filter(fund__is_illustrative=self.illustrative)

    def records(self, page: QuerySet[Round]) -> Sequence[RoundRow]:
        """With their lead times."""
        return round_rows(page, self.today, working_days())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the action for those who may extend a round."""
        if may(self.person, "grants.extend_round"):
            self.table.columns.show("act")
        return super().get_context_data(**kwargs)
