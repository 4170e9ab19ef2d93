"""Flags and their events: a table of their own, outside the general history."""

from django.db import models
from django.db.models import F, Q

from core.models import Locality, User, all_or_none, exactly_one
from grants.models.decisions import Grant
from grants.models.funds import FundingAward, Round
from grants.models.payments import ClockStop, Instalment
from grants.rules.levels import Level, Rule
from providers.models import Organisation

SUBJECT_FIELDS = ("grant", "instalment", "clock_stop", "round", "funding_award", "organisation", "locality")

RULE_LABELS = {
    Rule.SLOW_FIRST_PAYMENT: "First payment slow",
    Rule.LATE_INSTALMENT: "Later instalment late",
    Rule.PAID_ABOVE_AWARD: "Paid above the award",
    Rule.STOP_TO_CHASE: "Clock stop to chase",
    Rule.SHORT_NOTICE_ROUND: "Round at short notice",
    Rule.MONEY_MAY_GO_BACK: "Money that may go back",
    Rule.CLIFF_EDGE: "Ending without cover",
    Rule.CLUSTER: "Endings that meet",
}
LEVEL_LABELS = {
    Level.WATCH: "Watch",
    Level.HIGH: "High",
    Level.LATE: "Late",
    Level.CRITICAL: "Critical",
    Level.FALLEN: "Ended: support not confirmed",
}
IS_AWAKE = Q(snoozed_rank__isnull=True) | Q(snoozed_rank__lt=F("rank"))
DECISIONS = (Rule.CLIFF_EDGE, Rule.SHORT_NOTICE_ROUND, Rule.MONEY_MAY_GO_BACK)


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags that speak."""

    def standing(self) -> "FlagQuerySet":
        """Raised and not cleared."""
        return self.filter(cleared_on__isnull=True)

    def visible_to(self, user: User) -> "FlagQuerySet":
        """Officers see every flag; nobody else sees any."""
        return self if user.is_officer else self.none()

    def in_register(self, *, illustrative: bool) -> "FlagQuerySet":
        """Flags of the real register, or of the illustrative one."""
        return self.filter(is_illustrative=illustrative)

    def awake(self) -> "FlagQuerySet":
        """Not snoozed, or snoozed at a lower level than it has now."""
        return self.filter(IS_AWAKE)

    def asking_a_decision(self) -> "FlagQuerySet":
        """What can still be decided; what has ended asks for cover, not for a decision about the money."""
        return self.filter(rule__in=DECISIONS).exclude(level=Level.FALLEN)


def _one_open(subject: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=[subject, "rule"],
        condition=Q(cleared_on__isnull=True, **{f"{subject}__isnull": False}),
        name=f"flag_one_open_per_{subject}",
    )


class Flag(models.Model):
    """Something that needs a person. A rule raises, re-levels and clears it; people own, date, note and snooze it.

    `rank` orders the levels by harm; `facts` are those of the last event of the rule, and `figures` what its sentence
    hangs on besides the days that pass: when they change the flag gets new facts, though its level may stay.
    """

    rule = models.CharField(max_length=30, choices=[(r.value, label) for r, label in RULE_LABELS.items()])
    level = models.CharField(max_length=10, choices=[(v.value, label) for v, label in LEVEL_LABELS.items()])
    rank = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)
    figures = models.TextField(blank=True)
    opened_on = models.DateField()
    level_since = models.DateField()
    cleared_on = models.DateField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, blank=True, related_name="flags")
    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )
    clock_stop = models.ForeignKey(
        ClockStop, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="flags")
    funding_award = models.ForeignKey(
        FundingAward, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )
    locality = models.ForeignKey(
        Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="flags"
    )

    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="flags_owned"
    )
    act_by = models.DateField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="flags_acknowledged"
    )
    acknowledged_on = models.DateField(null=True, blank=True)
    snoozed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="flags_snoozed"
    )
    snoozed_on = models.DateField(null=True, blank=True)
    snoozed_rank = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-rank", "opened_on", "id"]
        indexes = [
            models.Index(
                fields=["-rank", "opened_on", "id"],
                name="flag_standing",
                condition=Q(cleared_on__isnull=True),
            ),
            models.Index(
                fields=["-rank", "opened_on", "id"],
                name="flag_cleared",
                condition=Q(cleared_on__isnull=False),
            ),
            models.Index(fields=["opened_on", "id"], name="flag_opened"),
            # All that is counted of the flags that stand, without their facts. With `cleared_on`, always null here, for
            # SQLite to see that nothing is missing.
            models.Index(
                fields=["is_illustrative", "rule", "level", "owner", "rank", "snoozed_rank", "cleared_on"],
                name="flag_counted",
                condition=Q(cleared_on__isnull=True),
            ),
            models.Index(
                fields=["owner", "-rank", "opened_on", "id"],
                name="flag_standing_owner",
                condition=Q(cleared_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=exactly_one(*SUBJECT_FIELDS), name="flag_exactly_one_subject"),
            *(_one_open(subject) for subject in SUBJECT_FIELDS),
            models.CheckConstraint(condition=Q(rule__in=[r.value for r in Rule]), name="flag_rule_known"),
            models.CheckConstraint(condition=Q(level__in=[v.value for v in Level]), name="flag_level_known"),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | Q(cleared_on__gte=F("opened_on")),
                name="flag_cleared_after_opened",
            ),
            models.CheckConstraint(
                condition=all_or_none("acknowledged_by", "acknowledged_on"), name="flag_acknowledged_paired"
            ),
            models.CheckConstraint(
                condition=all_or_none("snoozed_by", "snoozed_on", "snoozed_rank"), name="flag_snoozed_paired"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()}: {self.get_level_display()}"

    @property
    def is_snoozed(self) -> bool:
        """Whether it waits for its level to rise: those that are not are `awake`."""
        return self.snoozed_rank is not None and self.snoozed_rank >= self.rank


class FlagEventKind(models.TextChoices):
    """What happened to a flag."""

    OPENED = "opened", "Raised"
    LEVEL = "level", "Level changed"
    FIGURES = "figures", "Figures changed"
    CLEARED = "cleared", "Cleared"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    REASSIGNED = "reassigned", "Given to somebody"
    DATED = "dated", "Date set"
    NOTED = "noted", "Note"
    SNOOZED = "snoozed", "Snoozed"
    WOKEN = "woken", "Snooze ended"


class FlagEvent(models.Model):
    """One thing that happened to a flag, with the facts it was judged on, or what a person did and said."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=FlagEventKind.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="flag_events")
    level = models.CharField(max_length=10, choices=[(v.value, label) for v, label in LEVEL_LABELS.items()])
    facts = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="flagevent_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FlagEventKind.values), name="flagevent_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on.isoformat()}"


class FlagPass(models.Model):
    """The last day to which the flags were brought, by group of rules. One row a group; a repeat changes nothing."""

    group = models.CharField(max_length=20, unique=True)
    on = models.DateField()

    class Meta:
        ordering = ["group"]
        verbose_name_plural = "flag passes"

    def __str__(self) -> str:
        return f"{self.group} up to {self.on.isoformat()}"
