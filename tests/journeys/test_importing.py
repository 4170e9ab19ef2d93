"""A published list from the file to the register, the job that does it, and the organisations that look alike."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk import Desk, land
from tests.journeys.lists import FAULTS, FAULTY
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

BROUGHT = """
select g.title, g.amount_awarded from grants_grant g join grants_fund f on f.id = g.fund_id
where not f.is_illustrative and g.title in
('Song and supper', 'Garden gate', 'River rangers', 'Bike kitchen', 'Fair week', 'Otter watch', 'Kite day')
order by g.title
"""
ALL_THREE = [("Garden gate", 3400), ("River rangers", 0), ("Song and supper", 12500)]
REFUSED = "Rows that cannot be taken"


def choose(desk: Desk, folder: Path, name: str, content: bytes) -> None:
    """Choose a file on the page of imports and have it looked at."""
    file = folder / name
    file.write_bytes(content)
    desk.page.goto("/imports/")
    desk.field("List of grants").set_input_files(file)
    desk.press("Check the list")


def begins(found: list[list[str]]) -> list[list[str]]:
    """Rows of faults, with no more of what to do than its first sentence."""
    return [[*(str(cell) for cell in row[:3]), str(row[3]).partition(". ")[0] + "."] for row in found]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_list_with_faults_is_looked_at_then_imported_without_them(
    javascript: bool, fresh_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("commissioner", javascript=javascript)
    desk = Desk(page, fresh_site)
    desk.show_real_register()
    desk.follow("Imports")
    choose(desk, tmp_path, "fairford.csv", FAULTY)
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    expect(page.locator("h1")).to_have_text("What importing fairford.csv would do")
    expect(page.locator(".app-sentence")).to_have_text(
        "7 rows: 3 new, 0 changed, 0 as they stand, 4 that cannot be taken. Nothing is written yet."
    )
    assert begins(desk.table(REFUSED)) == FAULTS
    assert begins(desk.download("Download the rows that cannot be taken")["Rows"][1:]) == FAULTS
    assert fresh_site.rows(BROUGHT) == []
    desk.press("Import 3 grants and leave out 4 rows")
    expect(page.locator("h1")).to_have_text("What importing fairford.csv did")
    assert fresh_site.rows(BROUGHT) == ALL_THREE
    desk.follow("See the grants")
    for title, _ in ALL_THREE:
        expect(page.get_by_role("link", name=title)).to_be_visible()
    garden = next(row for row in desk.table("Grants") if row[0].startswith("Garden gate"))
    assert "£3,400" in garden
    choose(desk, tmp_path, "fairford.csv", FAULTY)
    expect(page.locator(".app-sentence")).to_contain_text("0 new, 0 changed, 3 as they stand")
    expect(page.locator("main")).to_contain_text("There is nothing to import")
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)


def test_sending_the_import_twice_brings_the_grants_once(
    fresh_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("commissioner")
    choose(Desk(page, fresh_site), tmp_path, "fairford.csv", FAULTY)
    form = page.locator("main form[method=post]").last
    entries = form.evaluate("form => Object.fromEntries(new FormData(form))")
    answers = [page.request.post(page.url, form=entries) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert [(answer.status, "fairford.csv did" in answer.text()) for answer in answers] == [(200, True)] * 2
    assert fresh_site.rows(BROUGHT) == ALL_THREE


def test_no_file_and_a_file_that_is_no_list_are_said_in_words(
    fresh_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    desk = Desk(open_page("commissioner"), fresh_site)
    desk.page.goto("/imports/")
    desk.press("Check the list")
    expect(desk.page).to_have_title(re.compile("^Error: "))
    summary = desk.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(desk.field("List of grants")).to_be_focused()
    choose(desk, tmp_path, "picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    expect(desk.page).to_have_url(re.compile(r"/jobs/\d+/$"))
    expect(desk.page.locator(".app-tags")).to_have_text("Did not work")
    said = desk.page.locator(".app-sentence").inner_text()
    assert "Something went wrong" not in said
    assert len(said) > 20


def running_job(site: Site, page: Page) -> int:
    """The job of the earlier import, as if a worker were half way through it."""
    job: int = site.one("select id from core_job where kind = 'import'")
    site.write(
        "update core_job set state = 'running', finished_at = null, done = 1200, total = 20000 where id = ?",
        job,
    )
    page.goto("/jobs/")
    land(page, page.locator(f"a[href='/jobs/{job}/']"))
    expect(page.get_by_role("progressbar", name="How far it is")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1,200 of 20,000 (6%)")
    return job


def finish(site: Site, job: int) -> None:
    """What the worker writes in the end."""
    site.write("update core_job set state = 'done', done = 20000, finished_at = began_at where id = ?", job)


def test_the_page_of_a_job_brings_itself_up_to_date(fresh_site: Site, open_page: OpenPage) -> None:
    page = open_page("commissioner")
    job = running_job(fresh_site, page)
    fresh_site.write("update core_job set done = 15000 where id = ?", job)
    expect(page.locator("main")).to_contain_text("15,000 of 20,000 (75%)")
    finish(fresh_site, job)
    expect(page.locator(".app-tags")).to_have_text("Done")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    Desk(page, fresh_site).follow("See the result")
    expect(page.locator("h1")).to_have_text("What importing earlier.csv did")


def test_the_page_of_a_job_can_be_looked_at_again_without_javascript(
    fresh_site: Site, open_page: OpenPage
) -> None:
    page = open_page("commissioner", javascript=False)
    desk = Desk(page, fresh_site)
    job = running_job(fresh_site, page)
    finish(fresh_site, job)
    desk.follow("Refresh")
    expect(page.locator(".app-tags")).to_have_text("Done")
    desk.follow("See the result")
    expect(page.locator("h1")).to_have_text("What importing earlier.csv did")


PAIR = "select state, newer_id, older_id from providers_probableduplicate"
LED = "select count(*) from grants_grant where lead_provider_id = ?"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_person_says_that_two_records_are_one_organisation(
    javascript: bool, fresh_site: Site, open_page: OpenPage
) -> None:
    page = open_page("commissioner", javascript=javascript)
    desk = Desk(page, fresh_site)
    desk.show_real_register()
    page.goto("/imports/")
    desk.follow("Look at probable duplicates")
    ((state, newer, older),) = fresh_site.rows(PAIR)
    assert (state, fresh_site.one(LED, newer), fresh_site.one(LED, older)) == ("open", 1, 1)
    desk.follow("Meadow Lane Trust Limited")
    assert [row[0] for row in desk.table("The two records")] == [
        "Meadow Lane Trust",
        "Meadow Lane Trust Limited",
    ]
    desk.press("Save")
    expect(page.locator(".govuk-error-summary")).to_have_count(1)
    page.get_by_label("Yes, they are one").check()
    desk.press("Save")
    desk.done()
    expect(page.locator(".govuk-notification-banner")).to_contain_text(
        "is now one record with Meadow Lane Trust"
    )
    expect(page.locator("main")).to_contain_text("No records look alike")
    assert fresh_site.rows(PAIR)[0][0] == "same"
    assert (fresh_site.one(LED, newer), fresh_site.one(LED, older)) == (0, 2)
