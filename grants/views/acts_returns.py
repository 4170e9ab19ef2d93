"""What providers, and officers for them, report."""

from contextlib import suppress
from datetime import date
from typing import Any

from core.errors import ActionRefused
from core.rules.dates import long_date
from grants.forms.returns import RecordCaseloadForm
from grants.models import CaseloadUnit, OutcomeReturn, ReturnState
from grants.operations.returns import REPLACES, record_caseload
from grants.queries.returns import SHOWN_STATES, shown_state
from grants.tables.cells import people
from grants.views.acts import Fact, GrantAct

SHOWN = 4


class RecordCaseload(GrantAct):
    """Record who is supported; `?period_to=2026-09-30` opens the return for that day."""

    title = "Record who is supported"
    permission = "grants.record_caseload"
    for_its_provider = True
    form_class = RecordCaseloadForm

    def find(self) -> None:
        """The returns, and the one that the address names, or else the first that is due."""
        self.returns = list(self.grant.returns.order_by("-period_to")[:50])
        asked = None
        with suppress(ValueError):
            asked = date.fromisoformat(self.request.GET.get("period_to", ""))
        due = [
            r
            for r in self.returns
            if r.state in (ReturnState.DUE, ReturnState.SENT_BACK) and r.period_to <= self.today
        ]
        self.chosen = self.of(asked) if asked else (due[-1] if due else None)
        self.period_to = asked or (self.chosen.period_to if self.chosen else None)

    def of(self, period_to: date | None) -> OutcomeReturn | None:
        """The return for a day."""
        return next((record for record in self.returns if record.period_to == period_to), None)

    def version(self) -> int:
        """The version of the return that the form opened with, 0 where there was none."""
        return self.chosen.version if self.chosen else 0

    def version_now(self, form: Any) -> int:
        """That of the return for the day that was typed."""
        typed = self.of(form.cleaned_data.get("period_to"))
        return typed.version if typed else 0

    def get_initial(self) -> dict[str, Any]:
        """The return as it stands; in what the last one counted."""
        counted = [record for record in self.returns if record.caseload_unit]
        unit = counted[0].caseload_unit if counted else CaseloadUnit.FAMILIES.value
        initial: dict[str, Any] = {"period_to": self.period_to, "caseload_unit": unit}
        if self.chosen:
            names = ("caseload", "forecast_underspend", "spent_to_date")
            initial |= {name: getattr(self.chosen, name) for name in names}
        return initial

    def facts(self) -> list[Fact]:
        """The last returns."""
        return [
            (long_date(record.period_to), return_words(record, self.today)) for record in self.returns[:SHOWN]
        ]

    def act(self, form: Any) -> OutcomeReturn:
        """Save it; what was reported for a day that the form did not show is replaced only where the box says so."""
        entries = form.entries()
        if not entries.pop(REPLACES, False):
            entries["version"] = self.shown_version(entries)
        try:
            return record_caseload(grant=self.grant, **entries, by=self.person, on=self.today)
        except ActionRefused as refusal:
            if refusal.field == REPLACES:
                form.data = form.data.copy()
                form.data["version"] = str(self.version_now(form))
            raise

    def shown_version(self, entries: dict[str, Any]) -> int | None:
        """The version that the form was opened with, if the day is still the one that it showed."""
        version: int | None = entries["version"]
        if entries["period_to"] == self.period_to:
            return version
        typed = self.of(entries["period_to"])
        return typed.version if typed and typed.caseload is None else 0

    def get_success_message(self, result: OutcomeReturn) -> str:
        """For which day it was saved."""
        return f"Saved for {long_date(result.period_to)}."


def return_words(record: OutcomeReturn, on: date) -> str:
    """What a return counts and where it stands, as the list of returns says it."""
    state = SHOWN_STATES[shown_state(record.state, record.due_on, on)]
    if record.caseload is None or record.caseload_unit is None:
        return state
    return f"{people(record.caseload, record.caseload_unit)} ({state.lower()})"
