"""Entries that fill in what is not known of a grant."""

from typing import Any

from django import forms
from django.db.models import Q

from core.models import Locality, Role, User
from core.models.users import OFFICER_ROLES
from core.web.fields import DateField, MoneyField
from grants.forms.base import ActForm
from grants.models import FundingAward, Grant
from grants.models.decisions import APPROVED, AwardType, DecisionKind, Purpose
from grants.operations.decisions.details import DECIDED, VARIED_LATER, Details
from providers.models import OrganisationKind

EXAMPLE = "For example, 27 3 2026."
NOT_KNOWN = ("", "Not known")
ONCE = "Once it is known, a variation changes it."


def person_field(label: str) -> forms.ModelChoiceField:
    """A person or nobody; whom it offers is set when the form is made."""
    return forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=label, empty_label="Not known"
    )


def choice_field(label: str, choices: list[tuple[str, str]], **options: Any) -> forms.TypedChoiceField:
    """One of the choices, or None."""
    return forms.TypedChoiceField(
        choices=[NOT_KNOWN, *choices], required=False, empty_value=None, coerce=str, label=label, **options
    )


class RecordDetailsForm(ActForm):
    """A grant's details. What only a variation may change is asked for only while it is not known."""

    submit_label = "Save the details"
    mark_optional = False
    lead_officer = person_field("Lead officer")
    finance_owner = person_field("Finance owner")
    localities = forms.ModelMultipleChoiceField(
        queryset=Locality.objects.none(),
        to_field_name="slug",  # SQLite takes no number of twenty digits, which anybody may send
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Where does it work?",
    )
    tracked_from = DateField(
        required=False,
        label="Tracked from",
        help_text="The day from which the council records its payments, returns and ending. Empty: not tracked.",
    )
    purpose = choice_field("Purpose", list(Purpose.choices))
    award_type = choice_field("Award type", list(AwardType.choices))
    funding_award = forms.ModelChoiceField(
        queryset=FundingAward.objects.none(),
        to_field_name="ref",
        required=False,
        label="Funding award",
        empty_label="Not known",
        help_text="The award that pays for this grant, of those that pay for its fund.",
    )
    decision = choice_field("Decision", [(kind, DecisionKind(kind).label) for kind in APPROVED])
    decided_on = DateField(
        required=False,
        label="Decided on",
        help_text=f"{EXAMPLE} You are recorded for it, so another person must authorise and pay. It cannot be changed.",
    )
    planned_start = DateField(required=False, label="Planned start", help_text=ONCE)
    planned_end = DateField(required=False, label="Planned end", help_text=ONCE)
    ends_on = DateField(required=False, label="Ends on", help_text=ONCE)
    amount_awarded = MoneyField(required=False, label="Amount awarded", help_text=ONCE)

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Locality.objects.filter(is_illustrative=grant.fund.is_illustrative).order_by("name")
        self._offer("lead_officer", _there(OFFICER_ROLES, grant.lead_officer_id))
        self._offer("finance_owner", _there({Role.FINANCE}, grant.finance_owner_id))
        self._offer("localities", places)
        self._offer("funding_award", _paying(grant))
        for name in (*VARIED_LATER, *DECIDED):
            if getattr(grant, name) is not None:
                del self.fields[name]

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].queryset = choices  # type: ignore[attr-defined]

    def entries(self) -> dict[str, Any]:
        """What the operation takes: the details in one, beside the key and the version."""
        typed = super().entries()
        beside = {name: typed.pop(name) for name in ("request_key", "version")}
        return {"details": Details(**{**typed, "localities": tuple(typed["localities"])}), **beside}


class NameProviderForm(ActForm):
    """Who leads a grant. Whether an unknown name is to be added is asked only once nobody has it."""

    questions = {"is_new": "It is not in the register yet: add it as a new organisation"}

    submit_label = "Save the provider"
    mark_optional = False
    provider = forms.CharField(
        max_length=250,
        label="Lead provider",
        help_text="Its name, or its charity, company or school number.",
        error_messages={"required": "Enter the name or the number of the provider"},
    )
    kind = choice_field(
        "What kind of organisation is it?",
        [(value, label) for value, label in OrganisationKind.choices if value != OrganisationKind.INDIVIDUAL],
        help_text="It holds for everything that this provider leads.",
    )

    def __init__(self, *args: Any, settled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settled:
            self.fields["provider"].widget = forms.HiddenInput()


def _paying(grant: Grant) -> Any:
    """The awards that pay for its fund, and the one that it has now."""
    of_fund = Q(pk__in=grant.fund.awards.order_by().values("pk"))
    return FundingAward.objects.filter(of_fund | Q(pk=grant.funding_award_id)).order_by("title", "pk")


def _there(roles: Any, own: int | None) -> Any:
    """Who can be given the grant, and who has it now."""
    return User.objects.filter(Q(is_active=True, role__in=roles) | Q(pk=own)).order_by("name", "pk")
