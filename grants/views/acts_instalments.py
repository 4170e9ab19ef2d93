"""Actions on one line of the schedule: what has to be there before it is paid."""

from typing import Any

from core.models import Role
from grants.forms.payments import AuthoriseInstalmentForm, MeetConditionForm, RecordClaimForm
from grants.models import Instalment
from grants.operations.payments import authorise_instalment, meet_condition, record_claim
from grants.views.acts import Fact, InstalmentAct


class AuthoriseInstalment(InstalmentAct):
    """Allow a payment as the second person."""

    title = "Authorise an instalment"
    permission = "grants.authorise_instalment"
    form_class = AuthoriseInstalmentForm
    success_message = "Instalment authorised."

    def facts(self) -> list[Fact]:
        """The instalment, and for finance what authorising it takes away."""
        after = "You cannot record its payment yourself: another person in finance must"
        return super().facts() + (
            [("If you authorise it", after)] if self.person.role == Role.FINANCE else []
        )

    def act(self, form: Any) -> Instalment:
        """Authorise it."""
        return authorise_instalment(
            instalment=self.instalment, **form.entries(), by=self.person, on=self.today
        )


class MeetCondition(InstalmentAct):
    """Record that a condition is met."""

    title = "Record that the condition is met"
    permission = "grants.meet_condition"
    form_class = MeetConditionForm
    success_message = "Condition recorded as met."

    def act(self, form: Any) -> Instalment:
        """Record it."""
        return meet_condition(instalment=self.instalment, **form.entries(), by=self.person, on=self.today)


class RecordClaim(InstalmentAct):
    """Record that a valid claim came."""

    title = "Record a valid claim"
    permission = "grants.record_claim"
    form_class = RecordClaimForm
    success_message = "Claim recorded."

    def act(self, form: Any) -> Instalment:
        """Record it."""
        return record_claim(instalment=self.instalment, **form.entries(), by=self.person, on=self.today)
