"""The served product as a journey sees it: its address, its people, and its database file to look into."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-21"
PASSWORD = "illustrative-year"
ROLES = ("commissioner", "finance", "scrutiny", "administrator", "orchard")

Start = Callable[[str], "subprocess.Popen[str]"]


def email(who: str) -> str:
    """The sign-in of a person of the illustrative year, by role or, for providers, by organisation."""
    return f"{who}@example.org"


@dataclass
class Site:
    """`database` is what the server reads and writes, `untouched` the illustrative year as it was prepared."""

    url: str
    database: Path
    untouched: Path

    def restore(self) -> None:
        """Bring the database back to the illustrative year; whoever was signed in is signed out."""
        copy_database(self.untouched, self.database)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What stands in the database now."""
        with closing(sqlite3.connect(self.database, timeout=20)) as opened:
            return opened.execute(query, values).fetchall()

    def write(self, statement: str, *values: Any) -> None:
        """Change the database from outside, as a worker or a day that goes by would."""
        with closing(sqlite3.connect(self.database, timeout=20)) as opened, opened:
            assert opened.execute(statement, values).rowcount, statement

    def one(self, query: str, *values: Any) -> Any:
        """The first column of the one row that a query finds."""
        ((value,),) = self.rows(query, *values)
        return value


def copy_database(source: Path, target: Path) -> None:
    """Copy one SQLite database over another, safely beside a server that reads it."""
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target, timeout=20)) as copy:
        whole.backup(copy)


def _process(what: str, database: Path, log: IO[str]) -> "subprocess.Popen[str]":
    env = {
        name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DEBUG", "SECRET_KEY"}
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.server", what, "--on", DAY],
        cwd=ROOT,
        env={**env, "MODE": "test", "DATABASE_URL": f"sqlite:///{database}"},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )


def prepare(database: Path, log: Path) -> None:
    """Fill a new database with the published register and the illustrative year."""
    with log.open("w") as errors:
        process = _process("prepare", database, errors)
        said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, f"{said}\n{log.read_text()}"


@contextmanager
def served(database: Path, untouched: Path, log: Path) -> Iterator[Site]:
    """A running server on `database`, stopped in the end."""
    copy_database(untouched, database)
    with log.open("w") as errors:
        process = _process("serve", database, errors)
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address, log.read_text()
            yield Site(address, database, untouched)
        finally:
            process.terminate()
            process.wait(timeout=20)
            process.stdout.close()
