"""What was ticked on the payments page is recorded together: all of it or none, once."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.errors import ActionRefused
from core.models import User
from grants.models import Grant, Instalment, Payment
from grants.operations.payments import Paid, record_payments
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import NOW, TODAY, fresh, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAID_ON = date(2026, 11, 20)


@pytest.fixture
def other(people: make.People) -> Instalment:
    """£1,200 of another grant, ready to pay."""
    grant = make.make_grant(lead_provider=people.other_organisation)
    make.make_agreement(grant)
    return make.make_instalment(grant, amount=Decimal("1200.00"))


def record(lines: Sequence[Instalment], by: User, **entries: Any) -> list[Payment]:
    """Their amounts, paid yesterday."""
    paid = [Paid(line, line.amount or Decimal(0)) for line in lines]
    return record_payments(**{"lines": paid, "paid_on": PAID_ON, "by": by, "on": TODAY, "at": NOW, **entries})


def test_each_is_recorded_in_its_own_grant(instalment: Instalment, other: Instalment, finance: User) -> None:
    made = record([other, instalment], finance, reference="run 12")
    assert {(line.grant_id, line.instalment, line.amount) for line in made} == {
        (instalment.grant_id, instalment, Decimal(4500)),
        (other.grant_id, other, Decimal(1200)),
    }
    assert {(line.paid_on, line.reference) for line in made} == {(PAID_ON, "run 12")}
    assert [fresh(line).paid_on for line in (instalment, other)] == [PAID_ON, PAID_ON]


def test_sent_twice_it_pays_once(instalment: Instalment, other: Instalment, finance: User) -> None:
    key = uuid.uuid4()
    first = record([instalment, other], finance, request_key=key)
    assert record([instalment, other], finance, request_key=key) == first
    assert Payment.objects.count() == 2
    with pytest.raises(ActionRefused, match="sent before, with other entries"):
        record([instalment, other], finance, request_key=key, paid_on=TODAY)


def test_one_refusal_records_none_and_names_its_grant(
    instalment: Instalment, other: Instalment, finance: User
) -> None:
    Grant.objects.filter(pk=other.grant_id).update(decided_by=finance)
    with pytest.raises(ActionRefused, match=rf"^{other.grant.title}, instalment 1: .*Nothing was recorded"):
        record([instalment, other], finance)
    assert not Payment.objects.exists()
    assert fresh(instalment).paid_on is None


def test_a_date_that_is_refused_is_said_at_its_field(
    instalment: Instalment, other: Instalment, finance: User
) -> None:
    with pytest.raises(ActionRefused) as refused:
        record([instalment, other], finance, paid_on=date(2026, 12, 1))
    assert refused.value.field == "paid_on"


def test_nothing_ticked_is_refused(finance: User) -> None:
    with pytest.raises(ActionRefused, match="Nothing is ticked"):
        record([], finance)


def test_the_page_lists_what_was_ticked_and_records_what_it_showed(
    instalment: Instalment, other: Instalment, finance: User, client_for: ClientFor
) -> None:
    client = client_for(finance)
    address = f"{reverse('record_payments')}?instalment={instalment.pk}&instalment={other.pk}"
    page = client.get(address)
    assert "Record 2 payments: £5,700" in page.content.decode()
    sent = {
        "request_key": str(uuid.uuid4()),
        "amounts": f"{instalment.pk}:4500.00 {other.pk}:1200.00",
        "route": "bacs",
        **typed(PAID_ON, "paid_on"),
    }
    for _ in range(2):
        answer = client.post(address, sent, follow=True)
        assert "2 payments recorded: £5,700." in answer.content.decode()
    assert Payment.objects.count() == 2


def test_nothing_ticked_leads_back_and_says_so(finance: User, client_for: ClientFor) -> None:
    client = client_for(finance)
    for answer in (
        client.get(reverse("record_payments"), follow=True),
        client.post(reverse("record_payments"), follow=True),
    ):
        assert answer.redirect_chain == [(f"{reverse('payments')}?ticked=none", 302)]
        assert "Nothing is ticked. Tick what was paid, then record it." in answer.content.decode()


@pytest.mark.parametrize("ticked", ["x", "²", "999999", "1&instalment=-1", "9" * 30])
def test_what_is_not_there_is_not_found(ticked: str, finance: User, client_for: ClientFor) -> None:
    assert client_for(finance).get(f"{reverse('record_payments')}?instalment={ticked}").status_code == 404


@pytest.mark.parametrize(
    "amounts",
    [
        "",
        "x",
        "{}:",
        "{}:NaN",
        "999999:4500.00",
        *("{}:" + each for each in ("0", "-5", "0.001", "4500.01", "1e999999")),
    ],
)
def test_amounts_that_no_page_of_ours_sent_pay_nothing(
    amounts: str, instalment: Instalment, finance: User, client_for: ClientFor
) -> None:
    address = f"{reverse('record_payments')}?instalment={instalment.pk}"
    sent = {"request_key": str(uuid.uuid4()), "amounts": amounts.format(instalment.pk), "route": "bacs"}
    assert client_for(finance).post(address, sent | typed(PAID_ON, "paid_on")).status_code in {200, 404}
    assert not Payment.objects.exists()


def test_odd_pence_and_what_is_left_of_them_are_recorded_as_the_page_showed(
    instalment: Instalment, other: Instalment, finance: User, client_for: ClientFor
) -> None:
    Instalment.objects.filter(pk=instalment.pk).update(amount=Decimal("4500.10"))
    make.make_payment_row(
        other.grant, instalment=other, amount=Decimal("0.30"), paid_on=PAID_ON, keep_dates=False
    )
    client = client_for(finance)
    address = f"{reverse('record_payments')}?instalment={instalment.pk}&instalment={other.pk}"
    sent = {
        "request_key": str(uuid.uuid4()),
        "amounts": client.get(address).context["form"]["amounts"].value(),
        "route": "bacs",
        **typed(PAID_ON, "paid_on"),
    }
    answer = client.post(address, sent, follow=True)
    assert "2 payments recorded: £5,699.80." in answer.content.decode()


def test_after_a_refusal_the_form_sends_what_the_page_shows(
    instalment: Instalment, other: Instalment, finance: User, client_for: ClientFor
) -> None:
    client = client_for(finance)
    address = f"{reverse('record_payments')}?instalment={instalment.pk}&instalment={other.pk}"
    shown = client.get(address).context["form"]
    sent = {
        "request_key": str(shown["request_key"].value()),
        "amounts": shown["amounts"].value(),
        "route": "journal",
        "reference": "run 12",
        **typed(PAID_ON, "paid_on"),
    }
    make.make_payment_row(
        other.grant, instalment=other, amount=Decimal(200), paid_on=PAID_ON, keep_dates=False
    )
    refused = client.post(address, sent)
    page, form = refused.content.decode(), refused.context["form"]
    assert "Nothing was recorded" in page
    assert "Record 2 payments: £5,500" in page
    assert [form[name].value() for name in ("route", "reference")] == ["journal", "run 12"]
    assert 'value="2026"' in page
    sent["amounts"] = form["amounts"].value()
    assert "2 payments recorded: £5,500." in client.post(address, sent, follow=True).content.decode()
    assert {(line.amount, line.reference) for line in Payment.objects.exclude(amount=200)} == {
        (Decimal(4500), "run 12"),
        (Decimal(1000), "run 12"),
    }


def test_once_all_is_paid_the_page_says_so_and_leads_back(
    instalment: Instalment, finance: User, client_for: ClientFor
) -> None:
    client = client_for(finance)
    address = f"{reverse('record_payments')}?instalment={instalment.pk}"
    sent = {
        "request_key": str(uuid.uuid4()),
        "amounts": client.get(address).context["form"]["amounts"].value(),
        "route": "bacs",
        **typed(PAID_ON, "paid_on"),
    }
    record([instalment], finance)
    for answer in (client.get(address), client.post(address, sent)):
        page = answer.content.decode()
        assert "All of these are paid already: nothing is left to record." in page
        assert "Record 0 payments" not in page
        assert 'name="amounts"' not in page
        assert f'<a class="govuk-link" href="{reverse("payments")}">' in page
    assert Payment.objects.count() == 1


def test_an_amount_that_is_not_known_is_not_called_paid(
    instalment: Instalment, finance: User, client_for: ClientFor
) -> None:
    Instalment.objects.filter(pk=instalment.pk).update(amount=None)
    page = (
        client_for(finance).get(f"{reverse('record_payments')}?instalment={instalment.pk}").content.decode()
    )
    assert "1 amount is not known" in page
    assert "nothing left to pay" not in page
    assert "already" not in page
