"""Money that is due, money that moved, and the stretches in which the council waits."""

from django.db import models
from django.db.models import F, Q

from core.models import Recorded, User, all_or_none
from core.models.base import history, money_field
from grants.models.base import in_order, not_negative
from grants.models.decisions import Grant
from providers.models import Organisation


class Basis(models.TextChoices):
    """When an instalment is owed."""

    IN_ADVANCE = "in_advance", "In advance"
    ON_CLAIM = "on_claim", "On claim"


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    """Instalments that speak."""

    def unpaid(self) -> "InstalmentQuerySet":
        """Not covered by payments that stand, on a grant that runs."""
        return self.filter(
            paid_on__isnull=True, grant__withdrawn_on__isnull=True, grant__closed_on__isnull=True
        )


class Instalment(Recorded):
    """One line of the payment schedule. `paid_on`, the day its payments covered it, is kept by the operations."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    amount = money_field(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    condition = models.CharField(max_length=300, blank=True)
    condition_met_on = models.DateField(null=True, blank=True)
    condition_waits_on = models.CharField(max_length=100, blank=True)
    basis = models.CharField(max_length=12, choices=Basis.choices, default=Basis.IN_ADVANCE)
    claim_valid_on = models.DateField(null=True, blank=True)
    purchase_order = models.CharField(max_length=40, blank=True)
    cost_code = models.CharField(max_length=40, blank=True)
    authorised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="authorisations"
    )
    authorised_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True, editable=False)
    history = history()

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        ordering = ["grant", "number"]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="instalment_unpaid", condition=Q(paid_on__isnull=True)
            ),
            # All that says what is due and ready, in the order in which grants were recorded: the rest of a grant is
            # looked up in that order too. With `paid_on`, always null here, for SQLite to see that nothing is missing.
            models.Index(
                fields=[
                    "id",
                    "grant",
                    "due_on",
                    "amount",
                    "condition",
                    "condition_met_on",
                    "basis",
                    "claim_valid_on",
                    "authorised_on",
                    "paid_on",
                ],
                name="instalment_to_pay",
                condition=Q(paid_on__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["grant", "number"], name="instalment_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="instalment_numbered_from_1"),
            not_negative("amount", name="instalment_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(amount__isnull=False), name="instalment_paid_has_amount"
            ),
            models.CheckConstraint(
                condition=all_or_none("authorised_by", "authorised_on"), name="instalment_authorised_paired"
            ),
            models.CheckConstraint(
                condition=Q(condition_met_on__isnull=True) | ~Q(condition=""),
                name="instalment_met_needs_condition",
            ),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="instalment_basis_known"),
            in_order("period_from", "period_to", name="instalment_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"Instalment {self.number} of {self.grant}"


class PaymentKind(models.TextChoices):
    """Which way the money moved. A recovery takes it back from the provider; a reversal undoes one of either."""

    PAYMENT = "payment", "Payment"
    REVERSAL = "reversal", "Reversal"
    RECOVERY = "recovery", "Recovery"


class Route(models.TextChoices):
    """How the money moved."""

    BACS = "bacs", "BACS"
    JOURNAL = "journal", "Journal"
    OTHER = "other", "Other"


class Payment(models.Model):
    """Money that moved. Never edited: only reversed or recovered by another line. The amount is always positive.

    `above_award`: it had moved although the award did not cover it, and who recorded it said so.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="payments")
    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    kind = models.CharField(max_length=10, choices=PaymentKind.choices, default=PaymentKind.PAYMENT)
    route = models.CharField(max_length=10, choices=Route.choices, default=Route.BACS)
    amount = money_field()
    paid_on = models.DateField()
    payee = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="payments_received"
    )
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversals"
    )
    reference = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="payments_recorded")
    recorded_at = models.DateTimeField()
    receipt_confirmed_on = models.DateField(null=True, blank=True)
    above_award = models.BooleanField(default=False)
    request_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    history = history()

    class Meta:
        ordering = ["paid_on", "id"]
        indexes = [
            models.Index(fields=["paid_on", "id", "kind", "amount", "grant"], name="payment_paid"),
            models.Index(fields=["grant"], name="payment_above", condition=Q(above_award=True)),
            models.Index(fields=["reference"], name="payment_reference"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=Q(kind__in=PaymentKind.values), name="payment_kind_known"),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="payment_route_known"),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses__isnull=True)),
                name="payment_reversal_names_payment",
            ),
            models.CheckConstraint(
                condition=Q(kind="payment") | ~Q(reason=""), name="payment_back_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="payment") | Q(above_award=False), name="payment_above_is_payment"
            ),
            in_order("paid_on", "receipt_confirmed_on", name="payment_receipt_after_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of £{self.amount:,} on {self.paid_on.isoformat()}"


class OnwardPayment(Recorded):
    """What the lead provider passed on to a partner."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="onward_payments")
    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="onward_payments_received"
    )
    amount = money_field()
    paid_on = models.DateField()
    history = history()

    class Meta:
        ordering = ["paid_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="onward_positive")]

    def __str__(self) -> str:
        return f"£{self.amount:,} to {self.partner}"


class WaitingOn(models.TextChoices):
    """Whom the council waits for."""

    PROVIDER = "provider", "Provider"
    FUNDER = "funder", "Funder"


class ClockStop(Recorded):
    """A dated stretch, its last day not counted, in which the council waits for somebody else."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="clock_stops")
    waiting_on = models.CharField(max_length=10, choices=WaitingOn.choices)
    reason = models.CharField(max_length=300)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        ordering = ["started_on", "id"]
        indexes = [
            models.Index(fields=["started_on", "id"], name="stop_open", condition=Q(ended_on__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(waiting_on__in=WaitingOn.values), name="stop_waiting_on_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="stop_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="stop_end_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"Waiting for the {self.waiting_on}: {self.reason}"
