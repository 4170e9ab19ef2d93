"""What production answers, asked in a process of its own: headers, cookies and pages, as one JSON document.

Run with MODE=production and an empty database. Its static files are gathered, and looked up by their hashed names, as
in the image.
"""

import json
import os
import re
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from core.models import Role, User  # noqa: E402

EMAIL, PASSWORD = "keeper@council.example", "a-long-enough-password"
HOST = "tracker.example"
PAGES = ["/", "/grants/", "/flags/", "/imports/", "/reports/speed/", "/messages/", "/closure-days/"]
OPEN_PAGES = ["/accounts/login/", "/accounts/password/reset/", "/healthz", "/readyz", "/no-such-page/"]


def described(response: Any) -> dict[str, Any]:
    """The parts of an answer that protect people."""
    streaming = response.streaming
    return {
        "status": response.status_code,
        "headers": dict(response.headers),
        "cookies": {name: dict(morsel.items()) for name, morsel in response.cookies.items()},
        "text": "" if streaming else response.content.decode(errors="replace"),
    }


def ask() -> dict[str, Any]:
    """Everything that the test looks at, by what it is."""
    visitor = Client(headers={"host": HOST}, raise_request_exception=False)
    found = {path: described(visitor.get(path, secure=True)) for path in OPEN_PAGES}
    style = re.search(r'href="(/static/build/app\.[^"]+)"', found["/accounts/login/"]["text"])
    assert style is not None
    found["style sheet"] = described(visitor.get(style[1], secure=True))
    found["plain http"] = described(visitor.get("/grants/?page=2"))
    found["plain http, alive"] = described(visitor.get("/healthz"))
    found["behind a proxy"] = described(
        visitor.get("/accounts/login/", headers={"x-forwarded-proto": "https"})
    )
    found["another host"] = described(
        visitor.get("/accounts/login/", secure=True, headers={"host": "evil.example"})
    )
    return found | signed_in()


def signed_in() -> dict[str, Any]:
    """A sign-in with every check of forms switched on, and the pages after it."""
    browser = Client(enforce_csrf_checks=True, headers={"host": HOST, "referer": f"https://{HOST}/"})
    page = browser.get("/accounts/login/", secure=True)
    before = browser.session.session_key
    token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[-1]
    form = {
        "login": EMAIL,
        "password": PASSWORD,
        "next": "https://evil.example/",
        "csrfmiddlewaretoken": token,
    }
    forged = browser.post("/accounts/login/", {**form, "csrfmiddlewaretoken": ""}, secure=True)
    elsewhere = {"origin": "https://evil.example"}
    foreign = browser.post("/accounts/login/", form, secure=True, headers=elsewhere)
    found = {"forged": described(forged), "from another site": described(foreign)}
    found["sign-in"] = described(browser.post("/accounts/login/", form, secure=True))
    kept = Session.objects.get(pk=browser.session.session_key)
    hours = (kept.expire_date - timezone.now()).total_seconds() / 3600
    found["session"] = {"before": before, "after": kept.pk, "hours": hours}
    found |= {path: described(browser.get(path, secure=True)) for path in PAGES}
    found["stored password"] = {"algorithm": User.objects.get(email=EMAIL).password.split("$")[0]}
    stale = Client(headers={"host": HOST})
    stale.cookies["sessionid"] = browser.cookies["sessionid"].value
    found["sign-out"] = described(browser.post("/accounts/logout/", sign_out(browser), secure=True))
    found["after sign-out"] = described(stale.get("/grants/", secure=True))
    return found


def sign_out(browser: Client) -> dict[str, str]:
    """The form of signing out."""
    page = browser.get("/", secure=True).content.decode()
    return {"csrfmiddlewaretoken": re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page)[-1]}


def main() -> None:
    """Make the tables, one person and the static files; ask; say."""
    with override_settings(STATIC_ROOT=sys.argv[1]):
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("migrate", verbosity=0)
        User.objects.create_user(EMAIL, PASSWORD, name="Keeper", role=Role.ADMINISTRATOR)
        sys.stdout.write(json.dumps(ask()))


if __name__ == "__main__":
    main()
