"""Sending a form: twice is once, an error keeps what was typed, and none of it needs a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk import Desk
from tests.journeys.site import Site
from tests.journeys.test_every_page import faults_of

pytestmark = pytest.mark.journey

FORM = "/grants/RF-033/payments/new/?instalment=1"
PAYMENTS = """
select p.amount, p.paid_on from grants_payment p join grants_grant g on g.id = p.grant_id where g.ref = 'RF-033'
"""
ONE = [(6000, "2026-11-20")]


def filled(page: Page, site: Site) -> Desk:
    """The payment form of RF-033's first instalment, ready to be sent."""
    page.goto(FORM)
    desk = Desk(page, site)
    desk.date("Date paid", "2026-11-20")
    assert site.rows(PAYMENTS) == []
    return desk


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_double_click_records_one_payment(javascript: bool, fresh_site: Site, open_page: OpenPage) -> None:
    """Outside the schedule, where nothing but the form's own key makes the second click the same act."""
    page = open_page("finance", javascript=javascript)
    page.goto("/grants/RF-033/payments/new/")
    desk = Desk(page, fresh_site)
    desk.field("Instalment").select_option(label="Outside the schedule")
    desk.field("Amount").fill("10")
    desk.date("Date paid", "2026-11-20")
    # Of the two answers the browser gives up the first, or shows it for a moment: it is in the end at the grant.
    page.get_by_role("button", name="Record payment").dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile(r"/grants/RF-033/$"))
    assert fresh_site.rows(PAYMENTS) == [(10, "2026-11-20")]


