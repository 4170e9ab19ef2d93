"""The speed report as a page: what it says of few grants and of none, one fund alone, its queries, who may read it."""

from datetime import date, timedelta

import pytest

from grants.models import Grant
from tests.conftest import ClientFor, Queries
from tests.factories import make_agreement, make_fund, make_grant, make_instalment, make_round, make_stop
from tests.factories.people import make_people
from tests.grants.oracle.facts import facts_of
from tests.reports.reading import about_of, sheets_of
from tests.reports.test_speed_equals_oracle import SPEED, a_reader, assert_speed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_under_ten_grants_are_listed_and_have_no_curve() -> None:
    make_people()
    fund = make_fund()
    bidding = make_round(fund=fund)
    for place in range(9):
        grant = make_grant(fund=fund, round=bidding, decided_on=date(2026, 10, 1) + timedelta(days=place))
        make_instalment(grant)
        make_agreement(grant)
        if place % 3:
            Grant.objects.filter(pk=grant.pk).update(first_paid_on=date(2026, 11, 2))
        else:
            make_stop(grant)
    on = date(2026, 11, 21)
    reader = a_reader(on, illustrative=True)
    assert len(assert_speed(facts_of(on), reader, illustrative=True)) == 9
    page = reader.page(SPEED).content.decode()
    assert "9 grants can be timed, too few for statistics." in page
    assert "<path" not in page
    make_grant(fund=fund)
    assert "<path" in reader.page(SPEED).content.decode()


def test_nothing_to_time_says_so() -> None:
    make_people()
    reader = a_reader(date(2026, 11, 21), illustrative=True)
    assert "there is nothing to time" in reader.page(SPEED).content.decode()
    make_grant(tracked=False)
    assert "1 grant is recorded, and the payments of none are tracked" in reader.page(SPEED).content.decode()
    assert_speed(facts_of(date(2026, 11, 21)), reader, illustrative=True)


def test_one_fund_alone(client_for: ClientFor) -> None:
    fund, other = make_fund(code="alpha", name="Alpha"), make_fund(code="beta", name="Beta")
    make_fund(code="real", is_illustrative=False)
    for _ in range(3):
        make_grant(fund=fund)
    make_grant(fund=other)
    client = client_for("scrutiny")
    page = client.get(f"{SPEED}?fund=alpha")
    assert page.context["speed"].total.n == 3
    assert "See all funds together" in page.content.decode()
    assert f'href="{SPEED}?fund=beta"' in client.get(SPEED).content.decode()
    book = client.get(f"{SPEED}?fund=alpha&download=xlsx").getvalue()
    assert about_of(book)["Filters"] == "fund: Alpha"
    assert client.get(f"{SPEED}?fund=none").status_code == 404
    assert client.get(f"{SPEED}?fund=real").status_code == 404


def test_the_queries_are_as_many_whatever_the_register(
    client_for: ClientFor, django_assert_num_queries: Queries
) -> None:
    client = client_for("commissioner")
    for _ in range(2):
        for place in range(7):
            grant = make_grant()
            make_instalment(grant)
            make_agreement(grant)
            if place % 2:
                make_stop(grant)
        client.get(SPEED)
        with django_assert_num_queries(10):
            assert client.get(SPEED).status_code == 200


def test_who_is_linked_to_what_they_may_open(client_for: ClientFor) -> None:
    grant = make_grant()
    make_grant(tracked=False)
    for role, may_complete in (("commissioner", True), ("scrutiny", False)):
        page = client_for(role).get(SPEED).content.decode()
        assert f'href="/grants/{grant.ref}/"' in page
        assert ("/reports/completeness/" in page) is may_complete
    assert client_for("provider").get(SPEED).status_code == 403


def test_the_bar_the_table_and_the_download_name_the_council_s_days_alike(client_for: ClientFor) -> None:
    """Ten working days on the funder: in council's time of each grant, apart in whose time it was."""
    grant = make_grant(decided_on=date(2026, 10, 9))
    make_instalment(grant, due_on=date(2026, 10, 9))
    make_stop(grant, waiting_on="funder", started_on=date(2026, 10, 12), ended_on=date(2026, 10, 26))
    client = client_for("scrutiny")
    page = client.get(SPEED)
    words = "Council, without the funder’s days"
    council = page.context["whose"].segments[0]
    assert (council.label, council.words) == (words, "21 working days")
    sheets = sheets_of(client.get(f"{SPEED}?download=xlsx").getvalue())
    whose = {row["Whose"]: row["Working days, all grants together"] for row in sheets["Whose time"]}
    assert whose == {words: 21, "Provider": 0, "Funder": 10}
    (row,) = sheets["Grants"]
    assert row["Council’s time (working days)"] == whose[words] + whose["Funder"]
