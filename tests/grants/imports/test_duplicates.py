"""One organisation or two: a person says it, and everything of the newer record goes to the older one."""

from typing import Any

import pytest

from core.errors import ActionRefused, NotAllowed
from core.models import User
from grants.models import Grant, GrantPartner
from grants.operations.duplicates import say_if_same
from providers.models import Membership, Organisation, OrganisationIdentifier, ProbableDuplicate
from tests import factories as make
from tests.conftest import TODAY, ClientFor

pytestmark = pytest.mark.django_db

# Where an organisation stays though it was found to be another: facts of a day, and what the flag pass writes anew.
STAYS = {
    "grants.Payment.payee",
    "grants.OnwardPayment.partner",
    "grants.Flag.organisation",
    "providers.ProbableDuplicate.older",
    "providers.ProbableDuplicate.newer",
}
MOVES = {
    "grants.Grant.lead_provider",
    "grants.Grant.commissioner",
    "grants.Grant.payer",
    "grants.FundingAward.funder",
    "grants.GrantPartner.organisation",
    "providers.Membership.organisation",
    "providers.OrganisationIdentifier.organisation",
    "providers.Organisation.same_as",
}


def organisation(**fields: Any) -> Organisation:
    return make.make_organisation(is_illustrative=False, **fields)


def grant(**fields: Any) -> Grant:
    return make.make_grant(illustrative=False, **fields)


def say(pair: ProbableDuplicate, likeness: str, by: User | None = None) -> ProbableDuplicate:
    return say_if_same(duplicate=pair, likeness=likeness, by=by or make.somebody(), on=TODAY)


def test_every_place_of_an_organisation_is_thought_of() -> None:
    places = {
        f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
        for field in [relation.field]
        if not field.model.__name__.startswith("Historical")
    }
    assert places == STAYS | MOVES


def test_one_organisation() -> None:
    pair = make.make_duplicate()
    older, newer = pair.older, pair.newer
    led, commissioned = (
        grant(lead_provider=newer),
        grant(lead_provider=older, commissioner=newer, payer=newer),
    )
    award = make.make_award(funder=newer, is_illustrative=False)
    both = grant()
    GrantPartner.objects.create(grant=both, organisation=older)
    GrantPartner.objects.create(grant=both, organisation=newer)
    GrantPartner.objects.create(grant=led, organisation=newer)
    OrganisationIdentifier.objects.create(organisation=newer, scheme="GB-CHC", value="1999001")
    twice = make.make_membership(organisation=older).user
    ended = make.make_membership(organisation=newer, user=twice)
    moved = make.make_membership(organisation=newer)
    third = organisation(same_as=newer)

    assert say(pair, "same").state == "same"

    for record in (led, commissioned, award, both, newer, third, ended, moved):
        record.refresh_from_db()
    assert led.lead_provider == commissioned.commissioner == commissioned.payer == award.funder == older
    assert [p.organisation for p in both.partnerships.all()] == [older]
    assert [p.organisation for p in led.partnerships.all()] == [older]
    assert str(older.identifiers.get()) == "GB-CHC-1999001"
    assert newer.same_as == third.same_as == older
    assert (ended.ended_on, moved.ended_on, moved.organisation) == (TODAY, None, older)
    assert set(Membership.objects.values_list("organisation", flat=True)) == {older.pk}
    history = led.history.latest()
    assert (history.history_change_reason, history.history_user) == (
        "Found to be the same organisation", make.somebody(),
    )  # fmt: skip
    assert led.version == 2
    assert (pair.older.pk, newer.is_illustrative) == (older.pk, False)


