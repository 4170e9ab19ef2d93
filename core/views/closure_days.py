"""`/closure-days/`: the days on which this council is closed though England is not."""

from datetime import date
from typing import Any

import django_tables2 as tables2
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy

from core.forms import AddClosureDayForm, RemoveClosureDayForm
from core.models import ClosureDay, Role
from core.operations.closure_days import add_closure_day, remove_closure_day
from core.rules.dates import long_date
from core.web.formats import counted
from core.web.tables import DateColumn, Table
from core.web.views import FormPage


class ClosureDayTable(Table):
    """Closure days, each with the way to remove it."""

    date = DateColumn()
    reason = tables2.Column()
    remove = tables2.Column(
        accessor="pk",
        verbose_name="Change",
        linkify=lambda record: reverse("remove_closure_day", args=[record.pk]),
    )

    def render_remove(self, record: ClosureDay) -> str:
        """Which day the link removes."""
        return f"Remove {long_date(record.date)}"


class ClosureDays(FormPage):
    """Closure days to come and past, and a form that adds one."""

    title = "Closure days"
    roles = (Role.ADMINISTRATOR,)
    form_class = AddClosureDayForm
    template_name = "core/closure_days.html"
    success_url = reverse_lazy("closure_days")

    def get_back_url(self) -> str:
        """None: this page stands by itself."""
        return ""

    def operate(self, form: Any) -> ClosureDay:
        """Add it."""
        return add_closure_day(**form.cleaned_data, by=self.person)

    def get_success_message(self, result: ClosureDay) -> str:
        """What follows from it."""
        return f"{long_date(result.date)} is a closure day. Every timing counts it as not worked from now on."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The days to come, the next first, and the past ones, the last first."""
        days = list(ClosureDay.objects.order_by("date"))
        coming = [one for one in days if one.date >= self.today]
        past = [one for one in reversed(days) if one.date < self.today]
        return super().get_context_data(
            summary=_summary(coming),
            coming=ClosureDayTable(coming, orderable=False, caption="To come", identity="coming"),
            past=ClosureDayTable(past, orderable=False, caption="Past", identity="past") if past else None,
            **kwargs,
        )


def _summary(coming: list[ClosureDay]) -> str:
    if not coming:
        return "No closure day is to come: the council works on every day that England does."
    return f"{counted(len(coming), 'closure day')} to come · the next is {long_date(coming[0].date)}"


class RemoveClosureDay(FormPage):
    """Asks whether a closure day is to be removed, and removes it."""

    title = "Remove a closure day"
    roles = (Role.ADMINISTRATOR,)
    form_class = RemoveClosureDayForm
    template_name = "core/remove_closure_day.html"
    success_url = reverse_lazy("closure_days")
    back_label = "Back to closure days"
    closure: ClosureDay

    def prepare(self) -> None:
        """Find the day."""
        self.closure = get_object_or_404(ClosureDay, pk=self.kwargs["pk"])

    def operate(self, form: Any) -> date:
        """Remove it."""
        return remove_closure_day(closure=self.closure, by=self.person)

    def get_success_message(self, result: date) -> str:
        """What follows from it."""
        return f"{long_date(result)} is removed. Every timing counts it as worked from now on."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which day, and why it was closed."""
        facts = [("Date", long_date(self.closure.date)), ("Reason", self.closure.reason)]
        return super().get_context_data(facts=facts, **kwargs)