def test_the_button_says_what_is_typed(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("finance")
    desk = filled(page, fresh_site)
    button = page.locator("main button[type=submit]")
    expect(button).to_have_text("Record payment of £6,000")
    for typed, words in (
        ("£1,234.50", " of £1,234.50"),
        ("0012345678.00", " of £12,345,678"),
        ("1,23", ""),
        ("", ""),
        ("10", " of £10"),
    ):
        desk.field("Amount").fill(typed)
        expect(button).to_have_text(f"Record payment{words}")


def test_without_a_script_the_button_names_no_sum(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("finance", javascript=False)
    filled(page, fresh_site)
    expect(page.locator("main button[type=submit]")).to_have_text("Record payment")
    expect(page.get_by_text("£6,000 is left to pay of instalment 1.")).to_be_visible()


def test_a_form_that_arrives_twice_records_one_payment(fresh_site: Site, open_page: OpenPage) -> None:
    """What a slow line makes of a double click: the server gets the same entries twice."""
    page = open_page("finance")
    page.goto("/grants/RF-033/payments/new/")
    desk = Desk(page, fresh_site)
    desk.field("Amount").fill("10")
    desk.date("Date paid", "2026-11-20")
    entries = page.locator("main form").evaluate("form => Object.fromEntries(new FormData(form))")
    answers = [page.request.post(page.url, form=entries) for _ in range(2)]
    assert [(answer.status, "Payment of £10 recorded." in answer.text()) for answer in answers] == [
        (200, True)
    ] * 2
    assert fresh_site.rows(PAYMENTS) == [(10, "2026-11-20")]


def test_going_back_and_sending_again_pays_no_second_time(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("finance")
    desk = filled(page, fresh_site)
    desk.press("Record payment of")
    desk.done()
    page.go_back()
    desk.field("Amount").fill("6000")
    desk.date("Date paid", "2026-11-20")
    desk.press("Record payment")
    page.wait_for_load_state()
    # A browser that kept the page sends the same form again, which is one act; another opens it anew, and is refused.
    expect(page.locator(".govuk-notification-banner, .govuk-error-summary")).to_have_count(1)
    assert fresh_site.rows(PAYMENTS) == ONE


def test_two_forms_are_two_payments_once_that_is_said(fresh_site: Site, open_page: OpenPage) -> None:
    """The control of the tests above: it is the form's own key that makes a repeat one act. Another form is asked."""
    page = open_page("finance")
    for number in range(2):
        page.goto("/grants/RF-033/payments/new/")
        desk = Desk(page, fresh_site)
        desk.field("Amount").fill("10")
        desk.date("Date paid", "2026-11-20")
        desk.press("Record payment")
        if number:
            expect(page.locator(".govuk-error-summary")).to_contain_text("is recorded here already")
            page.get_by_label("It is another one: record it too").check()
            desk.press("Record payment")
        desk.done()
    assert fresh_site.rows(PAYMENTS) == [(10, "2026-11-20")] * 2


def test_an_error_keeps_what_was_typed_and_takes_the_reader_to_it(
    fresh_site: Site, open_page: OpenPage
) -> None:
    page = open_page("finance")
    desk = filled(page, fresh_site)
    desk.field("Amount").fill("six thousand")
    desk.field("Reference").fill("Ledger 42")
    page.get_by_label("Journal").check()
    desk.press("Record payment")
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("There is a problem")
    expect(desk.field("Amount")).to_have_value("six thousand")
    expect(desk.field("Reference")).to_have_value("Ledger 42")
    expect(page.get_by_label("Journal")).to_be_checked()
    expect(page.get_by_role("group", name="Date paid").get_by_label("Month")).to_have_value("11")
    summary.get_by_role("link").first.click()
    expect(desk.field("Amount")).to_be_focused()
    described_by = desk.field("Amount").get_attribute("aria-describedby") or ""
    messages = [page.locator(f"[id='{name}']").inner_text() for name in described_by.split()]
    assert any("Error:" in message for message in messages)
    assert fresh_site.rows(PAYMENTS) == []


def test_a_refusal_of_the_operation_keeps_what_was_typed(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("finance", javascript=False)
    desk = filled(page, fresh_site)
    desk.field("Amount").fill("6000.01")
    desk.press("Record payment")
    expect(page.locator(".govuk-error-summary")).to_contain_text(
        "Only £6,000 of instalment 1 is left to pay."
    )
    expect(desk.field("Amount")).to_have_value("6000.01")
    desk.field("Amount").fill("6000")
    desk.press("Record payment")
    desk.done()
    assert fresh_site.rows(PAYMENTS) == ONE


def test_a_form_that_somebody_overtook_says_so_and_can_be_sent_again(
    fresh_site: Site, open_page: OpenPage
) -> None:
    first, second = open_page("commissioner"), open_page("administrator")
    for page in (first, second):
        page.goto("/grants/RF-031/agreement/")
    mine, theirs = Desk(first, fresh_site), Desk(second, fresh_site)
    theirs.date("Signed by the provider on", "2026-11-20")
    theirs.press("Save")
    theirs.done()
    mine.date("Signed by the provider on", "2026-11-21")
    mine.press("Save")
    expect(first.locator(".govuk-error-summary")).to_contain_text("Somebody else changed this record")
    mine.press("Save")
    mine.done()
    grant = fresh_site.one("select id from grants_grant where ref = 'RF-031'")
    signed = fresh_site.one("select signed_on from grants_agreement where grant_id = ?", grant)
    assert signed == "2026-11-21"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_several_payments_are_ticked_and_recorded_together(
    javascript: bool, fresh_site: Site, open_page: OpenPage
) -> None:
    page = open_page("finance", javascript=javascript)
    desk = Desk(page, fresh_site)
    page.goto("/payments/")
    boxes = page.get_by_role("checkbox")
    for box in (boxes.nth(0), boxes.nth(1)):
        box.check()
    ticked = [int(boxes.nth(place).get_attribute("value") or 0) for place in (0, 1)]
    desk.press("Record payments for what is ticked")
    expect(page.get_by_role("button", name=re.compile("^Record 2 payments: £"))).to_be_visible()
    if javascript:  # axe is a script itself
        assert list(faults_of(page, page.url)) == []
    desk.date("Date paid", "2026-11-20")
    desk.press("Record 2 payments")
    desk.done()
    recorded = fresh_site.rows(
        "select instalment_id from grants_payment where paid_on = '2026-11-20' and instalment_id in (?, ?)",
        *ticked,
    )
    assert sorted(line for (line,) in recorded) == sorted(ticked)
    assert page.locator(f"#pay-{ticked[0]}").count() == 0
