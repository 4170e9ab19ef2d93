"""The day of the pages' tests, and a small register."""

from collections.abc import Iterator

import pytest
import time_machine

from core.calendar import working_days
from tests.conftest import TODAY
from tests.factories.people import People
from tests.grants.pages.scene import Scene, make_scene


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def scene(people: People) -> Scene:
    """One of everything; the calendar has been read once, as in a process that serves."""
    working_days()
    return make_scene(people)
