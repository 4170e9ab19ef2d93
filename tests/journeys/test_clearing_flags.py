"""One flag of each rule of the illustrative year is cleared through the pages, by what its own sentence says."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk import Desk, land
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

PAID_BY_ITS_AWARD = """
select g.ref, g.amount_awarded from grants_grant g join grants_flag f on f.funding_award_id = g.funding_award_id
where f.id = ? and g.closed_on is null and g.ends_on > '2027-06-01' order by g.ref
"""


@pytest.fixture
def commissioner(fresh_site: Site, open_page: OpenPage) -> Desk:
    """The commissioner at work."""
    return Desk(open_page("commissioner"), fresh_site)


@pytest.fixture
def finance(fresh_site: Site, open_page: OpenPage) -> Desk:
    """Finance at work."""
    return Desk(open_page("finance"), fresh_site)


def test_nothing_clears_by_checking_alone(commissioner: Desk) -> None:
    """The control: what clears the flags below is what the person does, not the check."""
    standing = "select count(*) from grants_flag where cleared_on is null"
    before = commissioner.site.one(standing)
    commissioner.page.goto("/flags/")
    commissioner.press("Check the flags again now")
    expect(commissioner.page.locator(".govuk-notification-banner")).to_contain_text("0 cleared")
    assert commissioner.site.one(standing) == before > 30


def test_slow_first_payment_clears_when_the_payment_is_recorded(finance: Desk) -> None:
    flag = finance.open_flag("slow_first_payment", "g.ref = 'RF-033'")
    finance.follow("Open Boxing and belonging")
    finance.follow("Record the payment")
    finance.date("Date paid", "2026-11-20")
    finance.press("Record payment of £6,000")
    finance.done()
    expect(finance.page.locator("main")).to_contain_text("paid £6,000")
    finance.insist_cleared(flag)


def test_late_instalment_clears_when_its_payment_is_recorded(finance: Desk) -> None:
    flag = finance.open_flag("late_instalment")
    number, ref, amount = finance.site.rows(
        "select i.number, g.ref, i.amount from grants_flag f join grants_instalment i on i.id = f.instalment_id"
        " join grants_grant g on g.id = i.grant_id where f.id = ?",
        flag,
    )[0]
    finance.follow("Open ")
    expect(finance.page).to_have_url(re.compile(f"/grants/{ref}/$"))
    land(
        finance.page,
        finance.page.locator(f"a[href='/grants/{ref}/payments/new/?instalment={number}']").first,
    )
    finance.date("Date paid", "2026-11-21")
    finance.press(f"Record payment of £{amount:,}")
    finance.done()
    finance.insist_cleared(flag)


def test_paid_above_the_award_clears_when_the_money_is_recovered(finance: Desk) -> None:
    flag = finance.open_flag("paid_above_award")
    expect(finance.page.locator("main")).to_contain_text(
        "£8,250 was paid by 21 November 2026 of an award of £7,500"
    )
    finance.follow("Open ")
    finance.follow("Record money paid back")
    finance.field("Amount that came back").fill("750")
    finance.date("Date it came back", "2026-11-20")
    finance.field("Why did it come back?").fill("The second invoice was a mistake.")
    finance.press("Record money paid back")
    finance.done()
    finance.insist_cleared(flag)


def test_stop_to_chase_clears_when_the_stop_is_ended(commissioner: Desk) -> None:
    flag = commissioner.open_flag("stop_to_chase")
    commissioner.follow("Open ")
    land(commissioner.page, commissioner.page.locator("a[href*='/clock-stops/'][href$='/end/']").first)
    commissioner.date("Date it came", "2026-11-20")
    commissioner.press("End the clock stop")
    commissioner.done()
    commissioner.insist_cleared(flag)


def test_short_notice_round_clears_when_it_is_extended(commissioner: Desk) -> None:
    flag = commissioner.open_flag("short_notice_round")
    sentence = commissioner.page.get_by_text("This clears when").inner_text()
    until = re.search(r"extended to close on (\d+) (\w+) (\d{4})", sentence)
    assert until is not None
    assert until.groups() == ("30", "December", "2026")
    commissioner.follow("Open ")
    commissioner.follow("Extend")
    commissioner.date("New close", "2026-12-30")
    commissioner.field("Why is the round extended?").fill("Groups need more time to apply.")
    commissioner.press("Extend the round")
    commissioner.done()
    commissioner.insist_cleared(flag)


def test_money_that_may_go_back_clears_when_a_variation_commits_it(commissioner: Desk) -> None:
    flag = commissioner.open_flag("money_may_go_back", "a.spent_means = 'committed'")
    sentence = commissioner.page.get_by_text("This clears when").inner_text()
    at_risk = re.search(r"the whole £([\d,]+) is committed", sentence)
    assert at_risk is not None
    ref, amount = commissioner.site.rows(PAID_BY_ITS_AWARD, flag)[0]
    commissioner.page.goto(f"/grants/{ref}/")
    commissioner.follow("Vary the grant")
    commissioner.field("New award").fill(str(int(amount) + int(at_risk[1].replace(",", ""))))
    commissioner.date("Added money is due on", "2026-12-01")
    commissioner.field("Why is the grant varied?").fill("More families ask for this work than it can take.")
    commissioner.date("Date proposed", "2026-11-16")
    commissioner.date("Date decided", "2026-11-20")
    commissioner.press("Record the variation")
    commissioner.done()
    commissioner.insist_cleared(flag)


def test_money_that_may_go_back_clears_when_the_funder_gives_longer(commissioner: Desk) -> None:
    flag = commissioner.open_flag("money_may_go_back", "a.spent_means = 'defrayed'")
    commissioner.follow("Record what the funder agreed")
    commissioner.date("To be spent by", "2028-03-31")
    commissioner.field("What was agreed, and how do we know?").fill("The funder agreed by letter.")
    commissioner.press("Save what the funder agreed")
    commissioner.done()
    commissioner.insist_cleared(flag)


def cover_everybody(desk: Desk, ref: str, how_many: int) -> None:
    """Record a plan for a grant's end, and that the support of everybody finishes as planned."""
    desk.page.goto(f"/grants/{ref}/")
    desk.follow("Record a plan for the end")
    desk.field("What happens when the money ends?").fill("Everybody finishes before the end.")
    desk.press("Save the plan")
    desk.done()
    desk.follow("Add who is covered")
    desk.page.get_by_label("Support finishes as planned").check()
    desk.field("How many of the caseload?").fill(str(how_many))
    desk.page.get_by_label("Confirmed", exact=True).check()
    desk.date("Confirmed on", "2026-11-20")
    desk.press("Save who is covered")
    desk.done()


def test_cliff_edge_clears_when_a_plan_covers_everybody(commissioner: Desk) -> None:
    flag = commissioner.open_flag("cliff_edge", "g.ref = 'FS-006'")
    assert "covers all 24 families" in commissioner.page.get_by_text("This clears when").inner_text()
    cover_everybody(commissioner, "FS-006", 24)
    commissioner.insist_cleared(flag)


def test_cluster_clears_when_a_plan_covers_everybody_in_one_of_two(commissioner: Desk) -> None:
    flag = commissioner.open_flag("cluster", "json_array_length(f.facts, '$.refs') = 2")
    assert "(SS-002, SS-005)" in commissioner.page.get_by_text("This clears when").inner_text()
    cover_everybody(commissioner, "SS-002", 48)
    commissioner.insist_cleared(flag)