def test_every_record_that_moves_says_so_in_its_history() -> None:
    pair = make.make_duplicate()
    older, newer, by = pair.older, pair.newer, make.somebody()
    both, third = grant(), organisation(same_as=newer)
    GrantPartner.objects.create(grant=both, organisation=older)
    gone = GrantPartner.objects.create(grant=both, organisation=newer)
    moved = GrantPartner.objects.create(grant=grant(), organisation=newer, role="school")
    number = OrganisationIdentifier.objects.create(organisation=newer, scheme="GB-CHC", value="1999001")
    twice = make.make_membership(organisation=older).user
    ended = make.make_membership(organisation=newer, user=twice)
    acts = make.make_membership(organisation=newer)

    say(pair, "same")

    def last(record: Any) -> Any:
        line = type(record).history.filter(id=record.pk).latest("history_id")
        assert (line.history_user, line.history_change_reason) == (by, "Found to be the same organisation")
        return line

    for record in (moved, number, ended, acts):
        assert (last(record).history_type, last(record).organisation) == ("~", older)
        assert record.history.earliest("history_id").organisation == newer
    assert last(ended).ended_on == TODAY
    assert {line.history_user for line in ended.history.filter(history_type="~")} == {by}
    assert (last(gone).history_type, last(gone).grant, last(gone).organisation) == ("-", both, newer)
    assert last(newer).same_as == last(third).same_as == older
    assert (last(older).history_type, last(older).name) == ("~", older.name)


def test_two_organisations() -> None:
    pair = make.make_duplicate()
    led = grant(lead_provider=pair.newer)
    answered = say(pair, "different")
    assert (answered.state, answered.decided_by, answered.decided_on) == ("different", make.somebody(), TODAY)
    led.refresh_from_db()
    assert led.lead_provider == pair.newer


def test_the_same_answer_again_changes_nothing_and_another_is_refused() -> None:
    pair = make.make_duplicate()
    led = grant(lead_provider=pair.newer)
    say(pair, "same")
    say(pair, "same")
    led.refresh_from_db()
    assert (led.version, led.history.count()) == (2, 2)
    with pytest.raises(ActionRefused, match="Somebody has answered already: the same organisation"):
        say(pair, "different")
    with pytest.raises(ActionRefused, match="one organisation or two"):
        say(make.make_duplicate(), "perhaps")


def test_a_chain_of_duplicates_ends_at_the_oldest() -> None:
    first, second, third = organisation(), organisation(), organisation()
    say(make.make_duplicate(older=first, newer=second), "same")
    led = grant(lead_provider=third)
    say(make.make_duplicate(older=second, newer=third), "same")
    led.refresh_from_db()
    assert led.lead_provider == first
    say(make.make_duplicate(older=first, newer=third), "same")
    third.refresh_from_db()
    assert third.same_as == first


def test_the_registers_never_become_one() -> None:
    pair = make.make_duplicate(newer=make.make_organisation())
    with pytest.raises(ActionRefused, match="One of the two is illustrative"):
        say(pair, "same")
    pair.refresh_from_db()
    assert pair.state == "open"


def test_who_may() -> None:
    pair = make.make_duplicate()
    for role in ("finance", "scrutiny", "provider"):
        with pytest.raises(NotAllowed):
            say(pair, "same", make.make_user(role))


def test_the_pages(client_for: ClientFor) -> None:
    client = client_for("commissioner")
    pair = make.make_duplicate()
    OrganisationIdentifier.objects.create(organisation=pair.older, scheme="GB-CHC", value="1999001")
    OrganisationIdentifier.objects.create(organisation=pair.newer, scheme="LOCAL", value="secret")
    client.post("/register/", {"register": "real"})
    assert pair.newer.name in client.get("/providers/duplicates/").content.decode()
    page = client.get(f"/providers/duplicates/{pair.pk}/").content.decode()
    assert "GB-CHC-1999001" in page
    assert "secret" not in page
    assert "Are they the same organisation?" in page
    answer = client.post(
        f"/providers/duplicates/{pair.pk}/",
        {"likeness": "same", "request_key": "5e0bd2a4-0d0f-4a3b-8b19-6a1a7c2f4a10"},
        follow=True,
    )
    assert f"{pair.newer.name} is now one record with {pair.older.name}." in answer.content.decode()
    assert pair.newer.name not in client.get("/providers/duplicates/", {"page": "1"}).content.decode()
    assert "The same organisation" in client.get(f"/providers/duplicates/{pair.pk}/").content.decode()
