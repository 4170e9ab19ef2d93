"""A served illustrative year and a real browser. No journey touches Django's database in its own process.

The browser is closed after the last journey: while it runs, Django would refuse database work in this process.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.journeys.desk import land
from tests.journeys.site import PASSWORD, Site, email, prepare, served
from tests.plugins.required_parts import chromium_path

OpenPage: TypeAlias = Callable[..., Page]

# The browser itself reports an answer of 4xx as an error of the page.
EXPECTED = re.compile(r"the server responded with a status of (403|404|422)")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The illustrative year, prepared once and served."""
    folder: Path = tmp_path_factory.mktemp("site")
    untouched = folder / "untouched.sqlite3"
    prepare(untouched, folder / "prepare.log")
    with served(folder / "site.sqlite3", untouched, folder / "server.log") as running:
        yield running


@pytest.fixture
def fresh_site(site: Site) -> Iterator[Site]:
    """The same, as prepared before the test and again after it: for journeys that change something."""
    site.restore()
    yield site
    site.restore()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a screen."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(site: Site, browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """`open_page("finance", javascript=False, width=320)`: a page of a new browser, signed in unless for None.

    In the end the test fails if any page had an error in its console: a script that broke, or anything that the
    content security policy refused. Screenshots of the last state go to the test's temporary folder.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            troubles.append(f"{message.location.get('url')}: {message.text}")

    def make(who: str | None = None, *, javascript: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site.url, java_script_enabled=javascript, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        if who is not None:
            sign_in(page, who)
        return page

    yield make
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=tmp_path / f"last-{number}.png", full_page=True)
        context.close()
    assert troubles == []


def sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    """Sign in through the page, as a person does."""
    page.goto("/accounts/login/")
    page.get_by_label("Email", exact=True).fill(email(who))
    page.get_by_label("Password", exact=True).fill(password)
    land(page, page.get_by_role("button", name="Sign in"))
