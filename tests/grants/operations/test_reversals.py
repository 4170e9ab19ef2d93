"""What undoes a payment, what takes money back, and the provider's receipt."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.errors import ActionRefused, NotAllowed
from core.models import User
from grants.models import Grant, Instalment, Payment
from grants.operations.payments import confirm_receipt, record_payment, recover_payment, reverse_payment
from grants.queries.decisions import paid_by_grant
from grants.queries.funds import totals_by_fund
from grants.queries.ledger import ledger_lines
from grants.queries.register_check import faults
from grants.rules.ledger import net_paid
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import NOW, TODAY, fresh, last_history, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def payment(grant: Grant, instalment: Instalment, finance: User) -> Payment:
    """£4,500 for instalment 1 on 20 November 2026."""
    return record_payment(**pay(grant, finance, instalment=instalment))


def back(by: User, **entries: Any) -> dict[str, Any]:
    return {"reversed_on": TODAY, "reason": "Bounced", "by": by, "on": TODAY, "at": NOW, **entries}


def recovery(grant: Grant, by: User, **entries: Any) -> dict[str, Any]:
    values = {"amount": Decimal(1000), "recovered_on": TODAY, "reason": "Underspend"}
    return {"grant": grant, **values, "by": by, "on": TODAY, "at": NOW, **entries}


def test_a_whole_reversal_undoes_the_first_payment_and_the_instalment(
    payment: Payment, finance: User
) -> None:
    line = reverse_payment(payment=payment, **back(finance))
    assert (line.kind, line.amount, line.reverses, line.instalment) == (
        "reversal",
        Decimal(4500),
        payment,
        payment.instalment,
    )
    assert last_history(line) == (finance, "Bounced")
    assert fresh(payment.grant).first_paid_on is None
    assert fresh(payment.instalment).paid_on is None
    assert last_history(fresh(payment.grant)) == (finance, "Bounced")
    again = record_payment(**pay(payment.grant, finance, instalment=payment.instalment))
    assert fresh(payment.instalment).paid_on == again.paid_on


def test_a_part_reversal_leaves_the_first_payment(payment: Payment, finance: User) -> None:
    reverse_payment(payment=payment, **back(finance, amount=Decimal("0.01")))
    assert fresh(payment.grant).first_paid_on == payment.paid_on
    assert fresh(payment.instalment).paid_on is None


def test_the_same_reversal_is_made_once(payment: Payment, finance: User) -> None:
    form = back(finance, amount=Decimal(500), request_key=uuid.uuid4())
    assert reverse_payment(payment=payment, **form) == reverse_payment(payment=payment, **form)
    whole = back(finance, request_key=uuid.uuid4())
    assert reverse_payment(payment=payment, **whole) == reverse_payment(payment=payment, **whole)
    assert Payment.objects.filter(kind="reversal").count() == 2


@pytest.mark.parametrize(
    ("entries", "sentence", "field"),
    [
        ({"amount": Decimal(4501)}, "Only £4,500 of this payment is left to reverse", "amount"),
        ({"amount": Decimal(0)}, "above £0", "amount"),
        ({"reversed_on": date(2026, 11, 22)}, "in the future", "reversed_on"),
        ({"reversed_on": date(2026, 11, 19)}, "when the payment was made", "reversed_on"),
        ({"reason": "  "}, "Say why the payment is reversed", "reason"),
        ({"reason": "Ella Morgan, born 3 April 2015"}, "name beside a date of birth", "reason"),
    ],
)
def test_reversals_refused(
    entries: dict[str, Any], sentence: str, field: str, payment: Payment, finance: User
) -> None:
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        reverse_payment(payment=payment, **back(finance, **entries))
    assert refusal.value.field == field
    assert Payment.objects.count() == 1


def test_nothing_is_reversed_twice(payment: Payment, finance: User) -> None:
    line = reverse_payment(payment=payment, **back(finance))
    with pytest.raises(ActionRefused, match="was reversed already"):
        reverse_payment(payment=payment, **back(finance))
    with pytest.raises(ActionRefused, match="A reversal stays as it is"):
        reverse_payment(payment=line, **back(finance))


def test_only_finance_reverses_and_recovers(payment: Payment, people: make.People) -> None:
    for role in ("commissioner", "scrutiny", "administrator", "provider"):
        with pytest.raises(NotAllowed):
            reverse_payment(payment=payment, **back(people[role]))
        with pytest.raises(NotAllowed):
            recover_payment(**recovery(payment.grant, people[role]))


def test_a_recovery_undoes_no_payment_and_makes_room_in_the_award(payment: Payment, finance: User) -> None:
    line = recover_payment(**recovery(payment.grant, finance))
    assert (line.kind, line.amount, line.reverses, line.instalment) == ("recovery", Decimal(1000), None, None)
    assert last_history(line) == (finance, "Underspend")
    assert fresh(payment.grant).first_paid_on == payment.paid_on
    assert fresh(payment.instalment).paid_on == payment.paid_on
    record_payment(**pay(payment.grant, finance, amount=Decimal(14500)))


@pytest.mark.parametrize(
    ("entries", "sentence", "field"),
    [
        ({"amount": Decimal(4501)}, "Only £4,500 is still paid on this grant", "amount"),
        ({"amount": Decimal(0)}, "above £0", "amount"),
        ({"recovered_on": date(2026, 11, 22)}, "in the future", "recovered_on"),
        ({"recovered_on": date(2026, 11, 19)}, "when the first payment was made", "recovered_on"),
        ({"reason": ""}, "Say why the money is recovered", "reason"),
    ],
)
def test_recoveries_refused(
    entries: dict[str, Any], sentence: str, field: str, payment: Payment, finance: User
) -> None:
    with pytest.raises(ActionRefused, match=sentence) as refusal:
        recover_payment(**recovery(payment.grant, finance, **entries))
    assert refusal.value.field == field


def test_what_was_recovered_is_not_reversed_too(payment: Payment, finance: User) -> None:
    recover_payment(**recovery(payment.grant, finance))
    with pytest.raises(ActionRefused, match="Only £3,500 is still paid"):
        reverse_payment(payment=payment, **back(finance))
    reverse_payment(payment=payment, **back(finance, amount=Decimal(3500)))


def test_a_recovery_by_mistake_is_reversed_and_was_paid_after_all(payment: Payment, finance: User) -> None:
    wrong = recover_payment(**recovery(payment.grant, finance))
    line = reverse_payment(payment=wrong, **back(finance, amount=Decimal(900), reason="It was £100"))
    assert (line.kind, line.amount, line.reverses, line.instalment) == ("reversal", Decimal(900), wrong, None)
    assert net_paid(ledger_lines(payment.grant)) == Decimal(4400)
    assert paid_by_grant([payment.grant.pk]) == {payment.grant.pk: Decimal(4400)}
    assert totals_by_fund(Grant.objects.all())[payment.grant.fund_id].paid_known == Decimal(4400)
    assert fresh(payment.grant).first_paid_on == payment.paid_on
    assert fresh(payment.instalment).paid_on == payment.paid_on
    reverse_payment(payment=payment, **back(finance, amount=Decimal(4400)))
    with pytest.raises(ActionRefused, match="Only £100 of this recovery is left to reverse"):
        reverse_payment(payment=wrong, **back(finance, amount=Decimal(101)))
    assert list(faults()) == []


def test_what_a_wrong_recovery_said_can_be_said_again(payment: Payment, finance: User) -> None:
    wrong = recover_payment(**recovery(payment.grant, finance))
    with pytest.raises(ActionRefused, match="is recorded here already"):
        recover_payment(**recovery(payment.grant, finance))
    reverse_payment(payment=wrong, **back(finance))
    recover_payment(**recovery(payment.grant, finance))


def test_a_recovery_that_made_room_for_a_lower_award_is_not_undone_above_it(
    payment: Payment, finance: User
) -> None:
    wrong = recover_payment(**recovery(payment.grant, finance))
    Grant.objects.update(amount_awarded=Decimal(4000))
    with pytest.raises(ActionRefused, match="£4,500 would then be paid of an award of £4,000") as refusal:
        reverse_payment(payment=wrong, **back(finance))
    assert refusal.value.field == "amount"
    reverse_payment(payment=wrong, **back(finance, amount=Decimal(500)))


@pytest.mark.parametrize("over", ["closed_on", "withdrawn_on"])
def test_what_did_not_come_back_is_recorded_of_a_grant_that_is_over(
    over: str, payment: Payment, finance: User
) -> None:
    wrong = recover_payment(**recovery(payment.grant, finance, amount=Decimal(4500)))
    Grant.objects.update(**{over: TODAY})
    reverse_payment(payment=wrong, **back(finance))
    assert net_paid(ledger_lines(payment.grant)) == Decimal(4500)
    assert list(faults()) == []


def test_the_page_of_a_grant_offers_it_and_says_what_was_undone(
    payment: Payment, finance: User, client_for: ClientFor
) -> None:
    wrong = recover_payment(**recovery(payment.grant, finance))
    client, story = client_for("finance"), reverse("grant", args=[payment.grant.ref])
    address = reverse("reverse_payment", args=[payment.grant.ref, wrong.pk])
    assert address in client.get(story).content.decode()
    assert "Reverse a recovery" in client.get(address).content.decode()
    reverse_payment(payment=wrong, **back(finance))
    page = client.get(story).content.decode()
    assert address not in page
    assert "Reversal of a recovery" in page


def test_the_same_recovery_is_made_once(payment: Payment, finance: User) -> None:
    form = recovery(payment.grant, finance, request_key=uuid.uuid4())
    assert recover_payment(**form) == recover_payment(**form)


def test_money_can_come_back_after_the_grant_was_closed(payment: Payment, finance: User) -> None:
    Grant.objects.update(closed_on=TODAY)
    assert recover_payment(**recovery(payment.grant, finance)).amount == 1000


def test_the_provider_confirms_receipt_once(payment: Payment, provider: User) -> None:
    confirmed = confirm_receipt(payment=payment, confirmed_on=TODAY, by=provider, on=TODAY)
    assert confirmed.receipt_confirmed_on == TODAY
    assert last_history(confirmed) == (provider, "Provider confirmed receipt")
    events = payment.history.count()
    confirm_receipt(payment=payment, confirmed_on=TODAY, by=provider, on=TODAY)
    assert payment.history.count() == events
    with pytest.raises(ActionRefused, match="confirmed already, for 21 November 2026"):
        confirm_receipt(payment=payment, confirmed_on=payment.paid_on, by=provider, on=TODAY)


def test_receipts_refused(payment: Payment, people: make.People) -> None:
    for role in ("other_provider", "finance", "commissioner"):
        with pytest.raises(NotAllowed):
            confirm_receipt(payment=payment, confirmed_on=TODAY, by=people[role], on=TODAY)
    provider = people.provider
    with pytest.raises(ActionRefused, match="in the future"):
        confirm_receipt(payment=payment, confirmed_on=date(2026, 11, 22), by=provider, on=TODAY)
    with pytest.raises(ActionRefused, match="when the payment was made"):
        confirm_receipt(payment=payment, confirmed_on=date(2026, 11, 19), by=provider, on=TODAY)
    line = reverse_payment(payment=payment, **back(people.finance))
    for taken_back in (payment, line):
        with pytest.raises(ActionRefused, match="taken back"):
            confirm_receipt(payment=taken_back, confirmed_on=TODAY, by=provider, on=TODAY)


@pytest.mark.parametrize("other", [{"reason": "Wrong account"}, {"amount": Decimal(499)}])
def test_the_same_reversal_with_other_entries_is_not_lost_in_silence(
    other: dict[str, Any], payment: Payment, finance: User
) -> None:
    form = back(finance, amount=Decimal(500), request_key=uuid.uuid4())
    reverse_payment(payment=payment, **form)
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        reverse_payment(payment=payment, **{**form, **other})


@pytest.mark.parametrize("other", [{"reason": "Work stopped"}, {"reference": "B17"}, {"route": "journal"}])
def test_the_same_recovery_with_other_entries_is_not_lost_in_silence(
    other: dict[str, Any], payment: Payment, finance: User
) -> None:
    form = recovery(payment.grant, finance, request_key=uuid.uuid4())
    recover_payment(**form)
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        recover_payment(**{**form, **other})
