"""Filling in what is not known of a grant."""

from dataclasses import fields
from typing import Any

from django.utils.functional import cached_property

from core.web.formats import NOT_KNOWN, day, pounds
from grants.forms.details import NameProviderForm, RecordDetailsForm
from grants.models import Grant
from grants.operations.decisions import (
    Details,
    details_of,
    is_settled,
    name_provider,
    record_details,
)
from grants.views.acts import Fact, GrantAct
from grants.views.story_actions import provider_act

BEGIN_ANEW = "Checks have to be seen again, and instalments authorised again: they were for this one"


class RecordDetails(GrantAct):
    """Fill in whose a grant is, who pays for it, where it works, what it buys, what was decided, if it is tracked."""

    title = "Fill in what is not known"
    permission = "grants.vary_grant"
    form_class = RecordDetailsForm
    success_message = "The details are saved."

    def version(self) -> int:
        """The grant's version."""
        return self.grant.version

    def get_initial(self) -> dict[str, Any]:
        """The details as they stand."""
        known = details_of(self.grant)
        return {field.name: getattr(known, field.name) for field in fields(Details)}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the grant, for what is still to be asked."""
        return {**super().get_form_kwargs(), "grant": self.grant}

    def facts(self) -> list[Fact]:
        """What is only asked for while it is not known, as it stands or was published."""
        grant = self.grant
        return [
            ("Decided", day(grant.decided_on or grant.decided_about)),
            ("Planned start", day(grant.planned_start or grant.starts_about)),
            ("Planned end", day(grant.planned_end)),
            ("Ends", day(grant.ends_on or grant.ends_about)),
            ("Awarded", pounds(grant.amount_awarded)),
        ]

    def act(self, form: Any) -> Grant:
        """Save them."""
        return record_details(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class NameProvider(GrantAct):
    """Say who leads a grant, and what kind of organisation that is."""

    permission = "grants.vary_grant"
    form_class = NameProviderForm
    success_message = "The provider is saved."

    def get_title(self) -> str:
        """By what can still be said."""
        return provider_act(self.grant, settled=self.is_settled)

    @cached_property
    def is_settled(self) -> bool:
        """Whether only the kind of its provider can still be said."""
        return self.grant.lead_provider is not None and is_settled(self.grant)

    def version(self) -> int:
        """The grant's version."""
        return self.grant.version

    def get_initial(self) -> dict[str, Any]:
        """The provider as it stands."""
        provider = self.grant.lead_provider
        return {"provider": provider.name, "kind": provider.kind} if provider else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whether the provider itself can be put right."""
        return {**super().get_form_kwargs(), "settled": self.is_settled}

    def facts(self) -> list[Fact]:
        """The provider as it stands."""
        provider = self.grant.lead_provider
        known = [
            ("Lead provider", str(provider or NOT_KNOWN)),
            ("Kind", provider.get_kind_display() if provider and provider.kind else NOT_KNOWN),
        ]
        return known if provider is None or self.is_settled else [*known, ("If it is another", BEGIN_ANEW)]

    def act(self, form: Any) -> Grant:
        """Save it."""
        return name_provider(grant=self.grant, **form.entries(), by=self.person, on=self.today)
