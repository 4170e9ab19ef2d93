"""The pages while a server is away: a plain page that says so, and everything as before when it is back."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery

from tests.faults.register import PASSWORD
from tests.faults.scene import DATABASE, Scene
from tests.faults.servers import Web, run_python, wait_until
from tests.faults.visitor import Visitor

pytestmark = pytest.mark.faults

PAGES = ("/", "/grants/", "/payments/", "/flags/", "/closure-days/")
# A person gives up after a few seconds; so does whatever stands before the pages.
LONGEST_SECONDS = 5

START_JOB = """
import time
import django
django.setup()
from django.utils import timezone
from core.models import User
from grants.operations.imports.jobs import check_list
from tests.grants.imports.lists import as_csv, cells
by = User.objects.get(email="commissioner@example.org")
begun = time.monotonic()
at = timezone.now()
check_list(file_name="list.csv", content=as_csv([cells()]), fund=None, tracked_from=None, by=by, on=at.date(), at=at)
print(time.monotonic() - begun)
"""


@pytest.fixture
def web(scene: Scene, tmp_path: Path) -> Iterator[Web]:
    """The pages, served by two processes."""
    serving = Web(scene.environment, tmp_path / "web.log", workers=2)
    yield serving
    serving.kill_all()


def statuses(visitor: Visitor) -> set[int]:
    """What the pages answer, asked for often enough that each of the two processes has answered."""
    return {visitor.get(path).status for path in PAGES for _ in range(3)}


def test_without_the_database_pages_say_so_and_recover_by_themselves(scene: Scene, web: Web) -> None:
    visitor = Visitor(web.address)
    visitor.sign_in("administrator@example.org", PASSWORD)
    form = visitor.get("/closure-days/")
    assert statuses(visitor) == {200}
    scene.postgres.stop("immediate")
    try:
        assert statuses(visitor) == {503}
        assert (web.status("/healthz"), web.status("/readyz")) == (200, 503)
        answer = visitor.get("/grants/")
        assert "Its database does not answer. Wait a minute, then reload this page." in answer.text
        assert answer.headers["Retry-After"] == "30"
        assert answer.seconds < LONGEST_SECONDS
        sent = visitor.send("/closure-days/", form, **CLOSED)
        assert sent.status == 503
        assert Visitor(web.address).sign_in("administrator@example.org", PASSWORD).status == 503
    finally:
        scene.postgres.start()
    wait_until(lambda: web.status("/readyz") == 200, "the pages recover")
    assert statuses(visitor) == {200}
    assert rows(scene, "select count(*) from core_closureday") == [(0,)]
    # Nobody was signed out, and the form that was open can be sent again.
    for _ in range(2):
        assert visitor.send("/closure-days/", form, **CLOSED).status == 200
    assert rows(scene, "select reason from core_closureday") == [("Flood",)]


CLOSED = {"day_day": "2", "day_month": "12", "day_year": "2026", "reason": "Flood"}


def rows(scene: Scene, query: str) -> list[tuple[object, ...]]:
    """What stands in the database."""
    with scene.postgres.connect(DATABASE) as opened:
        return list(opened.execute(query))


@pytest.mark.parametrize("away", ["killed", "silent"])
def test_without_the_queue_pages_answer_and_long_work_is_kept(scene: Scene, web: Web, away: str) -> None:
    visitor = Visitor(web.address)
    visitor.sign_in("administrator@example.org", PASSWORD)
    assert web.status("/readyz") == 200
    process = scene.redis.process
    assert process is not None
    if away == "killed":
        scene.redis.kill()
    else:
        os.kill(process.pid, signal.SIGSTOP)
    assert statuses(visitor) == {200}
    assert (web.status("/healthz"), web.status("/readyz")) == (200, 503)
    assert Visitor(web.address).get("/readyz").text == "not ready: redis"
    assert start_job(scene) < LONGEST_SECONDS
    assert rows(scene, "select kind, state from core_job") == [("import_check", "waiting")]
    if away == "killed":
        scene.redis.start()
    else:
        os.kill(process.pid, signal.SIGCONT)
    wait_until(lambda: web.status("/readyz") == 200, "the queue is back")
    # A minute later the sweep finds it.
    with scene.postgres.connect(DATABASE) as opened:
        opened.execute("update core_job set created_at = created_at - interval '1 minute'")
    scene.start_worker()
    with Celery(broker=scene.redis.url) as beat:
        beat.send_task("core.tasks.sweep_jobs")
    done = [("import_check", "done")]
    wait_until(lambda: rows(scene, "select kind, state from core_job") == done, "the list is looked at")


def start_job(scene: Scene) -> float:
    """Start long work, as a page does it; in how many seconds."""
    environment = scene.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    return float(run_python("-c", START_JOB, environment=environment))
