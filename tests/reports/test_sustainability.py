"""`/reports/sustainability/`: what it says first, what it leaves out, and that its size costs no query."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Fund, Grant
from tests.conftest import ClientFor
from tests.factories import make_cover, make_fund, make_grant, make_plan, make_return
from tests.factories.people import People
from tests.grants.pages.scene import make_scene
from tests.reports.reading import sheets_of, tables_of, value_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ADDRESS = "/reports/sustainability/"
MARCH, MAY = date(2027, 3, 15), date(2027, 5, 15)


@pytest.fixture
def fund() -> Fund:
    """An illustrative fund."""
    return make_fund()


def ending(fund: Fund, ends_on: date, families: int | None, **fields: Any) -> Grant:
    """A grant of so many families, none of them covered, that began in 2026."""
    grant = make_grant(
        fund=fund, planned_start=date(2026, 1, 5), planned_end=ends_on, ends_on=ends_on, **fields
    )
    if families is not None:
        make_return(grant, caseload=families)
    return grant


def context(client_for: ClientFor, who: str) -> dict[str, Any]:
    """What the page is made of."""
    found: dict[str, Any] = client_for(who).get(ADDRESS).context
    return found


def test_a_hidden_number_is_told_in_words(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, MARCH, 3)
    assert context(client_for, "commissioner")["answer"] == (
        "If nothing is decided, support ends for 3 families by 31 March 2027."
    )
    assert context(client_for, "scrutiny")["answer"] == (
        "If nothing is decided, support ends for some families "
        "(the number is not shown, to protect them) by 31 March 2027."
    )


def test_later_endings_are_told_apart(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, MARCH, 20)
    ending(fund, MAY, 1)
    ending(fund, MAY, None)
    assert context(client_for, "finance")["answer"] == (
        "If nothing is decided, support ends for 20 families by 31 March 2027 and for 1 more by 31 August 2027; "
        "for 1 grant the number of families is not known."
    )


def test_units_are_never_summed(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, MARCH, 20)
    make_return(ending(fund, MARCH, None), caseload=14, caseload_unit="children")
    found = context(client_for, "finance")["found"]
    assert (found.ahead.families, found.ahead.children) == (20, 14)
    assert "20 families and 14 children and young people" in context(client_for, "finance")["answer"]


def test_who_is_covered_is_not_counted(fund: Fund, client_for: ClientFor) -> None:
    grant = ending(fund, MARCH, 20)
    make_cover(make_plan(grant), number=20)
    page = context(client_for, "finance")
    assert page["answer"] == "If nothing is decided, nobody is known to lose support by 21 November 2027."
    (line,) = page["page"].object_list
    assert (line.uncovered, line.level, line.clears) == (0, None, "Nothing to clear")


def test_where_nobody_is_supported_any_more_nobody_is_called_covered(
    fund: Fund, client_for: ClientFor
) -> None:
    grant = ending(fund, MARCH, 0)
    make_cover(make_plan(grant), number=9, certainty="confirmed")
    for who in ("commissioner", "scrutiny"):
        page = client_for(who).get(ADDRESS).content.decode()
        assert "nobody supported any more" in page
        assert "everybody covered" not in page
    client = client_for("commissioner")
    story = client.get(f"/grants/{grant.ref}/").content.decode()
    assert "It ends on 15 March 2027; nobody was supported any more on the last return." in story
    form = client.get(f"/grants/{grant.ref}/plan/cover/").content.decode()
    assert "9 by the plan, but nobody was supported any more on the last return" in form


def test_money_is_confirmed_or_said_not_to_be_or_not_known(fund: Fund, client_for: ClientFor) -> None:
    def planned(title: str, **cover: Any) -> None:
        plan = make_plan(ending(fund, MARCH, 20, title=title))
        if cover:
            make_cover(plan, **cover)

    ending(fund, MARCH, 20, title="No plan")
    planned("Only a plan")
    planned("Hoped for", certainty="hoped", amount=900)
    planned("Finishes", kind="finishes", source="")
    planned("Withdrawn", number=0, amount=900)
    planned("No amount", amount=None)
    planned("Confirmed", amount=900)
    client = client_for("finance")
    expected = {
        "No plan": "not known",
        "Only a plan": "none",
        "Hoped for": "none",
        "Finishes": "none",
        "Withdrawn": "none",
        "No amount": "amount not known",
        "Confirmed": "£900",
    }
    table = tables_of(client.get(ADDRESS).content.decode())["Each grant"]
    shown = {str(row["Grant"]).split(" · ")[0]: row["Confirmed money"] for row in table}
    assert shown == {title: value_of(words) for title, words in expected.items()}
    sheet = sheets_of(client.get(f"{ADDRESS}?download=xlsx").getvalue())["Grants"]
    assert {row["Grant"]: row["Confirmed money"] for row in sheet} == shown


def test_in_a_download_each_column_holds_one_thing(fund: Fund, client_for: ClientFor) -> None:
    grant = ending(fund, MARCH, 4)
    client = client_for("scrutiny")
    (row,) = sheets_of(client.get(f"{ADDRESS}?download=xlsx&search={grant.ref}").getvalue())["Grants"]
    assert (row["Grant"], row["Reference"]) == (grant.title, grant.ref)
    assert row["Provider"] == getattr(grant.lead_provider, "name", None)
    assert (row["Left without support"], row["Counted in"]) == ("c", "Families")
    assert (row["Level"], row["Plan"]) == ("High", "none recorded")
    assert row["Notice"] == "due 15 December 2026"


def test_what_ended_is_told_apart(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, date(2026, 11, 20), 30)
    page = context(client_for, "finance")
    assert "nobody is known to lose support" in page["answer"]
    assert (
        page["ended"]
        == "In the last 12 months 1 grant has ended: nothing is confirmed afterwards for 30 families."
    )


def test_an_ending_on_the_day_itself_lies_ahead(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, date(2026, 11, 21), 30)
    found = context(client_for, "finance")["found"]
    assert (found.ahead.grants, found.ended.grants) == (1, 0)


def test_what_cannot_be_assessed_is_counted_and_in_no_figure(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, MARCH, 20, tracked=False)
    make_grant(fund=fund, ends_on=None)
    make_grant(fund=fund, purpose=None)
    ending(fund, MARCH, 20, purpose="training")
    page = context(client_for, "scrutiny")
    assert page["answer"] == "Not enough is known to say when support ends: 3 grants cannot be assessed."
    assert page["left_out"] == (
        "3 grants cannot be assessed: 1 not tracked, 1 without an end date, 1 with no purpose recorded."
    )
    assert page["found"].grants == 0


def test_an_empty_register_says_so(client_for: ClientFor) -> None:
    response = client_for("scrutiny").get(ADDRESS)
    assert response.context["answer"] == "No grant that supports families ends within 12 months."
    assert "<svg" not in response.content.decode()


def test_scrutiny_is_told_what_clears_a_flag_without_a_number(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, MARCH, 4)
    ((officers,), (scrutinys,)) = (
        context(client_for, who)["page"].object_list for who in ("commissioner", "scrutiny")
    )
    assert officers.clears == "A plan that covers all 4 families; or an extension"
    assert scrutinys.clears == "A plan that covers every one of its families; or an extension"
    assert (officers.uncovered, scrutinys.uncovered) == (4, "c")


def test_the_registers_share_nothing(fund: Fund, client_for: ClientFor) -> None:
    ending(fund, MARCH, 20)
    client = client_for("commissioner")
    client.post("/register/", {"register": "real"})
    assert client.get(ADDRESS).context["found"].grants == 0


@pytest.mark.parametrize("address", [ADDRESS, "/reports/scrutiny/", "/reports/", "/"])
def test_a_larger_register_asks_no_more_queries(address: str, people: People, client_for: ClientFor) -> None:
    client = client_for("scrutiny")
    counts = []
    for copies in (1, 6):
        make_scene(people, copies)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("address", [ADDRESS, "/reports/scrutiny/"])
def test_a_cold_page_asks_at_most_fifteen_queries(
    address: str, people: People, client_for: ClientFor
) -> None:
    make_scene(people)
    client = client_for("commissioner")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 15
