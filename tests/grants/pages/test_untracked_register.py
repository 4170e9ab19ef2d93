"""Where no grant is tracked, no page says that all is well, and no amount that is not known is £0."""

import pytest
from django.test import Client

from grants.models import Fund, Grant
from tests.conftest import ClientFor
from tests.factories import make_award, make_fund, make_grant
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOT_TRACKED = "2 grants cannot be assessed: not tracked"


@pytest.fixture
def published(client_for: ClientFor) -> Client:
    """A commissioner who looks at a register of two grants that nobody tracks, of amounts that nobody knows."""
    fund = make_fund(is_illustrative=False)
    for _ in range(2):
        make_grant(fund=fund, illustrative=False, tracked=False, decided=False, amount_awarded=None)
    client = client_for("commissioner")
    client.post("/register/", {"register": "real"})
    return client


def page(client: Client, url: str) -> str:
    """The page as its reader gets it."""
    return str(client.get(url).content.decode())


@pytest.mark.parametrize("url", ["/", "/flags/"])
def test_what_cannot_be_assessed_comes_before_that_no_flag_stands(url: str, published: Client) -> None:
    shown = page(published, url)
    assert f"{NOT_TRACKED}. No flag stands" in shown
    assert "othing is late" not in shown


def test_nothing_is_late_is_said_where_everything_is_tracked(client_for: ClientFor) -> None:
    make_grant()
    client = client_for("commissioner")
    assert "Nothing is late, nothing ends without cover" in page(client, "/")
    assert "Nothing is late, and nothing ends without cover" in page(client, "/flags/")


def test_what_is_late_comes_first_where_most_grants_are_tracked(scene: Scene, client_for: ClientFor) -> None:
    scene.late.flags.update(owner=None)
    shown = page(client_for("finance"), "/")
    assert (
        "1 instalment ready to pay: £4,500 · 1 blocked: £4,500 · 1 grant cannot be assessed: not tracked"
        in shown
    )
    client = client_for("administrator")
    shown = page(client, "/")
    assert "2 things are late, " in shown
    assert "for a decision. 1 grant cannot be assessed: not tracked." in shown
    Grant.objects.exclude(pk=scene.late.pk).update(tracked_from=None, first_paid_on=None)
    assert "5 grants cannot be assessed: not tracked. 2 things are late, " in page(client, "/")


@pytest.mark.parametrize("url", ["/", "/payments/"])
def test_what_is_due_is_not_nought_where_nothing_is_tracked(
    url: str, published: Client, client_for: ClientFor
) -> None:
    client = client_for("finance")
    client.post("/register/", {"register": "real"})
    shown = page(client, url)
    assert "cannot be assessed: none of the 2 grants of this register is tracked" in shown
    assert "£0" not in shown
    assert "Nothing is ready to pay" not in shown
    assert "Nothing was paid" not in shown
    make_grant(fund=make_fund(is_illustrative=False), illustrative=False)
    shown = page(client, url)
    assert f"{NOT_TRACKED} · 0 " in shown
    assert "£0" in shown


def test_returns_are_not_nought_where_nothing_is_tracked(published: Client) -> None:
    shown = page(published, "/returns/")
    assert (
        "What is due and what came cannot be assessed: none of the 2 grants of this register is tracked."
        in shown
    )
    assert "0 returns" not in shown
    make_grant(fund=make_fund(is_illustrative=False), illustrative=False)
    assert "0 returns" in page(published, "/returns/")


@pytest.mark.parametrize("url", ["/grants/", "/funds/"])
def test_amounts_that_are_not_known_are_not_nought(url: str, published: Client) -> None:
    shown = page(published, url)
    assert "2 grants · amounts awarded not known · amounts paid not known · " in shown
    assert "£0" not in shown


def test_a_fund_without_a_known_amount_says_so(published: Client) -> None:
    row = published.get("/funds/").context["table"].data.data[0]
    assert (row.awarded, row.paid) == (None, None)
    assert "amounts awarded not known" in page(published, f"/funds/{row.code}/")
    assert row.waiting is None
    assert "0 approved and not paid" not in page(published, "/funds/") + page(
        published, f"/funds/{row.code}/"
    )


@pytest.mark.parametrize("awards", [[], [None]])
def test_of_a_fund_without_grants_whose_sum_is_not_known_nothing_is_known(
    awards: list[None], published: Client
) -> None:
    given = [make_award(total_amount=total, is_illustrative=False) for total in awards]
    make_fund(code="EMPTY", name="Empty", awards=given, is_illustrative=False)
    shown = page(published, "/funds/EMPTY/")
    assert (
        "0 grants · amounts awarded not known · amounts paid not known · approved and not paid: not known"
        in shown
    )
    assert "£0" not in shown
    rows = {row.code: row for row in published.get("/funds/").context["table"].data.data}
    empty = rows["EMPTY"]
    assert (empty.awarded, empty.paid, empty.waiting) == (None, None, None)
    assert "£0" not in page(published, "/funds/")


def test_a_fund_without_grants_whose_sum_is_known_gave_nothing(published: Client) -> None:
    awards = [make_award(is_illustrative=False), make_award(total_amount=None, is_illustrative=False)]
    make_fund(code="EMPTY", awards=awards, is_illustrative=False)
    words = "0 grants · £0 awarded · £0 paid · 0 approved and not paid"
    assert words in page(published, "/funds/EMPTY/")
    rows = {row.code: row for row in published.get("/funds/").context["table"].data.data}
    assert (rows["EMPTY"].awarded, rows["EMPTY"].paid, rows["EMPTY"].waiting) == (0, 0, 0)
    Grant.objects.all().delete()
    assert "amounts awarded not known" in page(published, "/funds/")
    Fund.objects.exclude(code="EMPTY").delete()
    assert words in page(published, "/funds/")


def test_of_a_register_without_funds_no_sum_is_nought(client_for: ClientFor) -> None:
    assert "£0" not in page(client_for("commissioner"), "/funds/")


@pytest.mark.parametrize("count", ["late", "critical", "ending"])
def test_scrutiny_reads_no_nought_where_nothing_is_tracked(
    count: str, published: Client, client_for: ClientFor
) -> None:
    Grant.objects.update(ends_on=None)
    client = client_for("scrutiny")
    client.post("/register/", {"register": "real"})
    shown = page(client, "/")
    assert shown.count("This cannot be assessed: none of the 2 grants of this register is tracked.") == 3
    assert ">0 grants<" not in shown
    assert "2 grants of 2" in shown
    make_grant(fund=make_fund(is_illustrative=False), illustrative=False, ends_on=None)
    response = client.get("/")
    assert getattr(response.context["counts"], count) == 0
    assert "This cannot be assessed" not in response.content.decode()
    assert response.content.decode().count(">0 grants<") == 3


def test_scrutiny_reads_which_end_soon_though_nothing_is_tracked(
    published: Client, client_for: ClientFor
) -> None:
    client = client_for("scrutiny")
    client.post("/register/", {"register": "real"})
    shown = page(client, "/")
    assert shown.count("This cannot be assessed") == 2
    assert ">2 grants<" in shown


def test_what_is_known_of_some_is_added_up(published: Client) -> None:
    make_grant(illustrative=False, tracked=False, decided=False, amount_awarded=500)
    assert "3 grants · £500 awarded · amounts paid not known · 2 amounts not known" in page(
        published, "/grants/"
    )
