"""Actions on a grant's end: the plan, what covers people, who was told."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404

from core.rules.dates import long_date
from grants.forms.endings import CoverForm, RecordNoticeForm, RecordPlanForm
from grants.models import Cover, Notice, SustainabilityPlan
from grants.operations.endings import add_cover, change_cover, record_notice, record_plan
from grants.queries.endings import Ending, ending_of
from grants.rules.cliff import covers_of, nobody_left
from grants.tables.cells import people
from grants.views.acts import Fact, GrantAct


class EndingAct(GrantAct):
    """An action on a grant's end, which first says how many people it leaves without support."""

    permission = "grants.record_plan"

    def facts(self) -> list[Fact]:
        """When it ends and for whom."""
        return ending_words(self.ending)

    @cached_property
    def ending(self) -> Ending:
        """The people of the grant today."""
        return ending_of(self.grant, self.today)


def ending_words(ending: Ending) -> list[Fact]:
    """When a grant ends, who is on its last return, how many have no confirmed support after it."""
    ends = long_date(ending.ends_on) if ending.ends_on else "not known"
    caseload = "not known"
    if ending.caseload is not None and ending.unit is not None and ending.counted_on is not None:
        caseload = f"{people(ending.caseload, ending.unit)}, {long_date(ending.counted_on)}"
    left = "not known" if ending.uncovered is None else f"{ending.uncovered:,}"
    covered = f"{ending.covered:,}"
    if nobody_left(ending.caseload, ending.uncovered):
        by_plan = f"{covered} by the plan, but " if ending.covered else ""
        covered = f"{by_plan}nobody was supported any more on the last return"
    return [
        ("Ends", ends),
        ("On the last return", caseload),
        ("Covered", covered),
        ("Without confirmed support", left),
    ]


class RecordPlan(EndingAct):
    """Record the plan for the end, or change it."""

    title = "Record a plan for the end"
    form_class = RecordPlanForm
    success_message = "Plan saved. Now add who is covered, and by what."

    def find(self) -> None:
        """The plan, if there is one."""
        self.plan = SustainabilityPlan.objects.filter(grant=self.grant).first()

    def version(self) -> int:
        """The plan's version, 0 while there is none."""
        return self.plan.version if self.plan else 0

    def get_initial(self) -> dict[str, Any]:
        """The plan as it stands."""
        return {"summary": self.plan.summary, "reviewed_on": self.plan.reviewed_on} if self.plan else {}

    def act(self, form: Any) -> SustainabilityPlan:
        """Save it."""
        return record_plan(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class AddCover(EndingAct):
    """Add a line to the plan."""

    title = "Add who is covered"
    form_class = CoverForm
    success_message = "Cover added."

    def act(self, form: Any) -> Cover:
        """Add it."""
        return add_cover(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class ChangeCover(EndingAct):
    """Change a line of the plan."""

    title = "Change who is covered"
    form_class = CoverForm
    success_message = "Cover changed."
    cover: Cover

    def find(self) -> None:
        """The line by its id."""
        lines = Cover.objects.filter(plan__grant=self.grant).select_related("plan__grant")
        self.cover = get_object_or_404(lines, pk=self.kwargs["pk"])

    def version(self) -> int:
        """The line's version."""
        return self.cover.version

    def get_initial(self) -> dict[str, Any]:
        """The line as it stands."""
        names = ("kind", "number", "source", "amount", "certainty", "confirmed_on")
        found = {name: getattr(self.cover, name) for name in names}
        return found | {"number": None} if self.counted_before() else found

    def counted_before(self) -> str:
        """How many the line covers in another unit than the last return counts: that number is asked anew."""
        unit = self.cover.unit
        if self.ending.unit is None or covers_of(unit, self.ending.unit):
            return ""
        return people(self.cover.number, unit)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As a line that stands."""
        return {**super().get_form_kwargs(), "is_new": False, "counted_before": self.counted_before()}

    def act(self, form: Any) -> Cover:
        """Change it."""
        return change_cover(cover=self.cover, **form.entries(), by=self.person, on=self.today)


class RecordNotice(EndingAct):
    """Record who was told."""

    title = "Record who was told"
    form_class = RecordNoticeForm
    success_message = "Saved who was told."

    def act(self, form: Any) -> Notice:
        """Record it."""
        return record_notice(grant=self.grant, **form.entries(), by=self.person, on=self.today)
