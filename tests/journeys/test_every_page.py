"""Every page, for everybody who may see it: accessible, narrow enough for a phone, and whole without JavaScript."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.crawl import Found, crawl, page_name
from tests.journeys.desk import land
from tests.journeys.site import ROLES, Site
from tests.role_matrix import accounts, actions, reading

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1200)]

ROLE_OF = {"orchard": "provider", None: "anonymous"}
EVERYBODY = (*ROLES, None)
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    }
}
WANTED = {"grant": 6, "flag": 7, "fund": 2, "import_result": 3}
# What no link leads to: answers for machines, and pages of sign-in that mail or a mishap leads to.
NOT_LINKED = {
    "healthz",
    "readyz",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reset_password_done",
}
# In the illustrative year the commissioner took every decision, so releases no payment, and no day is closed. Only an
# import is long work, so whoever may import is led to the jobs that they started.
OFFERED_TO_NOBODY: dict[str | None, set[str]] = {
    "commissioner": {"authorise_instalment"},
    "finance": {"jobs"},
    "scrutiny": {"jobs"},
    "administrator": {"remove_closure_day", "jobs"},
    "orchard": {"jobs", "job"},
}
ALSO_REACHED: dict[str | None, set[str]] = {"commissioner": {"job"}}
# Whoever may say that two organisations are one; the list that leads there belongs to the real register.
MAY_IMPORT = {"commissioner", "administrator"}
START: dict[str | None, tuple[str, ...]] = {
    None: (
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/password/reset/key/1-none/",
        "/accounts/inactive/",
    )
}
# What a filter leads to, not a link: a flag that is put aside, with the page that takes it up again.
PUT_ASIDE = dict.fromkeys(("commissioner", "finance", "administrator"), ("/flags/?show=snoozed",))
SIGNED_IN = ("/", "/components/", "/accounts/logout/", "/accounts/reauthenticate/")


@pytest.fixture(scope="module")
def found(site: Site) -> dict[str | None, Found]:
    """What each person reaches."""
    site.restore()
    number = site.one("select id from providers_probableduplicate")
    also = dict.fromkeys(MAY_IMPORT, (f"/providers/duplicates/{number}/",))
    return {
        who: crawl(site, who, (*START.get(who, SIGNED_IN), *PUT_ASIDE.get(who, ()), *also.get(who, ())))
        for who in EVERYBODY
    }


def words(who: str | None) -> str:
    """Who, for the name of a test."""
    return who or "anonymous"


def none_of(faults: list[str]) -> None:
    """Fail with one line for each fault."""
    assert not faults, "\n".join(["", *faults])


@pytest.mark.parametrize("who", EVERYBODY, ids=words)
def test_no_link_leads_to_a_refusal(who: str | None, found: dict[str | None, Found]) -> None:
    none_of(found[who].broken)


@pytest.mark.parametrize("who", EVERYBODY, ids=words)
def test_every_page_that_opens_to_somebody_is_reached(
    who: str | None, found: dict[str | None, Found]
) -> None:
    role = ROLE_OF.get(who, who)
    assert role is not None
    rows = [*accounts.ROWS, *reading.ROWS, *actions.ROWS]
    opens = (
        {row.name for row in rows if row.expected("GET")[role] == 200}
        - NOT_LINKED
        - OFFERED_TO_NOBODY.get(who, set())
    ) | ALSO_REACHED.get(who, set())
    none_of(sorted(opens - set(found[who].addresses)))


@pytest.mark.parametrize("who", EVERYBODY, ids=words)
def test_pages_are_accessible_and_fit_a_phone(
    who: str | None, found: dict[str | None, Found], open_page: OpenPage
) -> None:
    page = open_page(who)
    faults = [fault for path in found[who].sample(WANTED) for fault in faults_of(page, path)]
    none_of(faults)


def faults_of(page: Page, path: str) -> Iterator[str]:
    """What is wrong with a page, at a desk and on a phone, with everything that folds unfolded."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(path)
    unfold(page)
    yield from (f"{path}: {fault}" for fault in axe_faults(page))
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > 320:
        yield f"{path}: {width} pixels wide at 320"


