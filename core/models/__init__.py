"""Users, the calendar, places, and the bases that records are built on."""

from core.models.base import Recorded, all_or_none, exactly_one
from core.models.calendar import CalendarDay, CalendarEdition, ClosureDay
from core.models.places import Locality, Ward
from core.models.users import Role, User

__all__ = [
    "CalendarDay",
    "CalendarEdition",
    "ClosureDay",
    "Locality",
    "Recorded",
    "Role",
    "User",
    "Ward",
    "all_or_none",
    "exactly_one",
]
