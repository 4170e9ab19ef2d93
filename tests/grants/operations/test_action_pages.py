"""The action pages: nothing typed is lost, nothing is done twice, the button says what it does."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from grants.models import Agreement, Grant, Instalment, OutcomeReturn, Payment, SustainabilityPlan, Variation
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import fresh, typed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        yield


def payment_form(instalment: Instalment, **entries: Any) -> dict[str, Any]:
    values = {"instalment": instalment.pk, "amount": "£4,500", "route": "bacs", "reference": "B17"}
    key = {"request_key": str(uuid.uuid4())}
    return {**values, **typed(date(2026, 11, 20), "paid_on"), **key, **entries}


def record_payment_at(grant: Grant, query: str = "") -> str:
    return reverse("record_payment", args=[grant.ref]) + query


def test_the_page_says_how_much_is_left_and_its_button_no_sum_that_may_be_another(
    grant: Grant, instalment: Instalment, client_for: ClientFor
) -> None:
    page = client_for("finance").get(record_payment_at(grant, "?instalment=1")).content.decode()
    assert "£4,500 is left to pay of instalment 1." in page
    assert re.search(r">\s*Record payment\s*<", page)
    assert "Record payment of" not in page
    assert 'value="4500.00"' in page
    assert "Ready to pay" in page
    assert str(grant) in page
    first_unpaid = client_for("finance").get(record_payment_at(grant)).content.decode()
    assert "£4,500 is left to pay of instalment 1." in first_unpaid
    grant.instalments.all().delete()
    plain = client_for("finance").get(record_payment_at(grant)).content.decode()
    assert re.search(r">\s*Record payment\s*<", plain)
    assert "is left to pay" not in plain


def test_a_payment_is_recorded_and_said(grant: Grant, instalment: Instalment, client_for: ClientFor) -> None:
    client = client_for("finance")
    answer = client.post(record_payment_at(grant), payment_form(instalment))
    assert (answer.status_code, answer["Location"]) == (302, reverse("grant", args=[grant.ref]))
    assert Payment.objects.get().reference == "B17"
    assert "Payment of £4,500 recorded." in client.get(answer["Location"]).content.decode()


def test_a_double_click_pays_once_and_both_answers_lead_on(
    grant: Grant, instalment: Instalment, client_for: ClientFor
) -> None:
    client, form = client_for("finance"), payment_form(instalment)
    assert [client.post(record_payment_at(grant), form).status_code for _ in range(2)] == [302, 302]
    assert Payment.objects.count() == 1


def test_what_is_refused_comes_back_as_it_was_typed(
    grant: Grant, instalment: Instalment, client_for: ClientFor
) -> None:
    make.make_check(grant)
    answer = client_for("finance").post(record_payment_at(grant), payment_form(instalment))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert page.count("Instalment 1 is blocked: Safeguarding policy not seen, waiting on the provider") == 2
    assert 'value="£4,500"' in page
    assert 'value="B17"' in page
    assert 'href="#id_instalment"' in page
    assert not Payment.objects.exists()


def test_each_empty_box_says_what_to_enter(grant: Grant, client_for: ClientFor) -> None:
    form = {"request_key": str(uuid.uuid4())}
    page = client_for("finance").post(record_payment_at(grant), form).content.decode()
    for sentence in ("Enter the amount", "Enter the date paid", "Select the route"):
        assert sentence in page


def test_who_decided_is_told_why_another_must_pay(client_for: ClientFor, people: make.People) -> None:
    grant = make.make_grant(decided_by=people.finance)
    assert client_for("finance").get(record_payment_at(grant)).status_code == 403


def agreement_form(version: int, **entries: str) -> dict[str, Any]:
    return {
        "request_key": str(uuid.uuid4()),
        "version": version,
        **typed(date(2026, 10, 12), "issued_on"),
        **entries,
    }


def test_a_stale_form_shows_what_stands_and_can_be_sent_again(client_for: ClientFor) -> None:
    grant = make.make_grant()
    address, client = reverse("record_agreement", args=[grant.ref]), client_for("commissioner")
    assert client.post(address, agreement_form(0)).status_code == 302
    late = agreement_form(0, **typed(date(2026, 10, 16), "signed_on"))
    answer = client.post(address, late)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody else changed this record" in page
    again = answer.context["form"]["version"].value()
    assert again == "1"
    assert client.post(address, {**late, "version": again}).status_code == 302
    assert Agreement.objects.get().signed_on == date(2026, 10, 16)


def test_words_that_may_identify_somebody_are_asked_about_once(grant: Grant, client_for: ClientFor) -> None:
    address, client = reverse("record_plan", args=[grant.ref]), client_for("commissioner")
    form = {"request_key": str(uuid.uuid4()), "version": 0, "summary": "The hub at HR4 9AB takes over"}
    page = client.post(address, form).content.decode()
    assert "It holds a postcode. Look again at “What happens when the money ends?”" in page
    assert 'name="names_nobody"' in page
    assert "The hub at HR4 9AB takes over" in page
    assert not SustainabilityPlan.objects.exists()
    assert client.post(address, {**form, "names_nobody": "on"}).status_code == 302
    assert SustainabilityPlan.objects.get().summary == form["summary"]


def test_words_that_identify_somebody_are_refused(grant: Grant, client_for: ClientFor) -> None:
    form = {"request_key": str(uuid.uuid4()), "version": 0, "summary": "Ella Morgan, born 3 April 2015"}
    form["names_nobody"] = "on"
    page = client_for("commissioner").post(reverse("record_plan", args=[grant.ref]), form).content.decode()
    assert "a name beside a date of birth" in page
    assert not SustainabilityPlan.objects.exists()


def test_bank_details_ask_for_a_call_back_and_other_checks_do_not(
    grant: Grant, client_for: ClientFor
) -> None:
    make.make_check(grant)
    make.make_check(grant, kind="bank_details")
    client = client_for("finance")
    pages = {
        kind: client.get(reverse("record_check", args=[grant.ref, kind])).content.decode()
        for kind in ("safeguarding", "bank_details")
    }
    assert "called_back" in pages["bank_details"]
    assert "called_back" not in pages["safeguarding"]
    assert client.get(reverse("record_check", args=[grant.ref, "dbs"])).status_code == 404


def test_a_variation_offers_each_unpaid_instalment(
    grant: Grant, instalment: Instalment, client_for: ClientFor
) -> None:
    make.make_payment_row(grant, instalment=instalment)
    moved = make.make_instalment(grant)
    address, client = reverse("vary_grant", args=[grant.ref]), client_for("commissioner")
    page = client.get(address).content.decode()
    assert "New due date of instalment 2" in page
    assert "New due date of instalment 1" not in page
    form = {
        "request_key": str(uuid.uuid4()),
        "version": fresh(grant).version,
        "reason": "Agreed with the school",
    }
    for name in ("proposed_on", "decided_on"):
        form |= typed(date(2026, 11, 20), name)
    assert client.post(address, {**form, **typed(date(2027, 1, 4), "due_2")}).status_code == 302
    assert fresh(moved).due_on == date(2027, 1, 4)
    assert Variation.objects.get().reason == "Agreed with the school"


def test_a_provider_reports_from_the_return_that_is_due(grant: Grant, client_for: ClientFor) -> None:
    make.make_return(grant, period_to=date(2026, 8, 31), caseload=30)
    make.make_return(grant, state="due", period_to=date(2026, 11, 15))
    address, client = reverse("record_caseload", args=[grant.ref]), client_for("provider")
    page = client.get(address).content.decode()
    assert all(f'value="{part}"' in page for part in ("15", "11", "2026"))
    assert "30 families (submitted)" in page
    form = {"request_key": str(uuid.uuid4()), "version": 1, "caseload": "26", "caseload_unit": "families"}
    form |= typed(date(2026, 11, 15), "period_to")
    assert client.post(address, form).status_code == 302
    assert OutcomeReturn.objects.get(period_to=date(2026, 11, 15)).caseload == 26


def test_what_was_reported_for_that_day_is_replaced_by_a_tick(grant: Grant, client_for: ClientFor) -> None:
    address, client = reverse("record_caseload", args=[grant.ref]), client_for("provider")
    make.make_return(grant, state="due", period_to=date(2026, 11, 9))
    make.make_return(grant, period_to=date(2026, 11, 16))
    sent = {"caseload": "30", "caseload_unit": "families", **typed(date(2026, 11, 16), "period_to")}
    form = {"request_key": str(uuid.uuid4()), "version": "1", **sent}
    answer = client.post(address, form)
    page = answer.content.decode()
    assert "26 families were reported for 16 November 2026 already. Tick the box to replace it." in page
    assert "Somebody else changed" not in page
    assert 'name="replaces"' in page
    assert "26 families (submitted)" in page
    again = {**form, "version": answer.context["form"]["version"].value()}
    assert "Tick the box" in client.post(address, again).content.decode()
    assert client.post(address, {**again, "replaces": "on"}).status_code == 302
    assert grant.returns.get(period_to=date(2026, 11, 16)).caseload == 30


def test_a_return_is_opened_by_its_day(grant: Grant, client_for: ClientFor) -> None:
    make.make_return(grant, period_to=date(2026, 11, 15), caseload=17)
    client, address = client_for("commissioner"), reverse("record_caseload", args=[grant.ref])
    assert 'value="17"' in client.get(f"{address}?period_to=2026-11-15").content.decode()
    assert client.get(f"{address}?period_to=yesterday").status_code == 200


@pytest.mark.parametrize("name", ["reverse_payment", "confirm_receipt"])
def test_a_reversal_is_no_payment_to_act_on(name: str, grant: Grant, client_for: ClientFor) -> None:
    payment = make.make_payment_row(grant)
    line = make.make_payment_row(
        grant, kind="reversal", reverses=payment, reason="Bounced", amount=Decimal(1)
    )
    client = client_for("finance" if name == "reverse_payment" else "provider")
    assert client.get(reverse(name, args=[grant.ref, payment.pk])).status_code == 200
    assert client.get(reverse(name, args=[grant.ref, line.pk])).status_code == 404
    assert client.get(reverse(name, args=[make.make_grant().ref, payment.pk])).status_code == 404


def test_what_a_flag_says_stands_above_what_is_done_with_it(
    client_for: ClientFor, people: make.People
) -> None:
    flag = make.make_flag(
        rule="short_notice_round",
        round=make.make_round(),
        facts={
            "announced_on": "2026-11-09",
            "closes_on": "2026-11-30",
            "lead_time_working_days": 15,
            "norm_working_days": 30,
            "extend_to": "2026-12-21",
            "on": "2026-11-10",
        },
    )
    client = client_for("commissioner")
    page = client.get(reverse("assign_flag", args=[flag.pk]))
    assert "this round gives groups 15 working days to apply" in page.content.decode()
    opened_on = page.context["form"]["version"].value()
    form = {"request_key": str(uuid.uuid4()), "owner": people.administrator.pk, "note": "Yours"}
    form |= {"version": opened_on}
    answer = client.post(reverse("assign_flag", args=[flag.pk]), form)
    assert answer["Location"] == reverse("flag", args=[flag.pk])
    assert fresh(flag).owner == people.administrator
    assert f"To {people.administrator}. Yours" in client.get(answer["Location"]).content.decode()
