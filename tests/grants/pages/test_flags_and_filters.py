"""What a flag names leads there, when it was raised is said alike, and a filter that knows no such value says so."""

from datetime import date

import pytest

from tests.conftest import ClientFor
from tests.factories import make_award, make_flag, make_fund, make_grant, make_locality
from tests.factories.flags import FACTS
from tests.factories.people import People
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_cluster_leads_to_the_grants_it_names(scene: Scene, client_for: ClientFor) -> None:
    facts = {**FACTS["cluster"], "refs": [scene.late.ref, scene.ending.ref]}
    flag = make_flag(rule="cluster", level="high", locality=make_locality(), facts=facts)
    page = client_for("commissioner").get(f"/flags/{flag.pk}/").content.decode()
    for grant in (scene.late, scene.ending):
        assert f'href="/grants/{grant.ref}/">Open {grant.title} ({grant.ref})</a>' in page
    assert scene.paid.ref not in page


def test_an_award_leads_to_the_funds_it_pays_for(people: People, client_for: ClientFor) -> None:
    award = make_award()
    funds = [make_fund(awards=[award]), make_fund(awards=[award])]
    flag = make_flag(rule="money_may_go_back", funding_award=award)
    page = client_for("commissioner").get(f"/flags/{flag.pk}/").content.decode()
    for fund in funds:
        assert f'href="/funds/{fund.code}/">Open {fund.name}</a>' in page


@pytest.mark.parametrize("url", ["/", "/flags/"])
def test_raised_means_the_same_on_today_and_on_flags(url: str, people: People, client_for: ClientFor) -> None:
    risen = {"opened_on": date(2026, 11, 2), "level_since": date(2026, 11, 16)}
    make_flag(grant=make_grant(title="Risen"), owner=people.commissioner, **risen)
    make_flag(owner=people.commissioner, opened_on=date(2026, 11, 9))
    page = client_for("commissioner").get(url).content.decode()
    assert "2 November 2026<br>" in page
    assert "at this level since 16 November 2026" in page
    assert "9 November 2026" in page
    assert "at this level since 9 November 2026" not in page


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/grants/?level=banana", "level"),
        ("/grants/?fund=banana", "fund"),
        ("/grants/?ends=banana", "ends"),
        ("/flags/?owner=999999", "owner"),
        ("/flags/?rule=banana&level=late", "rule"),
        ("/returns/?state=banana", "state"),
    ],
)
def test_a_filter_that_knows_no_such_value_says_what_to_do(
    url: str, field: str, scene: Scene, client_for: ClientFor
) -> None:
    response = client_for("commissioner").get(url)
    page = response.content.decode()
    assert f'<a href="#id_{field}">' in page.split("govuk-error-summary__body")[1]
    assert "choose one from the list, or clear it." in page
    assert list(response.context["page"].object_list) == []
    assert "Nothing is listed until the search is put right." in page


def test_nor_does_its_download_hold_everything(scene: Scene, client_for: ClientFor) -> None:
    response = client_for("commissioner").get("/grants/?level=banana&download=xlsx")
    assert response.headers["Content-Type"].startswith("text/html")
    assert "There is a problem" in response.content.decode()
