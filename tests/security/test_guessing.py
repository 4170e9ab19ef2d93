"""Passwords cannot be guessed: ten wrong ones in five minutes, whoever is asked and however many processes answer."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from core.models import User
from tests.factories import make_user
from tests.faults.register import PASSWORD as RIGHT
from tests.faults.servers import ROOT, Web, product_environment
from tests.faults.visitor import Visitor

LIMIT = 10
SIGN_IN = "/accounts/login/"
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)

# --- two web processes over one database -----------------------------------------------------------------------------

# What these tests would see if each process counted for itself.
COUNTED_APART = """
from config.settings import *
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""


class Served:
    """The pages, served by separate processes over one database."""

    def __init__(self, database_url: str, folder: Path, until: ExitStack, **settings: str) -> None:
        environment = product_environment(DATABASE_URL=database_url, LOG_LEVEL="INFO", **settings)
        self.webs = [Web(environment, folder / f"web-{number}.log") for number in range(2)]
        for web in self.webs:
            until.callback(web.kill_all)

    def looked_at(self) -> int:
        """How many wrong passwords were compared with the right one."""
        return sum(web.said().count('"sign_in_failed"') for web in self.webs)

    def visitors(self, count: int) -> list[Visitor]:
        """Browsers, of which every other one talks to the other process."""
        return [Visitor(self.webs[number % 2].address) for number in range(count)]


@pytest.fixture
def until_the_end() -> Iterator[ExitStack]:
    """What is to be stopped in the end."""
    with ExitStack() as stack:
        yield stack


def guess_at_once(visitors: list[Visitor], email: str) -> list[int]:
    """All send a wrong password in the same moment; the statuses they get."""
    pages = [visitor.get(SIGN_IN) for visitor in visitors]
    barrier = Barrier(len(visitors))

    def guess(number: int) -> int:
        barrier.wait()
        return visitors[number].send(SIGN_IN, pages[number], login=email, password=f"wrong-{number}").status

    with ThreadPoolExecutor(len(visitors)) as threads:
        return list(threads.map(guess, range(len(visitors))))


@pytest.mark.faults
def test_two_processes_count_together(database_url: str, tmp_path: Path, until_the_end: ExitStack) -> None:
    served = Served(database_url, tmp_path, until_the_end)
    said = [visitor.sign_in("finance@example.org", "wrong").status for visitor in served.visitors(LIMIT)]
    assert said == [200] * LIMIT
    for visitor in served.visitors(2):
        assert visitor.sign_in("finance@example.org", "wrong").status == 429
        refused = visitor.sign_in("finance@example.org", RIGHT)
        assert (refused.status, "Wait 5 minutes, then try again." in refused.text) == (429, True)
        assert visitor.get("/").address.endswith("/accounts/login/?next=/")
    assert served.looked_at() == LIMIT
    # Many at one moment are still ten.
    statuses = guess_at_once(served.visitors(30), "scrutiny@example.org")
    assert set(statuses) == {200, 429}
    assert served.looked_at() - LIMIT == statuses.count(200) == LIMIT
    # Somebody else, at the same machine, is not kept out.
    other = served.visitors(1)[0].sign_in("commissioner@example.org", RIGHT)
    assert (other.status, other.address) == (200, f"{served.webs[0].address}/")


