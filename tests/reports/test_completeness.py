"""`/reports/completeness/`: each gap is counted, its link lists the same grants, the worst comes first."""

from datetime import date, timedelta

import pytest

from grants.models import OutcomeReturn
from tests.conftest import ClientFor
from tests.factories import make_award, make_fund, make_grant, make_return
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def rows_of(client_for: ClientFor) -> dict[str, int]:
    """The gaps on the page in its order, with how many records have each."""
    response = client_for("commissioner").get("/reports/completeness/")
    return {row.key: row.count for row in response.context["table"].data.data}


def test_each_gap_is_counted(scene: Scene, client_for: ClientFor) -> None:
    make_grant(fund=scene.fund, amount_awarded=None, ends_on=None, lead_officer=None, finance_owner=None)
    make_award(spend_by=None)
    assert rows_of(client_for) == {
        "caseload": 3,
        "localities": 5,
        "untracked": 1,
        "end_date": 1,
        "amount": 1,
        "first_due": 2,
        "lead_officer": 1,
        "finance_owner": 1,
        "awards": 1,
    }


def test_each_link_lists_as_many_grants_as_were_counted(scene: Scene, client_for: ClientFor) -> None:
    make_grant(fund=scene.fund, amount_awarded=None, ends_on=None)
    client = client_for("commissioner")
    for key, count in rows_of(client_for).items():
        assert len(client.get(f"/grants/?missing={key}").context["page"].object_list) == count, key


def test_the_gap_that_spoils_most_comes_first(scene: Scene, client_for: ClientFor) -> None:
    response = client_for("finance").get("/reports/completeness/")
    rows = response.context["table"].data.data
    spoiled = [len(row.spoils) * row.count for row in rows]
    assert spoiled == sorted(spoiled, reverse=True)
    assert "who could say" in response.content.decode()


def test_what_is_complete_is_said_too(scene: Scene, client_for: ClientFor) -> None:
    page = client_for("commissioner").get("/reports/completeness/").content.decode()
    assert "Known wherever it is needed: " in page
    assert "amount awarded" in page.split("Known wherever it is needed: ")[1]


def test_the_real_register_has_its_own_gaps(scene: Scene, client_for: ClientFor) -> None:
    client = client_for("commissioner")
    client.post("/register/", {"register": "real"})
    response = client.get("/reports/completeness/")
    assert {row.key: row.count for row in response.context["table"].data.data} == {"untracked": 1}


@pytest.mark.parametrize(
    ("months", "since"),
    [(1, date(2026, 9, 21)), (3, date(2026, 5, 21)), (12, date(2024, 11, 21))],
)
def test_a_caseload_is_known_for_two_return_periods(months: int, since: date, client_for: ClientFor) -> None:
    grant = make_grant(fund=make_fund(return_period_months=months))
    assert rows_of(client_for)["caseload"] == 1
    report = make_return(grant, period_to=since)
    assert "caseload" not in rows_of(client_for)
    OutcomeReturn.objects.filter(pk=report.pk).update(period_to=since - timedelta(days=1))
    assert rows_of(client_for)["caseload"] == 1


def test_the_index_names_the_report(scene: Scene, client_for: ClientFor) -> None:
    page = client_for("finance").get("/reports/").content.decode()
    assert "/reports/completeness/" in page
    assert "What is not known, and who could say?" in page


def test_the_form_is_offered_to_those_who_may_use_it(client_for: ClientFor) -> None:
    grant = make_grant(lead_officer=None)
    form = f'href="/grants/{grant.ref}/details/"'
    assert form in client_for("commissioner").get("/reports/completeness/").content.decode()
    assert form not in client_for("finance").get("/reports/completeness/").content.decode()
    assert client_for("commissioner").get(f"/grants/{grant.ref}/details/").status_code == 200
