"""What people do with flags. No page clears one: only the rule does."""

from typing import Any

from grants.forms.flags import (
    AcknowledgeFlagForm,
    AssignFlagForm,
    DateFlagForm,
    NoteFlagForm,
    SnoozeFlagForm,
    WakeFlagForm,
)
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
    operation = staticmethod(acknowledge_flag)


class AssignFlag(FlagAct):
    """Give it to somebody."""

    title = "Give a flag to somebody"
    form_class = AssignFlagForm
    success_message = "Flag given."

    def get_initial(self) -> dict[str, Any]:
        """The person that the address names is chosen already."""
        return {**super().get_initial(), "owner": self.request.GET.get("owner")}

    operation = staticmethod(assign_flag)


class DateFlag(FlagAct):
    """Set the day by which something happens."""

    title = "Set a date for a flag"
    form_class = DateFlagForm
    success_message = "Date set."
    operation = staticmethod(date_flag)


class NoteFlag(FlagAct):
    """Add a note."""

    title = "Add a note to a flag"
    form_class = NoteFlagForm
    success_message = "Note added."

    def version(self) -> None:
        """A note takes nothing away: several people may write one at a time."""

    operation = staticmethod(note_flag)


class SnoozeFlag(FlagAct):
    """Put it aside until its level rises."""

    title = "Snooze a flag"
    form_class = SnoozeFlagForm
    success_message = "Flag snoozed. It returns when its level rises."
    operation = staticmethod(snooze_flag)


class WakeFlag(FlagAct):
    """Take it up again before its level rises."""

    title = "End the snooze of a flag"
    form_class = WakeFlagForm
    success_message = "The snooze has ended: the flag is in the lists again."
    operation = staticmethod(wake_flag)
