"""The stage of a fault: a register, a queue, workers. Something blocks a pass, something is killed, all is compared."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from celery import Celery

from tests.faults.register import day
from tests.faults.servers import Postgres, Redis, Worker, product_environment, run_python, wait_until

DATABASE, CLEAN = "faults", "clean"
TASKS = {
    "disbursement": "grants.tasks.flag_slow_disbursement",
    "endings": "grants.tasks.flag_cliff_edges",
}
# A worker that is lost with all its processes gives its message back after so long, instead of production's hour.
VISIBILITY_TIMEOUT_SECONDS = 3

# What a pass leaves behind, without the numbers and moments that differ from one run to the next.
FLAGS = """
    select rule, level, rank, facts::text, figures, opened_on, level_since, cleared_on, is_illustrative,
        grant_id, instalment_id, clock_stop_id, round_id, funding_award_id, organisation_id, locality_id, owner_id
    from grants_flag"""
EVENTS = """
    select flag.rule, flag.grant_id, flag.instalment_id, flag.clock_stop_id, flag.round_id, flag.funding_award_id,
        flag.organisation_id, flag.locality_id, flag.opened_on, event.kind, event.on, event.level, event.facts::text,
        event.note, person.email
    from grants_flagevent event join grants_flag flag on flag.id = flag_id join core_user person on person.id = by_id"""
MESSAGES = """
    select person.email, kind, text, is_illustrative from core_message join core_user person on person.id = to_id"""
PASSES = 'select "group", "on" from grants_flagpass'


class Outcome(NamedTuple):
    """Everything that passes wrote: each row as often as it is there."""

    flags: list[Any]
    events: list[Any]
    messages: list[Any]
    passes: list[Any]


class Scene:
    """One database, one queue, and the workers between them."""

    def __init__(self, postgres: Postgres, redis: Redis, folder: Path) -> None:
        self.postgres, self.redis, self.folder = postgres, redis, folder
        self.workers: list[Worker] = []
        self.postgres.create(DATABASE, like="untouched")
        self.environment = product_environment(
            DATABASE_URL=postgres.url(DATABASE),
            REDIS_URL=redis.url,
            LOG_LEVEL="INFO",
            CELERY_VISIBILITY_TIMEOUT_SECONDS=str(VISIBILITY_TIMEOUT_SECONDS),
            EMAIL_URL=f"filemail:///{folder / 'mail'}",
        )

    def end(self) -> None:
        """Kill what still runs."""
        for worker in self.workers:
            worker.kill_all()

    def start_worker(self) -> Worker:
        """One more worker, ready for work."""
        number = len(self.workers)
        worker = Worker(self.environment, self.folder / f"worker-{number}.log", name=f"worker{number}")
        self.workers.append(worker)
        wait_until(lambda: " ready." in worker.said(), f"worker {number} is ready")
        return worker

    def send(self, group: str, on: date) -> None:
        """Send one pass to the queue, as beat does."""
        with Celery(broker=self.redis.url) as beat:
            beat.send_task(TASKS[group], [on.isoformat()])

    @contextmanager
    def blocked(self, table: str) -> Iterator[None]:
        """Meanwhile nobody writes to the table: whoever wants to waits, in the middle of a transaction."""
        with self.postgres.connect(DATABASE) as holder, holder.transaction():
            holder.execute(f"lock table {table} in exclusive mode")
            yield

    def wait_until_blocked(self, count: int = 1) -> None:
        """Wait until so many passes stand in the middle of an open transaction."""
        wait_until(
            lambda: len(self.postgres.waits_for_lock(DATABASE)) >= count, f"{count} passes wait for the lock"
        )

    def wait_until_passed(self, number: int) -> None:
        """Wait until both groups of rules stand at the day of a round, and nothing is left in the queue."""
        on = day(number)
        wait_until(lambda: self._days() == [on, on], f"the passes of {on}")
        wait_until(self.redis.is_done, "every message is answered")

    def _days(self) -> list[date]:
        with self.postgres.connect(DATABASE) as opened:
            return [row[0] for row in opened.execute('select "on" from grants_flagpass')]

    def outcome(self, database: str = DATABASE) -> Outcome:
        """What the passes wrote, in an order that does not hang on when."""
        with self.postgres.connect(database) as opened:
            found = [sorted(opened.execute(query), key=repr) for query in (FLAGS, EVENTS, MESSAGES, PASSES)]
        return Outcome(*found)

    def clean_outcome(self, days: int) -> Outcome:
        """What one clean pass for each of the days makes of a copy of the register."""
        self.postgres.create(CLEAN, like="untouched")
        environment = product_environment(DATABASE_URL=self.postgres.url(CLEAN))
        run_python("-m", "tests.faults.register", "passes", "--days", str(days), environment=environment)
        return self.outcome(CLEAN)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The log lines of the workers with this event."""
        lines = [
            line for worker in self.workers for line in worker.said().splitlines() if line.startswith("{")
        ]
        return [entry for entry in map(json.loads, lines) if entry.get("event") == event]
