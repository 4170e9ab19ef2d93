"""Funds, rounds, payments, returns and flags: what each page says."""

from datetime import date

import pytest
from django.utils import timezone

from grants.models import Flag, FlagEvent
from tests.conftest import ClientFor
from tests.factories import (
    make_award,
    make_flag,
    make_flag_event,
    make_fund,
    make_grant,
    make_instalment,
    make_round,
)
from tests.factories.people import People
from tests.grants.pages.scene import SLOW_FACTS, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def page_of(client_for: ClientFor, role: str, url: str) -> str:
    """The page as its reader gets it."""
    response = client_for(role).get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_funds_add_up_their_own_register(scene: Scene, client_for: ClientFor) -> None:
    page = page_of(client_for, "scrutiny", "/funds/")
    assert "1 fund · 6 grants · £108,000 awarded · £4,500 paid · 3 approved and not paid" in page


def test_a_fund_shows_who_pays_its_rounds_and_standards(scene: Scene, client_for: ClientFor) -> None:
    page = page_of(client_for, "commissioner", f"/funds/{scene.fund.code}/")
    for words in ("£300,000", "31 March 2028", "Paid to providers", "21 working days", "3 calendar months"):
        assert words in page
    assert page_of(client_for, "scrutiny", f"/funds/{scene.fund.code}/").count("Extend") == 0


def test_a_round_says_how_long_groups_have_to_hear_of_it(scene: Scene, client_for: ClientFor) -> None:
    make_round(
        fund=make_fund(),
        name="Hasty",
        announced_on=date(2026, 11, 16),
        opens_on=None,
        closes_on=date(2026, 12, 4),
        decision_due_on=None,
    )
    rows = {row.name: row for row in client_for("commissioner").get("/rounds/").context["page"].object_list}
    assert (rows["Hasty"].lead_time, rows["Hasty"].state) == (14, "open")
    page = page_of(client_for, "commissioner", "/rounds/")
    assert "14, under the norm" in page
    assert "Extend" in page


def test_payments_are_ready_or_blocked_with_who_and_what_clears_it(
    scene: Scene, client_for: ClientFor
) -> None:
    page = page_of(client_for, "finance", "/payments/")
    assert "Ending Garden" in page.split("Blocked, most harm first")[0]
    blocked = page.split("Blocked, most harm first")[1]
    assert "Agreement not signed (provider, 30 working days): clears when the provider signs" in blocked
    assert "Record payment" in page
    assert "Record payment" not in page_of(client_for, "commissioner", "/payments/")


def test_nothing_ticked_is_an_error_at_the_first_box(scene: Scene, client_for: ClientFor) -> None:
    client = client_for("finance")
    assert "There is a problem" not in client.get("/payments/").content.decode()
    response = client.get("/payments/record/", follow=True)
    page = response.content.decode()
    (first,) = response.context["ready"].data
    assert f'<a href="#pay-{first.instalment_id}">Nothing is ticked.' in page
    assert f'id="pay-{first.instalment_id}"' in page
    assert 'data-module="govuk-error-summary"' in page
    assert "<title>Error: " in page


def test_returns_say_what_is_late_and_a_provider_sees_its_own(scene: Scene, client_for: ClientFor) -> None:
    assert "4 returns: 1 late, 2 submitted, 1 accepted" in page_of(client_for, "commissioner", "/returns/")
    response = client_for("commissioner").get("/returns/?state=late")
    assert [row.title for row in response.context["page"].object_list] == ["Late Garden"]
    assert "0 returns" in page_of(client_for, "other_provider", "/returns/")


def test_flags_come_with_most_harm_first_and_the_sentence_of_their_facts(
    scene: Scene, client_for: ClientFor
) -> None:
    response = client_for("commissioner").get("/flags/")
    rows = response.context["page"].object_list
    assert [row.level for row in rows] == ["critical", "critical", "late"]
    page = response.content.decode()
    assert "Not paid, and the work was planned to start on 2 November 2026." in page
    assert "3 flags: 2 critical, 1 late" in page
    assert "The flags have never been checked." in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("rule=cliff_edge", 1),
        ("level=late", 1),
        ("owner=null", 1),
        ("show=cleared", 1),
        ("show=snoozed", 1),
        ("show=all", 5),
    ],
)
def test_flags_are_narrowed_by_rule_level_owner_and_state(
    query: str, count: int, scene: Scene, people: People, client_for: ClientFor
) -> None:
    make_flag(facts=SLOW_FACTS, level="watch")
    make_flag(facts=SLOW_FACTS, level="watch", cleared_on=date(2026, 11, 20), owner=people.finance)
    make_flag(
        facts=SLOW_FACTS,
        level="watch",
        owner=people.finance,
        snoozed_by=people.finance,
        snoozed_on=date(2026, 11, 20),
        snoozed_rank=1,
    )
    rows = client_for("commissioner").get(f"/flags/?{query}").context["page"].object_list
    assert len(rows) == count


