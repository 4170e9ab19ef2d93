"""Whatever does not add up is found and named, and nothing else; what is not known is counted by register."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from grants.models import FundingAwardYear, Grant, Instalment, OnwardPayment, Payment
from grants.queries.register_check import completeness
from tests.factories import make_award, make_fund, make_grant, make_instalment, make_payment_row, make_return

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = date(2026, 11, 16)


def check() -> tuple[int, dict[str, Any]]:
    """The exit code and the document of `check_register --json`."""
    out = StringIO()
    try:
        call_command("check_register", "--json", stdout=out)
    except SystemExit as left:
        return int(str(left.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture
def paid() -> Payment:
    """A grant of £18,000 with one instalment, paid on 9 November 2026: everything adds up."""
    grant = make_grant(ref="one")
    payment = make_payment_row(grant, instalment=make_instalment(grant))
    assert check()[0] == 0
    return payment


def back(payment: Payment, kind: str = "reversal", **fields: Any) -> Payment:
    """A ledger line that takes money back; the kept dates are left as they are."""
    values = {"kind": kind, "reason": "Sent back", "paid_on": LATER, "amount": payment.amount, **fields}
    if kind == "reversal":
        values.setdefault("reverses", payment)
    return make_payment_row(payment.grant, keep_dates=False, **values)


Break = Callable[[Payment], object]

FAULTS: dict[str, tuple[Break, set[tuple[str, str]]]] = {
    "first payment kept wrong": (
        lambda paid: Grant.objects.update(first_paid_on=date(2026, 11, 10)),
        {("first payment", "kept as 2026-11-10, the ledger says 2026-11-09")},
    ),
    "first payment forgotten": (
        lambda paid: Grant.objects.update(first_paid_on=None),
        {("first payment", "kept as unpaid, the ledger says 2026-11-09")},
    ),
    "instalment kept wrong": (
        lambda paid: Instalment.objects.update(paid_on=LATER),
        {("instalment", "instalment 1 is kept as paid 2026-11-16, the ledger says 2026-11-09")},
    ),
    "reversed and still counted": (
        back,
        {
            ("first payment", "kept as 2026-11-09, the ledger says unpaid"),
            ("instalment", "instalment 1 is kept as paid 2026-11-09, the ledger says unpaid"),
        },
    ),
    "half reversed and still counted": (
        lambda paid: back(paid, amount=Decimal(2000)),
        {("instalment", "instalment 1 is kept as paid 2026-11-09, the ledger says unpaid")},
    ),
    "reversed before it was paid": (
        lambda paid: back(paid, amount=Decimal("0.01"), paid_on=date(2026, 11, 1)),
        {
            ("reversal", "ledger line * is dated before the payment that it reverses"),
            ("instalment", "instalment 1 is kept as paid 2026-11-09, the ledger says unpaid"),
        },
    ),
    "more back than was paid": (
        lambda paid: back(paid, "recovery", amount=Decimal("4500.01")),
        {("ledger", "£0.01 more came back than was paid")},
    ),
    "a recovery undone before it was made": (
        lambda paid: back(
            paid,
            reverses=back(paid, "recovery", amount=Decimal(1)),
            amount=Decimal(1),
            paid_on=date(2026, 11, 9),
        ),
        {("reversal", "ledger line * is dated before the recovery that it reverses")},
    ),
    "paid above the award": (
        lambda paid: make_payment_row(paid.grant, amount=Decimal(13_501), paid_on=LATER),
        {("award", "£18001.00 is paid of an award of £18000.00")},
    ),
    "scheduled above the award": (
        lambda paid: make_instalment(paid.grant, amount=Decimal(13_501)),
        {("award", "£18001.00 is scheduled of an award of £18000.00")},
    ),
    "reverses another grant's payment": (
        lambda paid: back(paid, reverses=make_payment_row(make_grant(ref="two")), amount=Decimal(1)),
        {("reversal", "ledger line * reverses no payment and no recovery of this grant")},
    ),
    "pays another grant's instalment": (
        lambda paid: make_payment_row(
            paid.grant, keep_dates=False, amount=Decimal(1), instalment=make_instalment(make_grant(ref="two"))
        ),
        {("instalment", "ledger line * pays an instalment of another grant")},
    ),
    "an illustrative grant in a real fund": (
        lambda paid: Grant.objects.update(fund=make_fund(is_illustrative=False)),
        {("register", "its fund and its lead provider are one real, one illustrative")},
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_does_not_add_up_is_found_and_named(paid: Payment, what: str) -> None:
    break_it, expected = FAULTS[what]
    break_it(paid)
    code, document = check()
    line = str(Payment.objects.order_by("pk").last().pk)  # type: ignore[union-attr]
    assert {fault["subject"] for fault in document["faults"]} == {"grant:one"}
    assert {(f["kind"], f["message"]) for f in document["faults"]} == {
        (kind, message.replace("*", line)) for kind, message in expected
    }
    assert (code, document["adds_up"]) == (1, False)


def test_more_reversed_than_was_paid_is_named(paid: Payment) -> None:
    back(paid)
    back(paid, amount=Decimal(1))
    messages = {fault["message"] for fault in check()[1]["faults"]}
    assert "£4501.00 was reversed of a payment of £4500.00" in messages


def test_a_payment_made_again_adds_up(paid: Payment) -> None:
    back(paid)
    make_payment_row(paid.grant, keep_dates=False, instalment=paid.instalment, paid_on=date(2026, 11, 18))
    Grant.objects.update(first_paid_on=date(2026, 11, 18))
    Instalment.objects.update(paid_on=date(2026, 11, 18))
    assert check()[0] == 0


def test_a_recovery_undoes_no_first_payment(paid: Payment) -> None:
    back(paid, "recovery")
    assert check()[0] == 0


def test_a_recovery_that_is_undone_was_paid_after_all(paid: Payment) -> None:
    recovery = back(paid, "recovery")
    back(paid, reverses=recovery, instalment=None)
    assert check()[0] == 0
    back(paid, reverses=recovery, instalment=None, amount=Decimal(1))
    messages = {fault["message"] for fault in check()[1]["faults"]}
    assert "£4501.00 was reversed of a recovery of £4500.00" in messages


YEARS = {
    "the same": ([200, 100], []),
    "less": ([200, "99.99"], ["its years add up to £299.99, its total is £300.00"]),
    "more": ([200, "100.01"], ["its years add up to £300.01, its total is £300.00"]),
    "one not known": ([200, None], []),
    "one not known, the other too much": ([301, None], ["its years add up to £301.00, its total is £300.00"]),
    "one not known, the other all of it": ([300, None], []),
    "no years": ([], []),
}


@pytest.mark.parametrize("years", YEARS)
def test_the_years_of_a_funding_award_add_up(years: str) -> None:
    amounts, messages = YEARS[years]
    for award in (make_award(ref="one", total_amount=300), make_award(ref="two", total_amount=None)):
        for number, amount in enumerate(amounts):
            FundingAwardYear.objects.create(award=award, financial_year=2025 + number, amount=amount)
    code, document = check()
    assert document["faults"] == [
        {"kind": "award years", "subject": "award:one", "message": message} for message in messages
    ]
    assert code == len(messages)


def test_no_more_is_passed_on_than_was_paid(paid: Payment) -> None:
    def pass_on(amount: str, grant: Grant = paid.grant) -> None:
        to = grant.lead_provider
        OnwardPayment.objects.create(grant=grant, partner=to, amount=Decimal(amount), paid_on=LATER)

    pass_on("99", make_grant(tracked=False))  # what was paid on it is not known
    pass_on("4000")
    pass_on("500")
    back(paid, "recovery", amount=Decimal(1000))
    assert check()[0] == 0
    pass_on("0.01")
    fault = {
        "kind": "onward payment",
        "subject": "grant:one",
        "message": "£4500.01 was passed on of £4500.00 paid",
    }
    assert check()[1]["faults"] == [fault]


def lose_the_pairing_check() -> None:
    """Take the check of paired decisions off: on PostgreSQL the rollback after the test brings it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE grants_grant DROP CONSTRAINT grant_decision_paired")


