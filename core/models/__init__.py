"""Users, the calendar, places, and the bases that records are built on."""

from core.models.base import Recorded, all_or_none, exactly_one
from core.models.calendar import CalendarDay, CalendarEdition, ClosureDay
from core.models.jobs import Job, JobFile, JobState
from core.models.messages import Delivery, DeliveryState, Message
from core.models.places import Locality, Ward
from core.models.users import Digest, Role, User

__all__ = [
    "CalendarDay",
    "CalendarEdition",
    "ClosureDay",
    "Delivery",
    "DeliveryState",
    "Digest",
    "Job",
    "JobFile",
    "JobState",
    "Locality",
    "Message",
    "Recorded",
    "Role",
    "User",
    "Ward",
    "all_or_none",
    "exactly_one",
]
