"""What an officer does at the pages, in the words that the pages use."""

import re
from io import BytesIO
from typing import Any

import openpyxl
from playwright.sync_api import Locator, Page, expect

from tests.journeys.site import Site

STANDING = """
select f.id from grants_flag f
left join grants_grant g on g.id = f.grant_id
left join grants_fundingaward a on a.id = f.funding_award_id
where f.rule = ? and f.cleared_on is null and f.is_illustrative
"""


def land(page: Page, on: Locator) -> None:
    """Click and wait until the page that follows is whole, style sheet and all: a click alone waits for neither."""
    with page.expect_navigation(wait_until="load"):
        on.click()


class Desk:
    """A signed-in person at a page of the served product."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site

    def follow(self, words: str) -> None:
        """Follow the first link, or what looks like a button and is one, that begins with these words."""
        name = re.compile(f"^{re.escape(words)}")
        links = self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name))
        land(self.page, self.page.locator("a").and_(links).first)

    def press(self, words: str) -> None:
        """Press the button that begins with these words."""
        land(self.page, self.page.get_by_role("button", name=re.compile(f"^{re.escape(words)}")))

    def field(self, label: str) -> Locator:
        """A field by its label, with or without "(optional)" after it."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))

    def date(self, label: str, day: str) -> None:
        """Type a date ("2026-11-20") into its three boxes."""
        group = self.page.get_by_role("group", name=re.compile(rf"^{re.escape(label)}( \(optional\))?$"))
        for part, box in zip(reversed(day.split("-")), ("Day", "Month", "Year"), strict=True):
            group.get_by_label(box).fill(str(int(part)))

    def table(self, caption: str) -> list[list[str]]:
        """The rows of the table with this caption, each cell as it reads."""
        region = self.page.get_by_role("region", name=caption, exact=True)
        rows: list[list[str]] = region.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => Array.from(row.cells).map(cell => cell.innerText.trim()))"
        )
        assert rows, f"no table {caption}"
        return rows

    def download(self, words: str) -> dict[str, list[list[Any]]]:
        """The sheets of the workbook behind the link that begins with these words, as rows of values."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=re.compile(f"^{re.escape(words)}")).click()
        book = openpyxl.load_workbook(BytesIO(coming.value.path().read_bytes()))
        return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}

    def show_real_register(self) -> None:
        """Change from the illustrative year to the register that imports write to."""
        self.press("Show the published register")

    def done(self) -> None:
        """The page says that it is done."""
        expect(self.page.locator(".govuk-error-summary")).to_have_count(0)
        expect(self.page.locator(".govuk-notification-banner")).to_have_count(1)

    def open_flag(self, rule: str, where: str = "1 = 1") -> int:
        """Open the flag of a rule that stands, as the list leads to it; `where` narrows down which."""
        flag: int = self.site.rows(f"{STANDING} and {where} order by f.rank desc, f.id", rule)[0][0]
        self.page.goto(f"/flags/?rule={rule}")
        land(self.page, self.page.locator(f"a[href='/flags/{flag}/']"))
        expect(self.page.get_by_text("This clears when")).to_be_visible()
        return flag

    def insist_cleared(self, flag: int) -> None:
        """Check the flags again, and see on the flag's page that the rule cleared it; before, it stood."""
        self.page.goto(f"/flags/{flag}/")
        expect(self.page.get_by_text("This clears when")).to_be_visible()
        assert self.cleared_on(flag) is None
        self.page.goto("/flags/")
        self.press("Check the flags again now")
        expect(self.page.locator(".govuk-notification-banner")).to_contain_text("Checked.")
        self.page.goto(f"/flags/{flag}/")
        expect(self.page.locator("main")).to_contain_text("Cleared")
        assert self.cleared_on(flag) == "2026-11-21"
        events = "select kind from grants_flagevent where flag_id = ? order by id desc limit 1"
        assert self.site.one(events, flag) == "cleared"

    def cleared_on(self, flag: int) -> str | None:
        """When the rule cleared the flag, as the database has it."""
        found: str | None = self.site.one("select cleared_on from grants_flag where id = ?", flag)
        return found
