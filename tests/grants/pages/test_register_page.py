"""`/grants/`: the sentence, the filters, the columns of each role, and that two registers share no total."""

from decimal import Decimal

import pytest
from django.test import Client

from grants.models import Payment
from tests.conftest import ClientFor
from tests.factories import make_grant, make_locality
from tests.factories.people import People
from tests.grants.pages.scene import UNIQUE_CASELOAD, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def titles(client: Client, query: str = "") -> set[str]:
    """The grants on the page."""
    response = client.get(f"/grants/?{query}")
    assert response.status_code == 200
    return {row.title for row in response.context["page"].object_list}


def test_the_sentence_adds_up_what_is_listed(scene: Scene, client_for: ClientFor) -> None:
    make_grant(title="Unknown amount", fund=scene.fund, amount_awarded=None)
    page = client_for("commissioner").get("/grants/").content.decode()
    assert "7 grants · £108,000 awarded · £4,500 paid · 1 amount not known · 1 cannot be assessed" in page


def test_the_real_register_is_not_listed_with_the_illustrative_one(
    scene: Scene, client_for: ClientFor
) -> None:
    client = client_for("commissioner")
    assert scene.real.title not in titles(client)
    client.post("/register/", {"register": "real"})
    assert titles(client) == {scene.real.title}


def test_a_line_of_the_bank_is_found_by_its_reference(scene: Scene, client_for: ClientFor) -> None:
    client, found = client_for("finance"), scene.paid.payments.first()
    assert found is not None
    Payment.objects.filter(pk=found.pk).update(reference="BACS-77123")
    assert titles(client, "search=BACS-77123") == {scene.paid.title}
    assert titles(client, "search=BACS") == set()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=late+gar", {"late"}),
        ("search=other", {"others"}),
        ("state=waiting", {"late", "ending", "others"}),
        ("state=running", {"paid"}),
        ("state=undecided", {"untracked", "undecided"}),
        ("ends=3", {"ending"}),
        ("level=any", {"late", "ending"}),
        ("level=late", {"late"}),
        ("level=none", {"paid", "undecided", "others"}),
        ("tracked=no", {"untracked"}),
        ("missing=end_date", {"untracked"}),
        ("missing=purpose", set()),
        ("missing=planned_start", set()),
        ("missing=planned_end", set()),
        ("missing=untracked", {"untracked"}),
        ("missing=localities", {"paid", "ending", "untracked", "undecided", "others"}),
        ("missing=caseload", {"undecided", "others"}),
        ("missing=first_due", {"others"}),
        ("state=waiting&level=late", {"late"}),
    ],
)
def test_each_filter_keeps_what_it_names(
    query: str, names: set[str], scene: Scene, client_for: ClientFor
) -> None:
    assert titles(client_for("commissioner"), query) == {getattr(scene, name).title for name in names}


def test_funds_and_localities_filter_by_their_names(scene: Scene, client_for: ClientFor) -> None:
    place = make_locality(is_illustrative=True)
    here = make_grant(title="Here", localities=[place])
    client = client_for("commissioner")
    assert titles(client, f"locality={place.slug}") == {"Here"}
    assert titles(client, f"fund={here.fund.code}") == {"Here"}


def test_a_row_says_paid_time_end_families_and_level(scene: Scene, client_for: ClientFor) -> None:
    rows = {row.title: row for row in client_for("finance").get("/grants/").context["page"].object_list}
    late, paid, untracked = rows["Late Garden"], rows["Paid Garden"], rows["Untracked Garden"]
    assert late.levels == ("critical", "late")
    assert late.families is not None
    assert late.families.number == UNIQUE_CASELOAD
    # Decided on 9 October, due on 2 November: the clock started on the decision; a stop since 12 October.
    assert late.clock is not None
    assert late.clock.council_working_days == 1
    assert late.clock.total_wait_working_days == 31
    assert (late.paid, paid.paid, untracked.paid) == (Decimal(0), Decimal(4500), None)
    assert untracked.clock is None
    assert untracked.ends == "2025-03"


def test_the_page_says_what_cannot_be_assessed_in_words(scene: Scene, client_for: ClientFor) -> None:
    page = client_for("finance").get("/grants/?tracked=no").content.decode()
    assert page.count("cannot be assessed") >= 2
    assert "March 2025" in page
    assert "not known" in page


def test_scrutiny_has_no_families_column_and_no_people(scene: Scene, client_for: ClientFor) -> None:
    page = client_for("scrutiny").get("/grants/").content.decode()
    assert "Families" not in page
    assert f"{UNIQUE_CASELOAD:,}" not in page
    assert "Critical" in page


def test_scrutiny_cannot_filter_by_people_or_gaps(scene: Scene, client_for: ClientFor) -> None:
    assert len(titles(client_for("scrutiny"), "missing=caseload")) == 6


def test_a_provider_lists_its_own_grants_without_flags(
    scene: Scene, people: People, client_for: ClientFor
) -> None:
    client = client_for("provider")
    assert scene.others.title not in titles(client)
    assert scene.late.title in titles(client)
    assert "Critical" not in client.get("/grants/").content.decode()
    assert titles(client_for("other_provider")) == {scene.others.title}


@pytest.mark.parametrize(("sort", "first"), [("-title", "Untracked Garden"), ("ends_on", "Ending Garden")])
def test_the_list_sorts_and_what_is_not_known_comes_last(
    sort: str, first: str, scene: Scene, client_for: ClientFor
) -> None:
    rows = client_for("commissioner").get(f"/grants/?sort={sort}").context["page"].object_list
    assert rows[0].title == first
    if sort == "ends_on":
        assert rows[-1].title == "Untracked Garden"


def test_a_long_list_is_counted_and_not_added_up(
    scene: Scene, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grants.views.register.RegisterPage.totals_up_to", 3)
    page = client_for("commissioner").get("/grants/").content.decode()
    assert "6 grants · narrow the list to 3 or fewer to see what they add up to" in page


def test_a_decision_of_which_only_the_month_is_known_is_not_called_none(client_for: ClientFor) -> None:
    make_grant(decided=False, decided_about="2026-03")
    page = client_for("finance").get("/grants/").content.decode()
    assert "day of the decision not known (March 2026)" in page
    assert "not decided" not in page


@pytest.mark.parametrize(
    ("decision", "words"), [("decline", "not approved"), ("defer", "not approved"), (None, "not decided")]
)
def test_what_was_declined_is_not_called_undecided(
    decision: str | None, words: str, client_for: ClientFor
) -> None:
    make_grant(**({"decision": decision} if decision else {"decided": False}))
    page = client_for("commissioner").get("/grants/").content.decode()
    assert words in page
