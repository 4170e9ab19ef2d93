"""A missing part skips a test with its reason, and fails it where all parts are required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.files import ROOT

TESTS = """
import pytest

@pytest.mark.journey
def test_walks(): pass

@pytest.mark.worker
def test_works(): pass

@pytest.mark.faults
def test_kills(): pass

@pytest.mark.real_data
def test_reads(): pass

def test_needs_nothing(): pass
"""


def run(folder: Path, **environment: str) -> str:
    """What pytest says of TESTS on a machine that has these variables and no browser."""
    (folder / "test_parts.py").write_text(TESTS)
    (folder / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n    journey\n    worker\n    faults\n    real_data\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rsf",
        "-p",
        "no:django",
        "-p",
        "tests.plugins.required_parts",
    ]
    done = subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)],
        env={"PATH": str(folder), "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", str(folder))}
        | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_a_missing_part_is_skipped_with_its_reason(tmp_path: Path) -> None:
    said = run(tmp_path)
    assert "1 passed, 4 skipped" in said
    assert all(f"needs {part}" in said for part in ("Chromium", "a Redis", "published files"))
    assert "Redis to start and kill" in said


def test_where_all_parts_are_required_a_missing_one_fails(tmp_path: Path) -> None:
    said = run(tmp_path, CI_REQUIRE_ALL="1", REDIS_URL="redis://127.0.0.1:1/0")
    assert "1 passed, 1 skipped, 3 errors" in said


def test_where_no_redis_is_named_its_tests_are_another_steps(tmp_path: Path) -> None:
    said = run(tmp_path, CI_REQUIRE_ALL="1")
    assert "1 passed, 2 skipped, 2 errors" in said


def test_a_broker_that_does_not_answer_is_missing(tmp_path: Path) -> None:
    assert "does not answer: ConnectionError" in run(tmp_path, REDIS_URL="redis://127.0.0.1:1/0")


def test_parts_that_are_there_are_used(tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.touch(mode=0o755)
    assert "3 skipped" in run(tmp_path)
    assert "2 skipped" in run(tmp_path, REAL_DATA=str(tmp_path))


@pytest.mark.parametrize("name", ["journey", "worker", "faults", "race", "both_databases", "real_data"])
def test_every_marker_is_declared(name: str, pytestconfig: pytest.Config) -> None:
    assert any(line.startswith(f"{name}:") for line in pytestconfig.getini("markers"))
