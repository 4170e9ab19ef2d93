"""The reports as people read them: the sentence, its table and the workbook say the same; small numbers stay hidden."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk import Desk, land
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

ANSWER = re.compile(
    r"Half of grants were paid within (\d+) working days of the decision; (\d+) of (\d+) are still waiting, "
    r"the longest (\d+) working days\."
)
STATES = {"On track", "Partly on track", "Not on track", "Not enough is known"}
DECEMBER = "December 2026"
# The one grant that ends in December leaves three families: few enough to be known by name.
FEW = """
update grants_outcomereturn set caseload = 3 where grant_id =
(select id from grants_grant where title = 'Wednesday girls'' group') and caseload is not null
"""


def column(desk: Desk, caption: str, heading: str) -> dict[str, str]:
    """One column of a table by the first cell of each row."""
    region = desk.page.get_by_role("region", name=caption, exact=True)
    headings = [words.strip() for words in region.locator("thead th").all_inner_texts()]
    place = headings.index(heading)
    return {row[0]: row[place] for row in desk.table(caption)}


def sentence(page: Page) -> str:
    """The page's answer."""
    return page.locator(".app-sentence").first.inner_text()


@pytest.mark.parametrize("who", ["commissioner", "finance", "scrutiny"])
def test_speed_says_the_same_in_its_sentence_its_table_and_its_workbook(
    who: str, site: Site, open_page: OpenPage
) -> None:
    page = open_page(who)
    desk = Desk(page, site)
    desk.follow("Reports")
    desk.follow("Speed")
    found = ANSWER.fullmatch(sentence(page))
    assert found, sentence(page)
    first = desk.table("How long until the first payment")[0]
    headings = ("Half within", "Still waiting", "Grants timed", "Longest still waiting")
    on_page = [column(desk, "How long until the first payment", each)[first[0]] for each in headings]
    assert tuple(on_page) == found.groups()
    sheets = desk.download("Download the figures")
    heads, row = sheets["Waits"][0], sheets["Waits"][1]
    assert [str(row[heads.index(each)]) for each in headings] == on_page
    waiting = [line for line in sheets["Grants"][1:] if "still waiting" in line]
    assert len(waiting) == int(found[2])
    desk.follow("See who waits longest")
    assert column(desk, "The longest waits that still go on", "Total wait (working days)").popitem()[1]
    assert desk.table("The longest waits that still go on")[0][3] == found[4]


def test_the_speed_of_one_fund(site: Site, open_page: OpenPage) -> None:
    page = open_page("finance", javascript=False)
    desk = Desk(page, site)
    page.goto("/reports/speed/")
    timed = column(desk, "By fund (working days)", "Grants timed")
    desk.follow("Riverside Fund 2026")
    expect(page.locator("h1")).to_contain_text("Riverside Fund 2026")
    found = ANSWER.fullmatch(sentence(page))
    assert found
    assert found[3] == timed["Riverside Fund 2026"]
    desk.follow("See all funds together")
    expect(page.locator("h1")).not_to_contain_text("Riverside")


@pytest.mark.parametrize("address", ["/reports/speed/", "/reports/sustainability/"])
def test_every_chart_has_words_and_lies_within_the_page(address: str, open_page: OpenPage) -> None:
    """A chart says in words what it shows; nothing of it stands outside its figure, at a desk or on a phone."""
    page = open_page("commissioner")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        charts = page.locator("main figure > svg")
        assert charts.count() == 2
        for chart in charts.all():
            expect(chart).to_have_role("img")
            expect(chart).to_have_accessible_name(re.compile(r"\w+ \w+"))
            assert len(chart.locator("desc").first.text_content() or "") > 40
            outside = chart.evaluate(
                """chart => Array.from(chart.querySelectorAll('text')).filter(words => {
                    const box = words.getBoundingClientRect()
                    return box.width && (box.left < 0 || box.right > document.documentElement.clientWidth)
                }).map(words => words.textContent)"""
            )
            assert outside == [], (address, width)


def test_on_a_phone_a_small_table_stays_one_and_a_wide_one_becomes_cards(open_page: OpenPage) -> None:
    page = open_page("commissioner", width=320)
    page.goto("/reports/speed/")
    shapes = {
        caption: page.get_by_role("region", name=caption)
        .locator("tbody tr")
        .first.evaluate("row => getComputedStyle(row).display")
        for caption in ("Share of grants paid by then", "By fund (working days)")
    }
    assert list(shapes.values()) == ["table-row", "block"]


