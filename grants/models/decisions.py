"""The decision and the grant that follows it: its agreement, checks and variations."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from core.models import Locality, Recorded, User, all_or_none
from core.models.base import history, money_field, sorted_either_way
from core.models.users import Role
from grants.models.base import in_order, known_choice, not_negative, partial_date_field
from grants.models.funds import Fund, FundingAward, Round
from providers.models import Organisation, organisations_of

if TYPE_CHECKING:
    from datetime import date


class AwardType(models.TextChoices):
    """In which legal form the money is given."""

    GRANT = "grant", "Grant"
    CONTRACT = "contract", "Contract"
    INTERNAL_TRANSFER = "internal_transfer", "Internal transfer"


class Purpose(models.TextChoices):
    """What the money buys. Only direct support has families who lose it."""

    DIRECT_SUPPORT = "direct_support", "Direct support"
    TRAINING = "training", "Training"
    REVIEW = "review", "Review"
    OTHER = "other", "Other"


class DecisionKind(models.TextChoices):
    """What was decided."""

    APPROVE = "approve", "Approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", "Approve with conditions"
    DEFER = "defer", "Defer"
    DECLINE = "decline", "Decline"


class MadeBy(models.TextChoices):
    """Which office took the decision."""

    OFFICER = "officer", "Officer"
    CABINET_MEMBER = "cabinet_member", "Cabinet member"
    CABINET = "cabinet", "Cabinet"
    FUNDER_PANEL = "funder_panel", "Funder's panel"


APPROVED = (DecisionKind.APPROVE.value, DecisionKind.APPROVE_WITH_CONDITIONS.value)
# The conditions of the partial indexes hold no value: SQLite cannot match one that came as a parameter.
RUNS = Q(tracked_from__isnull=False, closed_on__isnull=True, withdrawn_on__isnull=True)
RUNS_UNPAID = RUNS & Q(first_paid_on__isnull=True)
IS_AWAITING_FIRST_PAYMENT = RUNS_UNPAID & Q(decision__in=APPROVED)
# What was declined or deferred has no money that could end.
MAY_BE_FUNDED = Q(decision__isnull=True) | Q(decision__in=APPROVED)
IS_TRACKED_SUPPORT = RUNS & MAY_BE_FUNDED & Q(purpose=Purpose.DIRECT_SUPPORT.value)


def may_be_support(purpose: str | None, decision: str | None) -> bool:
    """Whether families feel the end: not of what was declined or deferred, nor of what buys something else."""
    return purpose in (None, Purpose.DIRECT_SUPPORT.value) and (decision is None or decision in APPROVED)


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants that speak."""

    def visible_to(self, user: User) -> "GrantQuerySet":
        """What a person may see: the council all that was decided, a provider its own, anybody else nothing."""
        if user.is_council:
            return self
        if user.role == Role.PROVIDER:
            return self.filter(lead_provider__in=organisations_of(user))
        return self.none()

    def in_register(self, *, illustrative: bool) -> "GrantQuerySet":
        """The real register or the illustrative one: the two never share a total."""
        return self.filter(fund__is_illustrative=illustrative)

    def awaiting_first_payment(self) -> "GrantQuerySet":
        """Tracked, approved, running, and no payment that stands."""
        return self.filter(IS_AWAITING_FIRST_PAYMENT)

    def tracked(self) -> "GrantQuerySet":
        """Those whose payments, returns and ending this council records."""
        return self.filter(tracked_from__isnull=False)

    def tracked_support(self) -> "GrantQuerySet":
        """Tracked, open, direct support that was not declined or deferred: those whose ending families feel."""
        return self.filter(IS_TRACKED_SUPPORT)

    def ending_by(self, day: "date") -> "GrantQuerySet":
        """Those that end on or before a day."""
        return self.filter(ends_on__lte=day)


