"""What the passes see of money: what is not known is not zero, and the rest of a first instalment is not forgotten."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.models import User
from grants.models import Flag, FundingAward, Grant
from grants.operations.flag_pass import raise_flags
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON = date(2026, 11, 20)
SPEND_BY = date(2027, 1, 31)
PAID_ON = date(2026, 10, 1)


def flags(rule: str) -> list[Flag]:
    """What stands of a rule after a pass."""
    raise_flags(on=ON, by=User.objects.system("flag pass"), at=datetime(2026, 11, 20, 6, tzinfo=UTC))
    return list(Flag.objects.standing().filter(rule=rule))


def award(means: str) -> FundingAward:
    """£100,000 to be spent by the end of January."""
    return make.make_award(total_amount=Decimal(100_000), spend_by=SPEND_BY, spent_means=means)


def at_risk() -> list[str]:
    """The pounds of each award whose money may go back."""
    return [flag.facts["at_risk"] for flag in flags("money_may_go_back")]


def of_award(from_award: FundingAward, **fields: object) -> Grant:
    """A grant of £60,000 that the award pays for."""
    return make.make_grant(**{"funding_award": from_award, "amount_awarded": Decimal(60_000), **fields})


def test_a_commitment_of_unknown_amount_is_not_zero() -> None:
    of_award(award("committed"))
    assert at_risk() == ["40000.00"]
    of_award(FundingAward.objects.get(), amount_awarded=None)
    assert at_risk() == []


def test_who_has_money_and_has_not_reported_did_not_spend_nothing() -> None:
    grant = of_award(award("defrayed"))
    assert at_risk() == ["100000.00"]
    make.make_payment_row(grant, amount=Decimal(20_000), paid_on=PAID_ON)
    assert at_risk() == []
    make.make_return(grant, period_to=date(2026, 10, 31), spent_to_date=Decimal(5_000))
    assert at_risk() == ["95000.00"]


@pytest.mark.parametrize("over", [{"closed_on": ON}, {"withdrawn_on": ON}])
def test_of_what_is_over_only_what_was_paid_is_spent(over: dict[str, date]) -> None:
    grant = of_award(award("committed"))
    make.make_payment_row(grant, amount=Decimal(12_000), paid_on=PAID_ON)
    assert at_risk() == ["40000.00"]
    Grant.objects.filter(pk=grant.pk).update(**over)
    assert at_risk() == ["88000.00"]


def test_an_instalment_of_unknown_amount_is_not_zero() -> None:
    grant = of_award(award("paid"))
    make.make_agreement(grant)
    line = make.make_instalment(grant, amount=Decimal(30_000), due_on=date(2026, 12, 1))
    assert at_risk() == ["70000.00"]
    type(line).objects.filter(pk=line.pk).update(amount=None)
    assert at_risk() == []


def test_a_pound_does_not_clear_the_rest_of_the_first_instalment() -> None:
    grant = make.make_grant()
    line = make.make_instalment(grant, amount=Decimal(4_500), due_on=PAID_ON)
    assert flags("late_instalment") == []
    make.make_payment_row(
        grant, instalment=line, amount=Decimal(1), paid_on=date(2026, 10, 5), keep_dates=False
    )
    Grant.objects.filter(pk=grant.pk).update(first_paid_on=date(2026, 10, 5))
    assert [flag.instalment_id for flag in flags("late_instalment")] == [line.pk]


def test_an_instalment_of_unknown_amount_is_paid_by_any_payment_that_stands() -> None:
    grant = make.make_grant()
    make.make_payment_row(grant, instalment=make.make_instalment(grant), paid_on=PAID_ON)
    unknown = make.make_instalment(grant, amount=None, due_on=PAID_ON)
    assert [flag.instalment_id for flag in flags("late_instalment")] == [unknown.pk]
    paid = make.make_payment_row(grant, instalment=unknown, amount=Decimal(900), keep_dates=False)
    assert flags("late_instalment") == []
    back = {"kind": "reversal", "reverses": paid, "instalment": unknown, "reason": "Bounced"}
    make.make_payment_row(grant, **back, amount=Decimal(1))
    assert flags("late_instalment") == []
    make.make_payment_row(grant, **back, amount=Decimal(899))
    assert [flag.instalment_id for flag in flags("late_instalment")] == [unknown.pk]


@pytest.mark.parametrize("decision", ["decline", "defer"])
def test_what_was_not_funded_has_no_money_that_could_end(decision: str) -> None:
    ends = {"ends_on": date(2026, 12, 31), "planned_end": date(2026, 12, 31)}
    refused, funded = make.make_grant(decision=decision, **ends), make.make_grant(**ends)
    assert [flag.grant for flag in flags("cliff_edge")] == [funded]
    assert refused.tracked_from is not None
