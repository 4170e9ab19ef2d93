"""The machine: everybody does everything, in any order, and the laws hold after each step."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from core.errors import ActionRefused
from grants.queries.register_check import faults
from tests.machine.grant_moves import GrantMoves
from tests.machine.list_moves import ListMoves
from tests.machine.money_moves import MoneyMoves
from tests.machine.people_moves import EndingMoves, FlagMoves, HouseMoves
from tests.machine.steps import CALLED, MOVES, move

STEPS_EACH = 100


class Machine(MoneyMoves, GrantMoves, EndingMoves, FlagMoves, HouseMoves, ListMoves):
    """All moves, the passing of days, and forms that were left open."""

    @rule(dice=st.binary(min_size=8, max_size=8))
    def step(self, dice: bytes) -> None:
        """Any move; what it does hangs on the dice alone, so that a run can be repeated and shortened."""
        if not any(dice):
            return  # Hypothesis begins with the simplest machine, which would be one move a hundred times
        random = Random(dice)
        getattr(self, random.choice(MOVES))(random)

    @move
    def days_pass(self, random: Random) -> None:
        """Time goes on."""
        self.on += timedelta(days=random.choice((1, 1, 5, 20, 60)))

    @move
    def an_old_form_is_sent_again(self, random: Random) -> None:
        """Somebody goes back to a page that was sent long ago, and sends it again: nothing is written."""
        safe = [form for form in self.sent if form.arguments.get("version", 0) is not None]
        if not safe:
            return
        form = random.choice(safe)
        with suppress(ActionRefused):
            form.operation(**form.arguments)
        self._insist_nothing_written(f"{form.operation.__name__}, sent again,")

    def teardown(self) -> None:
        """In the end the whole register is checked, constraints and all."""
        try:
            assert not self.number or list(faults()) == []
        finally:
            super().teardown()


def run(machine: type[Machine], *, steps: int, shrink: bool = True, seeds: Iterable[int] = ()) -> None:
    """So many calls of operations at least; days that pass are none.

    Each run is one machine: from the second on Hypothesis would mostly vary the first a little, and find no more.
    """
    chosen = iter(seeds)
    while CALLED.total() < steps:
        number = next(chosen, None)
        one = machine if number is None else seed(number)(type(machine.__name__, (machine,), {}))
        run_state_machine_as_test(one, settings=profile(shrink=shrink))


def profile(*, shrink: bool) -> settings:
    """The simplest machine, which does nothing, and one that was thrown."""
    return settings(
        max_examples=2,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        print_blob=True,
    )
