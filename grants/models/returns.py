"""What providers report: the families they support, and what they expect to leave unspent."""

from django.db import models
from django.db.models import Q

from core.models import Recorded, User, all_or_none
from core.models.base import history, money_field, sorted_either_way
from grants.models.base import in_order, known_choice, not_negative
from grants.models.decisions import Grant


class CaseloadUnit(models.TextChoices):
    """What a caseload counts. Units are never summed with each other."""

    FAMILIES = "families", "Families"
    CHILDREN = "children", "Children and young people"


def people_words(number: int, unit: str | None) -> str:
    """A number of people with its unit: "26 families", "1 child or young person". A unit not named counts families."""
    one, many = ("child or young person", "children and young people")
    if unit != CaseloadUnit.CHILDREN:
        one, many = ("family", "families")
    return f"{number:,} {one if number == 1 else many}"


class ReturnState(models.TextChoices):
    """Where a return stands."""

    DUE = "due", "Due"
    SUBMITTED = "submitted", "Submitted"
    SENT_BACK = "sent_back", "Sent back"
    ACCEPTED = "accepted", "Accepted"


class OutcomeReturn(Recorded):
    """A provider's report for a period. `caseload` is who is being supported on the period's last day."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="returns")
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.DUE)
    submitted_on = models.DateField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="returns_submitted"
    )
    caseload = models.PositiveIntegerField(null=True, blank=True)
    caseload_unit = models.CharField(max_length=10, choices=CaseloadUnit.choices, null=True, blank=True)
    spent_to_date = money_field(null=True, blank=True)
    forecast_underspend = money_field(null=True, blank=True)
    history = history()

    class Meta:
        ordering = ["-period_to", "-id"]
        indexes = [
            models.Index(fields=["grant", "-period_to", "caseload"], name="return_latest"),
            models.Index(fields=["period_to", "id"], name="return_period"),
            models.Index(fields=["state", "due_on"], name="return_state"),
            *sorted_either_way("due_on", name="return_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["grant", "period_to"], name="return_once_per_period"),
            in_order("period_from", "period_to", name="return_period_in_order"),
            models.CheckConstraint(
                condition=all_or_none("caseload", "caseload_unit"), name="return_caseload_has_unit"
            ),
            models.CheckConstraint(
                condition=all_or_none("submitted_on", "submitted_by"), name="return_submitted_paired"
            ),
            models.CheckConstraint(
                condition=Q(state="due", submitted_on__isnull=True)
                | Q(state__in=["submitted", "sent_back", "accepted"], submitted_on__isnull=False),
                name="return_state_matches_submission",
            ),
            known_choice("caseload_unit", CaseloadUnit, name="return_unit_known"),
            not_negative("spent_to_date", name="return_spent_not_negative"),
            not_negative("forecast_underspend", name="return_underspend_not_negative"),
        ]

    def __str__(self) -> str:
        return f"Return to {self.period_to.isoformat()} of {self.grant}"