class Grant(Recorded):
    """Funded work with one lead provider. `planned_start` and `planned_end` are as approved; `ends_on` is as it stands.

    `first_paid_on` is kept by the payment operations: the earliest payment not fully reversed. A date published only
    to the month or the year stands in an `_about` column and enters no timing.
    """

    ref = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=250)
    summary = models.TextField(blank=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="grants")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    funding_award = models.ForeignKey(
        FundingAward, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    lead_provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_led"
    )
    partners = models.ManyToManyField(Organisation, through="GrantPartner", related_name="grants_partnered")
    commissioner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_commissioned"
    )
    payer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_paid"
    )
    award_type = models.CharField(max_length=20, choices=AwardType.choices, null=True, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, null=True, blank=True)
    localities = models.ManyToManyField(Locality, related_name="grants", blank=True)
    lead_officer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_led"
    )
    finance_owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_paid"
    )
    tracked_from = models.DateField(null=True, blank=True)

    decision = models.CharField(max_length=30, choices=DecisionKind.choices, null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decision_made_by = models.CharField(max_length=20, choices=MadeBy.choices, null=True, blank=True)
    authority_reference = models.CharField(max_length=120, blank=True)
    call_in_ends_on = models.DateField(null=True, blank=True)
    implementable_on = models.GeneratedField(
        expression=Greatest(F("decided_on"), Coalesce(F("call_in_ends_on"), F("decided_on"))),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    amount_applied_for = money_field(null=True, blank=True)
    amount_awarded = money_field(null=True, blank=True)
    amount_disbursed_undated = money_field(null=True, blank=True)
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    decided_about = partial_date_field()
    starts_about = partial_date_field()
    ends_about = partial_date_field()
    first_paid_on = models.DateField(null=True, blank=True, editable=False)
    withdrawn_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    source = models.CharField(max_length=300, blank=True)
    history = history(excluded_fields=["implementable_on"])

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        indexes = [
            models.Index(fields=["implementable_on", "id"], name="grant_awaiting", condition=RUNS_UNPAID),
            models.Index(fields=["ends_on", "id"], name="grant_support_ending", condition=RUNS),
            # By `id` before what is asked of each, so that a fund's grants are read in the order in which they lie.
            models.Index(fields=["fund", "id", "tracked_from"], name="grant_tracked"),
            # All that pay next asks of a grant: the whole record is thrice as much to read.
            models.Index(
                fields=[
                    "id",
                    "fund",
                    "decision",
                    "implementable_on",
                    "planned_start",
                    "planned_end",
                    "first_paid_on",
                ],
                name="grant_running",
                condition=RUNS,
            ),
            models.Index(fields=["title", "id"], name="grant_title"),
            models.Index(fields=["ends_on", "id"], name="grant_ends"),
            models.Index(fields=["decided_on", "id"], name="grant_decided"),
            *sorted_either_way("ends_on", name="grant_ends"),
            *sorted_either_way("first_paid_on", name="grant_paid"),
            *sorted_either_way("amount_awarded", name="grant_amount"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=all_or_none("decision", "decided_on", "decided_by"), name="grant_decision_paired"
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False)
                | Q(decision_made_by__isnull=True, call_in_ends_on__isnull=True, authority_reference=""),
                name="grant_authority_needs_decision",
            ),
            models.CheckConstraint(
                condition=Q(first_paid_on__isnull=True) | Q(decision__in=APPROVED),
                name="grant_paid_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(first_paid_on__isnull=True) | Q(tracked_from__isnull=False),
                name="grant_paid_is_tracked",
            ),
            models.CheckConstraint(
                condition=Q(decided_about__isnull=True) | Q(decided_on__isnull=True),
                name="grant_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_about__isnull=True) | Q(planned_start__isnull=True),
                name="grant_start_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_about__isnull=True) | Q(ends_on__isnull=True), name="grant_end_once"
            ),
            in_order("planned_start", "planned_end", name="grant_planned_start_before_end"),
            in_order("planned_start", "ends_on", name="grant_start_before_end"),
            not_negative("amount_awarded", name="grant_awarded_not_negative"),
            not_negative("amount_applied_for", name="grant_applied_not_negative"),
            not_negative("amount_disbursed_undated", name="grant_disbursed_not_negative"),
            known_choice("award_type", AwardType, name="grant_award_type_known"),
            known_choice("purpose", Purpose, name="grant_purpose_known"),
            known_choice("decision", DecisionKind, name="grant_decision_known"),
            known_choice("decision_made_by", MadeBy, name="grant_made_by_known"),
        ]

    def __str__(self) -> str:
        return self.title


class PartnerRole(models.TextChoices):
    """As what a partner takes part."""

    PARTNER = "partner", "Partner"
    SCHOOL = "school", "School"


class GrantPartner(models.Model):
    """An organisation that works in a grant beside the lead provider."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="partnerships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    role = models.CharField(max_length=10, choices=PartnerRole.choices, default=PartnerRole.PARTNER)
    history = history()

    class Meta:
        ordering = ["role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "organisation"], name="partner_once_in_grant")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.grant}"


class Agreement(Recorded):
    """The signed terms: issued by the council, signed by the provider, countersigned by the council."""

    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="agreement")
    issued_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField("signed by the provider on", null=True, blank=True)
    countersigned_on = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        constraints = [
            in_order("issued_on", "signed_on", name="agreement_issued_before_signed"),
            in_order("signed_on", "countersigned_on", name="agreement_signed_before_countersigned"),
            models.CheckConstraint(
                condition=Q(countersigned_on__isnull=True) | Q(signed_on__isnull=False),
                name="agreement_countersigned_was_signed",
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(issued_on__isnull=False),
                name="agreement_signed_was_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"Agreement for {self.grant}"


class CheckKind(models.TextChoices):
    """What due diligence looks at."""

    CONSTITUTION = "constitution", "Constitution"
    SAFEGUARDING = "safeguarding", "Safeguarding policy"
    DBS = "dbs", "DBS assurance"
    INSURANCE = "insurance", "Insurance"
    ACCOUNTS = "accounts", "Accounts"
    BANK_DETAILS = "bank_details", "Bank details"
    SUBSIDY_CONTROL = "subsidy_control", "Subsidy control"


class NeededBefore(models.TextChoices):
    """What waits for a check."""

    AGREEMENT = "agreement", "the agreement"
    PAYMENT = "payment", "payment"


class CheckResult(models.TextChoices):
    """What a check found."""

    PASSED = "passed", "Seen and in order"
    FAILED = "failed", "Seen and not in order"


class Check(Recorded):
    """One piece of due diligence, needed before the agreement or before a payment. Bank details are never stored.

    A result of null is "not seen yet". `changed_by` is who told us of new bank details; another person verifies them.
    Until then nothing that moved from `unverified_from` on is paid, or nothing at all where that is null.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=20, choices=CheckKind.choices)
    needed_before = models.CharField(
        max_length=10, choices=NeededBefore.choices, default=NeededBefore.PAYMENT
    )
    requested_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=CheckResult.choices, null=True, blank=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="checks_made"
    )
    checked_on = models.DateField(null=True, blank=True)
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_told"
    )
    unverified_from = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        ordering = ["kind"]
        verbose_name = "check"
        constraints = [
            models.UniqueConstraint(fields=["grant", "kind"], name="check_once_in_grant"),
            models.CheckConstraint(
                condition=all_or_none("result", "checked_by", "checked_on"), name="check_result_paired"
            ),
            models.CheckConstraint(
                condition=Q(changed_by__isnull=True)
                | Q(checked_by__isnull=True)
                | ~Q(checked_by=F("changed_by")),
                name="check_bank_by_second_person",
            ),
            models.CheckConstraint(condition=Q(kind__in=CheckKind.values), name="check_kind_known"),
            models.CheckConstraint(
                condition=Q(needed_before__in=NeededBefore.values), name="check_needed_before_known"
            ),
            known_choice("result", CheckResult, name="check_result_known"),
            in_order("checked_on", "expires_on", name="check_expires_after_checked"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.grant}"


class Variation(Recorded):
    """An agreed change of dates, amount or scope. The old values stay beside the new."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="variations")
    proposed_on = models.DateField()
    decided_on = models.DateField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="variations_decided")
    reason = models.TextField()
    old_ends_on = models.DateField(null=True, blank=True)
    new_ends_on = models.DateField(null=True, blank=True)
    old_amount = money_field(null=True, blank=True)
    new_amount = money_field(null=True, blank=True)
    scope = models.TextField(blank=True)
    history = history()

    class Meta:
        ordering = ["-decided_on", "-id"]
        constraints = [
            in_order("proposed_on", "decided_on", name="variation_proposed_before_decided"),
            not_negative("new_amount", name="variation_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(new_ends_on__isnull=False) | Q(new_amount__isnull=False) | ~Q(scope=""),
                name="variation_changes_something",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="variation_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Variation of {self.grant}"
