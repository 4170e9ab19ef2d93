"""What people do with flags. No page clears one: only the rule does."""

from typing import Any

from django.utils import timezone

from grants.forms.flags import (
    AcknowledgeFlagForm,
    AssignFlagForm,
    DateFlagForm,
    NoteFlagForm,
    SnoozeFlagForm,
    WakeFlagForm,
)
from grants.models import FlagEvent
from grants.operations.flags import (
    acknowledge_flag,
    assign_flag,
    date_flag,
    note_flag,
    snooze_flag,
    wake_flag,
)
from grants.views.acts import FlagAct


class AcknowledgeFlag(FlagAct):
    """Say that somebody is on it."""

    title = "Acknowledge a flag"
    form_class = AcknowledgeFlagForm
    success_message = "Flag acknowledged."

    def act(self, form: Any) -> FlagEvent:
        """Acknowledge it."""
        said = self.said(form)
        return acknowledge_flag(flag=self.flag, **said, by=self.person, on=self.today, at=timezone.now())


class AssignFlag(FlagAct):
    """Give it to somebody."""

    title = "Give a flag to somebody"
    form_class = AssignFlagForm
    success_message = "Flag given."

    def get_initial(self) -> dict[str, Any]:
        """The person that the address names is chosen already."""
        return {**super().get_initial(), "owner": self.request.GET.get("owner")}

    def act(self, form: Any) -> FlagEvent:
        """Give it."""
        said = self.said(form)
        return assign_flag(flag=self.flag, **said, by=self.person, on=self.today, at=timezone.now())


class DateFlag(FlagAct):
    """Set the day by which something happens."""

    title = "Set a date for a flag"
    form_class = DateFlagForm
    success_message = "Date set."

    def act(self, form: Any) -> FlagEvent:
        """Set it."""
        said = self.said(form)
        return date_flag(flag=self.flag, **said, by=self.person, on=self.today, at=timezone.now())


class NoteFlag(FlagAct):
    """Add a note."""

    title = "Add a note to a flag"
    form_class = NoteFlagForm
    success_message = "Note added."

    def version(self) -> None:
        """A note takes nothing away: several people may write one at a time."""

    def act(self, form: Any) -> FlagEvent:
        """Add it."""
        said = self.said(form)
        return note_flag(flag=self.flag, **said, by=self.person, on=self.today, at=timezone.now())


class SnoozeFlag(FlagAct):
    """Put it aside until its level rises."""

    title = "Snooze a flag"
    form_class = SnoozeFlagForm
    success_message = "Flag snoozed. It returns when its level rises."

    def act(self, form: Any) -> FlagEvent:
        """Snooze it."""
        said = self.said(form)
        return snooze_flag(flag=self.flag, **said, by=self.person, on=self.today, at=timezone.now())


class WakeFlag(FlagAct):
    """Take it up again before its level rises."""

    title = "End the snooze of a flag"
    form_class = WakeFlagForm
    success_message = "The snooze has ended: the flag is in the lists again."

    def act(self, form: Any) -> FlagEvent:
        """Wake it."""
        said = self.said(form)
        return wake_flag(flag=self.flag, **said, by=self.person, on=self.today, at=timezone.now())
