"""Funds, their awards and rounds, with what their grants add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from core.rules.working_days import WorkingDays
from grants.models import Fund, FundingAward, Grant, Outcome, Round
from grants.models.decisions import IS_AWAITING_FIRST_PAYMENT
from grants.queries.decisions import Totals, known_sum
from grants.queries.paying import is_to_be_paid_for
from grants.queries.pounds import Pounds, signed_amount
from grants.rules.slow import information_lead_time_working_days

NOTHING = Decimal(0)


class FundTotals(NamedTuple):
    """What a fund's grants add up to: numbers of grants, and pounds as far as they are known.

    `is_money_known` says whether it is known what was awarded for the fund: without that, that no grant is recorded
    does not mean that nothing was given.
    """

    grants: int = 0
    awarded_known: Decimal = NOTHING
    amounts_not_known: int = 0
    waiting_known: int = 0
    untracked: int = 0
    paid_known: Decimal = NOTHING
    is_money_known: bool = False

    @property
    def money(self) -> Totals:
        """The same, with None for pounds of which not one amount is known."""
        if self.is_nothing_known:
            return Totals(0, None, 0, None, 0)
        return Totals(
            self.grants,
            known_sum(self.awarded_known, self.grants, self.amounts_not_known),
            self.amounts_not_known,
            known_sum(self.paid_known, self.grants, self.untracked),
            self.untracked,
        )

    @property
    def is_nothing_known(self) -> bool:
        """Whether there are neither grants nor a sum that could be given."""
        return not self.grants and not self.is_money_known

    @property
    def waiting(self) -> int | None:
        """Grants approved and not paid; None where no grant is tracked."""
        is_known = not self.is_nothing_known and (not self.grants or self.grants > self.untracked)
        return self.waiting_known if is_known else None


def added_up(totals: Iterable[FundTotals]) -> FundTotals:
    """Several funds' totals as one."""
    found = list(totals)
    return FundTotals(
        grants=sum(each.grants for each in found),
        awarded_known=sum((each.awarded_known for each in found), NOTHING),
        amounts_not_known=sum(each.amounts_not_known for each in found),
        waiting_known=sum(each.waiting_known for each in found),
        untracked=sum(each.untracked for each in found),
        paid_known=sum((each.paid_known for each in found), NOTHING),
        is_money_known=bool(found) and all(each.is_money_known for each in found),
    )


@dataclass(frozen=True, slots=True)
class FundRow:
    """One fund of the list."""

    code: str
    name: str
    standard_working_days: int
    totals: FundTotals

    @property
    def grants(self) -> int:
        """How many grants it made."""
        return self.totals.grants

    @property
    def awarded(self) -> Decimal | None:
        """Pounds awarded, as far as known; None where no amount is."""
        return self.totals.money.awarded

    @property
    def paid(self) -> Decimal | None:
        """Pounds paid, less what came back; None where no grant is tracked."""
        return self.totals.money.paid

    @property
    def waiting(self) -> int | None:
        """Grants approved and not paid; None where no grant is tracked."""
        return self.totals.waiting


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One bidding window. Lead times are working days; `state` says where it is on the day."""

    ref: str
    name: str
    fund: str
    fund_code: str
    announced_on: date | None
    opens_on: date | None
    closes_on: date | None
    decision_due_on: date | None
    lead_time: int | None
    norm: int
    state: str

    @property
    def is_short(self) -> bool:
        """Whether groups heard later than the fund's norm allows."""
        return self.lead_time is not None and self.lead_time < self.norm


@dataclass(frozen=True, slots=True)
class FundPage:
    """One fund with everything around it. `unnamed` counts the grants of which it is not known which award pays."""

    fund: Fund
    awards: Sequence[FundingAward]
    rounds: Sequence[RoundRow]
    outcomes: Sequence[Outcome]
    totals: FundTotals
    unnamed: int


def totals_by_fund(grants: QuerySet[Grant]) -> dict[int, FundTotals]:
    """The totals of each fund of these grants: two queries."""
    lines = grants.order_by().filter(payments__isnull=False).values_list("fund_id")
    paid = dict(lines.annotate(total=Pounds(Sum(signed_amount("payments__")))))
    rows = (
        grants.order_by()
        .values_list("fund_id")
        .annotate(
            n=Count("pk"),
            awarded=Sum("amount_awarded"),
            not_known=Count("pk", filter=Q(amount_awarded__isnull=True)),
            waiting=Count("pk", filter=IS_AWAITING_FIRST_PAYMENT),
            untracked=Count("pk", filter=Q(tracked_from__isnull=True)),
        )
    )
    return {
        fund_id: FundTotals(n, awarded or NOTHING, not_known, waiting, untracked, paid.get(fund_id, NOTHING))
        for fund_id, n, awarded, not_known, waiting, untracked in rows
    }


def fund_rows(*, illustrative: bool) -> list[FundRow]:
    """Every fund of one register with its totals: three queries."""
    totals = totals_by_fund(Grant.objects.in_register(illustrative=illustrative))
    of_known_sum = FundingAward.objects.filter(funds=OuterRef("pk"), total_amount__isnull=False)
    funds = Fund.objects.filter(is_illustrative=illustrative).order_by("name")
    return [
        FundRow(
            fund.code,
            fund.name,
            fund.payment_standard_working_days,
            totals.get(fund.pk, FundTotals())._replace(is_money_known=fund.is_money_known),
        )
        for fund in funds.annotate(is_money_known=Exists(of_known_sum))
    ]


def round_state(row: Round, on: date) -> str:
    """Where a round is on a day: coming, open, closed, or not known."""
    if row.closes_on is not None and row.closes_on < on:
        return "closed"
    opens = row.opens_on or row.announced_on
    if opens is None:
        return "unknown"
    return "due" if opens > on else "open"


def round_rows(rounds: QuerySet[Round], on: date, calendar: WorkingDays) -> list[RoundRow]:
    """Rounds with their information lead time: one query."""
    return [
        RoundRow(
            ref=row.ref,
            name=row.name,
            fund=row.fund.name,
            fund_code=row.fund.code,
            announced_on=row.announced_on,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            decision_due_on=row.decision_due_on,
            lead_time=information_lead_time_working_days(row.announced_on, row.closes_on, calendar),
            norm=row.fund.information_norm_working_days,
            state=round_state(row, on),
        )
        for row in rounds.select_related("fund")
    ]


def fund_page(fund: Fund, on: date, calendar: WorkingDays) -> FundPage:
    """One fund: five queries, or six where several awards pay for it."""
    awards = list(fund.awards.select_related("funder"))
    totals = totals_by_fund(fund.grants.all()).get(fund.pk, FundTotals())
    return FundPage(
        fund=fund,
        awards=awards,
        rounds=round_rows(fund.rounds.order_by("-announced_on", "ref"), on, calendar),
        outcomes=list(fund.outcomes.all()),
        totals=totals._replace(is_money_known=any(one.total_amount is not None for one in awards)),
        unnamed=fund.grants.filter(is_to_be_paid_for(on), funding_award__isnull=True).count()
        if len(awards) > 1
        else 0,
    )
