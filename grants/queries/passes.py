"""How far the flags have been brought."""

from datetime import date

from grants.models import FlagPass
from grants.queries.candidates import GROUPS


def groups_behind(on: date) -> list[str]:
    """The groups of rules whose flags have not been brought to the day, or a later one."""
    there = set(FlagPass.objects.filter(on__gte=on).values_list("group", flat=True))
    return [group for group in sorted(GROUPS) if group not in there]
