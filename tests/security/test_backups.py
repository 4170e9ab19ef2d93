"""Backup and restore, on both databases, by the very commands that docs/running.md gives."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.servers import ROOT, Postgres, product_environment, run_python

pytestmark = pytest.mark.faults

PAGE = ROOT / "docs" / "running.md"
ON = "2026-11-21"
COMPOSE = "docker compose --env-file production.env "
INSIDE = re.compile(r"^exec -T (postgres|web) ")
# What happened after the backup, and is gone after a restore.
LATER = (
    "update grants_grant set title = 'Later'",
    "delete from grants_flagevent",
    "drop table core_delivery cascade",
)


def commands() -> dict[str, list[str]]:
    """The commands of the section, by what they are for."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## Backup and restore\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    names = ("back up PostgreSQL", "restore PostgreSQL", "back up SQLite", "restore SQLite")
    return {name: block.strip().splitlines() for name, block in zip(names, blocks, strict=True)}


def run(command: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Run one line of the page in a shell."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-1000:]}{done.stderr[-3000:]}"


def register(environment: Mapping[str, str]) -> dict[str, Any]:
    """What the register's own check says of it."""
    answer: dict[str, Any] = json.loads(
        run_python("manage.py", "check_register", "--json", environment=environment)
    )
    return answer


def raise_flags(environment: Mapping[str, str]) -> dict[str, Any]:
    """A pass of the flags on the day of the year; what it did."""
    answer: dict[str, Any] = json.loads(
        run_python("manage.py", "raise_flags", "--on", ON, "--json", environment=environment)
    )
    return answer


def assert_same(before: dict[str, Any], environment: Mapping[str, str]) -> None:
    """The register checks out as before, and a pass of the flags finds nothing to change."""
    after = register(environment)
    assert after["adds_up"]
    assert after == before
    assert after["registers"]["illustrative"]["grants"] >= 70
    done = raise_flags(environment)
    assert (done["opened"], done["changed"], done["cleared"]) == (0, 0, 0)
    assert done["standing"] > 20


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The illustrative year in a file of SQLite's."""
    file = tmp_path_factory.mktemp("year") / "db.sqlite3"
    environment = product_environment(DATABASE_URL=f"sqlite:///{file}")
    run_python("manage.py", "demo", "--prepare-only", "--on", ON, environment=environment)
    return file


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def in_compose(command: str) -> str | None:
    """The command as it runs inside its container; None for what only starts and stops containers."""
    assert command.startswith(COMPOSE), command
    rest = command.removeprefix(COMPOSE)
    inside = INSIDE.match(rest)
    if inside is None:
        assert rest.split()[0] in {"stop", "up"}, command
        return None
    rest = rest[inside.end() :]
    return rest if inside[1] == "postgres" else rest.replace("python", sys.executable, 1)


@pytest.fixture
def tracker(own_postgres: Postgres) -> Iterator[dict[str, str]]:
    """The environment of a database `tracker` with the illustrative year, owned as docker-compose.yml has it."""
    with own_postgres.connect("postgres") as opened:
        opened.execute("create role tracker superuser login")
        opened.execute("create database tracker owner tracker")
    url = own_postgres.url("tracker").replace("postgres://postgres@", "postgres://tracker@")
    environment = product_environment(DATABASE_URL=url, PGHOST="127.0.0.1", PGPORT=str(own_postgres.port))
    run_python("manage.py", "demo", "--prepare-only", "--on", ON, environment=environment)
    yield environment
    with own_postgres.connect("postgres") as opened:
        opened.execute("drop database tracker with (force)")
        opened.execute("drop role tracker")


def contents(postgres: Postgres) -> dict[str, tuple[int, str]]:
    """Each table's rows, counted and summed up in one word that any change changes."""
    with postgres.connect("tracker") as opened:
        tables = [
            name for (name,) in opened.execute("select tablename from pg_tables where schemaname = 'public'")
        ]
        found = {}
        for table in tables:
            query = f'select count(*), md5(string_agg(t::text, chr(10) order by t::text)) from "{table}" t'  # noqa: S608
            ((count, word),) = opened.execute(query)
            found[table] = (count, word)
    return found


def test_postgresql_comes_back_as_it_was(
    own_postgres: Postgres, tracker: dict[str, str], tmp_path: Path
) -> None:
    steps = commands()
    before, rows = register(tracker), contents(own_postgres)
    follow(steps["back up PostgreSQL"], own_postgres, tracker, tmp_path)
    with own_postgres.connect("tracker") as opened:
        for statement in LATER:
            opened.execute(statement)
    changed = contents(own_postgres)
    assert {table for table in rows if changed.get(table) != rows[table]} >= {
        "grants_grant",
        "grants_flagevent",
        "core_delivery",
    }
    # Somebody who is still connected does not stand in the way.
    with own_postgres.connect("tracker"):
        follow(steps["restore PostgreSQL"], own_postgres, tracker, tmp_path)
    assert contents(own_postgres) == rows
    assert_same(before, tracker)
    assert run_python("manage.py", "migrate", "--check", environment=tracker) == ""


def follow(lines: list[str], postgres: Postgres, environment: dict[str, str], folder: Path) -> None:
    """Run commands of the page, with the product where the container has it."""
    assert postgres.programs is not None
    programs = (postgres.programs / "initdb").resolve().parent
    inside = environment | {"PATH": f"{programs}:{environment['PATH']}"}
    if not (folder / "manage.py").exists():
        (folder / "manage.py").symlink_to(ROOT / "manage.py")
    for line in lines:
        command = in_compose(line)
        if command is not None:
            run(command, folder, inside)


# --- SQLite ----------------------------------------------------------------------------------------------------------


def rows_of(file: Path) -> dict[str, int]:
    """The rows of each table."""
    with closing(sqlite3.connect(file)) as opened:
        names = [name for (name,) in opened.execute("select name from sqlite_master where type = 'table'")]
        counts = {name: opened.execute(f'select count(*) from "{name}"') for name in names}  # noqa: S608
        return {name: cursor.fetchone()[0] for name, cursor in counts.items()}


def test_sqlite_comes_back_as_it_was(year: Path, tmp_path: Path) -> None:
    steps = commands()
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "manage.py").symlink_to(ROOT / "manage.py")
    file = tmp_path / "db.sqlite3"
    shutil.copy(year, file)
    environment = product_environment(DATABASE_URL=f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as running:
        # The demo runs meanwhile: its newest entries stand in the file beside.
        running.execute("pragma journal_mode = wal")
        running.execute(
            "update grants_grant set title = title || ' newest' where id = (select min(id) from grants_grant)"
        )
        assert os.path.getsize(f"{file}-wal") > 0
        before, rows = register(environment), rows_of(file)
        for line in steps["back up SQLite"]:
            run(line, tmp_path, environment)
        for statement in LATER:
            running.execute(statement.removesuffix(" cascade"))
    assert rows_of(file) != rows
    for line in steps["restore SQLite"]:
        run(line, tmp_path, environment)
    assert rows_of(file) == rows
    with closing(sqlite3.connect(file)) as opened:
        (newest,) = opened.execute("select count(*) from grants_grant where title like '% newest'").fetchone()
        assert newest == 1
    assert_same(before, environment)
