"""What a reader may not do is not offered, the page says who must, and a refusal gives its reason."""

from datetime import date
from decimal import Decimal

import pytest

from grants.models import Grant
from tests.conftest import ClientFor
from tests.factories import (
    make_agreement,
    make_check,
    make_cover,
    make_grant,
    make_instalment,
    make_payment_row,
    make_plan,
    make_return,
    make_variation,
    somebody,
)
from tests.factories.people import People
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DECIDED = "You took the decision on this grant, so another person must do this."


@pytest.fixture
def authorised(people: People) -> Grant:
    """£60,000 ready to pay, authorised by the person in finance."""
    grant = make_grant(title="Authorised", finance_owner=people.finance, amount_awarded=60000)
    grant.fund.second_approver_threshold = Decimal(50000)
    grant.fund.save()
    make_agreement(grant)
    authorisation = {"authorised_by": people.finance, "authorised_on": date(2026, 11, 20)}
    make_instalment(grant, amount=60000, due_on=date(2026, 11, 2), **authorisation)
    return grant


def test_who_authorised_reads_that_another_must_pay(authorised: Grant, client_for: ClientFor) -> None:
    response = client_for("finance").get(f"/grants/{authorised.ref}/")
    assert response.context["actions"].main is None
    assert "You authorised instalment 1, so another person in finance must record its payment." in (
        response.content.decode()
    )
    other = client_for(somebody("finance")).get(f"/grants/{authorised.ref}/")
    assert other.context["actions"].main.label == "Record the payment of £60,000"
    assert "another person in finance" not in other.content.decode()


def test_who_decided_reads_that_another_must_pay(scene: Scene, people: People, client_for: ClientFor) -> None:
    Grant.objects.filter(pk=scene.ending.pk).update(decided_by=people.finance)
    page = client_for("finance").get(f"/grants/{scene.ending.ref}/").content.decode()
    assert (
        "You took the decision on this grant, so another person in finance must record its payment." in page
    )


def test_who_varied_reads_that_another_must_pay(
    authorised: Grant, people: People, client_for: ClientFor
) -> None:
    authorised.instalments.update(authorised_by=somebody("commissioner"))
    for who in (people.finance, somebody("commissioner")):
        make_variation(authorised, decided_by=who)
    page = client_for("finance").get(f"/grants/{authorised.ref}/")
    assert page.context["actions"].main is None
    assert "You decided a variation of this grant, so another person in finance" in page.content.decode()
    form = f"/grants/{authorised.ref}/payments/new/"
    assert client_for("finance").get(form).status_code == 403
    for url in ("/", "/payments/"):
        assert form not in client_for("finance").get(url).content.decode()
        assert form in client_for(somebody("finance")).get(url).content.decode()


@pytest.mark.parametrize("url", ["/", "/payments/"])
def test_pay_next_offers_only_what_its_reader_may_pay(
    url: str, authorised: Grant, client_for: ClientFor
) -> None:
    form = f"/grants/{authorised.ref}/payments/new/"
    mine = client_for("finance").get(url).content.decode()
    assert "Authorised" in mine
    assert form not in mine
    assert form in client_for(somebody("finance")).get(url).content.decode()


def test_a_refusal_says_that_the_reader_decided(scene: Scene, people: People, client_for: ClientFor) -> None:
    Grant.objects.filter(pk=scene.ending.pk).update(decided_by=people.finance)
    client = client_for("finance")
    for form in ("payments/new/", "instalments/1/authorise/"):
        response = client.get(f"/grants/{scene.ending.ref}/{form}")
        assert response.status_code == 403
        assert DECIDED in response.content.decode()
        assert "Your role does not" not in response.content.decode()
    other = client_for("scrutiny").get(f"/grants/{scene.ending.ref}/payments/new/").content.decode()
    assert "Your role does not open it." in other
    assert DECIDED not in other


def test_cover_leads_to_its_form_only_for_those_who_may_change_it(
    scene: Scene, client_for: ClientFor
) -> None:
    form = f"/grants/{scene.ending.ref}/plan/cover/"
    for role, offered in (("commissioner", True), ("finance", False), ("provider", False)):
        page = client_for(role).get(f"/grants/{scene.ending.ref}/").content.decode()
        assert (form in page) is offered, role


def test_cover_in_another_unit_says_that_it_does_not_count(scene: Scene, client_for: ClientFor) -> None:
    plan = make_plan(make_grant())
    make_return(plan.grant, caseload=40, caseload_unit="children")
    line = make_cover(plan, number=20, unit="families")
    client = client_for("commissioner")
    page = client.get(f"/grants/{plan.grant.ref}/").content.decode()
    assert "20 families" in page
    assert "Confirmed: does not count, the last return counts children and young people" in page
    form = client.get(f"/grants/{plan.grant.ref}/plan/cover/{line.pk}/")
    assert "Until now 20 families: count again as the last return does." in form.content.decode()
    assert form.context["form"]["number"].value() is None


def test_bank_details_to_verify_are_named_once(people: People, client_for: ClientFor) -> None:
    grant = make_grant(title="Changed")
    make_agreement(grant)
    make_instalment(grant)
    asked = {"requested_on": date(2026, 11, 10), "result": None, "changed_by": somebody("commissioner")}
    make_check(grant, kind="bank_details", needed_before="payment", **asked)
    main = client_for("finance").get(f"/grants/{grant.ref}/").context["actions"].main
    assert main.label == "Verify the bank details"


def on_claim(due_on: date | None) -> Grant:
    """The second instalment of a paid grant, for which a claim is to come."""
    grant = make_grant(title="On claim", planned_start=date(2026, 10, 1))
    make_agreement(grant)
    make_payment_row(grant, instalment=make_instalment(grant))
    make_instalment(grant, basis="on_claim", due_on=due_on)
    return grant


@pytest.mark.parametrize("due_on", [date(2027, 6, 1), None])
def test_a_claim_that_is_not_due_blocks_nothing_yet(
    due_on: date | None, people: People, client_for: ClientFor
) -> None:
    response = client_for("finance").get(f"/grants/{on_claim(due_on).ref}/")
    page = response.content.decode()
    assert response.context["actions"].main is None
    assert response.context["blockers"] == []
    assert "Instalment 2 waits for a claim from the provider." in page
    assert ("It is due on 1 June 2027." if due_on else "When it is due is not known.") in page
    assert "waits for a claim</strong>" in page
    assert "since when is not known" not in page


def test_a_claim_that_is_due_blocks(people: People, client_for: ClientFor) -> None:
    response = client_for("finance").get(f"/grants/{on_claim(date(2026, 11, 2)).ref}/")
    assert response.context["actions"].main.label == "Record the claim"
    assert [block["how_long"] for block in response.context["blockers"]] == ["15 working days"]
