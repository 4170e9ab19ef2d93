"""The small register with a person for each role, on a PostgreSQL of these tests' own or in a file of SQLite's."""

from pathlib import Path

import pytest

from tests.faults.conftest import own_postgres as own_postgres
from tests.faults.conftest import own_redis as own_redis
from tests.faults.servers import Postgres, product_environment, run_python


@pytest.fixture(scope="session")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register in a file, to copy."""
    file = tmp_path_factory.mktemp("register") / "untouched.sqlite3"
    environment = product_environment(DATABASE_URL=f"sqlite:///{file}")
    run_python("manage.py", "migrate", "--verbosity=0", environment=environment)
    run_python("-m", "tests.faults.register", "make", environment=environment)
    return file


@pytest.fixture
def postgres_url(own_postgres: Postgres) -> str:
    """A copy of the register on PostgreSQL."""
    own_postgres.create("security", like="untouched")
    return own_postgres.url("security")


@pytest.fixture
def file_url(own_file: Path, tmp_path: Path) -> str:
    """A copy of the register in a file."""
    copy = tmp_path / "register.sqlite3"
    copy.write_bytes(own_file.read_bytes())
    return f"sqlite:///{copy}"


@pytest.fixture(params=["file_url", "postgres_url"], ids=["SQLite", "PostgreSQL"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A copy of the register on each of the two in turn."""
    url: str = request.getfixturevalue(request.param)
    return url