def test_flags_that_do_not_stand_are_not_counted_as_if_they_did(
    scene: Scene, people: People, client_for: ClientFor
) -> None:
    make_flag(facts=SLOW_FACTS, level="critical", cleared_on=date(2026, 11, 20))
    client = client_for("commissioner")
    cleared = client.get("/flags/?show=cleared").content.decode()
    assert "1 flag cleared, by their last level: 1 critical" in cleared
    assert "3 flags: 2 critical, 1 late" in client.get("/flags/").content.decode()


@pytest.mark.parametrize("role", ["scrutiny", "provider", "commissioner"])
def test_only_who_can_own_a_flag_is_told_of_messages_about_flags(
    role: str, people: People, client_for: ClientFor
) -> None:
    page = page_of(client_for, role, "/messages/")
    assert "Nobody has told you anything yet." in page
    assert ("a flag that you own" in page) == (role == "commissioner")


def test_the_link_to_a_fund_says_fund_once(scene: Scene, client_for: ClientFor) -> None:
    page = page_of(client_for, "commissioner", f"/grants/{scene.late.ref}/")
    assert f'href="/funds/{scene.fund.code}/">See<span class="govuk-visually-hidden"> Fund</span>' in page


def test_a_flag_of_the_other_register_is_not_listed(scene: Scene, client_for: ClientFor) -> None:
    make_flag(grant=scene.real, facts=SLOW_FACTS, is_illustrative=False)
    assert len(client_for("finance").get("/flags/").context["page"].object_list) == 3


def test_a_flag_says_why_what_clears_it_and_what_happened(
    scene: Scene, people: People, client_for: ClientFor
) -> None:
    flag = Flag.objects.get(grant=scene.late)
    make_flag_event(flag)
    make_flag_event(flag, kind="noted", note="Rang the school", by=people.finance, on=date(2026, 11, 19))
    page = page_of(client_for, "finance", f"/flags/{flag.pk}/")
    assert "This clears when the first payment is recorded" in page
    assert page.index("Rang the school") < page.index("Raised (critical)")
    assert "Council’s time" in page
    assert "30 working days" in page
    for words in (
        "Acknowledge",
        "Give it to somebody",
        "Set a date",
        "Add a note",
        "Snooze it with a reason",
    ):
        assert words in page


def test_a_cleared_flag_offers_nothing_to_do(scene: Scene, client_for: ClientFor) -> None:
    flag = Flag.objects.get(grant=scene.late)
    Flag.objects.filter(pk=flag.pk).update(cleared_on=date(2026, 11, 20))
    page = page_of(client_for, "finance", f"/flags/{flag.pk}/")
    assert "Snooze it" not in page
    assert "the condition no longer holds" in page


def test_a_flag_that_does_not_exist_is_not_there(scene: Scene, client_for: ClientFor) -> None:
    assert client_for("finance").get("/flags/999999/").status_code == 404


def test_the_button_checks_the_flags_again(people: People, client_for: ClientFor) -> None:
    grant = make_grant(title="Slow", finance_owner=people.finance, planned_start=date(2026, 11, 2))
    make_instalment(grant)
    client = client_for("finance")
    response = client.post("/flags/check/", follow=True)
    assert "Checked. 1 flag raised" in response.content.decode()
    assert f"Checked on {timezone.localdate().day} November 2026." in response.content.decode()
    assert FlagEvent.objects.filter(flag__grant=grant, kind="opened").count() == 1
    assert client.get("/flags/check/").status_code == 405
    assert client_for("scrutiny").post("/flags/check/").status_code == 403
    assert client_for("provider").post("/flags/check/").status_code == 403


def test_the_funds_page_leads_to_what_its_funders_agreed(client_for: ClientFor) -> None:
    award, closed = make_award(), make_award(closed_on=date(2026, 11, 2))
    fund = make_fund(awards=[award, closed])
    for role, leads in (("commissioner", True), ("finance", False), ("scrutiny", False)):
        page = page_of(client_for, role, f"/funds/{fund.code}/")
        assert (f'href="/awards/{award.ref}/change/"' in page) == leads
        assert f"/awards/{closed.ref}/change/" not in page


def test_what_is_due_of_a_grant_without_a_schedule_is_not_known(client_for: ClientFor) -> None:
    make_grant()
    make_instalment(make_grant(), due_on=None)
    client = client_for("finance")
    words = "2 approved grants have no dated payment schedule, so what is due is not known."
    for url in ("/payments/", "/"):
        page = client.get(url).content.decode()
        assert words in page
        assert 'href="/grants/?missing=first_due"' in page
    assert len(client.get("/grants/?missing=first_due").context["page"].object_list) == 2


@pytest.mark.parametrize("url", ["/payments/", "/"])
def test_that_nothing_waits_is_only_said_where_it_is_known(url: str, client_for: ClientFor) -> None:
    client = client_for("finance")
    sure = "Nothing is waiting." if url == "/payments/" else "Nothing is ready to pay."
    make_grant(decided=False)
    assert sure in client.get(url).content.decode()
    make_grant(illustrative=False)
    assert sure in client.get(url).content.decode()
    make_grant()
    page = client.get(url).content.decode()
    assert sure not in page
    assert "Nothing is known to be ready to pay." in page
    assert "1 approved grant has no dated payment schedule" in page
