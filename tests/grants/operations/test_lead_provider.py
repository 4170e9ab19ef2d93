"""Who leads a grant: found by name or number, added when nobody knows it, put right until it is settled."""

import threading
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Grant
from grants.operations.decisions import bank_details_changed, lead_provider, name_provider, record_check
from grants.operations.payments import record_payment
from providers.models import Organisation, OrganisationIdentifier
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import TODAY, fresh, last_history, pay

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def nobodys(people: make.People) -> Grant:
    """A grant of which no list said who leads it."""
    return make.make_grant(lead_provider=None)


def name(grant: Grant, by: User, provider: str, kind: str | None = None, **more: Any) -> Grant:
    return name_provider(grant=grant, provider=provider, kind=kind, by=by, on=TODAY, **more)


@pytest.mark.parametrize(
    "typed", ["The Quayside Trust", "the quayside trust ltd", "GB-CHC-1100456", "1100456", " 1100456 "]
)
def test_a_provider_is_found_by_its_name_or_number(typed: str, nobodys: Grant, commissioner: User) -> None:
    trust = make.make_organisation(name="The Quayside Trust")
    OrganisationIdentifier.objects.create(organisation=trust, scheme="GB-CHC", value="1100456")
    make.make_organisation(name="The Quayside Trust", is_illustrative=False)
    name(nobodys, commissioner, typed)
    assert (fresh(nobodys).lead_provider, fresh(nobodys).version) == (trust, 2)
    assert last_history(fresh(nobodys)) == (
        commissioner,
        "Lead provider: The Quayside Trust, before: not known",
    )


def test_a_record_found_to_be_anothers_gives_way_to_it(nobodys: Grant, commissioner: User) -> None:
    trust = make.make_organisation(name="Quayside")
    make.make_organisation(name="Quayside", same_as=trust)
    name(nobodys, commissioner, "Quayside")
    assert fresh(nobodys).lead_provider == trust


def test_of_two_with_one_name_the_number_decides(nobodys: Grant, commissioner: User) -> None:
    make.make_organisation(name="Quayside")
    other = make.make_organisation(name="QUAYSIDE")
    OrganisationIdentifier.objects.create(organisation=other, scheme="GB-COH", value="07597525")
    with pytest.raises(ActionRefused, match="Several organisations are called “Quayside”"):
        name(nobodys, commissioner, "Quayside")
    name(nobodys, commissioner, "7597525")
    assert fresh(nobodys).lead_provider == other


def test_a_name_that_nobody_has_is_asked_about_and_then_added(nobodys: Grant, commissioner: User) -> None:
    make.make_organisation(name="Quayside Trust")
    with pytest.raises(ActionRefused, match="Did you mean “Quayside Trust”") as refused:
        name(nobodys, commissioner, "Quayside")
    assert refused.value.field == "is_new"
    assert fresh(nobodys).lead_provider is None
    name(nobodys, commissioner, "Quayside", "faith", is_new=True)
    added = fresh(nobodys).lead_provider
    assert (added.name, added.kind, added.ref, added.is_illustrative) == (
        "Quayside", "faith", "quayside", True,
    )  # fmt: skip
    assert last_history(added) == (commissioner, f"Named as the provider of {nobodys.ref}")


@pytest.mark.parametrize("number", ["9999999", "GB-CHC-7777777", "SC 012345"])
def test_a_number_is_no_name(number: str, nobodys: Grant, commissioner: User) -> None:
    with pytest.raises(ActionRefused, match="Enter its name") as refused:
        name(nobodys, commissioner, number, is_new=True)
    assert refused.value.field == "provider"
    name(nobodys, commissioner, "1st Fairford Scouts", is_new=True)


def test_a_reference_that_is_taken_gives_way(nobodys: Grant, commissioner: User) -> None:
    make.make_organisation(name="Quayside of the real register", ref="quayside", is_illustrative=False)
    name(nobodys, commissioner, "Quayside", is_new=True)
    added = fresh(nobodys).lead_provider
    assert added.name == "Quayside"
    assert added.ref.startswith("quayside-")


