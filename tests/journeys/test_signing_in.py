"""Signing in and out, and what a wrong password leads to."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage, sign_in
from tests.journeys.desk import land
from tests.journeys.site import ROLES, Site

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("who", ROLES)
def test_signing_in_leads_to_today_and_signing_out_leads_back(
    who: str, javascript: bool, open_page: OpenPage
) -> None:
    page = open_page(who, javascript=javascript)
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("21 November 2026")
    land(page, page.get_by_role("button", name="Sign out"))
    expect(page).to_have_url(re.compile(r"/accounts/login/$"))
    page.goto("/grants/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/grants/$"))


def test_a_wrong_password_is_refused_and_says_so(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    sign_in(page, "finance", password="not the password")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    expect(page).to_have_title(re.compile(r"^Error: "))
    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    expect(summary).to_contain_text("There is a problem")
    expect(page.get_by_label("Email", exact=True)).to_have_value("finance@example.org")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    # An address that nobody has gets the same answer: it does not tell who is known.
    known = summary.inner_text()
    sign_in(page, "nobody", password="not the password")
    assert page.get_by_role("alert").inner_text() == known


def test_the_page_asked_for_opens_after_signing_in(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/flags/")
    page.get_by_label("Email", exact=True).fill("commissioner@example.org")
    page.get_by_label("Password", exact=True).fill("illustrative-year")
    land(page, page.get_by_role("button", name="Sign in"))
    expect(page).to_have_url(re.compile(r"/flags/$"))
