"""Filling in what is not known of a grant: what it adds, what only a variation may change, what is kept."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.models import User
from grants.models import Grant
from grants.operations.decisions import details_of, record_details
from grants.permissions import may
from tests import factories as make
from tests.conftest import ClientFor
from tests.grants.operations.conftest import TODAY, fresh, last_history

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:No directory at"),
]

UNKNOWN: dict[str, Any] = {
    "planned_start": None,
    "planned_end": None,
    "ends_on": None,
    "amount_awarded": None,
    "purpose": None,
    "award_type": None,
}


@pytest.fixture
def published(people: make.People) -> Grant:
    """As a register publishes a grant: neither decided nor tracked, its dates to the month at best."""
    return make.make_grant(
        tracked=False, decided=False, **UNKNOWN, starts_about="2026-04", ends_about="2027-03"
    )


def record(
    grant: Grant, by: User, *, version: int | None = None, key: uuid.UUID | None = None, **new: Any
) -> Grant:
    details = replace(details_of(grant), **new)
    return record_details(grant=grant, details=details, by=by, on=TODAY, version=version, request_key=key)


def test_everything_that_is_not_known_is_filled_in(published: Grant, people: make.People) -> None:
    places = (make.make_locality(), make.make_locality())
    facts = {
        "lead_officer": people.commissioner,
        "finance_owner": people.finance,
        "tracked_from": date(2026, 4, 1),
        "purpose": "direct_support",
        "award_type": "grant",
        "planned_start": date(2026, 4, 20),
        "planned_end": date(2027, 3, 31),
        "ends_on": date(2027, 3, 31),
        "amount_awarded": Decimal("18000.00"),
    }
    record(published, people.commissioner, version=1, localities=places, **facts)
    filled = fresh(published)
    assert {name: getattr(filled, name) for name in facts} == facts
    assert set(filled.localities.all()) == set(places)
    assert (filled.starts_about, filled.ends_about, filled.version) == (None, None, 2)
    who, why = last_history(filled)
    assert who == people.commissioner
    assert why == (
        "Filled in: lead officer, finance owner, tracked from, purpose, award type, planned start, planned end, "
        f"ends on, amount awarded. Localities: {places[0]} and {places[1]}, before: not known"
    )


def test_places_alone_are_a_change_that_history_keeps(grant: Grant, people: make.People) -> None:
    record(grant, people.administrator, localities=(make.make_locality(name="South Wye"),))
    assert fresh(grant).version == 2
    assert last_history(fresh(grant)) == (
        people.administrator, "Localities: South Wye, before: not known",
    )  # fmt: skip
    record(fresh(grant), people.commissioner, localities=(make.make_locality(name="Ledbury"),))
    assert last_history(fresh(grant)) == (
        people.commissioner, "Localities: Ledbury, before: South Wye",
    )  # fmt: skip
    record(fresh(grant), people.commissioner, localities=())
    assert last_history(fresh(grant))[1] == "Localities: not known, before: Ledbury"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("planned_start", date(2026, 10, 1)),
        ("planned_end", date(2027, 9, 30)),
        ("ends_on", date(2027, 9, 30)),
        ("amount_awarded", Decimal(20000)),
    ],
)
def test_what_is_known_is_left_to_variations(name: str, value: Any, grant: Grant, commissioner: User) -> None:
    with pytest.raises(ActionRefused, match="this is known already") as refused:
        record(grant, commissioner, **{name: value})
    assert refused.value.field == name
    assert getattr(fresh(grant), name) == getattr(grant, name)
    with pytest.raises(ActionRefused, match="Nothing changes"):
        record(grant, commissioner, **{name: None})


def test_who_is_given_a_grant_is_there_for_it(grant: Grant, people: make.People) -> None:
    left = make.make_user("commissioner", is_active=False)
    for name, person in (
        ("lead_officer", left),
        ("lead_officer", people.scrutiny),
        ("lead_officer", people.provider),
        ("finance_owner", people.commissioner),
        ("finance_owner", make.make_user("finance", is_active=False)),
    ):
        with pytest.raises(ActionRefused, match="can sign in") as refused:
            record(grant, people.commissioner, **{name: person})
        assert refused.value.field == name
    Grant.objects.filter(pk=grant.pk).update(lead_officer=left)
    record(fresh(grant), people.commissioner, purpose="training")
    assert (fresh(grant).lead_officer, fresh(grant).purpose) == (left, "training")


def test_places_are_of_the_grants_own_register(grant: Grant, commissioner: User) -> None:
    with pytest.raises(ActionRefused, match="own register"):
        record(grant, commissioner, localities=(make.make_locality(is_illustrative=False),))
    assert not grant.localities.exists()


def test_tracking_begins_by_today_and_stays_once_there_are_payments(grant: Grant, commissioner: User) -> None:
    with pytest.raises(ActionRefused, match="22 November 2026 is in the future"):
        record(grant, commissioner, tracked_from=date(2026, 11, 22))
    grant.agreement.delete()
    record(grant, commissioner, tracked_from=TODAY)
    record(fresh(grant), commissioner, tracked_from=None)
    assert fresh(grant).tracked_from is None
    record(fresh(grant), commissioner, tracked_from=date(2026, 10, 1))
    make.make_payment_row(grant)
    with pytest.raises(ActionRefused, match="it stays tracked") as refused:
        record(fresh(grant), commissioner, tracked_from=None)
    assert refused.value.field == "tracked_from"
    assert fresh(grant).tracked_from == date(2026, 10, 1)


@pytest.mark.parametrize(
    "begin",
    [
        make.make_check,
        make.make_stop,
        make.make_return,
        make.make_instalment,
        make.make_agreement,
        make.make_plan,
        make.make_variation,
    ],
)
def test_a_grant_on_which_something_is_recorded_stays_tracked(
    begin: Callable[[Grant], Any], grant: Grant, commissioner: User
) -> None:
    """Its flags cannot be made to vanish by tracking it no longer."""
    grant.agreement.delete()
    record(grant, commissioner, tracked_from=date(2026, 10, 1))
    begin(fresh(grant))
    with pytest.raises(ActionRefused, match="it stays tracked"):
        record(fresh(grant), commissioner, tracked_from=None)


def test_dates_come_in_order(published: Grant, commissioner: User) -> None:
    record(published, commissioner, planned_start=date(2026, 4, 20))
    for name in ("planned_end", "ends_on"):
        with pytest.raises(ActionRefused, match="is before 20 April 2026") as refused:
            record(fresh(published), commissioner, **{name: date(2026, 4, 19)})
        assert refused.value.field == name
    record(fresh(published), commissioner, ends_on=date(2026, 4, 20))


def test_an_amount_is_no_less_than_what_is_scheduled(published: Grant, commissioner: User) -> None:
    make.make_instalment(published, amount=Decimal(4500))
    for amount, words in (
        (Decimal(4499), "£4,500 is paid or scheduled"),
        (Decimal("5000.001"), "pounds and pence"),
    ):
        with pytest.raises(ActionRefused, match=words):
            record(published, commissioner, amount_awarded=amount)
    record(published, commissioner, amount_awarded=Decimal(4500))
    assert fresh(published).amount_awarded == Decimal(4500)


def test_sent_twice_it_is_one_change_and_a_stale_one_is_refused(grant: Grant, commissioner: User) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        record(grant, commissioner, version=1, key=key, purpose="training")
    assert fresh(grant).version == 2
    with pytest.raises(StaleVersion):
        record(grant, commissioner, version=1, purpose="review")


@pytest.mark.parametrize("who", ["finance", "scrutiny", "provider"])
def test_only_who_looks_after_grants_fills_in(who: str, grant: Grant, people: make.People) -> None:
    with pytest.raises(NotAllowed):
        record(grant, people[who], purpose="training")


def test_an_award_of_the_grants_own_fund_pays_for_it(grant: Grant, commissioner: User) -> None:
    first, second, other = (make.make_award() for _ in range(3))
    grant.fund.awards.set([first, second])
    with pytest.raises(ActionRefused, match="pays for this grant’s fund") as refused:
        record(grant, commissioner, funding_award=other)
    assert refused.value.field == "funding_award"
    record(grant, commissioner, funding_award=first)
    assert last_history(fresh(grant)) == (commissioner, "Filled in: funding award")
    record(fresh(grant), commissioner, funding_award=second)
    assert fresh(grant).funding_award == second
    Grant.objects.filter(pk=grant.pk).update(funding_award=other)
    record(fresh(grant), commissioner, purpose="training")
    assert fresh(grant).funding_award == other


@pytest.mark.parametrize("over", ["closed_on", "withdrawn_on"])
def test_of_what_is_over_only_who_paid_can_still_be_said(over: str, commissioner: User) -> None:
    payer = make.make_award()
    grant = make.make_grant(fund=make.make_fund(awards=[payer]), **{over: date(2026, 11, 1)})
    with pytest.raises(ActionRefused, match="on 1 November 2026"):
        record(grant, commissioner, funding_award=payer, purpose="training")
    record(grant, commissioner, funding_award=payer)
    assert fresh(grant).funding_award == payer


def test_a_closed_grant_stays_as_it_is(commissioner: User) -> None:
    closed = make.make_grant(closed_on=date(2026, 11, 1))
    with pytest.raises(ActionRefused, match="was closed"):
        record(closed, commissioner, purpose="training")


def test_a_decision_is_filled_in_once_by_who_may_then_not_pay(published: Grant, people: make.People) -> None:
    Grant.objects.filter(pk=published.pk).update(decided_about="2026")
    record(fresh(published), people.commissioner, decision="approve", decided_on=date(2026, 3, 2))
    decided = fresh(published)
    assert (decided.decision, decided.decided_on, decided.decided_about) == (
        "approve",
        date(2026, 3, 2),
        None,
    )
    assert (decided.decided_by, decided.implementable_on) == (people.commissioner, date(2026, 3, 2))
    assert last_history(decided) == (people.commissioner, "Filled in: decision, decided on")
    assert not may(people.commissioner, "grants.authorise_instalment", decided)
    for another in ({"decided_on": date(2026, 3, 3)}, {"decision": "approve_with_conditions"}):
        with pytest.raises(ActionRefused, match="recorded already"):
            record(decided, people.administrator, **another)
    record(decided, people.administrator, purpose="training")
    assert fresh(published).decided_by == people.commissioner


@pytest.mark.parametrize(
    ("typed", "words", "field"),
    [
        ({"decision": "approve"}, "Enter the day", "decided_on"),
        ({"decided_on": date(2026, 3, 2)}, "Say how", "decision"),
        ({"decision": "decline", "decided_on": date(2026, 3, 2)}, "Say how", "decision"),
        ({"decision": "approve", "decided_on": date(2026, 11, 22)}, "in the future", "decided_on"),
    ],
)
def test_half_a_decision_or_one_to_come_is_refused(
    typed: dict[str, Any], words: str, field: str, published: Grant, commissioner: User
) -> None:
    with pytest.raises(ActionRefused, match=words) as refused:
        record(published, commissioner, **typed)
    assert refused.value.field == field
    assert fresh(published).decision is None


@pytest.mark.parametrize(
    ("begin", "words"),
    [
        (make.make_agreement, "the agreement was issued"),
        (make.make_instalment, "instalment 1 is due"),
        (make.make_variation, "a variation was decided"),
    ],
)
def test_a_decision_is_not_after_what_followed_from_it(
    begin: Callable[[Grant], Any], words: str, published: Grant, commissioner: User
) -> None:
    begin(published)
    with pytest.raises(ActionRefused, match=words) as refused:
        record(published, commissioner, decision="approve", decided_on=date(2026, 11, 20))
    assert refused.value.field == "decided_on"
    record(published, commissioner, decision="approve", decided_on=date(2026, 10, 9))


def test_a_decision_is_not_before_its_round(commissioner: User) -> None:
    grant = make.make_grant(decided=False, round=make.make_round())
    with pytest.raises(ActionRefused, match="when the round was announced"):
        record(grant, commissioner, decision="approve", decided_on=date(2026, 6, 30))


@pytest.fixture
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        yield


@pytest.mark.usefixtures("_today")
@pytest.mark.parametrize("who", ["commissioner", "administrator", "finance", "scrutiny"])
def test_the_grants_page_leads_to_it(who: str, grant: Grant, published: Grant, client_for: ClientFor) -> None:
    client = client_for(who)
    offered = []
    for one in (grant, published, make.make_grant(closed_on=date(2026, 11, 1))):
        page = client.get(reverse("grant", args=[one.ref])).content.decode()
        link = f'href="{reverse("record_details", args=[one.ref])}">Fill in what is not known</a>'
        offered.append(link in page)
    assert offered == ([True, True, False] if who in {"commissioner", "administrator"} else [False] * 3)


@pytest.mark.usefixtures("_today")
def test_the_page_asks_only_for_what_it_may_change(
    grant: Grant, published: Grant, client_for: ClientFor
) -> None:
    client = client_for("commissioner")
    pages = {
        one: client.get(reverse("record_details", args=[one.ref])).content.decode()
        for one in (grant, published)
    }
    for name in (
        "decision",
        "decided_on_day",
        "planned_start_day",
        "planned_end_day",
        "ends_on_day",
        "amount_awarded",
    ):
        assert f'name="{name}"' in pages[published]
        assert f'name="{name}"' not in pages[grant]
    assert "March 2027" in pages[published]
    assert "£18,000" in pages[grant]
    assert 'name="lead_officer"' in pages[grant]


@pytest.mark.usefixtures("_today")
def test_the_page_saves_and_keeps_what_was_not_touched(
    published: Grant, client_for: ClientFor, people: make.People
) -> None:
    place, other = make.make_locality(), make.make_locality(is_illustrative=False)
    payer, no_payer = make.make_award(), make.make_award()
    published.fund.awards.set([payer])
    client, address = client_for("commissioner"), reverse("record_details", args=[published.ref])
    page = client.get(address).content.decode()
    assert str(place) in page
    assert str(other) not in page
    assert payer.title in page
    assert no_payer.title not in page
    form = {
        "request_key": str(uuid.uuid4()),
        "version": 1,
        "lead_officer": people.commissioner.pk,
        "localities": [place.slug],
        "funding_award": payer.ref,
        "amount_awarded": "£12,000",
        "tracked_from": "2026-11-30",
    }
    page = client.post(address, form).content.decode()
    assert "30 November 2026 is in the future" in page
    assert 'value="£12,000"' in page
    answer = client.post(address, {**form, "tracked_from": "2026-11-02"})
    assert answer["Location"] == reverse("grant", args=[published.ref])
    filled = fresh(published)
    assert (filled.lead_officer, filled.amount_awarded) == (people.commissioner, Decimal(12000))
    assert (filled.tracked_from, filled.purpose, filled.ends_about) == (date(2026, 11, 2), None, "2027-03")
    assert (list(filled.localities.all()), filled.funding_award) == ([place], payer)


@pytest.mark.usefixtures("_today")
@pytest.mark.parametrize("who", ["commissioner", "finance"])
def test_a_tracked_grant_without_a_decision_leads_to_it_and_to_what_its_flags_ask_for(
    who: str, client_for: ClientFor
) -> None:
    grant = make.make_grant(decided=False)
    page = client_for(who).get(reverse("grant", args=[grant.ref])).content.decode()
    offered = {
        name: f'href="{reverse(name, args=[grant.ref])}"' in page
        for name in ("record_details", "record_caseload", "record_plan", "record_notice", "record_agreement")
    }
    assert offered == {name: who == "commissioner" and name != "record_agreement" for name in offered}
    assert ("Record the decision" in page) == (who == "commissioner")


@pytest.mark.usefixtures("_today")
def test_the_page_records_the_decision_and_shows_it_in_the_history(
    published: Grant, client_for: ClientFor, people: make.People
) -> None:
    client, address = client_for("commissioner"), reverse("record_details", args=[published.ref])
    form = {"request_key": str(uuid.uuid4()), "version": 1, "decision": "approve", "decided_on": "2026-03-02"}
    answer = client.post(address, form, follow=True)
    assert fresh(published).decided_on == date(2026, 3, 2)
    assert "decided 2 March 2026" in answer.content.decode()
    assert 'name="decision"' not in client.get(address).content.decode()
