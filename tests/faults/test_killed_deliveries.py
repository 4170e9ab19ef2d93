"""A worker is killed after an e-mail went out and before that was written down: it is sent once more, and logged."""

from collections.abc import Iterator
from datetime import date

import pytest
from celery import Celery

from tests.faults.post import PostOffice
from tests.faults.register import day
from tests.faults.scene import DATABASE, TASKS, Scene
from tests.faults.servers import wait_until

pytestmark = pytest.mark.faults


@pytest.fixture
def post(scene: Scene) -> Iterator[PostOffice]:
    """Where the e-mails go."""
    with PostOffice() as office:
        scene.environment["EMAIL_URL"] = office.url
        yield office
        office.may_answer.set()
        office.shutdown()


def deliveries(scene: Scene) -> dict[int, tuple[str, int]]:
    """Each e-mail: how far it is, and how often it was tried."""
    with scene.postgres.connect(DATABASE) as opened:
        rows = opened.execute("select id, state, attempts from core_delivery order by id")
        return {pk: (state, attempts) for pk, state, attempts in rows}


def send(scene: Scene, task: str, *arguments: str) -> None:
    """Send a task, as beat does."""
    with Celery(broker=scene.redis.url) as beat:
        beat.send_task(f"core.tasks.{task}", arguments)


def compose(scene: Scene, on: date) -> None:
    """Something to tell, and the e-mails of the day."""
    for group in TASKS:
        scene.send(group, on)
    scene.wait_until_passed(0)
    send(scene, "compose_digests", on.isoformat())


def lose_answer(scene: Scene, post: PostOffice, *, whole_worker: bool) -> None:
    """Let an e-mail arrive, and kill the worker before it hears so: it cannot write it down."""
    post.wait_for_letter()
    worker = scene.workers[-1]
    if whole_worker:
        worker.kill_all()
        scene.start_worker()
    else:
        worker.kill_child()


def test_a_kill_repeats_an_email_at_most_once_and_the_log_says_so(scene: Scene, post: PostOffice) -> None:
    scene.start_worker()
    post.may_answer.clear()
    compose(scene, day(0))
    lose_answer(scene, post, whole_worker=False)
    lose_answer(scene, post, whole_worker=True)
    post.may_answer.set()
    wait_until(scene.redis.is_done, "every message is answered")
    # Whoever is given the task anew leaves the e-mail alone: another worker may still be at it.
    tried = deliveries(scene)
    assert len(tried) == 2
    assert set(tried.values()) == {("waiting", 1)}
    assert sorted(post.taken.values()) == [1, 1]
    # Five minutes later.
    with scene.postgres.connect(DATABASE) as opened:
        opened.execute("update core_delivery set next_try_at = now() - interval '1 second'")
    for _ in range(2):
        send(scene, "sweep_deliveries")
        wait_until(lambda: {state for state, _ in deliveries(scene).values()} == {"sent"}, "both are sent")
        wait_until(scene.redis.is_done, "every message is answered")
    assert set(deliveries(scene).values()) == {("sent", 2)}
    assert sorted(post.taken.values()) == [2, 2]
    told = [entry["delivery"] for entry in scene.logged("delivery_may_repeat")]
    assert sorted(told) == sorted(tried)


def test_without_a_kill_every_email_goes_out_once(scene: Scene, post: PostOffice) -> None:
    """The control: the repeats above come from the kills."""
    scene.start_worker()
    compose(scene, day(0))
    wait_until(lambda: set(deliveries(scene).values()) == {("sent", 1)}, "both are sent")
    for _ in range(2):
        send(scene, "compose_digests", day(0).isoformat())
        send(scene, "sweep_deliveries")
    wait_until(scene.redis.is_done, "every message is answered")
    assert sorted(post.taken.values()) == [1, 1]
    assert scene.logged("delivery_may_repeat") == []