def test_facts_that_lost_their_pair_are_found() -> None:
    grant = make_grant(ref="one")
    lose_the_pairing_check()
    try:
        Grant.objects.update(decided_by=None)
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
    code, document = check()
    assert code == 1
    assert document["faults"] == [
        {"kind": "pairing", "subject": f"grant:{grant.pk}", "message": "breaks grant_decision_paired"}
    ]


def test_what_is_not_known_is_counted_by_register_and_is_no_fault() -> None:
    make_grant(tracked=False, decided=False, illustrative=False, amount_awarded=None, ends_on=None)
    counted = make_grant(ref="one")
    make_return(counted, caseload=0, caseload_unit="families")
    make_grant(ref="two", purpose="training")
    make_grant(ref="three", lead_provider=None)
    code, document = check()
    assert code == 0
    real, illustrative = document["registers"]["real"], document["registers"]["illustrative"]
    assert (real["grants"], real["untracked"], real["amount_not_known"], real["end_not_known"]) == (
        1,
        1,
        1,
        1,
    )
    assert (real["caseload_not_known"], real["decision_not_known"]) == (0, 1)
    assert (illustrative["grants"], illustrative["untracked"], illustrative["amount_not_known"]) == (3, 0, 0)
    assert illustrative["caseload_not_known"] == 1, "a caseload of nought is known; training has none"
    assert illustrative["lead_provider_not_known"] == 1
    assert completeness(illustrative=True) == illustrative


def test_it_says_the_same_in_words(paid: Payment) -> None:
    out = StringIO()
    call_command("check_register", stdout=out)
    assert "Illustrative register: 1 grants" in out.getvalue()
    assert out.getvalue().endswith("Everything adds up.\n")
    Grant.objects.update(first_paid_on=None)
    with pytest.raises(SystemExit) as left:
        call_command("check_register", stdout=out)
    assert left.value.code == 1
    assert "grant:one: first payment: kept as unpaid, the ledger says 2026-11-09" in out.getvalue()
