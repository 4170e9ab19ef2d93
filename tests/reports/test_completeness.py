"""`/reports/completeness/`: each gap is counted, its link lists the same grants, the worst comes first."""

from datetime import date, timedelta

import pytest
from django.test import Client

from grants.models import Grant, Instalment, OutcomeReturn
from providers.models import Organisation
from tests.conftest import ClientFor
from tests.factories import make_award, make_fund, make_grant, make_instalment, make_locality, make_return
from tests.factories.people import somebody
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def rows_of(client_for: ClientFor) -> dict[str, int]:
    """The gaps on the page in its order, with how many records have each."""
    response = client_for("commissioner").get("/reports/completeness/")
    return {row.key: row.count for row in response.context["table"].data.data}


def known_of(client: Client) -> list[str]:
    """What the page says is known wherever it is needed."""
    return list(client.get("/reports/completeness/").context["complete"])


@pytest.fixture
def published(client_for: ClientFor) -> Client:
    """A commissioner who looks at a register of two grants that nobody tracks; of the second little is known."""
    fund = make_fund(is_illustrative=False)
    own = {"fund": fund, "illustrative": False, "tracked": False, "decided": False}
    make_grant(lead_officer=somebody(), localities=[make_locality(is_illustrative=False)], **own)
    make_grant(amount_awarded=None, purpose=None, planned_start=None, planned_end=None, ends_on=None, **own)
    client = client_for("commissioner")
    client.post("/register/", {"register": "real"})
    return client


def test_each_gap_is_counted(scene: Scene, client_for: ClientFor) -> None:
    make_grant(fund=scene.fund, amount_awarded=None, ends_on=None, lead_officer=None, finance_owner=None)
    make_grant(fund=scene.fund, purpose=None, planned_start=None)
    make_award(spend_by=None)
    assert rows_of(client_for) == {
        "caseload": 3,
        "localities": 7,
        "untracked": 1,
        "end_date": 2,
        "amount": 1,
        "purpose": 1,
        "planned_start": 1,
        "first_due": 3,
        "lead_officer": 1,
        "finance_owner": 1,
        "award_spend_by": 1,
        "decision": 1,
    }


def test_what_an_award_lacks_and_what_no_instalment_says(scene: Scene, client_for: ClientFor) -> None:
    make_award(total_amount=None, spent_means=None)
    grant = make_grant(fund=scene.fund, award_type=None)
    make_instalment(grant, amount=None)
    make_instalment(grant, amount=None)
    found = rows_of(client_for)
    assert {key: found[key] for key in ("award_total_amount", "award_spent_means", "instalment_amount")} == {
        "award_total_amount": 1,
        "award_spent_means": 1,
        "instalment_amount": 1,
    }
    assert found["award_type"] == 1
    assert list(found)[-1] == "award_type"
    client = client_for("commissioner")
    (row,) = client.get("/grants/?missing=instalment_amount").context["page"].object_list
    assert row.ref == grant.ref
    Instalment.objects.update(amount=1, paid_on=date(2026, 11, 2))
    assert "instalment_amount" not in rows_of(client_for)


def test_a_decision_that_is_awaited_is_not_unknown_and_one_of_which_the_month_is_known_is(
    scene: Scene, client_for: ClientFor
) -> None:
    before = rows_of(client_for).get("decision", 0)
    make_grant(fund=scene.fund, decided=False)
    assert rows_of(client_for).get("decision", 0) == before
    make_grant(fund=scene.fund, decided=False, decided_about="2026-10")
    assert rows_of(client_for)["decision"] == before + 1


def test_each_link_lists_as_many_grants_as_were_counted(scene: Scene, client_for: ClientFor) -> None:
    make_grant(fund=scene.fund, amount_awarded=None, ends_on=None)
    make_grant(fund=scene.fund, tracked=False, decided=False, purpose=None, planned_start=None)
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
    assert {row.key: row.count for row in response.context["table"].data.data} == {
        "untracked": 1,
        "decision": 1,
        "localities": 1,
        "lead_officer": 1,
    }


def test_who_the_provider_is_and_of_what_kind_is_missed_of_any_grant(published: Client) -> None:
    without, with_one = Grant.objects.order_by("pk")
    Grant.objects.filter(pk=without.pk).update(lead_provider=None)
    Organisation.objects.filter(pk=with_one.lead_provider_id).update(kind=None)
    response = published.get("/reports/completeness/")
    rows = {row.key: row for row in response.context["table"].data.data}
    assert (rows["provider"].count, rows["provider"].asked_of, rows["provider"].who) == (1, 2, "Lead officer")
    assert (rows["provider_kind"].count, rows["provider_kind"].asked_of) == (1, 1)
    for key, grant in (("provider", without), ("provider_kind", with_one)):
        (row,) = published.get(f"/grants/?missing={key}").context["page"].object_list
        assert row.ref == grant.ref
        assert f"/grants/?missing={key}" in response.content.decode()


