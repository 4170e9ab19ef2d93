"""A real Celery worker on the test's database, with the e-mails that it sends in a folder."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

PATIENCE_SECONDS = 60


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """Where the worker's e-mails land, one file each."""
    folder = tmp_path / "post"
    folder.mkdir()
    return folder


@pytest.fixture
def worker(post: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own, on the test's database and a queue that was emptied first."""
    if connection.vendor == "sqlite":
        pytest.skip("a worker cannot share a database in memory: set DATABASE_URL to a PostgreSQL")
    current_app.control.purge()
    parts = urlsplit(os.environ["DATABASE_URL"])
    environment = {
        **os.environ,
        "MODE": "test",
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}")),
        "EMAIL_URL": f"filemail:///{post}",
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "warning",
    ]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    yield process
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait for something the worker does; fail when it takes too long."""

    def wait(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            if time.monotonic() > deadline:
                pytest.fail(f"the worker did not do it within {PATIENCE_SECONDS} seconds")
            time.sleep(0.1)

    return wait
