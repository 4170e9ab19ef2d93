"""What the product tells a person: read, followed, marked, and how often by e-mail."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk import Desk, land
from tests.journeys.site import Site, email

pytestmark = pytest.mark.journey

UNREAD = """
select count(*) from core_message m join core_user u on u.id = m.to_id
where u.email = ? and m.is_illustrative and m.read_at is null
"""
TOLD = UNREAD.replace("and m.read_at is null", "")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_messages_are_read_followed_and_marked(
    javascript: bool, fresh_site: Site, open_page: OpenPage
) -> None:
    page = open_page("commissioner", javascript=javascript)
    desk = Desk(page, fresh_site)
    unread = fresh_site.one(UNREAD, email("commissioner"))
    told = fresh_site.one(TOLD, email("commissioner"))
    assert 10 < told < 100
    assert 1 < unread < told  # the older ones were read in the year
    desk.follow(f"Messages ({unread} unread)")
    expect(page.locator(".app-sentence")).to_contain_text(f"{unread} unread")
    first = page.locator("tbody tr").first
    words = first.get_by_role("link").inner_text()
    land(page, first.get_by_role("link"))
    expect(page).to_have_url(re.compile(r"/flags/\d+/$"))
    expect(page.locator("h1")).to_contain_text(words.rpartition(": ")[2])
    desk.follow("Messages")
    desk.press("Mark all as read")
    assert fresh_site.one(UNREAD, email("commissioner")) == 0
    expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    page.goto("/messages/?read=unread")
    expect(page.locator("main")).to_contain_text("Nothing matches")


def test_a_person_reads_only_their_own(open_page: OpenPage, site: Site) -> None:
    told = site.rows("select distinct u.email from core_message m join core_user u on u.id = m.to_id")
    assert (email("scrutiny"),) not in told
    page = open_page("scrutiny")
    page.goto("/messages/")
    expect(page.locator("main")).to_contain_text("Nobody has told you anything yet")


def test_somebody_chooses_how_often_by_e_mail(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("finance", javascript=False)
    desk = Desk(page, fresh_site)
    desk.follow("Messages")
    expect(page.locator("main")).to_contain_text("By e-mail: Every day")
    desk.follow("Change how often")
    page.get_by_label("Every Monday").check()
    desk.press("Save")
    desk.done()
    expect(page.locator("main")).to_contain_text("By e-mail: Every Monday, if there is something new.")
    assert fresh_site.one("select digest from core_user where email = ?", email("finance")) == "weekly"


def test_an_administrator_has_an_e_mail_tried_again(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("administrator")
    desk = Desk(page, fresh_site)
    desk.follow("Messages")
    desk.follow("How the e-mails fare")
    failed = next(row for row in desk.table("E-mails") if "12 new messages" in row[1])
    assert "Could not be sent" in failed
    assert "TimeoutError" in failed
    desk.follow("Try again to send e-mail")
    desk.press("Try again")
    desk.done()
    retried = "select state, attempts from core_delivery where subject = '12 new messages'"
    assert fresh_site.rows(retried) != [("failed", 10)]