def test_an_individual_is_neither_found_nor_added(nobodys: Grant, commissioner: User) -> None:
    person = make.make_organisation(name="Individual", kind="individual")
    with pytest.raises(ActionRefused, match="Nobody in this register"):
        name(nobodys, commissioner, person.name)
    with pytest.raises(ActionRefused, match="not kept") as refused:
        name(nobodys, commissioner, "Quayside", "individual", is_new=True)
    assert refused.value.field == "kind"
    known = make.make_organisation()
    with pytest.raises(ActionRefused, match="not kept"):
        name(nobodys, commissioner, known.name, "individual")
    assert fresh(known).kind == "charity"
    assert not Organisation.objects.filter(name="Quayside").exists()


def test_the_kind_is_said_of_the_organisation(grant: Grant, commissioner: User) -> None:
    Organisation.objects.filter(pk=grant.lead_provider.pk).update(kind=None)
    leader = fresh(grant.lead_provider)
    name(grant, commissioner, leader.name, "school")
    assert fresh(leader).kind == "school"
    assert last_history(fresh(leader)) == (commissioner, f"Its kind was said on {grant.ref}")
    assert last_history(fresh(grant)) == (commissioner, "Kind of provider: School")
    with pytest.raises(ActionRefused, match="Nothing changes"):
        name(fresh(grant), commissioner, leader.name, "school")


def test_it_is_put_right_until_there_is_an_agreement_or_a_payment(grant: Grant, people: make.People) -> None:
    other = make.make_organisation()
    with pytest.raises(ActionRefused, match="so it stays its provider") as refused:
        name(grant, people.commissioner, other.name)
    assert refused.value.field == "provider"
    grant.agreement.delete()
    name(grant, people.commissioner, other.name)
    assert fresh(grant).lead_provider == other
    make.make_payment_row(grant)
    with pytest.raises(ActionRefused, match="so it stays its provider"):
        name(fresh(grant), people.commissioner, people.organisation.name)