def unfold(page: Page) -> None:
    """Open everything that folds, so that what is in it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def axe_faults(page: Page) -> Iterator[str]:
    """Each fault that axe finds by all the rules of WCAG 2.2 AA and of best practice, and where."""
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 10, "axe looked at nothing"
    for violation in found["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {violation['help']}: {node['html'][:200]}"


@pytest.mark.parametrize("who", EVERYBODY, ids=words)
def test_pages_are_whole_without_javascript(
    who: str | None, found: dict[str | None, Found], open_page: OpenPage
) -> None:
    page = open_page(who, javascript=False)
    wrong = []
    for path in found[who].sample({}):
        answer = page.goto(path)
        headings = page.locator("main h1:visible").count()
        if answer is None or answer.status != 200 or headings != 1:
            wrong.append(f"{path}: {answer and answer.status}, {headings} headings")
    none_of(wrong)


@pytest.mark.parametrize("who", ROLES)
def test_forms_answer_without_javascript(
    who: str, found: dict[str | None, Found], fresh_site: Site, open_page: OpenPage
) -> None:
    """Every form that is sent as it stands either does its work and says so, or says what is missing."""
    acts = {row.name for row in actions.ROWS}
    forms = {name: paths[0] for name, paths in found[who].addresses.items() if name in acts}
    page = open_page(who, javascript=False)
    silent = []
    for path in forms.values():
        page.goto(path)
        buttons = "main form[method=post] button[type=submit], main form[method=post] button"
        land(page, page.locator(buttons).first)
        said = page.locator(".govuk-error-summary, .govuk-notification-banner")
        if said.count() != 1 or page.locator("main h1").count() != 1:
            silent.append(f"{path} -> {page.url}: {page.title()}")
    none_of(silent)
    assert who == "scrutiny" or len(forms) > 1


def test_forms_with_errors_are_accessible_and_fit_a_phone(
    found: dict[str | None, Found], open_page: OpenPage
) -> None:
    acts = {row.name for row in actions.ROWS}
    page = open_page("commissioner")
    faults, looked_at = [], 0
    for path in found["commissioner"].sample({}):
        if page_name(path) not in acts:
            continue
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        if not page.locator("main form[method=post] :is(input:not([type=hidden]), textarea, select)").count():
            continue
        page.locator("main form[method=post] :is(input[type=text], textarea)").evaluate_all(
            "boxes => boxes.forEach(box => { box.value = '' })"
        )
        land(page, page.locator("main form[method=post] button").first)
        looked_at += page.locator(".govuk-error-summary").count()
        faults += [f"{path} with errors: {fault}" for fault in axe_faults(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        width = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{path} with errors: {width} pixels wide at 320"] * (width > 320)
    none_of(faults)
    assert looked_at > 5


@pytest.mark.parametrize("who", ["commissioner", "scrutiny", "orchard"])
def test_the_published_register_too(who: str, fresh_site: Site, open_page: OpenPage) -> None:
    """The other register, where most is not known: no refusal, accessible, narrow enough."""
    found = crawl(fresh_site, who, register="real")
    none_of(found.broken)
    page = open_page(who)
    land(page, page.get_by_role("button", name="Show the published register"))
    expect(page.get_by_role("region", name="About this data")).to_contain_text("Published facts, June 2024")
    assert ("grant" in found.addresses) == (who != "orchard")
    none_of([fault for path in found.sample({"grant": 3}) for fault in faults_of(page, path)])


def test_a_page_that_is_not_there_is_accessible_too(open_page: OpenPage) -> None:
    page = open_page("commissioner")
    assert list(faults_of(page, "/grants/no-such-grant/")) == []
    assert page.get_by_role("heading", level=1).count() == 1
    page = open_page("scrutiny")
    assert list(faults_of(page, "/payments/")) == []
    assert page.get_by_role("heading", level=1).count() == 1
