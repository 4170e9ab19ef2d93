"""A flag's page: what stands today comes before what was judged, pounds add up, and the one button clears the flag."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import User
from grants.models import Flag, FlagEvent, Grant
from grants.operations.flag_pass import raise_flags
from grants.queries import planning
from grants.queries.candidates import STREAMS, make_context
from grants.queries.judged_now import DEPEND_ON_DAYS, judged_now
from grants.rules.levels import Level, Rule
from tests import factories as make
from tests.conftest import TODAY, ClientFor
from tests.factories.flags import FACTS
from tests.factories.people import People
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def check_on(on: date) -> None:
    """A flag pass on a day."""
    raise_flags(on=on, by=User.objects.system("flag pass"), at=NOON)


def text_of(client_for: ClientFor, role: str, url: str) -> str:
    """The page without its tags."""
    response = client_for(role).get(url)
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'")
    return re.sub(r"\s+", " ", words)


@pytest.fixture
def waiting(people: People) -> Grant:
    """Decided on Friday 23 October 2026, and not paid: 16 working days on 16 November, 21 on 21 November."""
    grant = make.make_grant(
        decided_on=date(2026, 10, 23), planned_start=date(2026, 12, 1), lead_provider=people.organisation
    )
    make.make_agreement(grant)
    make.make_instalment(grant, due_on=date(2026, 10, 23))
    return grant


def test_today_comes_first_and_what_was_judged_second(waiting: Grant, client_for: ClientFor) -> None:
    check_on(date(2026, 11, 16))
    check_on(date(2026, 11, 20))
    flag = Flag.objects.get()
    today = "Not paid yet. Council's time reached 21 working days on 21 November 2026; the standard is 21."
    judged = "Not paid yet. Council's time reached 16 working days on 16 November 2026; the standard is 21."
    page = text_of(client_for, "commissioner", f"/flags/{flag.pk}/")
    assert page.index(today) < page.index(f"As judged on 16 November 2026: {judged}")
    assert page.index("The facts today") < page.index("The facts it was judged on")
    for url in ("/flags/", f"/flags/{flag.pk}/note/"):
        listed = text_of(client_for, "commissioner", url)
        assert today in listed
        assert judged not in listed
    kept = Flag.objects.get()
    assert (kept.facts, FlagEvent.objects.count()) == (flag.facts, 1)
    assert kept.facts["council_working_days"] == 16


def test_what_only_goes_on_is_not_said_twice(scene: Scene, client_for: ClientFor) -> None:
    """The same families without support, judged yesterday and today."""
    Flag.objects.all().delete()
    check_on(date(2026, 11, 20))
    flag = Flag.objects.get(rule=Rule.CLIFF_EDGE, grant=scene.ending)
    page = text_of(client_for, "commissioner", f"/flags/{flag.pk}/")
    assert "on 21 November 2026, 26 of 26 families had no confirmed support after it" in page
    assert "Unchanged since 20 November 2026." in page
    assert "As judged on" not in page
    assert "The facts today" not in page


def test_the_oldest_count_that_still_counts_is_called_so(scene: Scene, client_for: ClientFor) -> None:
    flag = Flag.objects.get(rule=Rule.CLIFF_EDGE, grant=scene.ending)
    page = text_of(client_for, "commissioner", f"/flags/{flag.pk}/")
    assert re.search(r"Oldest count that is recent enough \d+ \w+ 2026", page)


def test_what_no_longer_holds_says_so_and_asks_for_a_check(waiting: Grant, client_for: ClientFor) -> None:
    check_on(TODAY)
    flag = Flag.objects.get()
    first = waiting.instalments.get()
    make.make_payment_row(waiting, instalment=first, paid_on=TODAY)
    make.make_instalment(waiting, due_on=date(2027, 3, 1))
    response = client_for("finance").get(f"/flags/{flag.pk}/")
    assert response.context["main"].action is None
    page = text_of(client_for, "finance", f"/flags/{flag.pk}/")
    assert "Today this no longer holds. This clears when the flags are next checked." in page
    assert "Check the flags again now" in page
    assert "Record the payment" not in page
    assert "Today this no longer holds." in text_of(client_for, "finance", "/flags/")


def test_a_flag_judged_alone_is_judged_as_in_a_pass(
    scene: Scene, waiting: Grant, client_for: ClientFor
) -> None:
    make.make_stop(scene.others, started_on=date(2026, 10, 20))
    paid = make.make_instalment(scene.paid, due_on=date(2026, 11, 2))
    assert paid.number > 1
    Flag.objects.all().delete()
    check_on(date(2026, 11, 20))
    flags = list(Flag.objects.filter(rule__in=DEPEND_ON_DAYS))
    assert {flag.rule for flag in flags} == set(DEPEND_ON_DAYS)
    found = judged_now(flags, on=TODAY, rules=DEPEND_ON_DAYS)
    context = make_context(TODAY, DEPEND_ON_DAYS)
    for flag in flags:
        candidates = list(STREAMS[Rule(flag.rule)](context))
        subject = flag.grant_id or flag.instalment_id or flag.clock_stop_id
        whole = next(one for one in candidates if one.subject_id == subject)
        assert found[flag.pk] == (whole.verdict.level, whole.facts())
    assert judged_now(flags, on=TODAY).keys() < found.keys()


@pytest.mark.parametrize(
    ("means", "line", "due"),
    [
        ("committed", "Less: committed to grants (of one that is over, only what was paid)", "0"),
        ("paid", "Less: paid to grants", "38000.00"),
        ("defrayed", "Less: spent, as providers reported", "38000.00"),
    ],
)
def test_the_pounds_that_may_go_back_add_up_on_the_page(
    means: str, line: str, due: str, people: People, client_for: ClientFor
) -> None:
    facts = {
        **FACTS[Rule.MONEY_MAY_GO_BACK],
        "instalments_due": due,
        "forecast_underspend": "700.00",
        "at_risk": str(Decimal("50700.00") - Decimal(due)),
    }
    award = make.make_award(spent_means=means)
    flag = make.make_flag(rule=Rule.MONEY_MAY_GO_BACK, funding_award=award, facts=facts)
    response = client_for("finance").get(f"/flags/{flag.pk}/")
    parts = [part.pounds for part in response.context["risk"].data]
    assert sum(parts[:-1]) == parts[-1] == Decimal(facts["at_risk"])
    page = text_of(client_for, "finance", f"/flags/{flag.pk}/")
    assert f"{line} −£250,000" in page
    assert "Available to grants £300,000" in page
    assert "Add: what providers forecast they will not spend, and have not paid back £700" in page
    assert ("which the commitment contains" in page) is (means == "committed")


def main_of(client_for: ClientFor, role: str, flag: Flag) -> tuple[str, str, str]:
    """The words, the address and the note of the one green button."""
    response = client_for(role).get(f"/flags/{flag.pk}/")
    page, main = response.content.decode(), response.context["main"]
    main_part = page.split("<main")[1]
    assert len(re.findall(r'class="govuk-button\s*"', main_part)) == 1
    assert f'href="{main.action.url}"' in page
    return main.action.label, main.action.url, main.note


def test_the_main_thing_about_a_first_payment_is_the_payment(waiting: Grant, client_for: ClientFor) -> None:
    check_on(TODAY)
    flag = Flag.objects.get()
    pay = f"/grants/{waiting.ref}/payments/new/?instalment=1"
    assert main_of(client_for, "finance", flag) == ("Record the payment", pay, "")
    words, url, who = main_of(client_for, "commissioner", flag)
    assert (words, url) == (f"Open {waiting.title}", f"/grants/{waiting.ref}/")
    assert who == "Finance can record the payment, but not who decided the grant or a variation of it."
    page = text_of(client_for, "finance", f"/flags/{flag.pk}/")
    assert page.index("Record the payment") < page.index("Acknowledge") < page.index("Give it to somebody")


def test_who_took_the_decision_reads_that_another_must_pay(
    waiting: Grant, people: People, client_for: ClientFor
) -> None:
    check_on(TODAY)
    Grant.objects.filter(pk=waiting.pk).update(decided_by=people.finance)
    words, _, who = main_of(client_for, "finance", Flag.objects.get())
    assert words == f"Open {waiting.title}"
    assert who == "You decided or authorised it, so another person in finance must pay it."


def test_what_blocks_a_payment_comes_before_it(waiting: Grant, client_for: ClientFor) -> None:
    make.make_check(waiting, requested_on=date(2026, 11, 2))
    check_on(TODAY)
    words, url, who = main_of(client_for, "finance", Flag.objects.get(rule=Rule.SLOW_FIRST_PAYMENT))
    assert (words, url) == ("See what is in the way of the payment", f"/grants/{waiting.ref}/#blocked")
    assert who == "Safeguarding policy not seen: the provider can clear it."


def test_the_main_thing_about_a_later_instalment_is_its_payment(scene: Scene, client_for: ClientFor) -> None:
    make.make_instalment(scene.paid, due_on=date(2026, 11, 2))
    check_on(TODAY)
    flag = Flag.objects.get(rule=Rule.LATE_INSTALMENT)
    assert main_of(client_for, "finance", flag)[:2] == (
        "Record the payment",
        f"/grants/{scene.paid.ref}/payments/new/?instalment=2",
    )


def flag_on(rule: Rule, scene: Scene) -> Flag:
    """A flag of a rule, on a record of the scene."""
    if rule == Rule.MONEY_MAY_GO_BACK:
        return make.make_flag(rule=rule, funding_award=scene.fund.awards.get())
    if rule == Rule.SHORT_NOTICE_ROUND:
        return make.make_flag(rule=rule, level=Level.WATCH, round=scene.late.round)
    if rule == Rule.STOP_TO_CHASE:
        return Flag.objects.get(rule=rule)
    if rule == Rule.CLUSTER:
        facts = {**FACTS[rule], "refs": [scene.ending.ref, scene.late.ref]}
        return make.make_flag(rule=rule, level=Level.HIGH, locality=make.make_locality(), facts=facts)
    if rule == Rule.CLIFF_EDGE:
        return Flag.objects.get(rule=rule)
    return make.make_flag(rule=rule, level=Level.HIGH, grant=scene.late)


@pytest.mark.parametrize(
    ("rule", "role", "words", "leads_to", "who"),
    [
        (Rule.STOP_TO_CHASE, "commissioner", "End the clock stop", "/clock-stops/", ""),
        (Rule.STOP_TO_CHASE, "finance", "End the clock stop", "/clock-stops/", ""),
        (Rule.SHORT_NOTICE_ROUND, "commissioner", "Extend the round", "/extend/", ""),
        (Rule.SHORT_NOTICE_ROUND, "finance", "Open ", "/funds/", "A commissioner can extend the round."),
        (Rule.MONEY_MAY_GO_BACK, "commissioner", "Record what the funder agreed", "/change/", ""),
        (
            Rule.MONEY_MAY_GO_BACK,
            "finance",
            "Open ",
            "/funds/",
            "A commissioner can record what the funder agreed.",
        ),
        (Rule.CLIFF_EDGE, "commissioner", "Add who is covered", "/plan/cover/", ""),
        (
            Rule.CLIFF_EDGE,
            "finance",
            "Open Ending Garden",
            "/grants/",
            "A commissioner can add who is covered.",
        ),
        (Rule.CLUSTER, "commissioner", "Add who is covered: Ending Garden", "/plan/cover/", ""),
        (Rule.CLUSTER, "finance", "Open Ending Garden", "/grants/", "A commissioner can add who is covered"),
        (Rule.PAID_ABOVE_AWARD, "finance", "Record money paid back", "/recover/", ""),
        (
            Rule.PAID_ABOVE_AWARD,
            "commissioner",
            "Raise the award by a variation",
            "/vary/",
            "Finance can record money paid back",
        ),
    ],
)
def test_the_one_main_thing_clears_the_flag_for_who_may(
    rule: Rule, role: str, words: str, leads_to: str, who: str, scene: Scene, client_for: ClientFor
) -> None:
    flag = flag_on(rule, scene)
    label, url, note = main_of(client_for, role, flag)
    assert label.startswith(words)
    assert leads_to in url
    assert note.startswith(who) if who else note == ""
    assert client_for(role).get(url).status_code == 200


def test_without_a_number_of_people_that_comes_before_the_plan(scene: Scene, client_for: ClientFor) -> None:
    flag = Flag.objects.get(rule=Rule.CLIFF_EDGE)
    scene.ending.returns.update(period_to=date(2026, 3, 1))
    assert main_of(client_for, "commissioner", flag)[:2] == (
        "Record who is supported",
        f"/grants/{scene.ending.ref}/caseload/",
    )


def test_no_page_of_flags_sends_more_than_fifteen_queries(
    scene: Scene, waiting: Grant, client_for: ClientFor
) -> None:
    make.make_instalment(scene.paid, due_on=date(2026, 11, 2))
    check_on(date(2026, 11, 20))
    for rule in {*Rule} - set(Flag.objects.values_list("rule", flat=True)) - {Rule.PAID_ABOVE_AWARD}:
        flag_on(rule, scene)
    make.make_flag(rule=Rule.PAID_ABOVE_AWARD, level=Level.HIGH, grant=scene.late)
    assert set(Flag.objects.values_list("rule", flat=True)) == set(Rule)
    for role in ("commissioner", "finance"):
        client = client_for(role)
        for url in ("/flags/", *(f"/flags/{flag.pk}/" for flag in Flag.objects.all())):
            planning._kept.clear()
            with CaptureQueriesContext(connection) as sent:
                assert client.get(url).status_code == 200
            assert len(sent) <= 15, url
