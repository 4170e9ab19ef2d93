"""What funders give the council, the funds made of it, and their rounds."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from core.models import Recorded
from core.models.base import history, money_field
from grants.models.base import in_order, known_choice, not_negative
from providers.models import Organisation

if TYPE_CHECKING:
    from datetime import date

    from grants.models.decisions import Grant


class SpentMeans(models.TextChoices):
    """What the funder counts as spent."""

    COMMITTED = "committed", "Committed to grants"
    PAID = "paid", "Paid to providers"
    DEFRAYED = "defrayed", "Spent by providers"


class FundingAward(Recorded):
    """What a funder gave the council, with its conditions. Amounts by financial year are beside it."""

    ref = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=250)
    funder = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="awards_given"
    )
    total_amount = money_field(null=True, blank=True)
    retained_share = models.DecimalField(
        "share the council keeps for running it", max_digits=5, decimal_places=4, null=True, blank=True
    )
    told_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    cash_received_on = models.DateField(null=True, blank=True)
    spend_by = models.DateField(null=True, blank=True)
    spent_means = models.CharField(max_length=10, choices=SpentMeans.choices, null=True, blank=True)
    conditions = models.TextField(blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_illustrative = models.BooleanField(default=False)
    history = history()

    class Meta:
        ordering = ["ref"]
        constraints = [
            not_negative("total_amount", name="award_total_not_negative"),
            known_choice("spent_means", SpentMeans, name="award_spent_means_known"),
            in_order("told_on", "confirmed_on", name="award_told_before_confirmed"),
            models.CheckConstraint(
                condition=Q(retained_share__isnull=True) | Q(retained_share__gte=0, retained_share__lte=1),
                name="award_retained_share_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def available(self) -> Decimal | None:
        """Pounds that may reach grants: the total less the council's share; null where the total is not known."""
        if self.total_amount is None:
            return None
        return (self.total_amount * (1 - (self.retained_share or Decimal(0)))).quantize(Decimal("0.01"))


class FundingAwardYear(models.Model):
    """What an award is worth in one financial year (named by the calendar year in which it begins)."""

    award = models.ForeignKey(FundingAward, on_delete=models.PROTECT, related_name="years")
    financial_year = models.PositiveSmallIntegerField()
    amount = money_field(null=True, blank=True)

    class Meta:
        ordering = ["financial_year"]
        constraints = [
            models.UniqueConstraint(fields=["award", "financial_year"], name="awardyear_once"),
            not_negative("amount", name="awardyear_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.financial_year}/{(self.financial_year + 1) % 100:02d}"


class FunderClaim(Recorded):
    """A claim back to the funder: due, sent, certified, in that order."""

    award = models.ForeignKey(FundingAward, on_delete=models.PROTECT, related_name="claims")
    amount = money_field(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    certified_on = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        ordering = ["due_on"]
        constraints = [
            not_negative("amount", name="claim_not_negative"),
            in_order("sent_on", "certified_on", name="claim_sent_before_certified"),
            models.CheckConstraint(
                condition=Q(certified_on__isnull=True) | Q(sent_on__isnull=False),
                name="claim_certified_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim on {self.award}"


class Fund(Recorded):
    """A pot with rules. Every standard here is a local choice; the defaults are the product's."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    published_name = models.CharField(max_length=200, blank=True)
    awards = models.ManyToManyField(FundingAward, related_name="funds", blank=True)
    payment_standard_working_days = models.PositiveSmallIntegerField(default=21)
    information_norm_working_days = models.PositiveSmallIntegerField(default=30)
    notice_period_months = models.PositiveSmallIntegerField(default=3)
    return_period_months = models.PositiveSmallIntegerField(default=3)
    second_approver_threshold = money_field(null=True, blank=True)
    retention_years = models.PositiveSmallIntegerField(default=7)
    planned_announcement_to_decision_days = models.PositiveSmallIntegerField(default=90)
    planned_announcement_to_first_payment_days = models.PositiveSmallIntegerField(default=135)
    planned_proposal_to_decision_days = models.PositiveSmallIntegerField(default=30)
    eligibility = models.TextField(blank=True)
    target_groups = models.TextField(blank=True)
    target_areas = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    is_illustrative = models.BooleanField(default=False)
    history = history()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_standard_working_days__gte=1), name="fund_standard_positive"
            ),
            models.CheckConstraint(
                condition=Q(return_period_months__gte=1), name="fund_return_period_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    planned_announcement_to_first_payment_days__gte=F("planned_announcement_to_decision_days")
                ),
                name="fund_payment_after_decision",
            ),
            not_negative("second_approver_threshold", name="fund_threshold_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """One line of a fund's outcome framework."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="outcomes")
    code = models.SlugField(max_length=60)
    text = models.CharField(max_length=300)
    is_mandatory = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_mandatory", "id"]
        constraints = [models.UniqueConstraint(fields=["fund", "code"], name="outcome_once_in_fund")]

    def __str__(self) -> str:
        return self.text


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds that speak of their window."""

    def open_to_extension(self, on: "date") -> "RoundQuerySet":
        """Announced and not yet closed: the close can still be moved."""
        return self.filter(announced_on__lte=on, closes_on__gte=on)


class Round(Recorded):
    """One bidding window of a fund."""

    ref = models.SlugField(max_length=80, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=200)
    announced_on = models.DateField(null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True, db_index=True)
    decision_due_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    history = history()

    objects = RoundQuerySet.as_manager()
    grants: "models.Manager[Grant]"

    class Meta:
        ordering = ["-announced_on", "ref"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "name"], name="round_name_once_in_fund"),
            in_order("announced_on", "closes_on", name="round_announced_before_closes"),
            in_order("opens_on", "closes_on", name="round_opens_before_closes"),
            in_order("closes_on", "decision_due_on", name="round_closes_before_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.fund}: {self.name}"
