"""Back, and the button again: the form that a browser fetches anew has a new key, so what it says is asked about."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from core.errors import ActionRefused
from core.models import User
from grants.models import Grant, Instalment, Payment
from grants.operations.payments import Paid, record_payment, record_payments, recover_payment, reverse_payment
from tests.conftest import ClientFor
from tests.grants.operations.conftest import NOW, TODAY, pay, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAID_ON = date(2026, 11, 20)
BOX = "It is another one: record it too"


@pytest.fixture
def part(grant: Grant, instalment: Instalment, finance: User) -> dict[str, Any]:
    """£1,000 of instalment 1, recorded already."""
    entries = pay(grant, finance, instalment=instalment, amount=Decimal(1000), reference="B17")
    record_payment(**entries)
    return entries


def test_the_same_again_is_recorded_only_as_another(part: dict[str, Any]) -> None:
    with pytest.raises(ActionRefused, match="with the reference B17 is recorded here already") as refused:
        record_payment(**part, request_key=uuid.uuid4())
    assert refused.value.field == "another"
    assert Payment.objects.count() == 1
    record_payment(**part, another=True, request_key=uuid.uuid4())
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    "entries",
    [
        {"amount": Decimal(1001)},
        {"paid_on": date(2026, 11, 19)},
        {"reference": "B18"},
        {"instalment": None},
    ],
)
def test_what_differs_is_not_asked_about(entries: dict[str, Any], part: dict[str, Any]) -> None:
    record_payment(**{**part, **entries})
    assert Payment.objects.count() == 2


def test_what_was_reversed_is_paid_again_without_a_question(part: dict[str, Any], finance: User) -> None:
    back = {"reversed_on": TODAY, "reason": "Bounced", "by": finance, "on": TODAY, "at": NOW}
    reverse_payment(payment=Payment.objects.get(), **back)
    assert record_payment(**part).amount == 1000


def test_the_same_money_comes_back_twice_only_when_it_is_said(part: dict[str, Any], finance: User) -> None:
    back = {"grant": part["grant"], "amount": Decimal(100), "recovered_on": TODAY, "reason": "Underspend"}
    who = {"by": finance, "on": TODAY, "at": NOW}
    recover_payment(**back, **who)
    with pytest.raises(ActionRefused, match="£100 on 21 November 2026 without a reference") as refused:
        recover_payment(**{**back, "reason": "An underspend"}, **who)
    assert refused.value.field == "another"
    recover_payment(**back, **who, another=True)
    assert Payment.objects.filter(kind="recovery").count() == 2


def test_several_are_told_to_record_it_by_itself(
    part: dict[str, Any], instalment: Instalment, finance: User
) -> None:
    who = {"by": finance, "on": TODAY, "at": NOW, "paid_on": PAID_ON, "reference": "B17"}
    with pytest.raises(ActionRefused, match=r"record it by itself and say so\. Nothing was recorded\.") as no:
        record_payments(lines=[Paid(instalment, Decimal(1000))], **who)
    assert no.value.field is None
    assert "go back to the payments and tick only the others" in no.value.message


@pytest.mark.parametrize(
    ("name", "day"), [("record_payment", "paid_on"), ("recover_payment", "recovered_on")]
)
@time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False)
def test_the_page_asks_with_a_box(
    name: str, day: str, grant: Grant, finance: User, client_for: ClientFor
) -> None:
    record_payment(**pay(grant, finance))
    client, address = client_for("finance"), reverse(name, args=[grant.ref])
    entries = {"amount": "100", "route": "bacs", "reason": "Underspend", **typed(PAID_ON, day)}

    def send(**more: str) -> Any:
        return client.post(address, {"request_key": str(uuid.uuid4()), **entries, **more})

    assert BOX not in client.get(address).content.decode()
    assert send().status_code == 302
    asked = send()
    assert asked.status_code == 200
    assert BOX in asked.content.decode()
    assert send(another="").status_code == 200
    assert send(another="on").status_code == 302
    assert Payment.objects.filter(amount=100).count() == 2