@pytest.mark.faults
def test_the_control_lets_more_through(file_url: str, tmp_path: Path, until_the_end: ExitStack) -> None:
    (tmp_path / "counted_apart.py").write_text(COUNTED_APART)
    apart = {"DJANGO_SETTINGS_MODULE": "counted_apart", "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    served = Served(file_url, tmp_path, until_the_end, **apart)
    guess_at_once(served.visitors(30), "finance@example.org")
    assert served.looked_at() == 2 * LIMIT


# --- one process, with the clock in hand -----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def fast_passwords(settings: LazySettings) -> None:
    """How slowly passwords are hashed is Django's business."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(db: None) -> User:
    """Somebody with a password."""
    return make_user("finance", email="finance@example.org", password=RIGHT)


def sign_in(email: str, password: str, **headers: str) -> int:
    """A new browser that sends the form; the status."""
    form = {"login": email, "password": password}
    status: int = (
        Client()
        .post(SIGN_IN, form, REMOTE_ADDR=headers.pop("ip", "198.51.100.7"), headers=headers)
        .status_code
    )
    return status


def guess(times: int, email: str = "finance@example.org", **headers: str) -> list[int]:
    """Wrong passwords, one after the other."""
    return [sign_in(email, "wrong", **headers) for _ in range(times)]


def test_after_five_minutes_the_right_password_works_again(person: User) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        assert guess(LIMIT + 1) == [200] * LIMIT + [429]
        clock.shift(timedelta(minutes=4, seconds=59))
        assert sign_in(person.email, RIGHT) == 429
        clock.shift(timedelta(seconds=2))
        assert sign_in(person.email, RIGHT) == 302


def test_the_right_password_uses_up_no_guess(person: User) -> None:
    assert [sign_in(person.email, RIGHT) for _ in range(LIMIT + 2)] == [302] * (LIMIT + 2)
    assert guess(LIMIT + 1) == [200] * LIMIT + [429]


def test_a_sign_in_between_forgets_no_guess(person: User) -> None:
    guess(LIMIT - 1)
    assert sign_in(person.email, RIGHT) == 302
    assert guess(2) == [200, 429]


@pytest.mark.parametrize(
    "disguise",
    [
        {"email": "FINANCE@Example.org"},
        {"email": " finance@example.org "},
        {"host": "testserver:81"},
        {"host": "localhost"},
        {"x-forwarded-for": "203.0.113.9"},
        {"ip": "203.0.113.9"},
    ],
    ids=str,
)
def test_no_disguise_gives_new_guesses(person: User, disguise: dict[str, str]) -> None:
    guess(LIMIT)
    assert guess(1, **disguise) == [429]


def test_an_address_that_nobody_has_is_answered_alike(db: None) -> None:
    assert guess(LIMIT + 1, "nobody@example.org") == [200] * LIMIT + [429]


def test_many_addresses_from_one_place_are_limited_too(person: User) -> None:
    statuses = [sign_in(f"person{number}@example.org", "wrong") for number in range(31)]
    assert statuses == [200] * 30 + [429]
    assert sign_in(person.email, RIGHT) == 429
    assert sign_in(person.email, RIGHT, ip="203.0.113.9") == 302


def test_a_flood_of_addresses_pushes_out_no_count(person: User) -> None:
    """Django keeps 300 entries where nothing is said, and of more throws a third away."""
    guess(LIMIT)
    for number in range(400):
        cache.set(f"flood-{number}", [])
    assert guess(1) == [429]


def test_a_new_password_lets_its_owner_in_at_once(person: User) -> None:
    guess(LIMIT)
    assert sign_in(person.email, RIGHT) == 429
    chosen = "another-long-enough-one"
    choose_password(Client(), person.email, chosen)
    assert sign_in(person.email, chosen) == 302


@pytest.mark.parametrize(("proxies", "sees"), [(0, "192.0.2.1"), (1, "203.0.113.9"), (2, "198.51.100.1")])
def test_behind_proxies_the_visitor_is_whom_the_first_of_them_saw(
    proxies: int, sees: str, db: None, settings: LazySettings
) -> None:
    """Whatever the visitor says of themselves stands further left, and is not believed."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    told = {"ip": "192.0.2.1", "x-forwarded-for": "10.9.9.9, 198.51.100.1, 203.0.113.9"}
    for number in range(30):
        sign_in(f"person{number}@example.org", "wrong", **told)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert sign_in("person31@example.org", "wrong", ip=sees) == 429
    assert sign_in("person32@example.org", "wrong", ip="192.0.2.77") == 200


def test_the_page_says_what_to_do(person: User) -> None:
    guess(LIMIT)
    answer = Client().post(SIGN_IN, {"login": person.email, "password": RIGHT}, REMOTE_ADDR="198.51.100.7")
    words = answer.content.decode()
    assert "Too many attempts" in words
    assert "Wait 5 minutes, then try again." in words
    assert '<a class="govuk-link" href="/accounts/password/reset/">choose a new one</a>' in words
    assert person.email not in words


def test_a_new_password_ends_every_other_session_and_the_link(person: User) -> None:
    elsewhere, browser = Client(), Client()
    elsewhere.post(SIGN_IN, {"login": person.email, "password": RIGHT})
    assert elsewhere.get("/closure-days/").status_code == 403
    chosen = "another-long-enough-one"
    link = choose_password(browser, person.email, chosen)
    assert elsewhere.get("/closure-days/").headers["Location"].startswith(SIGN_IN)
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content


def choose_password(browser: Client, email: str, chosen: str) -> str:
    """Ask for the link, open it, send a new password; the link."""
    browser.post("/accounts/password/reset/", {"email": email})
    (link,) = re.findall(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)
    form = browser.get(link, follow=True).request["PATH_INFO"]
    browser.post(form, {"password1": chosen, "password2": chosen})
    return str(link)
