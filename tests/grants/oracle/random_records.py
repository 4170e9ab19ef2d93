"""A random register, written straight into the tables: valid rows only, everything that may be unknown sometimes is."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.models import ClosureDay, Locality, User
from grants.models import Fund, FundingAward, Round
from providers.models import Organisation
from tests.grants.oracle.chance import Chance, days_later
from tests.grants.oracle.days import months_later
from tests.grants.oracle.random_grants import RandomGrants, Register

PLACES, PROVIDERS, SCHOOLS, FUNDS, ROUNDS, AWARDS = 6, 7, 3, 3, 4, 10


def write_random_register(seed: int, n: int = 60) -> list[date]:
    """Writes `n` grants, half real and half illustrative, with all around them; gives four days to raise flags on.

    The same seed writes the same rows. The calendar has to be told of the closure days by whoever keeps it.
    """
    chance = Chance.seeded(seed)
    ClosureDay.objects.bulk_create(
        [ClosureDay(date=day, reason="Training") for day in sorted(chance.working_days.closures)]
    )
    users = [
        User(
            email=f"officer-{number}@example.org", name=f"Officer {number}", role="commissioner", password="!"
        )
        for number in range(2)
    ]
    User.objects.bulk_create(users)
    writer = RandomGrants(chance, users)
    for illustrative in (False, True):
        writer.add(write_surroundings(chance, illustrative=illustrative), count=n // 2)
    writer.write()
    return chance.looks


def write_surroundings(chance: Chance, *, illustrative: bool) -> Register:
    """One register's places, organisations, funds, rounds and awards; one award alone pays for the first fund."""
    name = "demo" if illustrative else "real"
    kept = {"is_illustrative": illustrative}
    places = [Locality(slug=f"{name}-{i}", name=f"{name} {i}", **kept) for i in range(PLACES)]
    providers = [Organisation(ref=f"{name}-lead-{i}", name=f"Lead {i}", **kept) for i in range(PROVIDERS)]
    schools = [Organisation(ref=f"{name}-school-{i}", name=f"School {i}", **kept) for i in range(SCHOOLS)]
    Locality.objects.bulk_create(places)
    Organisation.objects.bulk_create([*providers, *schools])
    funds = [random_fund(chance, f"{name}-fund-{i}", **kept) for i in range(FUNDS)]
    Fund.objects.bulk_create(funds)
    awards = [random_award(chance.at_a_look(), f"{name}-award-{i}", funds, **kept) for i in range(AWARDS)]
    FundingAward.objects.bulk_create(awards)
    awards[0].funds.set(funds[:1])
    for award in awards[1:]:
        award.funds.set(chance.rng.sample(funds[1:], chance.pick(0, 1, 1, 2)))
    prompt = chance.some(0.5)
    ago = (110, 120, 135, 150) if prompt else (110, 135, 200, 300, 420)
    rounds = [
        random_round(chance, f"{name}-round-{i}", chance.pick(*funds), chance.pick(*ago))
        for i in range(ROUNDS)
    ]
    live = [
        random_live_round(chance.at_a_look(), f"{name}-live-{i}", chance.pick(*funds)) for i in range(ROUNDS)
    ]
    Round.objects.bulk_create([*rounds, *live])
    return Register(name, places, providers, schools, funds, rounds, awards, prompt)


def random_fund(chance: Chance, code: str, **kept: Any) -> Fund:
    """A fund whose standards differ from the product's as often as not."""
    to_decision = chance.pick(60, 90)
    return Fund(
        code=code,
        name=code,
        payment_standard_working_days=chance.pick(5, 10, 21, 21, 22),
        information_norm_working_days=chance.pick(20, 30),
        notice_period_months=chance.pick(0, 1, 3, 3, 6, 13),
        return_period_months=chance.pick(1, 3, 3, 6),
        planned_announcement_to_decision_days=to_decision,
        planned_announcement_to_first_payment_days=to_decision + chance.pick(0, 45, 110),
        **kept,
    )


def random_award(chance: Chance, ref: str, funds: list[Fund], **kept: Any) -> FundingAward:
    """An award that has to be spent about when the rule begins to care."""
    wait_days = chance.pick(135, *(fund.planned_announcement_to_first_payment_days for fund in funds))
    spend_by = chance.pick(
        chance.month_edge(6),
        months_later(chance.look, 6),
        chance.near(days_later(chance.look, wait_days)),
        chance.around(),
        months_later(chance.look, 14),
    )
    return FundingAward(
        ref=ref,
        title=ref,
        total_amount=chance.often(Decimal(chance.pick(0, 2, 4, 8)) * 1000, 0.95),
        retained_share=chance.pick(None, Decimal(0), Decimal("0.5"), Decimal("0.0333")),
        spend_by=chance.often(spend_by),
        spent_means=chance.often(chance.pick("committed", "paid", "paid", "defrayed"), 0.95),
        closed_on=chance.often(chance.around(), 0.05),
        **kept,
    )


def random_round(chance: Chance, ref: str, fund: Fund, days_ago: int) -> Round:
    """A round long past, announced on a whole date or not known when."""
    announced = days_later(chance.looks[0], -days_ago)
    return Round(
        ref=ref,
        name=ref,
        fund=fund,
        announced_on=chance.often(announced),
        closes_on=days_later(announced, 40),
    )


def random_live_round(chance: Chance, ref: str, fund: Fund) -> Round:
    """A round whose window is about as long as the norm, and open about now."""
    norm = fund.information_norm_working_days
    closes = chance.pick(
        chance.near(chance.look), days_later(chance.look, 10), days_later(chance.look, norm // 2)
    )
    announced = chance.pick(
        chance.near(chance.working_days.before(closes, norm)),
        chance.working_days.before(closes, norm),
        chance.near(chance.look),
    )
    return Round(
        ref=ref,
        name=ref,
        fund=fund,
        announced_on=chance.often(min(announced, closes)),
        closes_on=chance.often(closes),
    )
