"""What every test may use: a fixed date, one person per role, and a browserless client for each.

DATABASE_URL decides the database (SQLite in memory when it is not set): the same tests run on both. MODE=test is set
by tests/plugins/test_mode.py, since pytest-django reads the settings before this file.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client
from hypothesis import settings

from core.models import User
from tests.factories.people import People, make_people

pytest_plugins = ["tests.plugins.required_parts", "tests.role_matrix.fixtures"]

# A busy machine is no fault of the rule under test; and where CI is set every run draws the same examples.
settings.register_profile("unhurried", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("unhurried")

TODAY = date(2026, 11, 21)

Queries = Callable[[int], AbstractContextManager[object]]
ClientFor = Callable[[str | User | None], Client]


@pytest.fixture
def today() -> date:
    """The day on which tests take place: Saturday 21 November 2026."""
    return TODAY


@pytest.fixture
def people(db: None) -> People:
    """One person per role, a provider's person with an organisation, and one of another provider."""
    return make_people()


@pytest.fixture
def commissioner(people: People) -> User:
    """Decides and looks after grants."""
    return people.commissioner


@pytest.fixture
def finance(people: People) -> User:
    """Pays."""
    return people.finance


@pytest.fixture
def scrutiny(people: People) -> User:
    """Reads for the committee."""
    return people.scrutiny


@pytest.fixture
def administrator(people: People) -> User:
    """Keeps the product."""
    return people.administrator


@pytest.fixture
def provider(people: People) -> User:
    """Acts for `people.organisation`."""
    return people.provider


@pytest.fixture
def other_provider(people: People) -> User:
    """Acts for `people.other_organisation`."""
    return people.other_provider


@pytest.fixture
def client_for(people: People) -> ClientFor:
    """A signed-in client: for a role's name (`other_provider` too), for a User, or anonymous for None."""

    def make(who: str | User | None) -> Client:
        client = Client()
        if who is not None:
            client.force_login(who if isinstance(who, User) else people[who])
        return client

    return make