def test_plain_facts_are_missed_of_grants_that_nobody_tracks(published: Client) -> None:
    response = published.get("/reports/completeness/")
    assert {row.key: row.count for row in response.context["table"].data.data} == {
        "untracked": 2,
        "decision": 2,
        "end_date": 1,
        "amount": 1,
        "purpose": 1,
        "planned_start": 1,
        "planned_end": 1,
        "localities": 1,
        "lead_officer": 1,
    }
    page = response.content.decode()
    assert "No purpose recorded" in page
    assert "No planned start" in page
    for key in (
        "end_date",
        "amount",
        "purpose",
        "planned_start",
        "planned_end",
        "localities",
        "lead_officer",
    ):
        (row,) = published.get(f"/grants/?missing={key}").context["page"].object_list
        assert row.awarded is None, key


@pytest.mark.parametrize("over", ["withdrawn_on", "closed_on"])
def test_of_what_is_over_nothing_is_missed(over: str, published: Client) -> None:
    Grant.objects.update(**{over: date(2026, 11, 2)})
    response = published.get("/reports/completeness/")
    assert [row.key for row in response.context["table"].data.data] == ["untracked"]


def test_what_is_asked_of_no_grant_is_not_called_known(published: Client) -> None:
    assert sorted(known_of(published)) == ["award type", "kind of provider", "lead provider"]
    Grant.objects.filter(amount_awarded=None).delete()
    assert sorted(known_of(published)) == [
        "amount awarded",
        "award type",
        "end date",
        "kind of provider",
        "lead officer",
        "lead provider",
        "locality",
        "planned end",
        "planned start",
        "purpose",
    ]
    Grant.objects.update(withdrawn_on=date(2026, 11, 2))
    assert known_of(published) == []
    make_award(is_illustrative=False)
    assert known_of(published) == ["meaning of what is spent", "spend-by date", "total of a funding award"]


def test_of_an_empty_register_nothing_is_called_known(client_for: ClientFor) -> None:
    client = client_for("commissioner")
    page = client.get("/reports/completeness/").content.decode()
    assert known_of(client) == []
    assert "No grant is recorded in this register." in page
    assert "Everything that the figures need is recorded." not in page


def test_that_every_grant_is_tracked_is_no_gap_that_is_known(client_for: ClientFor) -> None:
    make_grant()
    assert not [words for words in known_of(client_for("commissioner")) if "tracked" in words]


def test_what_sustainability_leaves_out_is_found_here(published: Client) -> None:
    left_out = published.get("/reports/sustainability/").content.decode()
    assert "1 with no purpose recorded" not in left_out  # not tracked: said once, as that
    Grant.objects.filter(purpose=None).update(tracked_from=date(2026, 4, 1))
    left_out = published.get("/reports/sustainability/").content.decode()
    assert "1 with no purpose recorded" in left_out
    (row,) = published.get("/grants/?missing=purpose").context["page"].object_list
    assert row.ref == Grant.objects.get(purpose=None).ref


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


def test_which_of_several_awards_pays_is_asked_of_what_was_approved(client_for: ClientFor) -> None:
    fund = make_fund(awards=[make_award(), make_award()])
    sole = make_fund(awards=[make_award()])
    make_grant(fund=sole)
    make_grant(fund=fund, decided=False)
    make_grant(fund=fund, tracked=False)
    client = client_for("commissioner")
    assert "funding_award" not in rows_of(client_for)
    assert "funding award named where several pay for the fund" not in known_of(client)
    closed = make_grant(fund=fund, closed_on=date(2026, 11, 2))
    assert rows_of(client_for)["funding_award"] == 1
    page = client.get("/reports/completeness/").content.decode()
    assert "No funding award named where several pay for the fund" in page
    assert f'href="/grants/{closed.ref}/details/"' in page
    (row,) = client.get("/grants/?missing=funding_award").context["page"].object_list
    assert row.ref == closed.ref
    Grant.objects.filter(pk=closed.pk).update(funding_award=fund.awards.first())
    assert "funding award named where several pay for the fund" in known_of(client)


def test_the_form_is_offered_to_those_who_may_use_it(client_for: ClientFor) -> None:
    grant = make_grant(lead_officer=None)
    form = f'href="/grants/{grant.ref}/details/"'
    assert form in client_for("commissioner").get("/reports/completeness/").content.decode()
    assert form not in client_for("finance").get("/reports/completeness/").content.decode()
    assert client_for("commissioner").get(f"/grants/{grant.ref}/details/").status_code == 200


def test_the_form_of_an_award_is_offered_to_those_who_may_use_it(client_for: ClientFor) -> None:
    known, award = make_award(), make_award(total_amount=None, spent_means=None, spend_by=None)
    form = f'href="/awards/{award.ref}/change/"'
    client = client_for("commissioner")
    page = client.get("/reports/completeness/").content.decode()
    assert page.count(form) == 3
    assert known.ref not in page
    assert form not in client_for("finance").get("/reports/completeness/").content.decode()
    asked, not_asked = (client.get(f"/awards/{one.ref}/change/").content.decode() for one in (award, known))
    for name in ("total_amount", "spent_means"):
        assert f'name="{name}"' in asked
        assert f'name="{name}"' not in not_asked
