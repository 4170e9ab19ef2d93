"""A PostgreSQL cluster and a Redis of these tests' own, with a small register to copy for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.scene import Scene
from tests.faults.servers import Postgres, Redis, product_environment, run_python

NewScene = Callable[..., Scene]


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[Postgres]:
    """The cluster, running, with the register in the database `untouched`."""
    cluster = Postgres()
    cluster.start()
    try:
        cluster.create("untouched")
        environment = product_environment(DATABASE_URL=cluster.url("untouched"))
        run_python("manage.py", "migrate", "--verbosity=0", environment=environment)
        run_python("-m", "tests.faults.register", "make", environment=environment)
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Redis]:
    """The queue, empty."""
    (tmp_path / "redis").mkdir()
    queue = Redis(tmp_path / "redis")
    queue.start()
    yield queue
    queue.kill()


@pytest.fixture
def scene(own_postgres: Postgres, own_redis: Redis, tmp_path: Path) -> Iterator[Scene]:
    """A copy of the register, with workers to start and to kill; whatever still runs in the end is killed."""
    made = Scene(own_postgres, own_redis, tmp_path)
    yield made
    made.end()
