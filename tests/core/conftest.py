"""What tests of jobs and e-mails need: tasks that run in this process, whatever REDIS_URL says."""

from collections.abc import Iterator

import pytest
from celery import current_app


@pytest.fixture
def eager() -> Iterator[None]:
    """Tasks run where they are sent, as without a queue."""
    before = current_app.conf.task_always_eager
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = before
