"""One step: somebody calls an operation. Whatever it answers, what it wrote must be right; then it is sent again."""

import inspect
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine

from core.errors import ActionRefused
from core.models import User
from tests.machine.laws import LAWS, read
from tests.machine.tables import Change, Tables, changes, read_tables, with_history
from tests.machine.world import BEGINS, World

# How often each operation was called, and how often it acted: filled by every machine that runs.
CALLED: Counter[str] = Counter()
ACTED: Counter[str] = Counter()

Operation = Callable[..., Any]
Move = TypeVar("Move", bound=Callable[..., None])

# The names of all moves. Each is as likely as any other; Hypothesis, asked to choose, has its favourites.
MOVES: list[str] = []


def move(function: Move) -> Move:
    """Make a method of a machine one of its moves."""
    MOVES.append(function.__name__)
    return function


class Sent(NamedTuple):
    """A form that was sent and acted on."""

    operation: Operation
    arguments: dict[str, Any]


class Steps(RuleBasedStateMachine):
    """What every machine over the operations shares: the day, the last reading of the tables, the laws."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.on: date = BEGINS
        self.number = 0
        self.sent: list[Sent] = []
        self._whole = transaction.atomic()
        self._whole.__enter__()
        self.tables: Tables = read_tables()

    def teardown(self) -> None:
        """Whatever was done is undone."""
        transaction.set_rollback(True)
        self._whole.__exit__(None, None, None)

    def moment(self) -> datetime:
        """Noon, and a second for each step."""
        return datetime.combine(self.on, time(12), tzinfo=UTC) + timedelta(seconds=self.number)

    def act(
        self,
        operation: Operation,
        *,
        by: User,
        allowed: bool,
        writes: set[str],
        version_now: int | None = None,
        **arguments: Any,
    ) -> Any:
        """Call the operation and hold what follows to the laws; its answer, None when it refused.

        `allowed` is whether this person may ever do this; `writes` names the tables that it may touch; `version_now` is
        the version of what a form would show, for operations that take one.
        """
        self.number += 1
        arguments = self._complete(operation, arguments, by)
        name = operation.__name__
        CALLED[name] += 1
        note(f"{self.number}. {name}, by {by}: {_said(arguments)}")
        try:
            answer = operation(**arguments)
        except ActionRefused:
            self._insist_nothing_written(name)
            return None
        ACTED[name] += 1
        assert allowed, f"{by.role} may not do this: {name}"
        if arguments.get("version") is not None:
            assert arguments["version"] == version_now, f"{name} took a form that was out of date"
        self._look_at_what_was_written(name, by, writes)
        self._send_again(operation, arguments, answer)
        self._hold_the_laws()
        if "request_key" in arguments:
            self.sent.append(Sent(operation, arguments))
        return answer

    def _complete(self, operation: Operation, arguments: dict[str, Any], by: User) -> dict[str, Any]:
        """The arguments with the day, the moment and the form's key, where the operation takes them."""
        given = {
            "by": by,
            "on": self.on,
            "at": self.moment(),
            "request_key": uuid.UUID(int=self.number),
        }
        taken = inspect.signature(operation).parameters
        return {name: value for name, value in given.items() if name in taken} | arguments

    def _hold_the_laws(self) -> None:
        found = read(self.on)
        for law in LAWS:
            law(found)

    def _insist_nothing_written(self, name: str) -> None:
        after = read_tables()
        assert list(changes(self.tables, after)) == [], f"{name} wrote something without acting"

    def _look_at_what_was_written(self, name: str, by: User, writes: set[str]) -> None:
        after = read_tables()
        found = list(changes(self.tables, after))
        histories = {kept.history: table for table, kept in with_history().items()}
        for change in found:
            table = histories.get(change.table, change.table)
            assert table in writes, f"{name} wrote to {table}"
            if change.table in histories:
                assert change.before is None, "history was rewritten"
                assert change.after is not None
                assert change.after["history_user_id"] == by.pk, f"{name}: history names another person"
                assert change.after["history_change_reason"], f"{name}: history has no reason"
            elif change.table in with_history():
                self._look_at_record(name, change, found)
        self.tables = after

    def _look_at_record(self, name: str, change: Change, found: list[Change]) -> None:
        """A record that was written has a line of history for each time, ending as it stands, and its next version.

        One that was removed has a last line that says what it was.
        """
        assert change.after is not None or change.table in REMOVED, f"{name} deleted from {change.table}"
        kept = with_history()[change.table]
        lines = [
            line.after
            for line in found
            if line.table == kept.history and line.after is not None and line.after["id"] == change.pk
        ]
        assert lines, f"{name} wrote to {change.table} without history"
        last = max(lines, key=lambda line: line["history_id"])
        row = change.after or change.before or {}
        stands = {column: value for column, value in row.items() if column in last}
        assert {column: last[column] for column in stands} == stands, f"{name}: history says something else"
        assert (last["history_type"] == "-") == (change.after is None), f"{name}: history says otherwise"
        if change.before is None or change.after is None:
            return
        if kept.versioned:
            moved = change.after["version"] - change.before["version"]
            assert moved == len(lines), f"{name} moved the version by {moved} in {len(lines)} writes"
        if change.table == "grants_payment":
            edited = {column for column, value in change.after.items() if value != change.before[column]}
            assert edited == {"receipt_confirmed_on"}, f"{name} edited a payment: {edited}"
            assert name == "confirm_receipt"

    def _send_again(self, operation: Operation, arguments: dict[str, Any], answer: Any) -> None:
        """A double click: the same form, sent twice, is one act, and answers the same."""
        if operation.__name__ in REMOVES:
            return
        try:
            again = operation(**arguments)
        except ActionRefused as refusal:
            raise AssertionError(f"{operation.__name__}: sent twice, it refused: {refusal}") from refusal
        assert again == answer, f"{operation.__name__}: sent twice, it answered something else"
        self._insist_nothing_written(operation.__name__)


def _said(arguments: dict[str, Any]) -> str:
    """What was typed, for whoever reads how a law was broken."""
    typed = {
        name: value for name, value in arguments.items() if name not in {"by", "on", "at", "request_key"}
    }
    return ", ".join(f"{name}={value}" for name, value in typed.items())


# Operations after which there is nothing left to find: sent again, they refuse.
REMOVES = {"remove_closure_day"}
# Tables from which a row may go. Whatever else was wrong is put right by another record.
REMOVED = {"core_closureday", "grants_grantpartner"}
