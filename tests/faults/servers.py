"""Servers of a test's own, which may be killed: Redis, PostgreSQL, and processes of the product."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import redis

from tests.plugins.required_parts import postgres_programs

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
NOT_HANDED_ON = {"DATABASE_URL", "REDIS_URL", "DEBUG", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}


def wait_until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something that another process does; fail, saying what it was, when it takes too long."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} seconds: {what}")
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def product_environment(**settings: str) -> dict[str, str]:
    """What a process of the product is given: no setting of this process but those named."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    return kept | {"MODE": "test", "PYTHONPATH": str(ROOT)} | settings


def run_python(*arguments: str, environment: Mapping[str, str]) -> str:
    """Run Python to its end with the product at hand; its output. Fails with what it said."""
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


class Redis:
    """A Redis that appends everything to disk, as docker-compose.yml has it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis(port=self.port, socket_connect_timeout=2)

    @property
    def url(self) -> str:
        """What REDIS_URL says."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it on what it wrote before."""
        on_disk = [
            "--dir",
            str(self.folder),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
        ]
        here = ["--bind", "127.0.0.1", "--port", str(self.port), "--logfile", str(self.folder / "log")]
        self.process = subprocess.Popen(["redis-server", *here, *on_disk])
        wait_until(self.answers, "Redis starts")

    def answers(self) -> bool:
        """Whether it can be talked to."""
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        """As a machine that loses power would: nothing is put in order first."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def waiting(self) -> int:
        """Messages that nobody has taken."""
        return int(self.client.llen("celery"))

    def is_done(self) -> bool:
        """Whether every message was taken and answered."""
        return self.waiting() == 0 and int(self.client.hlen("unacked")) == 0


class Postgres:
    """A whole PostgreSQL cluster, which the test may stop in the middle."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
        self.port = free_port()
        self.programs = postgres_programs()
        assert self.programs is not None
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        """A program of the server's, as the user who may run it: PostgreSQL refuses to run as root."""
        as_owner = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_owner, str(self.programs / program), "--pgdata", str(self.folder), *arguments]
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout.decode()

    def start(self) -> None:
        """Start it, with a look through its log if it was stopped in the middle."""
        here = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "start", "--wait", "--log", str(self.folder / "log"), "--options", here)

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` cuts everything off where it stands, as a crash does."""
        self._run("pg_ctl", "stop", "--wait", "--mode", mode)

    def remove(self) -> None:
        """Stop it for good."""
        if (self.folder / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    def url(self, database: str) -> str:
        """What DATABASE_URL says."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str) -> "psycopg.Connection[Any]":
        """A connection of the test's own; every statement stands by itself."""
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)

    def create(self, database: str, like: str = "template1") -> None:
        """A new database, as a copy of another."""
        with self.connect("postgres") as opened:
            opened.execute(f'drop database if exists "{database}" with (force)')
            opened.execute(f'create database "{database}" template "{like}"')

    def waits_for_lock(self, database: str) -> list[int]:
        """The server processes whose open transaction waits for a lock, and has done so for a moment."""
        with self.connect("postgres") as opened:
            rows = opened.execute(
                "select pid from pg_stat_activity where datname = %s and wait_event_type = 'Lock'"
                " and xact_start is not null and state = 'active'",
                [database],
            )
            return [pid for (pid,) in rows]


class Running:
    """A process of the product and those that it started, with a log to read."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        self._file = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env=environment,
            cwd=ROOT,
            stdout=self._file,
            stderr=self._file,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        """The processes that it started."""
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if self._is_child(path)]

    def _is_child(self, stat: Path) -> bool:
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            return False
        return after_name[0] != "Z" and int(after_name[1]) == self.process.pid

    def said(self) -> str:
        """What it has written to its log."""
        return self.log.read_text(errors="replace")

    def kill_child(self) -> None:
        """SIGKILL to the process that does the work; the one that watches over it stays."""
        for child in self.children():
            os.kill(child, signal.SIGKILL)

    def kill_main(self) -> None:
        """SIGKILL to the process that watches; the one that does the work is orphaned."""
        self.process.kill()
        self.process.wait()

    def kill_all(self) -> None:
        """SIGKILL to every process of it."""
        with suppress(ProcessLookupError):  # none is left
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._file.close()


class Worker(Running):
    """A Celery worker that does one task at a time."""

    def __init__(self, environment: Mapping[str, str], log: Path, name: str = "one") -> None:
        options = ["--concurrency", "1", "--loglevel", "INFO", "--hostname", f"{name}@test"]
        super().__init__(["-m", "celery", "--app=config", "worker", *options], environment, log)


class Web(Running):
    """The pages, served by gunicorn as the Dockerfile has it."""

    def __init__(self, environment: Mapping[str, str], log: Path, workers: int = 1) -> None:
        self.port = free_port()
        options = [f"--bind=127.0.0.1:{self.port}", f"--workers={workers}", "--no-control-socket"]
        quiet = ["--access-logfile=/dev/null"]
        super().__init__(["-m", "gunicorn", "config.wsgi:application", *options, *quiet], environment, log)
        wait_until(lambda: self.status("/healthz") == 200, f"the pages are served: {log}")

    @cached_property
    def address(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def status(self, path: str) -> int | None:
        """The status of a page, asked for without a session; None while nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return None
