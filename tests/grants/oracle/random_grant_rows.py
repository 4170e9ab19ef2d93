"""What hangs on one random grant: agreement, checks, instalments, payments, stops, returns, plan, variations."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from core.models import User
from grants.models import (
    Agreement,
    Check,
    ClockStop,
    Cover,
    Grant,
    Instalment,
    OutcomeReturn,
    Payment,
    SustainabilityPlan,
    Variation,
)
from tests.grants.oracle.chance import Chance, days_later
from tests.grants.oracle.days import months_later
from tests.grants.oracle.facts import went


def payment_rows(chance: Chance, grant: Grant, users: list[User]) -> list[Any]:
    """What stands between the decision and the money."""
    instalments = random_instalments(chance, grant)
    return [
        *random_agreement(chance, grant),
        *random_checks(chance, grant, users),
        *instalments,
        *random_payments(chance, grant, instalments, users),
        *(random_stop(chance, grant) for _ in range(chance.pick(0, 0, 0, 1, 1, 2, 3))),
    ]


def support_rows(chance: Chance, grant: Grant, users: list[User]) -> list[Any]:
    """What is known of the families, and what happens to them."""
    found: list[Any] = list(random_returns(chance, grant, users))
    if chance.some(0.5):
        plan = SustainabilityPlan(grant=grant, recorded_on=chance.around())
        caseloads = [row.caseload for row in found if row.caseload is not None]
        found.append(plan)
        found += [random_cover(chance, plan, caseloads) for _ in range(chance.pick(0, 1, 1, 2))]
    return found


def random_agreement(chance: Chance, grant: Grant) -> list[Agreement]:
    """Issued, then signed, then countersigned, as far as it came."""
    if chance.some(0.1):
        return []
    issued = days_later(grant.decided_on or chance.look, chance.pick(-30, 0, 3))
    signed = days_later(issued, chance.pick(0, 5))
    agreement = Agreement(grant=grant, issued_on=issued, signed_on=signed)
    agreement.countersigned_on = chance.pick(
        signed, signed, signed, max(signed, chance.near(chance.look)), None
    )
    return [agreement]


def random_checks(chance: Chance, grant: Grant, users: list[User]) -> list[Check]:
    """Checks seen, not seen, failed, about to expire, or seen too late."""
    checks = []
    for kind in chance.rng.sample(["safeguarding", "insurance", "bank_details"], chance.pick(0, 1, 1, 2)):
        check = Check(grant=grant, kind=kind, needed_before=chance.pick("payment", "payment", "agreement"))
        if chance.some(0.9):
            seen = chance.pick(days_later(chance.look, -90), chance.near(chance.look))
            check.result = chance.pick("passed", "passed", "passed", "passed", "failed")
            check.checked_by, check.checked_on = users[1], seen
            check.expires_on = chance.pick(None, max(seen, chance.look), max(seen, chance.near(chance.look)))
        checks.append(check)
    return checks


def random_instalments(chance: Chance, grant: Grant) -> list[Instalment]:
    """None to three, now and then without a number 1; paid ones agree with the grant's first payment."""
    first = chance.pick(1, 1, 1, 1, 1, 2)
    numbers = range(first, first + chance.pick(0, 1, 2, 3))
    return [random_instalment(chance.at_a_look(), grant, number) for number in numbers]


