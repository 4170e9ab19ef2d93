"""What deployment sets is what the settings read, and every required setting is set."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.files import ROOT

PRODUCT = ("web", "worker", "beat", "migrate")
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_URL"}
# What the person who installs it provides.
GIVEN = {
    "SECRET_KEY": "k3y-" * 20,
    "ALLOWED_HOSTS": "tracker.example",
    "SITE_URL": "https://tracker.example",
    "POSTGRES_PASSWORD": "letters4nd",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DEFAULT_FROM_EMAIL": "tracker@council.example",
}
# Loads the settings, writing down each variable that they look up.
READS = """
import collections.abc, json, os
import environ

class Reads(collections.abc.MutableMapping):
    def __init__(self): self.names = set()
    def __getitem__(self, name): self.names.add(name); return os.environ[name]
    def __setitem__(self, name, value): os.environ[name] = value
    def __delitem__(self, name): del os.environ[name]
    def __iter__(self): return iter(os.environ)
    def __len__(self): return len(os.environ)
    def __contains__(self, name): self.names.add(name); return name in os.environ

environ.Env.ENVIRON = Reads()
import config.settings
print(json.dumps(sorted(environ.Env.ENVIRON.names)))
"""

VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[?-])(?P<word>(?:[^{}]|\{\w*\})*))?\}")


def compose() -> dict[str, Any]:
    """docker-compose.yml as data, its variables not yet filled in."""
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def filled(text: str) -> str:
    """A value as Compose would fill it in from GIVEN; a missing required variable is a KeyError."""

    def value(match: re.Match[str]) -> str:
        if match["kind"] == "-":
            return GIVEN.get(match["name"]) or filled(match["word"])
        return GIVEN[match["name"]]

    return VARIABLE.sub(value, text)


def load_settings(environment: dict[str, str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process that has this environment alone; its output names what was read."""
    bare = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", READS],
        env=bare | environment,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """What Compose hands to the product."""
    return {name: filled(str(value)) for name, value in compose()["services"]["web"]["environment"].items()}


@pytest.fixture(scope="module")
def read(environment: dict[str, str]) -> set[str]:
    """Every variable that the settings look up in production."""
    done = load_settings(environment)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_every_part_of_the_product_has_the_same_settings(environment: dict[str, str]) -> None:
    services = compose()["services"]
    assert all(services[name]["environment"] == services["web"]["environment"] for name in PRODUCT)
    assert environment["MODE"] == "production"


def test_every_variable_that_is_set_is_read(environment: dict[str, str], read: set[str]) -> None:
    assert set(environment) - read == set()


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]
)
def test_production_refuses_to_start_without(name: str, environment: dict[str, str]) -> None:
    done = load_settings({key: value for key, value in environment.items() if key != name})
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEBUG", "true", "DEBUG"),
        ("MFA_REQUIRED", "false", "MFA_REQUIRED"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("MODE", "staging", "MODE"),
    ],
)
def test_production_refuses_to_start_with(
    name: str, value: str, word: str, environment: dict[str, str]
) -> None:
    done = load_settings(environment | {name: value})
    assert done.returncode != 0
    assert word in done.stderr


def test_no_mode_means_production(tmp_path: Path) -> None:
    """In a copy: where the product stands, `make setup` has written a .env that says demo."""
    for package in ("config", "core"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    done = load_settings({}, folder=tmp_path)
    assert done.returncode != 0
    assert "production does not start" in done.stderr


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_secrets_come_from_the_environment_and_nothing_starts_without(secret: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    uses = re.findall(rf"\$\{{{secret}(.*?)\}}", text)
    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_the_example_names_what_the_settings_read(read: set[str], environment: dict[str, str]) -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = {line.split("=")[0] for line in lines if "=" in line and not line.startswith("#")}
    assert example - read - {"POSTGRES_PASSWORD"} == set()
    assert set(environment) - example == set()


def test_the_page_for_who_runs_it_documents_every_setting(read: set[str]) -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    assert {name for name in read if f"`{name}`" not in page} == set()


def test_services_are_checked_and_wait_for_each_other() -> None:
    services = compose()["services"]
    image_checks_itself = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    for name, service in services.items():
        assert service.get("healthcheck") or (name == "web" and image_checks_itself), name
    assert services["web"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_the_queue_is_kept_on_disk() -> None:
    redis = compose()["services"]["redis"]
    assert redis["command"][redis["command"].index("--appendonly") + 1] == "yes"
    assert "redis:/data" in redis["volumes"]
    assert "redis" in compose()["volumes"]


def test_nothing_in_the_image_runs_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last_stage = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    users = [line.split()[1] for line in lines[last_stage:] if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}
    assert compose()["services"]["web"]["cap_drop"] == ["ALL"]


def test_the_image_copies_every_app_and_only_what_is_let_in() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source.removeprefix("./")
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied == let_in
    assert {source for source in copied if not (ROOT / source).exists()} == set()
