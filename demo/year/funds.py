"""The money and its rules: funding awards whose money is meant in three ways, three funds, seven rounds."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.models import User
from demo.year.scene import write_on
from grants.models import Fund, FunderClaim, FundingAward, FundingAwardYear, Outcome, Round
from grants.models.funds import SpentMeans
from providers.models import Organisation

INVENTED = "Illustrative: invented for a demonstration."
APRIL = 4

# Key, title, funder, total in pounds, share retained, spend by (days on), what spent means, closed (days ago).
AWARDS = (
    ("riverside", "Riverside Fund settlement", "health", 700_000, "0.0500", 174, SpentMeans.COMMITTED, None),
    ("streets", "Safe Streets allocation", "police_fund", 420_000, "0.0000", 420, SpentMeans.PAID, None),
    (
        "family",
        "Family and School programme",
        "families_programme",
        400_000,
        "0.0300",
        70,
        SpentMeans.DEFRAYED,
        None,
    ),
    ("streets_pilot", "Safe Streets pilot", "police_fund", 60_000, None, -200, SpentMeans.PAID, 150),
)
# Key, code, name, awards, and the rules in which the fund differs from the product's defaults.
FUNDS: tuple[tuple[str, str, str, tuple[str, ...], dict[str, Any]], ...] = (
    (
        "riverside",
        "RIVERSIDE",
        "Riverside Fund {year}",
        ("riverside",),
        {"second_approver_threshold": Decimal(50_000)},
    ),
    ("streets", "SAFE-STREETS", "Safe Streets Fund (illustrative)", ("streets", "streets_pilot"), {}),
    (
        "family",
        "FAMILY-SCHOOL",
        "Family and School Fund (illustrative)",
        ("family",),
        {"payment_standard_working_days": 15, "notice_period_months": 4},
    ),
)
OUTCOMES = {
    "riverside": (
        "Families get help before a crisis",
        "Children go to school more",
        "Parents feel less alone",
    ),
    "streets": ("Fewer young people are drawn into crime", "Young people feel safe where they live"),
    "family": ("Children start school ready to learn", "Families and schools work together"),
}
# Key, fund, name, then days from the day the year is told on: announced, opens, closes, decision due.
ROUNDS = (
    ("riverside_1", "riverside", "First round", (-440, -433, -396, -350)),
    ("riverside_2", "riverside", "Second round", (-125, -120, -98, -60)),
    ("streets_1", "streets", "First round", (-330, -325, -287, -245)),
    ("streets_2", "streets", "Second round", (-122, -119, -90, -70)),
    ("streets_3", "streets", "Third round", (-12, -5, 40, 85)),
    ("family_1", "family", "First round", (-650, -643, -605, -560)),
    ("family_2", "family", "Second round", (-7, -7, 11, 50)),
)


def make_awards(organisations: Mapping[str, Organisation], on: date, by: User) -> dict[str, FundingAward]:
    """The funding awards by their short keys, with a claim back to each funder."""
    return {award[0]: _award(award, organisations, on, by) for award in AWARDS}


def _award(
    plan: tuple[Any, ...], organisations: Mapping[str, Organisation], on: date, by: User
) -> FundingAward:
    key, title, funder, total, retained, spend_by, spent_means, closed = plan
    ref = f"FA-ILL-{key.upper().replace('_', '-')}"
    standing = FundingAward.objects.filter(ref=ref).first()
    if standing is not None:
        return standing
    told_on = on - timedelta(days=700)
    award = FundingAward(
        ref=ref,
        title=title,
        funder=organisations[funder],
        total_amount=Decimal(total),
        retained_share=None if retained is None else Decimal(retained),
        told_on=told_on,
        confirmed_on=told_on + timedelta(days=25),
        cash_received_on=told_on + timedelta(days=60),
        spend_by=on + timedelta(days=spend_by),
        spent_means=spent_means,
        closed_on=None if closed is None else on - timedelta(days=closed),
        conditions="Money not spent by the spend-by date goes back to the funder.",
        source=INVENTED,
        is_illustrative=True,
    )
    write_on(award, told_on, by=by, reason="Funding award recorded")
    _years_and_claims(award, on, by)
    return award


def _years_and_claims(award: FundingAward, on: date, by: User) -> None:
    """Two financial years, and one claim in each state: certified, sent, due."""
    this_year = on.year if on.month >= APRIL else on.year - 1
    half = (award.total_amount or Decimal(0)) / 2
    for year in (this_year - 1, this_year):
        FundingAwardYear.objects.create(award=award, financial_year=year, amount=half)
    dates = ((-200, -190, -160), (-60, -55, None), (45, None, None))
    for due, sent, certified in dates:
        claim = FunderClaim(
            award=award,
            amount=half / 2,
            due_on=on + timedelta(days=due),
            sent_on=None if sent is None else on + timedelta(days=sent),
            certified_on=None if certified is None else on + timedelta(days=certified),
        )
        write_on(claim, on - timedelta(days=210), by=by, reason="Claim back to the funder planned")


def make_funds(awards: Mapping[str, FundingAward], on: date, by: User) -> dict[str, Fund]:
    """The funds by their short keys, with their outcomes."""
    made: dict[str, Fund] = {}
    for key, code, name, paid_by, rules in FUNDS:
        fund = Fund.objects.filter(code=code).first()
        if fund is None:
            fund = Fund(
                code=code, name=name.format(year=on.year), source=INVENTED, is_illustrative=True, **rules
            )
            write_on(fund, on - timedelta(days=690), by=by, reason="Fund set up")
            fund.awards.set(awards[award] for award in paid_by)
            Outcome.objects.bulk_create(
                Outcome(fund=fund, code=f"{code}-{number}", text=text, is_mandatory=number == 1)
                for number, text in enumerate(OUTCOMES[key], start=1)
            )
        made[key] = fund
    return made


def make_rounds(funds: Mapping[str, Fund], on: date, by: User) -> dict[str, Round]:
    """The rounds by their short keys: closed, open in good time, and open at short notice."""
    made: dict[str, Round] = {}
    for key, fund, name, days in ROUNDS:
        ref = f"ILL-{key.upper().replace('_', '-')}"
        window = Round.objects.filter(ref=ref).first()
        if window is None:
            announced, opens, closes, due = (on + timedelta(days=day) for day in days)
            window = Round(
                ref=ref,
                fund=funds[fund],
                name=name,
                announced_on=announced,
                opens_on=opens,
                closes_on=closes,
                decision_due_on=due,
                source=INVENTED,
            )
            write_on(window, announced, by=by, reason="Round announced")
        made[key] = window
    return made
