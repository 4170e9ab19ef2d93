"""How many grants of a register can be assessed, and how a page says how many cannot."""

from datetime import date
from typing import NamedTuple

from django.db.models import CharField, Count, QuerySet, Value

from core.models import User
from grants.models import Grant
from grants.queries.gaps import GAPS


class Tracking(NamedTuple):
    """How many grants of a register a person sees that are tracked, and that cannot be assessed as they are not.

    `unscheduled` counts those of which nobody can say what is due, where it was asked.
    """

    tracked: int
    untracked: int
    unscheduled: int = 0

    @property
    def is_nothing_known(self) -> bool:
        """Whether there are grants and not one is tracked: nothing can be said of what is due or late."""
        return bool(self.untracked) and not self.tracked

    @property
    def nothing_known_words(self) -> str:
        """Why neither a number nor £0 stands there."""
        of = "the 1 grant" if self.untracked == 1 else f"the {self.untracked:,} grants"
        return f"cannot be assessed: none of {of} of this register is tracked"

    @property
    def words(self) -> str:
        """ "17 grants cannot be assessed: not tracked"; empty when every grant is tracked."""
        if not self.untracked:
            return ""
        return f"{self.untracked:,} {'grant' if self.untracked == 1 else 'grants'} cannot be assessed: not tracked"

    @property
    def unscheduled_words(self) -> str:
        """ "2 approved grants have no dated payment schedule, so what is due is not known."; empty for none."""
        if not self.unscheduled:
            return ""
        have = "approved grant has" if self.unscheduled == 1 else "approved grants have"
        return f"{self.unscheduled:,} {have} no dated payment schedule, so what is due is not known."

    def beside(self, words: str, between: str = ". ") -> str:
        """Words about what is tracked, and how many grants they leave out: those come first where they are most."""
        if not self.untracked:
            return words
        return (
            f"{self.words}{between}{words}"
            if self.untracked > self.tracked
            else f"{words}{between}{self.words}"
        )


def tracking(user: User, *, illustrative: bool) -> Tracking:
    """One query."""
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    found = grants.order_by().aggregate(tracked=Count("tracked_from"), grants=Count("pk"))
    return Tracking(found["tracked"], found["grants"] - found["tracked"])


def without_schedule(user: User, *, illustrative: bool, on: date) -> QuerySet[Grant]:
    """The unpaid grants without a date for their first instalment: those that the register lists as such a gap."""
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    return grants.filter(GAPS["first_due"].has_it(on))


def tracking_of_payments(user: User, *, illustrative: bool, on: date) -> Tracking:
    """With the grants without a schedule: one query, of which an index knows the second part."""
    grants = Grant.objects.visible_to(user).in_register(illustrative=illustrative)
    first, second = (
        rows.order_by()
        .values_list(Value(place, CharField()))
        .annotate(tracked=Count("tracked_from"), grants=Count("pk"))
        for place, rows in (("all", grants), ("", without_schedule(user, illustrative=illustrative, on=on)))
    )
    found = {place: (tracked, every) for place, tracked, every in first.union(second, all=True)}
    tracked, every = found.get("all", (0, 0))
    return Tracking(tracked, every - tracked, found.get("", (0, 0))[1])
