"""What a test needs of the machine, said by its marker.

Enable it in tests/conftest.py:

    pytest_plugins = ["tests.plugins.required_parts"]

A test whose part is missing is skipped with the reason and what to do about it. With CI_REQUIRE_ALL=1,
which .ci/run sets, it fails instead: there nothing is skipped for want of a part that can be installed.
Published files cannot be, and `make test` names no Redis that may be emptied: .ci/run does in a step of its own.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import redis

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """The browser that journeys drive: CHROMIUM if it is set, else the first found; None if there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def missing_chromium() -> str | None:
    """Why journeys cannot run, or None."""
    if chromium_path():
        return None
    return "needs Chromium: install it (apt-get install chromium) or set CHROMIUM to a browser's path"


@cache
def missing_broker() -> str | None:
    """Why worker tests cannot run, or None."""
    url = os.environ.get("REDIS_URL")
    if not url:
        return "needs a Redis that may be emptied: .ci/run starts one and sets REDIS_URL"
    client = redis.Redis.from_url(url, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError as problem:
        return f"needs the Redis that REDIS_URL names, which does not answer: {type(problem).__name__}"
    finally:
        client.close()
    return None


def missing_real_data() -> str | None:
    """Why tests over published files cannot run, or None."""
    folder = os.environ.get("REAL_DATA")
    if folder and Path(folder).is_dir():
        return None
    return "needs published files: set REAL_DATA to the folder that holds them"


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, the newest there is; None if there is none."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: int(path.parent.name), default=None)


def missing_servers() -> str | None:
    """Why tests that start and kill servers of their own cannot run, or None."""
    missing = [] if postgres_programs() else ["PostgreSQL"]
    missing += [] if shutil.which("redis-server") else ["Redis"]
    if missing:
        return f"needs {' and '.join(missing)} to start and kill: apt-get install postgresql redis-server"
    return None


PARTS: dict[str, Callable[[], str | None]] = {
    "journey": missing_chromium,
    "worker": missing_broker,
    "faults": missing_servers,
    "real_data": missing_real_data,
}
INSTALLABLE = {"journey", "faults"} | ({"worker"} if "REDIS_URL" in os.environ else set())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose part is missing, or fail it where all parts are required."""
    for marker, missing in PARTS.items():
        if item.get_closest_marker(marker) is None:
            continue
        reason = missing()
        if reason and marker in INSTALLABLE and os.environ.get("CI_REQUIRE_ALL") == "1":
            pytest.fail(f"{reason} (CI_REQUIRE_ALL=1)", pytrace=False)
        if reason:
            pytest.skip(reason)
