"""Payments: what is recorded, what follows from it, and everything that is refused."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed
from core.models import User
from grants.models import Grant, Instalment, Payment
from grants.operations.payments import record_payment
from tests import factories as make
from tests.grants.operations.conftest import TODAY, fresh, last_history, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_payment_is_recorded_with_who_when_and_why(
    grant: Grant, instalment: Instalment, finance: User, people: make.People
) -> None:
    partner = people.other_organisation
    payment = record_payment(
        **pay(grant, finance, instalment=instalment, route="journal", reference="J1", payee=partner)
    )
    assert (payment.kind, payment.amount, payment.paid_on) == ("payment", Decimal(4500), date(2026, 11, 20))
    assert (payment.route, payment.reference, payment.payee) == ("journal", "J1", partner)
    assert (payment.recorded_by, payment.recorded_at.hour) == (finance, 9)
    assert last_history(payment) == (finance, "Payment of £4,500 recorded")
    assert fresh(grant).first_paid_on == date(2026, 11, 20)
    assert fresh(instalment).paid_on == date(2026, 11, 20)
    assert last_history(fresh(grant)) == (finance, "Payment of £4,500 recorded")
    assert last_history(fresh(instalment)) == (finance, "Payment of £4,500 recorded")


def test_a_part_payment_leaves_the_instalment_unpaid_until_it_is_covered(
    grant: Grant, instalment: Instalment, finance: User
) -> None:
    part = pay(grant, finance, instalment=instalment, amount=Decimal(4000), paid_on=date(2026, 11, 12))
    record_payment(**part)
    assert fresh(instalment).paid_on is None
    assert fresh(grant).first_paid_on == date(2026, 11, 12)
    record_payment(**pay(grant, finance, instalment=instalment, amount=Decimal(500)))
    assert fresh(instalment).paid_on == date(2026, 11, 20)
    assert fresh(grant).first_paid_on == date(2026, 11, 12)


def test_the_same_form_pays_once(grant: Grant, instalment: Instalment, finance: User) -> None:
    form = pay(grant, finance, instalment=instalment, request_key=uuid.uuid4())
    assert record_payment(**form) == record_payment(**form)
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount": Decimal(2000)},
        {"paid_on": date(2026, 11, 19)},
        {"instalment": None},
        {"route": "journal"},
        {"reference": "B17"},
        {"payee": True},
    ],
)
def test_the_same_form_with_other_entries_is_not_lost_in_silence(
    other: dict[str, Any], grant: Grant, instalment: Instalment, finance: User, people: make.People
) -> None:
    form = pay(grant, finance, instalment=instalment, amount=Decimal(1000), request_key=uuid.uuid4())
    record_payment(**form)
    if "payee" in other:
        other = {"payee": people.other_organisation}
    with pytest.raises(ActionRefused, match=r"sent before, with other entries"):
        record_payment(**{**form, **other})


def test_another_form_does_not_pay_the_instalment_again(
    grant: Grant, instalment: Instalment, finance: User
) -> None:
    record_payment(**pay(grant, finance, instalment=instalment, request_key=uuid.uuid4()))
    with pytest.raises(ActionRefused, match="Instalment 1 is paid in full already"):
        record_payment(**pay(grant, finance, instalment=instalment, request_key=uuid.uuid4()))


def test_paying_outside_the_schedule(grant: Grant, finance: User) -> None:
    record_payment(**pay(grant, finance))
    assert fresh(grant).first_paid_on == date(2026, 11, 20)


@pytest.mark.parametrize("role", ["commissioner", "scrutiny", "administrator", "provider", "other_provider"])
def test_only_finance_pays(role: str, grant: Grant, people: make.People) -> None:
    with pytest.raises(NotAllowed, match="Your role does not allow this"):
        record_payment(**pay(grant, people[role]))


def test_who_decided_does_not_pay(people: make.People, finance: User) -> None:
    decided_by_finance = make.make_grant(decided_by=finance)
    make.make_agreement(decided_by_finance)
    with pytest.raises(NotAllowed, match="You took the decision on this grant"):
        record_payment(**pay(decided_by_finance, finance))


REFUSALS: dict[str, tuple[dict[str, Any], dict[str, Any], str, str | None]] = {
    "untracked": ({"tracked": False}, {}, "not tracked", None),
    "undecided": ({"decided": False}, {}, "No approval", None),
    "declined": ({"decision": "decline"}, {}, "No approval", None),
    "withdrawn": ({"withdrawn_on": date(2026, 11, 1)}, {}, "withdrawn on 1 November 2026", None),
    "closed": ({"closed_on": date(2026, 11, 1)}, {}, "closed on 1 November 2026", None),
    "future": ({}, {"paid_on": date(2026, 11, 22)}, "in the future", "paid_on"),
    "before decision": ({}, {"paid_on": date(2026, 10, 8)}, "before 9 October 2026", "paid_on"),
    "in call-in": (
        {"call_in_ends_on": date(2026, 11, 21)},
        {},
        "before 21 November 2026, when the decision could first be acted on",
        "paid_on",
    ),
    "nothing": ({}, {"amount": Decimal(0)}, "above £0", "amount"),
    "less than nothing": ({}, {"amount": Decimal(-5)}, "above £0", "amount"),
    "less than a penny": ({}, {"amount": Decimal("5.001")}, "pounds and pence", "amount"),
    "above the award": (
        {},
        {"amount": Decimal("18000.01")},
        "only £18,000 is left to pay. Vary",
        "above_award",
    ),
    "award not known": ({"amount_awarded": None}, {}, "amount awarded is not known", "amount"),
    "nhs number": ({}, {"reference": "943 476 5919"}, "NHS number", "reference"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_refused_writes_nothing(case: str, finance: User) -> None:
    fields, entries, sentence, field = REFUSALS[case]
    grant = make.make_grant(**fields)
    make.make_agreement(grant)
    with pytest.raises(ActionRefused, match=sentence.replace(".", r"\.")) as refusal:
        record_payment(**pay(grant, finance, **entries))
    assert refusal.value.field == field
    assert not Payment.objects.exists()
    assert fresh(grant).first_paid_on is None


def test_all_payments_together_stay_within_the_award(grant: Grant, finance: User) -> None:
    record_payment(**pay(grant, finance, amount=Decimal(10000)))
    with pytest.raises(ActionRefused, match="only £8,000 is left to pay"):
        record_payment(**pay(grant, finance, amount=Decimal("8000.01")))
    record_payment(**pay(grant, finance, amount=Decimal(8000)))


def test_more_than_the_instalment_is_refused(grant: Grant, instalment: Instalment, finance: User) -> None:
    with pytest.raises(ActionRefused, match="Only £4,500 of instalment 1 is left"):
        record_payment(**pay(grant, finance, instalment=instalment, amount=Decimal("4500.01")))


def test_an_instalment_of_another_grant_is_refused(grant: Grant, finance: User) -> None:
    other = make.make_instalment(make.make_grant())
    with pytest.raises(ActionRefused, match="does not belong to this grant"):
        record_payment(**pay(grant, finance, instalment=other))


def test_a_blocked_instalment_is_refused_with_who_can_clear_it(
    grant: Grant, instalment: Instalment, finance: User
) -> None:
    make.make_check(grant)
    sentence = (
        "Instalment 1 is blocked: Safeguarding policy not seen, waiting on the provider. It clears when"
    )
    with pytest.raises(ActionRefused, match=sentence):
        record_payment(**pay(grant, finance, instalment=instalment))


def test_a_block_is_not_avoided_outside_the_schedule(grant: Grant, finance: User) -> None:
    make.make_stop(grant)
    with pytest.raises(ActionRefused, match="Payment is blocked: Clock stopped: Signed agreement"):
        record_payment(**pay(grant, finance))


def test_money_that_moved_before_the_block_began_is_recorded(
    grant: Grant, instalment: Instalment, finance: User
) -> None:
    make.make_stop(grant, started_on=date(2026, 11, 18))
    before = pay(grant, finance, instalment=instalment, paid_on=date(2026, 11, 17))
    with pytest.raises(ActionRefused, match="blocked"):
        record_payment(**{**before, "paid_on": date(2026, 11, 18)})
    assert record_payment(**before).paid_on == date(2026, 11, 17)


def test_a_payment_of_the_time_of_another_block_stays_refused(finance: User) -> None:
    grant = make.make_grant()
    make.make_agreement(grant, signed_on=date(2026, 11, 20), countersigned_on=None)
    with pytest.raises(ActionRefused, match="not countersigned"):
        record_payment(**pay(grant, finance, paid_on=date(2026, 11, 19)))


def above_threshold(**fields: Any) -> Instalment:
    grant = make.make_grant(fund=make.make_fund(second_approver_threshold=Decimal(4000)))
    make.make_agreement(grant)
    return make.make_instalment(grant, **fields)


def test_above_the_threshold_somebody_else_must_authorise(finance: User, commissioner: User) -> None:
    instalment = above_threshold()
    with pytest.raises(ActionRefused, match="Second approver needed above £4,000"):
        record_payment(**pay(instalment.grant, finance, instalment=instalment))
    with pytest.raises(ActionRefused, match="choose the instalment that was authorised"):
        record_payment(**pay(instalment.grant, finance))
    by_the_payer = above_threshold(authorised_by=finance, authorised_on=TODAY)
    with pytest.raises(ActionRefused, match="You authorised instalment 1, so another person must"):
        record_payment(**pay(by_the_payer.grant, finance, instalment=by_the_payer))
    by_another = above_threshold(authorised_by=commissioner, authorised_on=TODAY)
    assert record_payment(**pay(by_another.grant, finance, instalment=by_another)).amount == 4500


def test_a_large_instalment_is_not_split_to_avoid_the_approver(finance: User) -> None:
    instalment = above_threshold()
    with pytest.raises(ActionRefused, match="Second approver needed"):
        record_payment(**pay(instalment.grant, finance, instalment=instalment, amount=Decimal(100)))


def test_an_instalment_of_unknown_amount_still_needs_the_approver(finance: User) -> None:
    instalment = above_threshold(amount=None)
    with pytest.raises(ActionRefused, match="have instalment 1 authorised first"):
        record_payment(**pay(instalment.grant, finance, instalment=instalment))
    assert (
        record_payment(
            **pay(instalment.grant, finance, instalment=instalment, amount=Decimal(4000))
        ).instalment
        == instalment
    )
