"""`/`: what each role reads first."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.models import User
from grants.models import Flag, FlagEvent, Payment
from reports.views.resolution_words import states_words
from tests.conftest import ClientFor
from tests.factories import (
    make_agreement,
    make_flag,
    make_flag_event,
    make_grant,
    make_instalment,
    make_locality,
    make_payment_row,
    make_round,
)
from tests.factories.people import People
from tests.grants.pages.scene import SECRET_WORDS, SLOW_FACTS, UNIQUE_CASELOAD, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def today(client_for: ClientFor, role: str) -> str:
    """The page as its reader gets it."""
    response = client_for(role).get("/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_commissioner_reads_what_waits_for_a_decision_first(scene: Scene, client_for: ClientFor) -> None:
    page = today(client_for, "commissioner")
    assert "Today, Saturday 21 November 2026" in page
    assert "1 thing is late, 1 ends soon or ended without cover, 1 waits for a decision." in page
    # Ends 31 January 2027; three months' notice and thirty days to decide.
    assert "Extension decision was due by 1 October 2026" in page
    # The agreement that the provider has not signed, the check, and the clock stop, all of one grant.
    assert "Waiting on others (3)" in page
    for what in ("Agreement not signed", "Safeguarding policy not seen", f"Clock stopped: {SECRET_WORDS}"):
        assert what in page


def test_a_commissioner_reads_only_own_flags_an_administrator_everybodys(
    scene: Scene, client_for: ClientFor
) -> None:
    make_flag(facts=SLOW_FACTS)
    assert "Flags you own (2)" in today(client_for, "commissioner")
    page = today(client_for, "administrator")
    assert "All flags (4)" in page
    assert "1 flag has no owner" in page


def test_who_waits_longest_comes_first_and_the_rest_is_counted(people: People, client_for: ClientFor) -> None:
    for day in range(1, 11):
        grant = make_grant(title=f"Since the {day}", lead_officer=people.commissioner)
        make_agreement(grant, issued_on=date(2026, 11, 11 - day), signed_on=None, countersigned_on=None)
        make_instalment(grant)
    response = client_for("commissioner").get("/")
    page = response.content.decode()
    assert "Waiting on others (10)" in page
    assert [one.title for one in response.context["waiting"].data] == [
        f"Since the {day}" for day in range(10, 2, -1)
    ]
    assert "2 more are not shown: these have waited longest." in page
    assert 'href="/payments/"' in page.split("2 more are not shown")[1]


def test_all_that_wait_for_a_decision_are_those_that_the_link_lists(
    people: People, client_for: ClientFor
) -> None:
    mine = {"rule": "cliff_edge", "owner": people.commissioner}
    for level in ("high", "critical", "critical", "watch", "watch", "watch", "fallen"):
        make_flag(grant=make_grant(), level=level, **mine)
    make_flag(owner=people.commissioner)
    make_flag(grant=make_grant(), rule="cliff_edge", level="high")
    for role, count, owner in (
        ("commissioner", 6, f"owner={people.commissioner.pk}&"),
        ("administrator", 7, ""),
    ):
        client = client_for(role)
        response = client.get("/")
        url = f"/flags/?{owner}show=decision"
        assert response.context["decisions_url"] == url
        assert f"See all {count} that wait for a decision" in response.content.decode()
        assert len(client.get(url).context["page"].object_list) == count
    make_flag(
        rule="short_notice_round",
        level="watch",
        round=make_round(),
        snoozed_by=people.commissioner,
        snoozed_on=date(2026, 11, 20),
        snoozed_rank=1,
    )
    assert len(client_for("administrator").get("/flags/?show=decision").context["page"].object_list) == 7


def test_what_is_new_is_counted_until_it_is_marked_as_seen(
    scene: Scene, people: People, client_for: ClientFor
) -> None:
    make_flag_event(Flag.objects.get(clock_stop__isnull=False), on=date(2026, 11, 20))
    client = client_for("commissioner")
    assert "New since you last looked (1)" in client.get("/").content.decode()
    assert client.post("/seen/").status_code == 302
    assert "New since you last looked (0)" in client.get("/").content.decode()
    assert User.objects.get(pk=people.commissioner.pk).seen_until == datetime(2026, 11, 21, tzinfo=UTC)
    assert client.get("/seen/").status_code == 405


def test_finance_reads_what_to_pay_next_with_the_total(scene: Scene, client_for: ClientFor) -> None:
    page = today(client_for, "finance")
    assert "1 instalment ready to pay: £4,500" in page
    assert page.index("Ending Garden: £4,500") < page.index("Late Garden: £4,500")
    assert f"/grants/{scene.ending.ref}/payments/new/?instalment=1" in page


def test_a_provider_reads_its_next_return_and_payment_and_what_it_waits_for(
    scene: Scene, client_for: ClientFor
) -> None:
    page = today(client_for, "provider")
    assert (
        "Your next return: Late Garden, the period to 31 October 2026, was due 14 November 2026 and is late."
        in page
    )
    assert "Your next payment: £4,500 was expected by 9 November 2026 and is late" in page
    assert "we are waiting for your signed agreement" in page
    assert "£4,500 paid on 9 November 2026 for Paid Garden" in page
    assert scene.others.title not in page


def test_a_provider_with_time_to_go_reads_when_to_expect_the_money(
    people: People, client_for: ClientFor
) -> None:
    grant = make_grant(title="Soon", lead_provider=people.organisation, planned_start=date(2026, 12, 1))
    make_agreement(grant)
    make_instalment(grant, due_on=date(2026, 12, 4), amount=5000)
    assert "Your next payment: £5,000 expected by 4 December 2026." in today(client_for, "provider")
    assert "No return is due from you that we know of." in today(client_for, "provider")


def test_scrutiny_reads_the_two_resolutions_and_counts_of_grants(scene: Scene, client_for: ClientFor) -> None:
    response = client_for("scrutiny").get("/")
    page = response.content.decode()
    assert "2 resolutions of 30 July 2024: for both, not enough is known." in page
    assert "distributed as rapidly as possible" in page
    assert "Nobody can say yet: the council has not set the test that would show it." in page
    assert "Nobody can say: 2 of 6 grants cannot be assessed" in page
    assert page.count("/reports/scrutiny/#resolution-") == 2
    assert response.context["counts"]._asdict() == {
        "grants": 6,
        "late": 1,
        "critical": 2,
        "ending": 5,
        "supporting": 5,
        "untracked": 1,
    }
    assert f"{UNIQUE_CASELOAD:,}" not in page
    assert SECRET_WORDS not in page
    assert "these answers are from illustrative grants" in page


def test_what_ends_is_told_from_what_sustainability_counts(scene: Scene, client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    assert ">5 grants<" in client.get("/").content.decode()
    make_grant(fund=scene.fund, purpose="training", ends_on=date(2027, 3, 31))
    assert "6 grants: 5 tracked that support families, and 1 other" in client.get("/").content.decode()
    assert client.get("/reports/sustainability/").context["found"].ahead.grants == 5


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("Not enough is known", "Partly on track"), "one is partly on track; for one, not enough is known"),
        (("Partly on track", "On track"), "one is on track; one is partly on track"),
        (("Not on track", "Not on track"), "both are not on track"),
    ],
)
def test_the_states_are_a_sentence_that_people_say(
    states: tuple[str, ...], words: str, scene: Scene, client_for: ClientFor
) -> None:
    blocks = client_for("scrutiny").get("/reports/scrutiny/").context["blocks"]
    found = [replace(block, state=state) for block, state in zip(blocks, states, strict=True)]
    assert states_words(found) == f"2 resolutions of 30 July 2024: {words}"


def test_where_nothing_is_tracked_today_says_it_once_and_leads_on(
    scene: Scene, client_for: ClientFor
) -> None:
    words = "whom the council waits for cannot be assessed: none of the 1 grant of this register is tracked."
    for role in ("commissioner", "administrator"):
        client = client_for(role)
        assert words not in client.get("/").content.decode()
        client.post("/register/", {"register": "real"})
        page = client.get("/").content.decode()
        assert words in page
        assert 'href="/reports/completeness/"' in page
        for left_out in ("Nothing waits for a decision.", "Nobody is waited for.", "No flag is yours."):
            assert left_out not in page
    finance = client_for("finance")
    finance.post("/register/", {"register": "real"})
    assert 'href="/reports/completeness/"' in finance.get("/").content.decode()


def test_the_published_register_answers_that_nothing_is_tracked(scene: Scene, client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    client.post("/register/", {"register": "real"})
    page = client.get("/").content.decode()
    assert "Nobody can say: 1 of 1 grant cannot be assessed" in page
    assert "illustrative grants" not in page


def test_flags_that_nobody_owns_can_be_taken(scene: Scene, people: People, client_for: ClientFor) -> None:
    flag = make_flag(facts=SLOW_FACTS)
    ending = make_flag(rule="cluster", level="high", locality=make_locality())
    client = client_for("commissioner")
    page = client.get("/").content.decode()
    assert "Flags nobody owns (2)" in page
    form = f"/flags/{flag.pk}/assign/?owner={people.commissioner.pk}"
    assert f'href="{form}">Take it' in page
    assert client.get(form).context["form"]["owner"].value() == str(people.commissioner.pk)
    finance = today(client_for, "finance")
    assert "Flags nobody owns (1)" in finance
    assert f"/flags/{ending.pk}/assign/" not in finance
    Flag.objects.filter(owner=None).update(owner=people.finance)
    assert "Flags nobody owns" not in today(client_for, "commissioner") + today(client_for, "finance")


def test_what_would_clear_a_flag_is_a_whole_sentence(people: People, client_for: ClientFor) -> None:
    make_flag(rule="late_instalment", instalment=make_instalment(make_grant()), owner=people.commissioner)
    assert (
        "This clears when the payment of this instalment is recorded, dated the day the money moved; "
        "or, where other terms were agreed, when a variation gives it a later due date."
    ) in today(client_for, "commissioner")


def test_all_the_news_can_be_read(scene: Scene, client_for: ClientFor) -> None:
    flag = Flag.objects.get(clock_stop__isnull=False)
    for day in range(1, 12):
        make_flag_event(flag, on=date(2026, 11, day))
    client = client_for("commissioner")
    response = client.get("/")
    assert "See 3 more that are new" in response.content.decode()
    FlagEvent.objects.filter(on__lte=date(2026, 11, 2)).delete()
    assert "See 1 more that is new" in client.get("/").content.decode()
    for day in (1, 2):
        make_flag_event(flag, on=date(2026, 11, day))
    assert len(response.context["news"].data) == 8
    whole = client.get("/?news=all")
    assert len(whole.context["news"].data) == 11
    assert "more that are new" not in whole.content.decode()


@pytest.mark.parametrize(
    ("count", "query"),
    [
        ("late", "level=late"),
        ("critical", "level=critical"),
        ("ending", "ends=12"),
        ("untracked", "tracked=no"),
    ],
)
def test_each_count_of_scrutiny_is_the_number_of_grants_its_link_lists(
    count: str, query: str, scene: Scene, client_for: ClientFor
) -> None:
    client = client_for("scrutiny")
    counted = getattr(client.get("/").context["counts"], count)
    assert counted == len(client.get(f"/grants/?{query}").context["page"].object_list)
    assert counted


def test_the_registers_share_nothing_on_today(scene: Scene, client_for: ClientFor) -> None:
    for role in ("commissioner", "finance", "scrutiny", "provider"):
        client = client_for(role)
        client.post("/register/", {"register": "real"})
        page = client.get("/").content.decode()
        assert "Garden: £" not in page
        assert "Late Garden" not in page
    assert Payment.objects.exists()


def test_a_provider_is_asked_only_about_what_stands_and_told_what_is_left(
    people: People, client_for: ClientFor
) -> None:
    grant = make_grant(lead_provider=people.organisation)
    make_agreement(grant)
    line = make_instalment(grant, amount=Decimal(6000), due_on=date(2026, 12, 4))
    paid = make_payment_row(grant, instalment=line, amount=Decimal(2000), keep_dates=False)
    wrong = make_payment_row(grant, amount=Decimal(3000), keep_dates=False)
    back = {"kind": "reversal", "reverses": wrong, "reason": "Bounced"}
    make_payment_row(grant, amount=Decimal(500), **back)
    page = client_for("provider").get("/")
    assert "Your next payment: £4,000 expected by 4 December 2026" in page.content.decode()
    assert [(one.pk, one.standing) for one in page.context["receipts"]] == [(wrong.pk, 2500), (paid.pk, 2000)]
    assert "£2,500 paid on" in page.content.decode()
    make_payment_row(grant, amount=Decimal(2500), **back)
    assert [one.pk for one in client_for("provider").get("/").context["receipts"]] == [paid.pk]


def test_a_provider_does_not_wait_for_an_instalment_of_nothing(people: People, client_for: ClientFor) -> None:
    make_instalment(make_grant(lead_provider=people.organisation), amount=Decimal(0))
    assert "No payment is due to you that we know of." in today(client_for, "provider")