def random_instalment(chance: Chance, grant: Grant, number: int) -> Instalment:
    """Due about the look, or about a standard after the decision."""
    standard = grant.fund.payment_standard_working_days
    due = chance.pick(
        chance.near(chance.look),
        chance.working_edge(chance.pick(1, standard, 2 * standard)),
        chance.around(),
        months_later(chance.look, chance.pick(3, 6)),
    )
    if grant.funding_award is not None and chance.some(0.2):
        due = chance.near(grant.funding_award.spend_by or due)
    instalment = Instalment(grant=grant, number=number, due_on=chance.often(due))
    instalment.amount = chance.often(Decimal(chance.pick(0, 1, 2)) * 1000)
    if chance.some(0.25):
        instalment.condition = "Staff in post"
        instalment.condition_met_on = chance.pick(
            None, chance.near(chance.look), days_later(chance.look, -50), chance.around()
        )
    if chance.some(0.2):
        ago = chance.pick(0, standard, standard + 1, -(-standard * 3 // 4), 2 * standard + 1)
        instalment.basis = "on_claim"
        instalment.claim_valid_on = chance.pick(
            None, chance.near(chance.look), chance.working_edge(ago), chance.working_edge(ago)
        )
    if grant.first_paid_on is not None and chance.some(0.9 if number == 1 else 0.4):
        instalment.amount = instalment.amount or Decimal(500)
        instalment.paid_on = days_later(grant.first_paid_on, 0 if number == 1 else chance.pick(0, 30, 90))
    return instalment


def random_payments(
    chance: Chance, grant: Grant, instalments: list[Instalment], users: list[User]
) -> list[Payment]:
    """Each paid instalment's payment, some partly recovered and some recoveries undone; an unpaid grant's, wholly
    reversed; some paid in part."""

    def line(on: date, amount: Decimal, **fields: Any) -> Payment:
        at = datetime.combine(on, time(12), tzinfo=UTC)
        return Payment(
            grant=grant,
            paid_on=on,
            amount=amount,
            recorded_by=users[1],
            recorded_at=at,
            **{"reason": "Said", "kind": "payment", **fields},
        )

    found = []
    for instalment in instalments:
        later = chance.pick(chance.near(chance.look), chance.around())
        if instalment.paid_on is not None and instalment.amount is not None:
            found.append(line(instalment.paid_on, instalment.amount, instalment=instalment))
            if chance.some(0.15):
                back = max(later, instalment.paid_on)
                found.append(line(back, Decimal(chance.pick(1, 500)), kind="recovery"))
                if chance.some(0.4):
                    undone = {"kind": "reversal", "reverses": found[-1]}
                    found.append(line(days_later(back, chance.pick(0, 1, 20)), found[-1].amount, **undone))
        elif grant.first_paid_on is None and chance.some(0.1):
            payment = line(chance.around(), Decimal(1000), instalment=instalment)
            back = max(later, payment.paid_on)
            undone = {"kind": "reversal", "reverses": payment, "instalment": instalment}
            found += [payment, line(back, payment.amount, **undone)]
        elif grant.first_paid_on is not None and instalment.amount is not None and chance.some(0.3):
            part = (instalment.amount / chance.pick(2, 3)).quantize(Decimal("0.01"))
            if part:
                day = max(grant.first_paid_on, chance.pick(chance.near(chance.look), chance.around()))
                found.append(line(day, part, instalment=instalment))
    return say_what_is_above(grant, found)


def say_what_is_above(grant: Grant, found: list[Payment]) -> list[Payment]:
    """Whoever records a payment that the award does not cover has to say so."""
    paid = Decimal(0)
    for line in sorted(found, key=lambda line: (line.paid_on, line.kind != "payment")):
        paid += went(line)
        if line.kind == "payment" and grant.amount_awarded is not None:
            line.above_award = paid > grant.amount_awarded
    return found


def amounts_against(means: str, grants: list[Grant], found: list[Any], on: date) -> list[Decimal]:
    """What may stand against an award: by its meaning of spent, and what is still to be paid."""
    if means == "committed":
        return [grant.amount_awarded for grant in grants if grant.amount_awarded is not None]
    payments = [p for p in found if isinstance(p, Payment) and p.paid_on <= on]
    reports = [r for r in found if isinstance(r, OutcomeReturn) and r.spent_to_date is not None]
    unpaid = [i.amount for i in found if isinstance(i, Instalment) and i.paid_on is None and i.amount]
    spent = [went(p) for p in payments]
    return [*unpaid, *(spent if means == "paid" else [r.spent_to_date for r in reports])]


def random_stop(chance: Chance, grant: Grant) -> ClockStop:
    """A stretch of waiting that is ten working days old about now, or ends about now, or overlaps another."""
    started = chance.pick(
        chance.working_edge(10), chance.working_edge(chance.pick(9, 11)), chance.around(), chance.look
    )
    ended = chance.pick(None, chance.near(chance.look), days_later(started, chance.pick(0, 1, 7, 30)))
    return ClockStop(
        grant=grant,
        waiting_on=chance.pick("provider", "provider", "funder"),
        reason="Signed agreement",
        started_on=started,
        ended_on=max(ended, started) if ended else None,
    )


def random_returns(chance: Chance, grant: Grant, users: list[User]) -> list[OutcomeReturn]:
    """None to three, the last as old as a caseload may be, or a day older; each knows something or nothing."""
    stale = -2 * grant.fund.return_period_months
    ends_on = grant.ends_on or chance.look
    periods = {
        chance.pick(
            chance.near(chance.look),
            chance.near(chance.look),
            months_later(chance.look, stale),
            months_later(min(chance.look, ends_on), stale),
            days_later(months_later(min(chance.look, ends_on), stale), chance.pick(-1, 1)),
            days_later(chance.look, -chance.rng.randrange(20, 60)),
        )
        for _ in range(chance.pick(0, 1, 1, 1, 2, 3))
    }
    return [random_return(chance, grant, users, period_to) for period_to in sorted(periods)]


def random_return(chance: Chance, grant: Grant, users: list[User], period_to: date) -> OutcomeReturn:
    """A submitted return; caseloads repeat, so that halves come out even."""
    report = OutcomeReturn(grant=grant, period_to=period_to, state="submitted")
    report.submitted_on, report.submitted_by = period_to, users[0]
    if chance.some(0.9):
        report.caseload = chance.pick(0, 5, 5, 10, 10, 10, 20)
        report.caseload_unit = chance.pick(*["families"] * 15, "children")
    report.spent_to_date = chance.often(Decimal(chance.pick(0, 500, 1000, 2000)), 0.7)
    report.forecast_underspend = chance.often(Decimal(chance.pick(0, 0, 500, 1000)), 0.5)
    return report


def random_cover(chance: Chance, plan: SustainabilityPlan, caseloads: list[int]) -> Cover:
    """A line that covers about all of a caseload, confirmed about now or only hoped for."""
    certainty = chance.pick("confirmed", "confirmed", "confirmed", "applied", "hoped")
    confirmed = chance.pick(days_later(chance.look, -30), chance.near(chance.look))
    number = chance.pick(*caseloads, 5) + chance.pick(-1, 0, 0, 1)
    return Cover(
        plan=plan,
        kind=chance.pick("confirmed_funding", "named_service"),
        source="Family hub",
        number=max(number, 0),
        unit=(None, "families", "families", "children")[number % 4],
        certainty=certainty,
        confirmed_on=confirmed if certainty == "confirmed" else None,
    )


def variation(chance: Chance, grant: Grant, users: list[User]) -> Variation:
    """An agreed change, most often of the end; agreed by now or soon."""
    decided = chance.pick(chance.around(), chance.near(chance.look), days_later(chance.look, -100))
    return Variation(
        grant=grant,
        proposed_on=days_later(decided, -chance.pick(0, 10, 30)),
        decided_on=decided,
        decided_by=users[0],
        reason="Families need longer",
        new_amount=Decimal(100),
        new_ends_on=chance.often(days_later(decided, 200)),
    )
