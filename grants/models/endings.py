"""What happens to the families when the money ends."""

from django.db import models
from django.db.models import Q

from core.models import Recorded
from core.models.base import history, money_field
from grants.models.base import in_order, known_choice
from grants.models.decisions import Grant
from grants.models.returns import CaseloadUnit


class SustainabilityPlan(Recorded):
    """The plan for a grant's end. Its lines of cover say for how many, by what, how certain."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="plan")
    summary = models.TextField(blank=True)
    recorded_on = models.DateField()
    reviewed_on = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        constraints = [in_order("recorded_on", "reviewed_on", name="plan_reviewed_after_recorded")]

    def __str__(self) -> str:
        return f"Sustainability plan of {self.grant}"


class CoverKind(models.TextChoices):
    """Why a family is not left without support."""

    FINISHES = "finishes", "Support finishes as planned"
    CONFIRMED_FUNDING = "confirmed_funding", "Continues under other funding"
    NAMED_SERVICE = "named_service", "Accepted by a named service"


class Certainty(models.TextChoices):
    """How sure a line of cover is. Only what is confirmed counts."""

    HOPED = "hoped", "Hoped for"
    APPLIED = "applied", "Applied for"
    CONFIRMED = "confirmed", "Confirmed"


class Cover(Recorded):
    """One line of a plan: how many of the caseload it covers, by which source or service, how certain, since when.

    `unit` is what the caseload counted when the line was written, null where that was not known: then it counts what
    the caseload counts.
    """

    plan = models.ForeignKey(SustainabilityPlan, on_delete=models.PROTECT, related_name="covers")
    kind = models.CharField(max_length=20, choices=CoverKind.choices)
    number = models.PositiveIntegerField("how many of the caseload")
    unit = models.CharField(max_length=10, choices=CaseloadUnit.choices, null=True, blank=True)
    source = models.CharField("funding source or service", max_length=200, blank=True)
    amount = money_field(null=True, blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty.choices, default=Certainty.HOPED)
    confirmed_on = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CoverKind.values), name="cover_kind_known"),
            models.CheckConstraint(condition=Q(certainty__in=Certainty.values), name="cover_certainty_known"),
            known_choice("unit", CaseloadUnit, name="cover_unit_known"),
            models.CheckConstraint(
                condition=Q(certainty="confirmed", confirmed_on__isnull=False)
                | (~Q(certainty="confirmed") & Q(confirmed_on__isnull=True)),
                name="cover_confirmed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(kind="finishes") | ~Q(source=""), name="cover_names_its_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.number}"


class Told(models.TextChoices):
    """Who was told that the money ends."""

    PROVIDER = "provider", "Provider (written notice)"
    FAMILIES = "families", "Families"
    PARTNERS = "partners", "Partners and schools"


class Notice(Recorded):
    """Who was told of the end, and when."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="notices")
    told = models.CharField(max_length=10, choices=Told.choices)
    told_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    history = history()

    class Meta:
        ordering = ["told_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "told", "told_on"], name="notice_once"),
            models.CheckConstraint(condition=Q(told__in=Told.values), name="notice_told_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_told_display()} told on {self.told_on.isoformat()}"
