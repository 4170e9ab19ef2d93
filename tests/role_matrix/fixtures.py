"""The world that every address is asked in."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories.people import People
from tests.role_matrix.world import World, make_world


@pytest.fixture
def world(people: People) -> Iterator[World]:
    """Saturday 21 November 2026, with everything that an address can name."""
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        yield make_world(people)
