"""Hundreds of steps here, more by STATE_MACHINE_STEPS; every operation has a move; a planted fault is found."""

import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError

import grants.operations
from core.models.base import Recorded
from tests.machine.machine import Machine, run
from tests.machine.steps import ACTED, CALLED, MOVES
from tests.machine.world import make_world

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

STEPS = int(os.environ.get("STATE_MACHINE_STEPS", "500"))
# In two halves, of other seeds, so that two processors can share them.
HALVES = 2
ENOUGH_FOR_EVERYTHING = 5000

# Operations without a move of their own, and why.
WITHOUT_MOVE = {
    "block_newcomers": "part of imports and of organisations found to be one, which have moves",
    "keep_paid_dates": "part of each operation on payments, and held by a law",
    "check_list": "starts a job that looks at a list and writes nothing; the look is part of each import here",
    "import_checked": "starts the job that imports; the import has a move",
    "load_published_register": "a load at the start, not a move; its tests compare every record",
}


@pytest.fixture
def machine() -> type[Machine]:
    """A machine that starts from the world, with nothing counted yet."""
    Machine.world = make_world()
    CALLED.clear()
    ACTED.clear()
    return Machine


@pytest.mark.parametrize("half", range(HALVES))
def test_the_laws_hold_after_every_step(half: int, machine: type[Machine]) -> None:
    run(machine, steps=STEPS // HALVES, seeds=count(half, HALVES))
    if STEPS // HALVES >= ENOUGH_FOR_EVERYTHING:
        moves = public_operations() - WITHOUT_MOVE.keys()
        assert {name: CALLED[name] for name in moves if not ACTED[name]} == {}
        assert {name: CALLED[name] for name in moves if ACTED[name] == CALLED[name]} == {}
    assert ACTED.total() > CALLED.total() / 10


def public_operations() -> set[str]:
    """Every function of grants.operations that is told who acts, by name."""
    names = [
        info.name
        for info in pkgutil.walk_packages(grants.operations.__path__, grants.operations.__name__ + ".")
    ]
    found = set()
    for module in map(importlib.import_module, names):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            told = inspect.signature(function).parameters.get("by")
            if function.__module__ == module.__name__ and told and told.kind is told.KEYWORD_ONLY:
                found.add(name)
    return {name for name in found if not name.startswith("_")}


def test_every_operation_has_a_move() -> None:
    assert public_operations() - WITHOUT_MOVE.keys() - set(MOVES) == set()
    assert WITHOUT_MOVE.keys() <= public_operations()


def nothing(*_: Any, **__: Any) -> None:
    """A guard that guards nothing."""


def never(*_: Any, **__: Any) -> bool:
    """A question that is always answered no."""
    return False


def without_version(record: Any, **_: Any) -> None:
    """Write as a slip would: the version stays, nobody knows who or why."""
    record.save()


def same_version(write: Callable[..., None]) -> Callable[..., None]:
    """A writer that forgets to move the version."""

    def forgetful(record: Any, **told: Any) -> None:
        if isinstance(record, Recorded) and not record._state.adding:
            record.version -= 1
        write(record, **told)

    return forgetful


LEDGER = "grants.operations.payments.ledger"
# What is replaced, by what, and a seed that comes upon it within a few hundred steps: from 0 some take thousands.
PLANTED = {
    "dates that are not kept": (f"{LEDGER}.keep_paid_dates", nothing, 0),
    "payments above the award": (f"{LEDGER}._is_above_award", never, 26),
    "a payment twice": (f"{LEDGER}.repeated", nothing, 0),
    "one person for both": (f"{LEDGER}._insist_second_approver", nothing, 0),
    "anybody may": ("grants.operations.writing.insist", nothing, 0),
    "no history": ("grants.operations.payments.clock_stops.write", without_version, 1),
    "money taken back that never went": (f"{LEDGER}._insist_still_paid", nothing, 0),
    "a form that is out of date": ("grants.operations.writing.insist_on_version", nothing, 1),
    "a day to come": ("grants.operations.decisions.checks.insist_not_future", nothing, 18),
    "one person for the bank details": (
        "grants.operations.decisions.checks._insist_second_person",
        nothing,
        5,
    ),
    "a schedule above the award": ("grants.operations.decisions.details._insist_amount", nothing, 22),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(
    fault: str, machine: type[Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    where, what, first = PLANTED[fault]
    monkeypatch.setattr(where, what)
    with pytest.raises((AssertionError, IntegrityError, BaseExceptionGroup)):
        run(machine, steps=10_000, shrink=False, seeds=count(first))
