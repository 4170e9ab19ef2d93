"""Actions on rounds and funding awards."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.forms.funds import ChangeAwardForm, ExtendRoundForm
from grants.models import FundingAward, Round
from grants.operations.funds import change_award, extend_round
from grants.views.acts import Act, Fact


class ExtendRound(Act):
    """Move a round's close to a later day."""

    title = "Extend the round"
    permission = "grants.extend_round"
    form_class = ExtendRoundForm
    back_label = "Back to the rounds"
    success_message = "Round extended."
    round: Round

    def prepare(self) -> None:
        """The round by its reference."""
        self.round = get_object_or_404(Round.objects.select_related("fund"), ref=self.kwargs["ref"])

    def version(self) -> int:
        """The round's version."""
        return self.round.version

    def about(self) -> str:
        """The round and its fund."""
        return str(self.round)

    def facts(self) -> list[Fact]:
        """Its window as it stands."""
        found = self.round
        days = {
            "Announced": found.announced_on,
            "Closes": found.closes_on,
            "Decision due": found.decision_due_on,
        }
        return [(label, long_date(day) if day else "not known") for label, day in days.items()]

    def act(self, form: Any) -> Round:
        """Extend it."""
        return extend_round(round=self.round, **form.entries(), by=self.person, on=self.today)

    def get_success_url(self) -> str:
        """The list of rounds."""
        return reverse("rounds")


class ChangeAward(Act):
    """Record what the funder agreed about the time to spend, what is not known of it, or that the award is over."""

    title = "Change a funding award"
    permission = "grants.vary_grant"
    form_class = ChangeAwardForm
    back_label = "Back to the funds"
    success_message = "Funding award saved."
    award: FundingAward

    def prepare(self) -> None:
        """The award by its reference."""
        self.award = get_object_or_404(FundingAward.objects.select_related("funder"), ref=self.kwargs["ref"])

    def version(self) -> int:
        """The award's version."""
        return self.award.version

    def get_initial(self) -> dict[str, Any]:
        """The spend-by date as it stands."""
        return {"spend_by": self.award.spend_by}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the award, for what is still to be asked."""
        return {**super().get_form_kwargs(), "award": self.award}

    def about(self) -> str:
        """The award and who gave it."""
        return f"{self.award.title} · {self.award.funder}" if self.award.funder else self.award.title

    def facts(self) -> list[Fact]:
        """The award as it stands."""
        award, spend_by = self.award, self.award.spend_by
        return [
            ("Amount", format_pounds(award.total_amount)),
            ("Counts as spent when", award.get_spent_means_display() if award.spent_means else "not known"),
            ("To be spent by", long_date(spend_by) if spend_by else "not known"),
        ]

    def act(self, form: Any) -> FundingAward:
        """Save it."""
        return change_award(award=self.award, **form.entries(), by=self.person, on=self.today)

    def get_success_url(self) -> str:
        """The list of funds."""
        return reverse("funds")
