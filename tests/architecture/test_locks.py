"""Lock files: pinned, hashed, without an address, and in step with what they lock."""

import json
import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.files import ROOT

LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def locked(name: str) -> dict[str, set[str]]:
    """Versions by package of a lock file; a package may have one per Python version."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if match := re.match(r"(?P<package>[A-Za-z0-9][\w.-]*)==(?P<version>[^ ;\\]+)", line):
            versions.setdefault(canonicalize_name(match["package"]), set()).add(match["version"])
    return versions


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert requirements
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("name", [*LOCKS, "frontend/package-lock.json"])
def test_no_address_and_no_path(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    addresses = [
        line.strip()
        for line in lines
        if re.search(r"https?://|file:|--index|--find-links|\"resolved\"", line) and '"url"' not in line
    ]
    assert addresses == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-build.txt", PROJECT["dependency-groups"]["build"]),
        ("requirements-dev.txt", PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_the_lock_holds_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        pinned = versions.get(canonicalize_name(requirement.name), set())
        assert pinned, f"{lock} lacks {requirement}: run make lock"
        assert all(requirement.specifier.contains(version) for version in pinned), (
            f"{lock}: {requirement}, {pinned}"
        )


def test_development_uses_the_versions_that_run() -> None:
    runtime, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {
        name: versions for name, versions in dev.items() if name in runtime and not versions <= runtime[name]
    } == {}


def test_the_frontend_lock_holds_what_the_frontend_asks_for() -> None:
    asked = json.loads((ROOT / "frontend" / "package.json").read_text())
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    for section in ("dependencies", "devDependencies"):
        assert asked[section] == packages[""][section]
        assert {name: packages[f"node_modules/{name}"]["version"] for name in asked[section]} == asked[
            section
        ]
    assert all("integrity" in package for path, package in packages.items() if path)


def test_the_version_is_said_once_the_same_everywhere() -> None:
    version = PROJECT["project"]["version"]
    assert f"## {version}\n" in (ROOT / "CHANGELOG.md").read_text()
    assert json.loads((ROOT / "frontend" / "package.json").read_text())["version"] == version
    assert f'VERSION = "{version}"' in (ROOT / "config" / "settings.py").read_text()


def test_what_tools_make_is_not_committed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: nothing to ask which files are committed")
    made = [
        "static/build",
        "frontend/node_modules",
        "frontend/built",
        ".venv",
        ".env",
        "staticfiles",
        "*.sqlite3",
    ]
    done = subprocess.run(
        ["git", "ls-files", "--", *made], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == ""
