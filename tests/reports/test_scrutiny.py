"""`/reports/scrutiny/`: each resolution with its state in words, by the rule beside it."""

from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Fund
from tests.conftest import ClientFor
from tests.factories import make_fund, make_grant, make_instalment, make_plan
from tests.factories.people import People
from tests.grants.pages.scene import make_scene
from tests.reports.reading import sheets_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADDRESS = "/reports/scrutiny/"
IN_TIME, TOO_LATE = date(2026, 4, 20), date(2026, 6, 30)


@pytest.fixture
def fund() -> Fund:
    """A fund with a standard of 21 working days."""
    return make_fund()


def decided(fund: Fund, count: int, **fields: Any) -> None:
    """Grants decided on 1 April 2026, to start in May."""
    for _ in range(count):
        make_grant(
            fund=fund,
            **{
                "decided_on": date(2026, 4, 1),
                "planned_start": date(2026, 5, 4),
                "planned_end": date(2027, 8, 31),
                **fields,
            },
        )


def block(client_for: ClientFor, number: int, register: str = "illustrative") -> Any:
    """One resolution as the page says it."""
    client = client_for("scrutiny")
    client.post("/register/", {"register": register})
    return client.get(ADDRESS).context["blocks"][number - 1]


def test_on_track(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 9, first_paid_on=IN_TIME)
    decided(fund, 1, first_paid_on=TOO_LATE)
    found = block(client_for, 2)
    assert found.state == "On track"
    assert found.sentence == "Yes: 9 of 10 grants (90%) were paid within the standard, and none is critical."


def test_one_that_is_critical_takes_it_off_the_track(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 19, first_paid_on=IN_TIME)
    decided(fund, 1)
    found = block(client_for, 2)
    assert found.state == "Partly on track"
    assert (
        found.sentence == "In part: 19 of 20 grants (95%) were paid within the standard, and 1 is critical."
    )


def test_not_on_track(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 1, first_paid_on=IN_TIME)
    decided(fund, 1, first_paid_on=TOO_LATE)
    found = block(client_for, 2)
    assert found.state == "Not on track"
    assert found.sentence == "No: 1 of 2 grants (50%) was paid within the standard, and none is critical."


def test_a_share_just_below_a_threshold_does_not_read_as_if_it_were_met(
    fund: Fund, client_for: ClientFor
) -> None:
    decided(fund, 44, first_paid_on=IN_TIME)
    decided(fund, 15, first_paid_on=TOO_LATE)
    found = block(client_for, 2)
    assert found.state == "Not on track"
    assert found.sentence == "No: 44 of 59 grants (74%) were paid within the standard, and none is critical."
    standard = dict(client_for("scrutiny").get("/reports/speed/").context["standard"])
    assert standard["Share paid within the standard"] == "74%"


def test_too_much_that_cannot_be_assessed_is_grey(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 3, first_paid_on=IN_TIME)
    decided(fund, 1, tracked=False)
    assert block(client_for, 2).state == "On track"
    make_grant(fund=fund, decided=False)
    found = block(client_for, 2)
    assert found.state == "Not enough is known"
    assert found.sentence.startswith("Nobody can say: 2 of 5 grants cannot be assessed")
    assert found.not_known == (
        "1 grant is not tracked: decision and payment are not recorded here",
        "1 grant has no decision recorded",
    )


def test_what_is_not_yet_paid_counts_neither_way(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 1, decided_on=date(2026, 11, 16), planned_start=date(2027, 1, 4))
    on_claim = make_grant(fund=fund, decided_on=date(2026, 4, 1), planned_start=date(2026, 5, 4))
    make_instalment(on_claim, basis="on_claim")
    decided(fund, 1, withdrawn_on=date(2026, 6, 1))
    found = block(client_for, 2)
    assert found.state == "Not enough is known"
    assert found.sentence == "Nobody can say yet: no grant has been paid, and none has passed its standard."
    assert found.not_known == (
        "1 grant is not paid yet and still within the standard: counted once paid or late",
        "1 grant is paid on claim, and no valid claim has come yet",
        "1 grant is left out: withdrawn or closed unpaid, not approved, or decided later",
    )


