"""How many grants of a register can be assessed, and how a page says how many cannot."""

from typing import NamedTuple

from django.db.models import Count

from core.models import User
from grants.models import Grant


class Tracking(NamedTuple):
    """How many grants of a register a person sees that are tracked, and that cannot be assessed as they are not."""

    tracked: int
    untracked: int

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
