"""What production sends: no page allows inline script, frames or plain http, and no cookie travels in the open."""

import json
import os
import re
from typing import Any

import pytest

from tests.faults.servers import run_python

Answers = dict[str, Any]

# Everything that reaches a browser as a page of ours.
PAGES = (
    "/",
    "/grants/",
    "/flags/",
    "/imports/",
    "/reports/speed/",
    "/messages/",
    "/closure-days/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/no-such-page/",
    "forged",
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What a production of its own answered."""
    folder = tmp_path_factory.mktemp("production")
    environment = {
        "PATH": os.environ["PATH"],
        "MODE": "production",
        "SECRET_KEY": "a-test-of-production-needs-a-key-of-fifty-characters-0123456789",
        "ALLOWED_HOSTS": "tracker.example",
        "SITE_URL": "https://tracker.example",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    said: Answers = json.loads(
        run_python("-m", "tests.security.in_production", str(folder), environment=environment)
    )
    return said


def test_the_pages_are_answered(answers: Answers) -> None:
    assert {path: answers[path]["status"] for path in PAGES} == {
        **dict.fromkeys(PAGES, 200),
        "/no-such-page/": 404,
        "forged": 403,
    }


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_protected(path: str, answers: Answers) -> None:
    headers = answers[path]["headers"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert not {"Server", "X-Powered-By"} & set(headers)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(path: str, answers: Answers) -> None:
    text = answers[path]["text"]
    assert not re.findall(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all(re.search(r'\ssrc="/static/', script) for script in scripts)
    assert not re.findall(
        r"(?:src|href|action)=\"(?:https?:)?//(?!tracker\.example)", text.partition("<footer")[0]
    )


@pytest.mark.parametrize("path", ["/", "/grants/", "/messages/"])
def test_what_somebody_sees_is_kept_by_no_cache(path: str, answers: Answers) -> None:
    assert {"no-store", "private"} <= set(re.split(r",\s*", answers[path]["headers"]["Cache-Control"]))


def test_cookies_are_for_this_site_over_https_alone(answers: Answers) -> None:
    session = answers["sign-in"]["cookies"]["sessionid"]
    assert (session["secure"], session["httponly"], session["samesite"]) == (True, True, "Lax")
    assert session["domain"] == ""
    assert (session["max-age"], session["expires"]) == ("", "")  # gone with the browser
    assert 11 < answers["session"]["hours"] <= 12
    token = answers["/accounts/login/"]["cookies"]["csrftoken"]
    assert (token["secure"], token["samesite"]) == (True, "Lax")
    everything = {name for answer in answers.values() for name in answer.get("cookies", {})}
    assert everything <= {"sessionid", "csrftoken", "messages"}


def test_plain_http_is_sent_to_https(answers: Answers) -> None:
    plain = answers["plain http"]
    assert (plain["status"], plain["headers"]["Location"]) == (301, "https://tracker.example/grants/?page=2")
    assert plain["cookies"] == {}
    assert answers["plain http, alive"]["status"] == 200
    assert answers["behind a proxy"]["status"] == 200


def test_only_its_own_name_is_answered(answers: Answers) -> None:
    assert answers["another host"]["status"] == 400


def test_forms_come_from_its_own_pages(answers: Answers) -> None:
    assert (answers["forged"]["status"], answers["from another site"]["status"]) == (403, 403)


def test_signing_in_starts_a_new_session_and_leads_nowhere_else(answers: Answers) -> None:
    assert (answers["sign-in"]["status"], answers["sign-in"]["headers"]["Location"]) == (302, "/")
    session = answers["session"]
    assert session["after"]
    assert session["after"] != session["before"]


def test_after_signing_out_the_session_opens_nothing(answers: Answers) -> None:
    assert answers["sign-out"]["status"] == 302
    left = answers["after sign-out"]
    assert (left["status"], left["headers"]["Location"]) == (302, "/accounts/login/?next=/grants/")


def test_passwords_are_stored_slowly_hashed(answers: Answers) -> None:
    assert answers["stored password"]["algorithm"] == "pbkdf2_sha256"


def test_static_files_are_kept_for_ever_by_their_hashed_names(answers: Answers) -> None:
    style = answers["style sheet"]
    assert (style["status"], style["headers"]["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert "immutable" in style["headers"]["Cache-Control"]
