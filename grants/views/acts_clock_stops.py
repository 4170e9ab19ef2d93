"""Actions on the stretches in which the council waits."""

from typing import Any

from django.shortcuts import get_object_or_404

from core.rules.dates import long_date
from grants.forms.payments import CorrectClockStopForm, EndClockStopForm, StartClockStopForm
from grants.models import ClockStop
from grants.operations.payments import correct_clock_stop, end_clock_stop, start_clock_stop
from grants.views.acts import Fact, GrantAct


class StartClockStop(GrantAct):
    """Record that the council waits."""

    title = "Stop the clock"
    permission = "grants.stop_clock"
    form_class = StartClockStopForm
    success_message = "Clock stop recorded."

    def act(self, form: Any) -> ClockStop:
        """Record it."""
        return start_clock_stop(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class ClockStopAct(GrantAct):
    """An action on one clock stop of a grant."""

    permission = "grants.stop_clock"
    stop: ClockStop

    def find(self) -> None:
        """The stop by its id."""
        self.stop = get_object_or_404(self.grant.clock_stops.select_related("grant"), pk=self.kwargs["pk"])

    def version(self) -> int:
        """The stop's version."""
        return self.stop.version


class CorrectClockStop(ClockStopAct):
    """Put right what was recorded of a wait."""

    title = "Correct a clock stop"
    form_class = CorrectClockStopForm
    success_message = "Clock stop corrected."

    def get_initial(self) -> dict[str, Any]:
        """The stop as it stands."""
        names = ("waiting_on", "reason", "started_on", "ended_on")
        return {**super().get_initial(), **{name: getattr(self.stop, name) for name in names}}

    def act(self, form: Any) -> ClockStop:
        """Correct it."""
        return correct_clock_stop(stop=self.stop, **form.entries(), by=self.person, on=self.today)


class EndClockStop(ClockStopAct):
    """Record that the wait is over."""

    title = "End a clock stop"
    form_class = EndClockStopForm
    success_message = "Clock stop ended."

    def facts(self) -> list[Fact]:
        """The stop; of one that has ended, that there is nothing left to end."""
        rows = [
            ("Waiting for", self.stop.get_waiting_on_display()),
            ("What for", self.stop.reason),
            ("Since", long_date(self.stop.started_on)),
        ]
        if self.stop.ended_on is not None:
            ended_on = long_date(self.stop.ended_on)
            rows.append(
                ("Ended", f"on {ended_on} already. If that is wrong, correct the clock stop instead.")
            )
        return rows

    def act(self, form: Any) -> ClockStop:
        """End it."""
        return end_clock_stop(stop=self.stop, **form.entries(), by=self.person, on=self.today)
