"""What somebody might type: mostly what makes sense, often enough what does not."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from django.db.models import Model

from core.models import Role, User
from tests.machine.steps import Steps

T = TypeVar("T")
M = TypeVar("M", bound=Model)

OFFICERS = (Role.COMMISSIONER, Role.FINANCE, Role.ADMINISTRATOR)
COMMISSIONERS = (Role.COMMISSIONER, Role.ADMINISTRATOR)

LATELY = (0, 0, 0, -1, -2, -7)
TO_COME = (1, 7, 20, 60, 200, 500)
EVER = (-400, -120, -30, -7, 0, 1, 14)
AMOUNTS = ("4500.00", "100.00", "0.01", "9000.00", "4499.99", "18000.00", "0", "-5", "0.001")
TEXTS = ("Agreed by e-mail", "Agreed", "", "  ", "Family of 943 476 5919")


class Chooser:
    """Chooses for one move: everything as it should be in every other move, in the rest one thing or another not."""

    def __init__(self, random: Random, steps: Steps) -> None:
        self.random, self.steps = random, steps
        self.sensible = self.random.random() < 0.5

    def pick(self, values: Sequence[T]) -> T:
        """One of them."""
        return self.random.choice(values)

    def often(self) -> bool:
        """Always in a sensible move; three times in four in others, so that mostly one thing alone is wrong."""
        return self.sensible or self.random.random() < 0.75

    def maybe(self, value: T) -> T | None:
        """The value, or nothing."""
        return self.pick((value, None))

    def record(self, model: type[M], **wanted: Any) -> M | None:
        """One row of a table; None while there is none."""
        found = list(model._default_manager.filter(**wanted).order_by("pk"))
        return self.pick(found) if found else None

    def person(self, *roles: str) -> User:
        """Somebody who may, or anybody."""
        return self.pick(self.steps.world.of_role(*roles) if self.often() else self.steps.world.actors)

    def day(self) -> date:
        """Today or lately; or long ago, or to come."""
        return self.steps.on + timedelta(days=self.pick(LATELY if self.often() else EVER))

    def later(self) -> date:
        """A day to come; or one that has passed."""
        return self.steps.on + timedelta(days=self.pick(TO_COME if self.often() else EVER))

    def amount(self, *likely: Decimal | None) -> Decimal:
        """One of the likely amounts; or any."""
        known = [value for value in likely if value is not None]
        return self.pick(known) if known and self.often() else Decimal(self.pick(AMOUNTS))

    def text(self) -> str:
        """Words; or none, or what must not be written down."""
        return self.pick(TEXTS[:2] if self.often() else TEXTS)

    def version(self, now: int) -> int | None:
        """The version that a form would show now; or that of a form opened before."""
        return self.pick((now, None)) if self.often() else max(now - 1, 0)
