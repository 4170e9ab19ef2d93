"""A worker is killed in the middle of a pass, twenty times: the flags end as if nobody had been."""

import pytest

from tests.faults.register import DAYS, day
from tests.faults.scene import Scene
from tests.faults.servers import Worker

pytestmark = pytest.mark.faults

# Where the pass stands when it is hit: before it writes, amid its flags, amid their events, amid its messages.
PLACES = ("grants_flagpass", "grants_flag", "grants_flagevent", "core_message")
GROUPS = ("disbursement", "endings")


def test_twenty_kills_leave_what_one_clean_pass_a_day_leaves(scene: Scene) -> None:
    worker = scene.start_worker()
    for number in range(DAYS):
        with scene.blocked(PLACES[number % len(PLACES)]):
            for turn in range(2):
                scene.send(GROUPS[(number + turn) % 2], day(number))
            scene.wait_until_blocked()
            worker = strike(scene, worker, number)
        scene.wait_until_passed(number)
    for killed in scene.workers:
        killed.kill_all()
    clean = scene.clean_outcome(DAYS)
    assert scene.outcome() == clean
    assert len(clean.events) > 3 * DAYS
    assert {event[9] for event in clean.events} >= {"opened", "level"}
    assert len(clean.messages) > DAYS


def strike(scene: Scene, worker: Worker, number: int) -> Worker:
    """Kill the process that works, the one that watches over it, or both; the worker that goes on."""
    assert worker.children()
    if number % 2:
        worker.kill_child()
        return worker
    if number % 4 == 0:
        worker.kill_all()
    else:
        worker.kill_main()
    return scene.start_worker()
