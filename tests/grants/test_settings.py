"""What the product refuses to start with, and how it protects itself when it runs. Each start is a real process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "MODE": "production",
    "SECRET_KEY": "a-test-of-production-needs-a-key-of-fifty-characters-0123456789",
    "ALLOWED_HOSTS": "tracker.example",
    "SITE_URL": "https://tracker.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://mail.example",
}
SHOW = """
import json
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in %r}))
"""
WITHOUT_ENV_FILE = "import environ; environ.Env.read_env = lambda *args, **options: None\n"


def run(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository with this environment and nothing else but the PATH."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def last_line(output: str) -> str:
    """The last line said."""
    return output.strip().splitlines()[-1]


def refusal(env: Mapping[str, str]) -> str:
    """What `manage.py check` says when it refuses to start."""
    result = run("manage.py", "check", env=env)
    assert result.returncode != 0, result.stdout
    return last_line(result.stderr)


def test_production_starts_with_what_it_needs() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=PRODUCTION)
    assert (result.returncode, result.stderr) == (0, "")
    assert last_line(result.stdout) == "System check identified no issues (0 silenced)."


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]
)
@pytest.mark.parametrize("value", [None, ""], ids=["not set", "empty"])
def test_production_refuses_to_start_without(name: str, value: str | None) -> None:
    env = {key: text for key, text in PRODUCTION.items() if key != name}
    said = refusal(env if value is None else {**env, name: value})
    assert f"Set {name}: production does not start without it. See docs/running.md." in said


@pytest.mark.parametrize("mail", [None, "consolemail://"])
def test_notify_stands_in_for_a_mail_server(mail: str | None) -> None:
    env = {name: value for name, value in PRODUCTION.items() if name != "EMAIL_URL"}
    env |= {} if mail is None else {"EMAIL_URL": mail}
    notify = {"NOTIFY_API_KEY": "a-key", "NOTIFY_TEMPLATE_ID": "a-template"}
    said = json.loads(run("-c", SHOW % ["EMAIL_BACKEND"], env=env | notify).stdout)
    assert said == {"EMAIL_BACKEND": "core.notify.NotifyBackend"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DEBUG": "true"}, "DEBUG is on. Production does not start with DEBUG: unset it."),
        (
            {"MFA_REQUIRED": "false"},
            "MFA_REQUIRED is false. Production does not start without MFA: unset it.",
        ),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short. Use at least 50 random characters."),
        (
            {"SECRET_KEY": "django-insecure-" + "x" * 60},
            "SECRET_KEY is too short. Use at least 50 random characters.",
        ),
        ({"ALLOWED_HOSTS": "tracker.example,*"}, "ALLOWED_HOSTS is *, which is every name."),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL is consolemail://, which is the log."),
        ({"MODE": "live"}, "MODE is 'live'. Use demo, test or production (no MODE means production)."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_production_refuses_to_start_with(changes: dict[str, str], sentence: str) -> None:
    assert sentence in refusal({**PRODUCTION, **changes})


def test_no_mode_means_production() -> None:
    result = run("-c", WITHOUT_ENV_FILE + SHOW % ["MODE"], env={})
    assert result.returncode != 0
    assert "Set SECRET_KEY: production does not start without it." in last_line(result.stderr)
    env = {name: value for name, value in PRODUCTION.items() if name != "MODE"}
    assert json.loads(run("-c", WITHOUT_ENV_FILE + SHOW % ["MODE"], env=env).stdout) == {"MODE": "production"}


def test_production_protects_cookies_and_leaves_the_demo_out() -> None:
    wanted = {
        "DEBUG": False,
        "MFA_REQUIRED": True,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CELERY_TASK_ALWAYS_EAGER": False,
    }
    result = run("-c", SHOW % [*wanted, "INSTALLED_APPS"], env=PRODUCTION)
    shown = json.loads(result.stdout)
    assert "demo" not in shown.pop("INSTALLED_APPS")
    assert shown == wanted


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_other_modes_need_nothing(mode: str) -> None:
    result = run("manage.py", "check", env={"MODE": mode})
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.django_db
def test_pages_forbid_inline_script_and_style(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    directives = {name: sources for name, *sources in (part.split() for part in policy.split(";"))}
    assert directives["default-src"] == ["'self'"]
    assert directives["img-src"] == ["'self'", "data:"]
    assert directives["object-src"] == directives["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in policy
    assert {"script-src", "style-src", "script-src-elem", "style-src-elem"} & set(directives) == set()


@pytest.mark.django_db
def test_pages_say_no_to_frames_and_guessed_types(client: Client) -> None:
    headers = client.get("/accounts/login/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