def test_an_empty_register_has_no_answer(client_for: ClientFor) -> None:
    found = block(client_for, 2)
    assert found.sentence == "Nobody can say: no grant is recorded."
    assert [figure for figure, _ in found.figures] == ["not known", "not known", "0 of 0"]


@pytest.fixture
def published(db: None) -> None:
    """The published register."""
    call_command("load_places", stdout=StringIO())
    call_command("load_published_register", stdout=StringIO())


def test_the_published_register_is_grey_and_says_why(published: None, client_for: ClientFor) -> None:
    first, second = (block(client_for, number, "real") for number in (1, 2))
    assert (first.state, second.state) == ("Not enough is known", "Not enough is known")
    assert second.sentence.startswith("Nobody can say: 17 of 17 grants cannot be assessed")
    assert first.funds == "Community Safety Fund, My Family, My School, My Community"
    assert [figure for figure, _ in first.figures] == ["not known", "13 of 13", "none is known to end"]


def test_the_links_list_the_grants_behind_the_figures(published: None, client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    client.post("/register/", {"register": "real"})
    first, second = client.get(ADDRESS).context["blocks"]
    listed = [
        len(client.get(link.url).context["page"].object_list)
        for link in first.links
        if link.words.startswith("See the grants behind this")
    ]
    assert sum(listed) == 13
    assert [link.words for link in second.links] == [
        "See the grants behind this: 17 in scope",
        "See the grants behind this: 17 that cannot be assessed",
    ]
    assert [len(client.get(link.url).context["page"].object_list) for link in second.links] == [17, 17]
    sheets = sheets_of(client.get(f"{ADDRESS}?download=xlsx").getvalue())
    assert (len(sheets["Resolution 1"]), len(sheets["Resolution 2"])) == (13, 17)


def test_each_link_lists_just_the_grants_of_its_figure(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 3, first_paid_on=IN_TIME)
    decided(fund, 2, first_paid_on=TOO_LATE)
    decided(fund, 1)
    decided(fund, 1, withdrawn_on=date(2026, 6, 1))
    decided(fund, 1, decision="decline")
    decided(fund, 1, tracked=False)
    decided(fund, 1, tracked=False, withdrawn_on=date(2026, 6, 1))
    make_grant(fund=fund, decided=False)
    client = client_for("scrutiny")
    first, second = client.get(ADDRESS).context["blocks"]
    listed = {link.words: client.get(link.url).context["page"].paginator.count for link in second.links}
    assert listed == {
        "See the grants behind this: 8 in scope": 8,
        "See the grants behind this: 3 paid within the standard": 3,
        "See the grants behind this: 3 past the standard, paid or not": 3,
        "See the grants behind this: 2 that cannot be assessed": 2,
    }
    (link,) = (link for link in first.links if link.words.endswith(fund.name))
    assert client.get(link.url).context["page"].paginator.count == 8
    assert first.figures[0][1] == "awarded to 8 grants"
    sheets = sheets_of(client.get(f"{ADDRESS}?download=xlsx").getvalue())
    assert len(sheets["Resolution 1"]) == 8


@pytest.mark.parametrize("standard", ["applies", "within", "past", "unknown"])
def test_a_list_of_the_standard_asks_at_most_fifteen_queries(
    standard: str, people: People, client_for: ClientFor
) -> None:
    make_scene(people)
    make_grant(fund=make_fund(), decided_on=date(2026, 4, 1), first_paid_on=IN_TIME)
    client = client_for("commissioner")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/grants/?standard={standard}").context["page"].object_list
    assert len(queries) <= 15


def test_the_rows_say_not_known_only_of_what_is_not_known(fund: Fund, client_for: ClientFor) -> None:
    grants = {
        "planned": make_grant(fund=fund, title="planned", decided_on=date(2026, 4, 1)),
        "no plan": make_grant(fund=fund, title="no plan", decided_on=date(2026, 4, 1)),
        "untracked": make_grant(fund=fund, title="untracked", tracked=False, decided=False),
    }
    make_instalment(grants["no plan"], basis="on_claim")
    make_plan(grants["planned"], recorded_on=date(2026, 6, 1))
    sheets = sheets_of(client_for("scrutiny").get(f"{ADDRESS}?download=xlsx").getvalue())
    plans = {row["Grant"]: row["Sustainability plan recorded"] for row in sheets["Resolution 1"]}
    assert plans == {"planned": date(2026, 6, 1), "no plan": "none", "untracked": None}
    rows = {row["Grant"]: row for row in sheets["Resolution 2"]}
    assert {title: row["First payment"] for title, row in rows.items()} == {
        "planned": "not paid",
        "no plan": "not paid",
        "untracked": None,
    }
    council = {title: row["Council’s time (working days)"] for title, row in rows.items()}
    assert council["planned"] > 100
    assert (council["no plan"], council["untracked"]) == ("not started", "cannot be assessed")


def test_which_funds_are_meant_is_said_of_the_councils_own(published: None, client_for: ClientFor) -> None:
    words = "is the Community Safety Fund"
    client = client_for("scrutiny")
    assert words not in client.get(ADDRESS).content.decode()
    client.post("/register/", {"register": "real"})
    assert words in client.get(ADDRESS).content.decode()
    answers = sheets_of(client.get(f"{ADDRESS}?download=xlsx").getvalue())["Answers"]
    assert [row["Resolution"] for row in answers if words in str(row["Answer"])] == [1]


def test_figures_of_the_workbook_are_numbers(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 3, first_paid_on=IN_TIME, amount_awarded=Decimal(18000))
    decided(fund, 1, first_paid_on=TOO_LATE, amount_awarded=None)
    sheets = sheets_of(client_for("scrutiny").get(f"{ADDRESS}?download=xlsx").getvalue())
    said = {(row["Resolution"], row["What"]): (row["Answer"], row["Out of"]) for row in sheets["Answers"]}
    assert said[1, "awarded to 4 grants (1 amount not known)"] == (54000, None)
    assert said[2, "grants paid within the standard, of those that can be assessed"] == (3, 4)
    assert said[2, "grants that cannot be assessed"] == (0, 4)


def test_each_block_has_all_its_parts(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 1, first_paid_on=IN_TIME)
    response = client_for("scrutiny").get(ADDRESS)
    page = response.content.decode()
    for each in response.context["blocks"]:
        assert len(each.figures) <= 3
        for words in (each.resolution.text, each.state, each.rule, each.resolution.interpretation):
            assert words.split("“")[0] in page.replace("&#x27;", "'")
        assert "30 July 2024" in page


def test_the_workbook_says_what_the_page_does(fund: Fund, client_for: ClientFor) -> None:
    decided(fund, 2, first_paid_on=IN_TIME)
    client = client_for("scrutiny")
    sheets = sheets_of(client.get(f"{ADDRESS}?download=xlsx").getvalue())
    said = {(row["Resolution"], row["What"]): row["Answer"] for row in sheets["Answers"]}
    for each in client.get(ADDRESS).context["blocks"]:
        number = each.resolution.number
        assert said[number, "Answer"] == each.sentence
        assert said[number, "Rule"] == each.rule
        assert said[number, "Funds in scope"] == each.funds
        assert all((number, words) in said for _, words in each.figures)


def test_the_index_lists_what_the_reader_may_open(client_for: ClientFor) -> None:
    for who, completeness in (("scrutiny", False), ("finance", True)):
        page = client_for(who).get("/reports/").content.decode()
        assert all(f'href="/reports/{name}/"' in page for name in ("scrutiny", "speed", "sustainability"))
        assert ('href="/reports/completeness/"' in page) == completeness


def test_a_day_that_is_not_known_is_not_called_no_decision(fund: Fund, client_for: ClientFor) -> None:
    make_grant(fund=fund, decided=False, decided_about="2026")
    make_grant(fund=fund, decided=False)
    found = block(client_for, 2)
    assert "the day of the decision on 1 grant" in found.not_known
    assert "1 grant has no decision recorded" in found.not_known
    assert [one.value for one in found.measured][2] == 2
