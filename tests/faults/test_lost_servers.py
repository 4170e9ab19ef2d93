"""Two passes at one moment; the queue killed, and wiped; the database stopped half way: nothing lost or doubled."""

from datetime import date

import pytest
from celery import Celery

from tests.faults.register import day
from tests.faults.scene import DATABASE, TASKS, Scene
from tests.faults.servers import wait_until

pytestmark = pytest.mark.faults


def test_two_passes_of_each_group_at_one_moment(scene: Scene) -> None:
    for _ in range(2):
        scene.start_worker()
    for number in range(3):
        with scene.blocked("grants_flagpass"):
            for group in TASKS:
                scene.send(group, day(number))
                scene.send(group, day(number))
            scene.wait_until_blocked(2)
        scene.wait_until_passed(number)
    # Each pass was run twice, and the second wrote nothing.
    said = scene.logged("flag pass")
    assert len(said) == 2 * 2 * 3
    assert len([entry for entry in said if entry["opened"] or entry["changed"] or entry["cleared"]]) <= 2 * 3
    assert scene.outcome() == scene.clean_outcome(3)


def test_a_queue_that_is_killed_and_started_again_forgets_nothing(scene: Scene) -> None:
    scene.start_worker()
    with scene.blocked("grants_flagevent"):
        scene.send("endings", day(0))
        scene.send("disbursement", day(0))
        scene.wait_until_blocked()
        scene.redis.kill()
        scene.redis.start()
    scene.wait_until_passed(0)
    # Killed before anybody took what was sent.
    for worker in scene.workers:
        worker.kill_all()
    for group in TASKS:
        scene.send(group, day(1))
    scene.redis.kill()
    scene.redis.start()
    assert scene.redis.waiting() == len(TASKS)
    scene.start_worker()
    scene.wait_until_passed(1)
    assert scene.outcome() == scene.clean_outcome(2)


def test_what_a_wiped_queue_forgot_is_sent_again(scene: Scene) -> None:
    worker = scene.start_worker()
    with scene.blocked("grants_flagevent"):
        for group in TASKS:
            scene.send(group, day(0))
        scene.wait_until_blocked()
        scene.redis.client.flushall()
        worker.kill_all()
    assert scene.redis.is_done()
    scene.start_worker()
    assert scene.outcome().passes == []
    # What beat does every ten minutes.
    for _ in range(2):
        catch_up(scene, day(0))
        scene.wait_until_passed(0)
    assert len(scene.logged("flag pass sent again")) == len(TASKS)
    assert scene.outcome() == scene.clean_outcome(1)


def catch_up(scene: Scene, on: date) -> None:
    """Have the tables looked at, through the queue."""
    with Celery(broker=scene.redis.url) as beat:
        beat.send_task("grants.tasks.catch_up", [on.isoformat()])


def test_a_database_that_stops_in_the_middle_is_waited_for(scene: Scene) -> None:
    scene.start_worker()
    for number, table in enumerate(("grants_flagpass", "grants_flagevent", "grants_flag")):
        interrupt(scene, number, table)
        scene.wait_until_passed(number)
    assert scene.outcome() == scene.clean_outcome(3)


def interrupt(scene: Scene, number: int, table: str) -> None:
    """Stop the database as a crash would while a pass stands in an open transaction; start it again a little later."""
    retried = scene.workers[0].said().count(" retry: ")
    holder = scene.postgres.connect(DATABASE)
    holder.execute("begin")
    holder.execute(f"lock table {table} in exclusive mode")
    for group in TASKS:
        scene.send(group, day(number))
    scene.wait_until_blocked()
    scene.postgres.stop("immediate")
    holder.close()
    wait_until(
        lambda: scene.workers[0].said().count(" retry: ") > retried, "the pass notices that it is gone"
    )
    scene.postgres.start()
