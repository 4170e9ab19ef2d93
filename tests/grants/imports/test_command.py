"""`manage.py import_grants`: what it prints and how it leaves, also when there is no database to write to."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grants.models import Fund, Grant
from tests.grants.imports.lists import as_csv, as_workbook, cells, many

ROOT = Path(__file__).resolve().parents[3]
# As `manage.py`, with half a second of patience instead of twenty.
PROGRAM = """
import sys, django
from django.conf import settings
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"]["OPTIONS"]["timeout"] = 0.5
django.setup()
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "grants.csv"
    file.write_bytes(as_csv([cells(), cells(id="2")]))
    return file


def ask(*arguments: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_grants", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_json_is_one_document_and_progress_stands_beside_it(path: Path) -> None:
    out, err = ask(path, "--json")
    document = json.loads(out)
    assert {name: document[name] for name in ("rows", "created", "updated", "unchanged", "refused")} == {
        "rows": 2, "created": 2, "updated": 0, "unchanged": 0, "refused": [],
    }  # fmt: skip
    assert "2 of 2 rows compared with the register" in err


@pytest.mark.django_db
def test_words_for_people(path: Path) -> None:
    path.write_bytes(as_csv([cells(), cells(id="2", amount="-1"), cells(id="3", amount="0")]))
    out, _ = ask(path, "--skip-invalid")
    assert "3 rows: 2 created, 0 updated, 0 unchanged, 1 refused." in out
    assert "row 3, Amount Awarded, “-1”: The amount is below zero." in out
    assert "1 grant of £0: kept as zero." in out
    dry, _ = ask(path, "--skip-invalid", "--dry-run")
    assert "0 would be created" in dry


@pytest.mark.django_db
def test_all_or_nothing(path: Path) -> None:
    path.write_bytes(as_csv([cells(), cells(id="2", amount="-1")]))
    with pytest.raises(CommandError, match="1 of 2 rows cannot be taken, so nothing is imported"):
        ask(path)
    assert Grant.objects.count() == 0
    ask(path, "--skip-invalid")
    assert Grant.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--fund", "no-such-fund"), "There is no fund “no-such-fund”."),
        (("--tracked-from", "2999-01-01"), "1 January 2999 is in the future."),
    ],
)
def test_what_cannot_be_done_is_said_once(path: Path, options: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        ask(path, *options)
    out = io.StringIO()
    with pytest.raises(CommandError, match=words):
        call_command("import_grants", str(path), "--json", *options, stdout=out, stderr=io.StringIO())
    assert words in json.loads(out.getvalue())["error"]
    assert (Grant.objects.count(), Fund.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_file_that_is_not_there_or_no_list(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        ask(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        ask(tmp_path)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(as_workbook([cells()])[:3_000])
    with pytest.raises(CommandError, match="The workbook is cut off or damaged"):
        ask(broken)


@pytest.mark.django_db
def test_a_file_name_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    try:
        path.write_bytes(as_csv([cells()]))
    except OSError:
        pytest.skip("the file system takes names in UTF-8 only")
    ask(path)
    assert Grant.history.get().history_change_reason == "Imported from caf\ufffd.csv"
    path.unlink()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_grants", str(path), "--json", stdout=out, stderr=io.StringIO())
    assert "caf\ufffd.csv cannot be read" in json.loads(out.getvalue().encode())["error"]


@pytest.mark.django_db
def test_a_fund_and_a_day_of_tracking(path: Path) -> None:
    Fund.objects.create(code="csf", name="Community Safety Fund")
    out, _ = ask(path, "--fund", "csf", "--tracked-from", "2024-04-01")
    assert "decided before" not in out
    assert {(g.fund.code, str(g.tracked_from)) for g in Grant.objects.all()} == {("csf", "2024-04-01")}


@pytest.mark.django_db
def test_what_counts_as_unpaid_is_said(path: Path) -> None:
    said = "2 grants were decided before 1 June 2024, from which they are tracked"
    out, _ = ask(path, "--tracked-from", "2024-06-01", "--dry-run")
    assert said in out
    document = json.loads(ask(path, "--tracked-from", "2024-06-01", "--json")[0])
    assert document["decided_before_tracking"] == 2
    assert document["remarks"][0].startswith(said)


def run(url: str, *arguments: Any) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "MODE": "test",
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=60
    )


def test_a_database_that_is_gone(path: Path) -> None:
    done = run("postgres://nobody@127.0.0.1:1/nothing", "import_grants", path, "--json")
    assert done.returncode == 1
    assert "The database is busy or cannot be reached. Nothing was imported. Try again" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Nothing was imported" in json.loads(done.stdout)["error"]


def test_a_database_that_is_locked(tmp_path: Path) -> None:
    path, database = tmp_path / "grants.csv", tmp_path / "one.sqlite3"
    path.write_bytes(as_csv(list(many(600))))
    url = f"sqlite:///{database}"
    assert run(url, "migrate", "-v0").returncode == 0
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = run(url, "import_grants", path)
    assert done.returncode == 1
    assert "The database is busy or cannot be reached. Nothing was imported. Try again" in done.stderr
    assert "Traceback" not in done.stderr
    other.execute("ROLLBACK")
    assert other.execute("SELECT count(*) FROM grants_grant").fetchone() == (0,)
    other.close()
    assert run(url, "import_grants", path).returncode == 0