def test_another_provider_is_checked_and_authorised_anew(grant: Grant, people: make.People) -> None:
    seen = {"result": "passed", "checked_by": people.finance, "checked_on": TODAY, "requested_on": TODAY}
    bank = make.make_check(grant, kind="bank_details", changed_by=people.commissioner, **seen)
    papers = make.make_check(grant, kind="constitution", **seen)
    line = make.make_instalment(grant, authorised_by=people.administrator, authorised_on=TODAY)
    grant.agreement.delete()
    name(grant, people.commissioner, people.organisation.name, "school")
    assert fresh(bank).result == "passed"
    other = make.make_organisation()
    name(grant, people.commissioner, other.name)
    for check in (fresh(bank), fresh(papers)):
        assert (check.result, check.checked_by, check.requested_on, check.changed_by) == (None,) * 4
        assert last_history(check) == (
            people.commissioner,
            f"Checked and authorised for {people.organisation}, not for {other}",
        )
    assert (fresh(line).authorised_by, fresh(line).authorised_on) == (None, None)
    make.make_agreement(grant)
    with pytest.raises(ActionRefused, match="is blocked"):
        record_payment(**pay(fresh(grant), people.finance, instalment=fresh(line)))


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: run it on a PostgreSQL"
)
@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_organisation_at_once_add_one(
    people: make.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each looks before either writes, unless one waits for the other."""
    grants = [make.make_grant(lead_provider=None) for _ in range(2)]
    both_looked = threading.Barrier(2)
    look = lead_provider.organisation_named

    def slowly(*args: Any, **options: Any) -> Organisation | None:
        found = look(*args, **options)
        with suppress(threading.BrokenBarrierError):
            both_looked.wait(timeout=1)
        return found

    def add(grant: Grant) -> None:
        try:
            name(grant, people.commissioner, "Quayside", is_new=True)
        finally:
            connection.close()

    monkeypatch.setattr(lead_provider, "organisation_named", slowly)
    threads = [threading.Thread(target=add, args=(grant,)) for grant in grants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Organisation.objects.filter(name="Quayside").count() == 1
    assert {fresh(grant).lead_provider.name for grant in grants} == {"Quayside"}


def test_what_was_paid_to_nobody_known_can_still_get_a_name(nobodys: Grant, people: make.People) -> None:
    make.make_payment_row(nobodys)
    name(nobodys, people.commissioner, people.organisation.name)
    assert fresh(nobodys).lead_provider == people.organisation


def test_changed_bank_details_are_verified_before_one_more_grant(
    grant: Grant, nobodys: Grant, people: make.People
) -> None:
    check = bank_details_changed(grant=grant, told_on=TODAY, by=people.finance, on=TODAY)
    leader = grant.lead_provider
    with pytest.raises(ActionRefused, match="have changed and are not verified"):
        name(nobodys, people.commissioner, leader.name)
    record_check(
        check=check, result="passed", checked_on=TODAY, called_back=True, by=people.commissioner, on=TODAY
    )
    name(nobodys, people.commissioner, leader.name)
    assert fresh(nobodys).lead_provider == leader


def test_sent_twice_it_is_one_organisation(nobodys: Grant, commissioner: User) -> None:
    again: dict[str, Any] = {"is_new": True, "request_key": uuid.uuid4(), "version": 1}
    for _ in range(2):
        name(nobodys, commissioner, "Quayside", **again)
    assert (fresh(nobodys).version, Organisation.objects.filter(name="Quayside").count()) == (2, 1)
    with pytest.raises(StaleVersion):
        name(nobodys, commissioner, make.make_organisation().name, version=1)


@pytest.mark.parametrize("who", ["finance", "scrutiny", "provider"])
def test_only_who_looks_after_grants_names_it(who: str, nobodys: Grant, people: make.People) -> None:
    with pytest.raises(NotAllowed):
        name(nobodys, people[who], "Quayside", is_new=True)
    assert not Organisation.objects.filter(name="Quayside").exists()


@pytest.mark.parametrize("over", ["closed_on", "withdrawn_on"])
def test_what_is_over_stays_as_it_is(over: str, commissioner: User) -> None:
    grant = make.make_grant(lead_provider=None, **{over: TODAY})
    with pytest.raises(ActionRefused, match="nothing more is recorded"):
        name(grant, commissioner, "Quayside", is_new=True)
    assert not Organisation.objects.filter(name="Quayside").exists()


def test_the_page_asks_before_it_adds(nobodys: Grant, client_for: ClientFor) -> None:
    client, address = client_for("commissioner"), reverse("name_provider", args=[nobodys.ref])
    link = f'href="{address}">Name the provider</a>'
    assert link in client.get(reverse("grant", args=[nobodys.ref])).content.decode()
    assert 'name="is_new"' not in client.get(address).content.decode()
    form = {"request_key": str(uuid.uuid4()), "version": 1, "provider": "Quayside", "kind": "faith"}
    page = client.post(address, form).content.decode()
    assert "Nobody in this register is called “Quayside”" in page
    assert 'name="is_new"' in page
    assert client.post(address, {**form, "is_new": "on"}).status_code == 302
    assert fresh(nobodys).lead_provider.name == "Quayside"


def test_a_settled_provider_is_asked_only_for_its_kind(grant: Grant, client_for: ClientFor) -> None:
    Organisation.objects.filter(pk=grant.lead_provider.pk).update(kind=None)
    client, address = client_for("administrator"), reverse("name_provider", args=[grant.ref])
    page = client.get(address).content.decode()
    assert "Say what kind of provider it is" in page
    assert 'name="kind"' in page
    assert 'for="id_provider"' not in page
    form = {"request_key": str(uuid.uuid4()), "version": 1, "provider": fresh(grant.lead_provider).name}
    assert client.post(address, {**form, "kind": "charity"}).status_code == 302
    assert fresh(grant.lead_provider).kind == "charity"
    assert address not in client.get(reverse("grant", args=[grant.ref])).content.decode()
