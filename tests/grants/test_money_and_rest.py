"""What the passes see of money: what is not known is not zero, and the rest of a first instalment is not forgotten."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.models import User
from grants.models import Flag, FundingAward, Grant
from grants.operations.flag_pass import raise_flags
from tests import factories as make
from tests.conftest import ClientFor
from tests.rules.worked_tables import Row, as_date, as_pounds, row_id, some_pounds, worked_table

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


@pytest.mark.parametrize("row", worked_table("money-that-may-go-back", "An underspend, once"), ids=row_id)
def test_an_underspend_is_counted_once(row: Row) -> None:
    thousand = Decimal(1000)
    payer = make.make_award(total_amount=thousand, spend_by=SPEND_BY, spent_means=row["spent means"])
    grant = of_award(payer, amount_awarded=thousand, closed_on=ON if row["grant"] == "closed" else None)
    make.make_payment_row(grant, amount=thousand, paid_on=PAID_ON)
    make.make_return(
        grant,
        period_to=date(2026, 10, 31),
        spent_to_date=as_pounds(row["reported as spent"]),
        forecast_underspend=some_pounds(row["forecast"]),
    )
    recovered_on = as_date(row["on"])
    if recovered_on is not None:
        back = {"kind": "recovery", "amount": some_pounds(row["recovered"]), "paid_on": recovered_on}
        make.make_payment_row(grant, **back, reason="Not needed")
    # What is at risk of £1,000 more is seen also where nothing is.
    FundingAward.objects.update(total_amount=2 * thousand)
    (flag,) = flags("money_may_go_back")
    found = [Decimal(flag.facts[name]) for name in ("spent", "forecast_underspend", "at_risk")]
    assert found == [
        some_pounds(row["spent"]),
        some_pounds(row["still forecast"]),
        some_pounds(row["at risk"]) + thousand,
    ]


def test_who_names_no_award_is_paid_for_by_the_only_one_there_is() -> None:
    payer = make.make_award(total_amount=Decimal(18_000), spend_by=SPEND_BY, spent_means="committed")
    fund = make.make_fund(awards=[payer])
    assert at_risk() == ["18000.00"]
    make.make_grant(fund=fund, decision="decline")
    make.make_grant(fund=fund, decision="decline", tracked=False)
    make.make_grant(fund=fund, funding_award=make.make_award())
    assert at_risk() == ["18000.00"]
    make.make_grant(fund=fund)
    assert at_risk() == []


NOT_DECIDED: dict[str, Any] = {"decided": False, "ends_on": date(2027, 3, 31)}


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "little",
    [{"tracked": False}, {"tracked": False, **NOT_DECIDED}, {"decided_about": "2026-05", **NOT_DECIDED}],
    ids=["not tracked", "neither tracked nor decided", "decided in some month"],
)
def test_of_whom_too_little_is_known_leaves_the_award_unassessed(little: dict[str, Any], named: bool) -> None:
    payer = award("committed")
    fund = make.make_fund(awards=[payer])
    assert at_risk() == ["100000.00"]
    make.make_grant(fund=fund, funding_award=payer if named else None, **little)
    assert at_risk() == []


def test_an_old_list_does_not_hide_a_new_award() -> None:
    payer = award("committed")
    FundingAward.objects.update(told_on=date(2026, 1, 5))
    fund = make.make_fund(awards=[payer])
    for ends_on, expected in ((date(2026, 1, 4), ["100000.00"]), (date(2026, 1, 5), [])):
        make.make_grant(
            fund=fund, tracked=False, planned_start=date(2025, 1, 6), planned_end=None, ends_on=ends_on
        )
        assert at_risk() == expected


def test_pounds_and_pence_add_up_exactly() -> None:
    """0.10 and 0.20 are 0.30 and nothing over, on a database that adds floating point too."""
    payer = make.make_award(total_amount=Decimal("0.30"), spend_by=SPEND_BY, spent_means="committed")
    fund = make.make_fund(awards=[payer])
    for amount in ("0.10", "0.20"):
        make.make_grant(fund=fund, amount_awarded=Decimal(amount))
    assert at_risk() == []


@pytest.mark.parametrize("means", ["committed", "paid", "defrayed"])
def test_all_that_happens_to_it_counts_as_if_it_named_its_award(means: str) -> None:
    payer = award(means)
    grant = make.make_grant(fund=make.make_fund(awards=[payer]), amount_awarded=Decimal(60_000))
    make.make_agreement(grant)
    make.make_payment_row(grant, amount=Decimal(20_000), paid_on=PAID_ON)
    make.make_instalment(grant, amount=Decimal(30_000), due_on=date(2026, 12, 1))
    report = {"spent_to_date": Decimal(15_000), "forecast_underspend": Decimal(8_000)}
    make.make_return(grant, period_to=date(2026, 10, 31), **report)
    unnamed = at_risk()
    Grant.objects.update(funding_award=payer)
    assert (
        at_risk() == unnamed == [{"committed": "48000.00", "paid": "58000.00", "defrayed": "58000.00"}[means]]
    )


def test_which_of_several_pays_is_asked_not_guessed(client_for: ClientFor) -> None:
    payers = [award("paid"), award("committed")]
    fund = make.make_fund(awards=payers)
    assert sorted(at_risk()) == ["100000.00", "100000.00"]
    grant = make.make_grant(fund=fund)
    assert at_risk() == []
    client = client_for("commissioner")
    page = client.get(f"/funds/{fund.code}/").content.decode()
    assert "Which of these awards pays for 1 grant is not known, so how much of each may go back" in page
    assert f'href="/grants/?fund={fund.code}&amp;missing=funding_award"' in page
    assert "missing=" not in client_for("scrutiny").get(f"/funds/{fund.code}/").content.decode()
    Grant.objects.filter(pk=grant.pk).update(funding_award=payers[0])
    assert len(at_risk()) == 2
    assert "Which of these awards" not in client.get(f"/funds/{fund.code}/").content.decode()


def test_an_award_that_pays_for_other_funds_only_is_not_in_doubt() -> None:
    fund = make.make_fund(awards=[award("paid"), award("paid")])
    other = award("paid")
    make.make_fund(awards=[other])
    make.make_grant(fund=fund)
    assert [flag.funding_award for flag in flags("money_may_go_back")] == [other]


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


def test_pence_that_all_came_back_leave_nothing() -> None:
    grant = make.make_grant()
    make.make_payment_row(grant, instalment=make.make_instalment(grant), paid_on=PAID_ON)
    unknown = make.make_instalment(grant, amount=None, due_on=PAID_ON)
    row = {"instalment": unknown, "keep_dates": False}
    paid = [
        make.make_payment_row(grant, amount=amount, **row) for amount in (Decimal("0.10"), Decimal("0.20"))
    ]
    for line in paid:
        make.make_payment_row(
            grant, kind="reversal", reverses=line, amount=line.amount, reason="Bounced", **row
        )
    assert [flag.instalment_id for flag in flags("late_instalment")] == [unknown.pk]


@pytest.mark.parametrize("decision", ["decline", "defer"])
def test_what_was_not_funded_has_no_money_that_could_end(decision: str) -> None:
    ends = {"ends_on": date(2026, 12, 31), "planned_end": date(2026, 12, 31)}
    refused, funded = make.make_grant(decision=decision, **ends), make.make_grant(**ends)
    assert [flag.grant for flag in flags("cliff_edge")] == [funded]
    assert refused.tracked_from is not None
