"""Organisations, the registers that know them, and the people who act for them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Subquery

from core.models import Locality, User, Ward
from core.models.base import history

if TYPE_CHECKING:
    from datetime import date


class OrganisationKind(models.TextChoices):
    """What an organisation is; null where nobody has said."""

    CHARITY = "charity", "Charity"
    SCHOOL = "school", "School"
    COMPANY = "company", "Company"
    PUBLIC_BODY = "public_body", "Public body"
    CONSORTIUM = "consortium", "Consortium"
    FAITH = "faith", "Faith group"
    INDIVIDUAL = "individual", "Individual (no name kept)"
    OTHER = "other", "Other"


class Organisation(models.Model):
    """Anybody who gives, receives or pays public money. Individuals are kept without a name."""

    ref = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices, null=True, blank=True)
    ward = models.ForeignKey(
        Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    locality = models.ForeignKey(
        Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="other_records"
    )
    address_confidential = models.BooleanField(default=False)
    is_illustrative = models.BooleanField(default=False)
    history = history()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="organisation_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__isnull=True) | Q(kind__in=[k.value for k in OrganisationKind]),
                name="organisation_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationIdentifier(models.Model):
    """An organisation's number in a public register, for example GB-CHC 1100000 or GB-EDU 100000."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=80)
    history = history()

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="identifier_names_one_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"


class Likeness(models.TextChoices):
    """What a person said of two records that look like one organisation."""

    OPEN = "open", "To be looked at"
    SAME = "same", "The same organisation"
    DIFFERENT = "different", "Two organisations"


class ProbableDuplicate(models.Model):
    """Two records that may be one organisation: offered to a person, never merged by a guess.

    `newer` is the record that an import made; after "the same" its grants belong to `older`.
    """

    older = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    newer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=Likeness.choices, default=Likeness.OPEN)
    found_on = models.DateField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["found_on", "id"]
        indexes = [models.Index(fields=["found_on", "id"], name="duplicate_open", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(fields=["older", "newer"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=~Q(older=models.F("newer")), name="duplicate_is_two_records"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_on__isnull=True)
                | Q(state__in=["same", "different"], decided_by__isnull=False, decided_on__isnull=False),
                name="duplicate_decision_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newer} may be {self.older}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships that hold on a date."""

    def current(self, on: "date") -> "MembershipQuerySet":
        """Started on or before `on` and not ended by then."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), started_on__lte=on)


class Membership(models.Model):
    """A person acts for an organisation from one date until another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    history = history()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_on__isnull=True),
                name="membership_one_current",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="membership_end_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


def organisations_of(user: User) -> Subquery:
    """The ids of the organisations that a person acts for now, as a subquery. An ended membership shows nothing."""
    return Subquery(Membership.objects.filter(user=user, ended_on__isnull=True).values("organisation_id"))