def test_officers_see_small_numbers_and_scrutiny_does_not(fresh_site: Site, open_page: OpenPage) -> None:
    """The same month for both: 3 families in December are hidden from scrutiny, in every form that a page has."""
    fresh_site.write(FEW)
    officer = Desk(open_page("commissioner"), fresh_site)
    officer.page.goto("/reports/sustainability/")
    assert column(officer, "Month by month", "Families")[DECEMBER] == "3"
    assert (
        column(officer, "Each grant", "Left without support")[
            "Wednesday girls' group\nFoundry Lane Youth Space"
        ]
        == "3"
    )
    expect(officer.page.locator(".govuk-inset-text")).to_have_count(0)
    reader = Desk(open_page("scrutiny"), fresh_site)
    reader.page.goto("/reports/sustainability/")
    expect(reader.page.locator(".govuk-inset-text")).to_contain_text("not shown, to protect families")
    months = column(reader, "Month by month", "Families")
    hidden = [month for month, families in months.items() if families == "c"]
    assert DECEMBER in hidden
    assert len(hidden) > 1, "the one hidden month is the difference of the others from their total"
    assert months == column(officer, "Month by month", "Families") | dict.fromkeys(hidden, "c")
    for families in (*months.values(), *column(reader, "Each grant", "Left without support").values()):
        assert families not in {"1", "2", "3", "4", "5"}
    bars = reader.page.locator("main figure").first.locator("rect title").all_text_contents()
    assert not any(DECEMBER in words for words in bars)
    assert column(reader, "Month by month", "Pounds a year") == column(
        officer, "Month by month", "Pounds a year"
    )


def test_the_download_hides_what_the_page_hides(fresh_site: Site, open_page: OpenPage) -> None:
    fresh_site.write(FEW)
    found = {}
    for who in ("commissioner", "scrutiny"):
        desk = Desk(open_page(who), fresh_site)
        desk.page.goto("/reports/sustainability/")
        on_page = column(desk, "Month by month", "Families")
        sheets = desk.download("Download the figures")
        months = sheets["Months"]
        found[who] = {str(row[0]): str(row[months[0].index("Families")]) for row in months[1:]}
        assert found[who] == on_page
        answer = next(row[1] for row in next(iter(sheets.values())) if row[0] == "Answer")
        assert answer == sentence(desk.page)
    assert found["commissioner"][DECEMBER] == "3"
    assert found["scrutiny"][DECEMBER] == "c"


@pytest.mark.parametrize("register", ["illustrative", "real"])
def test_scrutiny_reads_each_resolution_with_its_state_in_words(
    register: str, site: Site, open_page: OpenPage
) -> None:
    page = open_page("scrutiny", javascript=False)
    desk = Desk(page, site)
    if register == "real":
        desk.show_real_register()
    today = page.locator("section.app-card .govuk-tag").all_inner_texts()
    desk.follow("See the figures and the rule")
    expect(page).to_have_url(re.compile(r"/reports/scrutiny/#resolution-1$"))
    sections = page.locator("main section")
    assert sections.count() == 2
    states = sections.locator(".govuk-tag").all_inner_texts()
    assert states == today
    assert set(states) <= STATES
    assert register == "illustrative" or set(states) == {"Not enough is known"}
    expect(sections.nth(0)).to_contain_text("the council has not set the test")
    for section in sections.all():
        expect(section).to_contain_text("30 July 2024")
        assert 1 <= section.locator("dd").count() <= 3
        for heading in ("What is not known", "The rule that gives this answer"):
            expect(section.get_by_role("heading", name=heading)).to_be_visible()
    answers = desk.download("Download the answers")["Answers"][1:]
    assert [row[2] for row in answers if row[1] == "State"] == states
    said = [section.locator(".app-sentence").inner_text() for section in sections.all()]
    assert [row[2] for row in answers if row[1] == "Answer"] == said
    land(page, sections.nth(1).get_by_role("link", name="See the grants behind this").first)
    expect(page).to_have_url(re.compile(r"/grants/"))
    expect(page.get_by_role("region", name="Grants", exact=True)).to_be_visible()
