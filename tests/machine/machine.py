"""The machine: everybody does everything, in any order, and the laws hold after each step."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from core.errors import ActionRefused
from grants.queries.register_check import faults
from tests.machine.choices import Chooser, dice
from tests.machine.grant_moves import GrantMoves
from tests.machine.list_moves import ListMoves
from tests.machine.money_moves import MoneyMoves
from tests.machine.people_moves import EndingMoves, FlagMoves, HouseMoves

STEPS_EACH = 100


class Machine(MoneyMoves, GrantMoves, EndingMoves, FlagMoves, HouseMoves, ListMoves):
    """All moves, the passing of days, and forms that were left open."""

    @rule(days=st.sampled_from((1, 1, 5, 20, 60)))
    def days_pass(self, days: int) -> None:
        """Time goes on."""
        self.on += timedelta(days=days)

    @rule(dice=dice)
    def an_old_form_is_sent_again(self, dice: bytes) -> None:
        """Somebody goes back to a page that was sent long ago, and sends it again: nothing is written."""
        safe = [form for form in self.sent if form.arguments.get("version", 0) is not None]
        if not safe:
            return
        form = Chooser(dice, self).pick(safe)
        with suppress(ActionRefused):
            form.operation(**form.arguments)
        self._insist_nothing_written(f"{form.operation.__name__}, sent again,")

    def teardown(self) -> None:
        """In the end the whole register is checked, constraints and all."""
        try:
            assert list(faults()) == []
        finally:
            super().teardown()


def profile(steps: int, *, shrink: bool = True, derandomize: bool = False) -> settings:
    """So many steps, in machines of STEPS_EACH."""
    return settings(
        max_examples=-(-steps // STEPS_EACH),
        stateful_step_count=STEPS_EACH,
        deadline=None,
        database=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        print_blob=True,
    )
