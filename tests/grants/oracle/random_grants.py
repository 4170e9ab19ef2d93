"""Random grants with their rows, a list per table, written in one go at the end."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from core.models import Locality, User
from grants.models import (
    Agreement,
    Check,
    ClockStop,
    Cover,
    Fund,
    FundingAward,
    Grant,
    GrantPartner,
    Instalment,
    OutcomeReturn,
    Payment,
    Round,
    SustainabilityPlan,
    Variation,
)
from providers.models import Organisation
from tests.grants.oracle import random_grant_rows as rows
from tests.grants.oracle.chance import Chance, days_later
from tests.grants.oracle.days import months_later
from tests.grants.oracle.facts import APPROVED
from tests.grants.oracle.random_knife_edges import knife_edges

TABLES: tuple[type[Model], ...] = (
    Agreement,
    Check,
    ClockStop,
    Instalment,
    Payment,
    OutcomeReturn,
    SustainabilityPlan,
    Cover,
    Variation,
    GrantPartner,
    Grant.localities.through,
)


@dataclass(frozen=True)
class Register:
    """What the grants of one register hang on. A `prompt` one pays nearly all, soon enough to tell how soon."""

    name: str
    places: list[Locality]
    providers: list[Organisation]
    schools: list[Organisation]
    funds: list[Fund]
    rounds: list[Round]
    awards: list[FundingAward]
    prompt: bool


@dataclass
class RandomGrants:
    """Collects grants and their rows until they are written."""

    chance: Chance
    users: list[User]
    awards: list[FundingAward] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    rows: dict[type[Model], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, register: Register, count: int) -> None:
        """So many grants of one register, with all their rows."""
        grants = [
            random_grant(self.chance.at_a_look(), register, self.users, number) for number in range(count)
        ]
        self.grants += grants
        for grant in grants:
            chance = self.chance.at_a_look()
            self._collect(rows.payment_rows(chance, grant, self.users))
            self._collect(rows.support_rows(chance, grant, self.users))
            self._collect(place_rows(chance, grant, register))
        for _ in range(self.chance.pick(14, 15, 17, 20) if register.prompt else self.chance.pick(0, 3, 14)):
            self._collect([rows.variation(self.chance.at_a_look(), self.chance.pick(*grants), self.users)])
        balance(self.chance, register, grants, self.rows)
        for edge in knife_edges(self.chance, register.name, self.chance.pick(*register.funds), self.users):
            self.awards.append(edge.pop(FundingAward))
            self.grants.append(edge.pop(Grant))
            self._collect(list(edge.values()))

    def _collect(self, found: list[Any]) -> None:
        for row in found:
            self.rows[type(row)].append(row)

    def write(self) -> None:
        """Everything into the tables; what a reversal reverses goes first."""
        FundingAward.objects.bulk_create(self.awards)
        Grant.objects.bulk_create(self.grants)
        for table in TABLES:
            rows_of = self.rows[table]
            reversals = [row for row in rows_of if getattr(row, "reverses", None) is not None]
            table._default_manager.bulk_create([row for row in rows_of if row not in reversals])
            table._default_manager.bulk_create(reversals)


def balance(
    chance: Chance, register: Register, grants: list[Grant], found: dict[type[Model], list[Any]]
) -> None:
    """Totals that some of what stands against an award makes up to the pound, so that one more or less decides."""
    awards, only = register.awards, {register.funds[0]: register.awards[0]}
    for award in awards:
        mine = [grant for grant in grants if (grant.funding_award or only.get(grant.fund)) == award]
        against = [p for kind in (Instalment, Payment, OutcomeReturn) for p in found[kind] if p.grant in mine]
        if award.total_amount is not None and award.spent_means and chance.some(0.8):
            amounts = rows.amounts_against(award.spent_means, mine, against, chance.look)
            total = sum((amount for amount in amounts if chance.some(0.7)), Decimal(0))
            award.retained_share = chance.pick(None, Decimal("0.5"))
            award.total_amount = max(total, Decimal(0)) * (2 if award.retained_share else 1)
    FundingAward.objects.bulk_update(awards, ["total_amount", "retained_share"])


def place_rows(chance: Chance, grant: Grant, register: Register) -> list[Any]:
    """Its localities and partners; the lead provider may stand among the partners too."""
    through = Grant.localities.through
    places = chance.rng.sample(register.places, chance.pick(0, 1, 1, 2))
    partners = chance.rng.sample([*register.schools, register.providers[0]], chance.pick(0, 0, 1, 2))
    return [
        *(through(grant=grant, locality=place) for place in places),
        *(
            GrantPartner(grant=grant, organisation=partner, role=chance.pick("school", "school", "partner"))
            for partner in partners
        ),
    ]


def random_grant(chance: Chance, register: Register, users: list[User], number: int) -> Grant:
    """One grant, its dates about where a rule changes its mind on one of the days to look at."""
    round_ = chance.often(chance.pick(*register.rounds), 0.85)
    grant = Grant(
        ref=f"{register.name}-{number}",
        title=f"Project {number}",
        round=round_,
        fund=round_.fund if round_ else chance.pick(*register.funds),
        lead_provider=chance.often(chance.pick(*register.providers)),
        purpose=chance.pick(*["direct_support"] * 8, "training", None),
        tracked_from=chance.often(days_later(chance.looks[0], -400), 0.93),
        amount_awarded=chance.often(Decimal(chance.pick(0, 1, 2, 2, 4)) * 1000, 0.93),
        withdrawn_on=chance.often(chance.around(), 0.04),
        closed_on=chance.often(chance.around(), 0.04),
        lead_officer=chance.often(users[0], 0.6),
        finance_owner=chance.often(users[1], 0.6),
    )
    if chance.some(share_that_names_its_award(grant, register)):
        grant.funding_award = chance.pick(*register.awards)
    if chance.some(0.95):
        decide(chance, grant, users)
        if register.prompt and chance.some(0.9):
            grant.decision = "approve"
    plan_dates(chance, grant)
    if grant.decision in APPROVED and grant.tracked_from and chance.some(0.95 if register.prompt else 0.35):
        grant.first_paid_on = random_payment_date(chance, grant, register)
    return grant


def share_that_names_its_award(grant: Grant, register: Register) -> float:
    """Half where only one award can have paid; where it may be one of several, nearly all, so that most are known."""
    if grant.tracked_from is None:
        return 0.1
    return 0.5 if grant.fund == register.funds[0] else 0.97


def random_payment_date(chance: Chance, grant: Grant, register: Register) -> date:
    """Some weeks after the decision, or about now; where payment is prompt, before anybody looks."""
    assert grant.decided_on is not None
    days = chance.rng.randrange(60)
    if register.prompt and chance.some(0.95):
        return min(days_later(grant.decided_on, days), days_later(chance.looks[0], -days // 10))
    return chance.pick(days_later(grant.decided_on, days), chance.near(chance.look))


def decide(chance: Chance, grant: Grant, users: list[User]) -> None:
    """Decided about as long ago as the standard watches for; sometimes after the look, or on a Sunday."""
    standard = grant.fund.payment_standard_working_days
    ago = chance.pick(
        0, -(-standard * 3 // 4), standard * 3 // 4, standard, standard + 1, 2 * standard, 2 * standard + 1
    )
    grant.decision = chance.pick(*["approve"] * 6, *["approve_with_conditions"] * 3, "defer", "decline")
    grant.decided_on = chance.pick(
        chance.working_edge(ago), chance.working_edge(ago), days_later(chance.look, -70)
    )
    grant.decided_by = users[0]
    if chance.some(0.25):
        grant.call_in_ends_on = days_later(grant.decided_on, chance.pick(-1, 0, 4, 5, 10))


def plan_dates(chance: Chance, grant: Grant) -> None:
    """An end about an edge of the cliff, a start that makes it half over, whole years, or anything."""
    fund = grant.fund
    months = chance.pick(fund.notice_period_months, 6, 6, 12, 12, -12, 0, 3, 2, 1, 9, 10)
    ends_on = chance.pick(
        chance.month_edge(months),
        months_later(chance.look, months),
        chance.near(days_later(chance.look, fund.planned_announcement_to_first_payment_days)),
        days_later(chance.look, chance.rng.randrange(110, 240)),
        chance.near(
            months_later(
                days_later(chance.look, fund.planned_announcement_to_decision_days), fund.notice_period_months
            )
        ),
    )
    left = (ends_on - chance.look).days
    start = chance.pick(
        days_later(months_later(ends_on, -12), 1),
        days_later(months_later(ends_on, -12), 1),
        days_later(ends_on, -2 * left - chance.pick(-1, 0, 1)),
        chance.near(chance.look),
        days_later(grant.decided_on or chance.look, chance.pick(-1, 0, 20)),
        chance.around(200),
    )
    grant.ends_on = chance.often(ends_on, 0.94)
    planned_end = chance.often(chance.pick(ends_on, ends_on, days_later(ends_on, -30)), 0.95)
    known_ends = [day for day in (grant.ends_on, planned_end) if day is not None]
    if start <= min(known_ends, default=start):
        grant.planned_start = chance.often(start)
    grant.planned_end = planned_end
