"""What every story of the year needs: the day it is told on, the calendar, and who and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Model

from core.models import Locality, User
from core.records import write
from core.rules.dates import add_months
from core.rules.working_days import WorkingDays
from grants.models import Fund, FundingAward, Round
from providers.models import Organisation

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Scene:
    """The year's cast. Names in the mappings are the short keys that the stories use."""

    on: date
    calendar: WorkingDays
    users: Mapping[str, User]
    organisations: Mapping[str, Organisation]
    localities: Mapping[str, Locality]
    awards: Mapping[str, FundingAward]
    funds: Mapping[str, Fund]
    rounds: Mapping[str, Round]

    def day(self, days: int) -> date:
        """So many calendar days after the scene's day; negative is before it."""
        return self.on + timedelta(days=days)

    def month(self, months: int) -> date:
        """So many calendar months after the scene's day; negative is before it."""
        return add_months(self.on, months)

    def ago(self, working_days: int) -> date:
        """The working day that many working days before the scene's day."""
        return self.calendar.minus(self.on, working_days)

    def after(self, day: date, working_days: int) -> date:
        """The working day that many working days after `day`."""
        return self.calendar.plus(day, working_days)

    def acting_for(self, provider: Organisation | None) -> User:
        """Who sends a provider's return: its own person, or else the commissioner on its behalf."""
        for key in ("orchard", "meadow"):
            if provider == self.organisations[key]:
                return self.users[key]
        return self.users["commissioner"]


def at_ten(day: date) -> datetime:
    """Ten in the morning, London: when the illustrative office writes things down."""
    return datetime.combine(day, time(10), LONDON)


def at_six(day: date) -> datetime:
    """Six in the morning, London: when the flags of the day are raised."""
    return datetime.combine(day, time(6), LONDON)


def write_on(record: Model, day: date, *, by: User, reason: str) -> None:
    """Write a record as at ten in the morning of a day: its history says so."""
    record._history_date = at_ten(day)  # type: ignore[attr-defined]
    write(record, by=by, reason=reason)
