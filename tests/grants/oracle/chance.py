"""Seeded chance that likes edges: days on, one before and one after what the rules count from."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from tests.grants.oracle.days import WorkingDays, months_later

T = TypeVar("T")

# Weekends, Christmas, Easter, month ends, leap days, and nothing in particular.
FIRST_LOOKS = (
    date(2026, 11, 21),
    date(2026, 12, 24),
    date(2027, 1, 1),
    date(2027, 2, 28),
    date(2027, 3, 26),
    date(2027, 5, 31),
    date(2026, 8, 30),
    date(2026, 10, 14),
    date(2028, 2, 29),
    date(2028, 2, 28),
    date(2027, 8, 31),
    date(2026, 4, 1),
)


def days_later(day: date, days: int) -> date:
    """A date so many days on."""
    return day + timedelta(days=days)


@dataclass(frozen=True)
class Chance:
    """One seed's chance. `looks` are the days on which the flags will be raised, in order; `look` is one of them."""

    rng: Random
    working_days: WorkingDays
    looks: list[date]
    look: date

    @classmethod
    def seeded(cls, seed: int) -> "Chance":
        """The chance of one seed: four days to look at, and in every other seed closure days near them."""
        rng = Random(seed)
        looks = [FIRST_LOOKS[seed % len(FIRST_LOOKS)]]
        for _ in range(3):
            looks.append(days_later(looks[-1], rng.choice([1, 1, 2, 3, 7, 14, 30, 61])))
        closures = {days_later(looks[0], rng.randrange(-60, 60)) for _ in range(seed % 2 * 6)}
        return cls(rng, WorkingDays(closures), looks, looks[0])

    def at_a_look(self) -> "Chance":
        """The same chance with its mind on another of the days."""
        return Chance(self.rng, self.working_days, self.looks, self.rng.choice(self.looks))

    def some(self, share: float) -> bool:
        """True in that share of the cases."""
        return self.rng.random() < share

    def pick(self, *options: T) -> T:
        """One of them."""
        return self.rng.choice(options)

    def near(self, day: date) -> date:
        """That day, the day before or the day after."""
        return days_later(day, self.pick(-1, 0, 0, 1))

    def often(self, value: T, share: float = 0.9) -> T | None:
        """The value in that share of the cases, else not known."""
        return value if self.some(share) else None

    def working_edge(self, working_days: int) -> date:
        """About so many working days before the look, itself perhaps on a day off."""
        return self.near(self.working_days.before(self.look, working_days))

    def month_edge(self, months: int) -> date:
        """About so many months after the look."""
        return self.near(months_later(self.look, months))

    def around(self, days: int = 40) -> date:
        """Any day within so many of the look."""
        return days_later(self.look, self.rng.randrange(-days, days + 1))
