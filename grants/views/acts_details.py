"""Filling in what is not known of a grant."""

from dataclasses import fields
from typing import Any

from core.web.formats import day, pounds
from grants.forms.details import RecordDetailsForm
from grants.models import Grant
from grants.operations.decisions import Details, details_of, record_details
from grants.views.acts import Fact, GrantAct


class RecordDetails(GrantAct):
    """Fill in who owns a grant, who pays for it, where it works, what it buys, from when it is tracked."""

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
        """What only a variation changes once it is known, as it stands or was published."""
        grant = self.grant
        return [
            ("Planned start", day(grant.planned_start or grant.starts_about)),
            ("Planned end", day(grant.planned_end)),
            ("Ends", day(grant.ends_on or grant.ends_about)),
            ("Awarded", pounds(grant.amount_awarded)),
        ]

    def act(self, form: Any) -> Grant:
        """Save them."""
        return record_details(grant=self.grant, **form.entries(), by=self.person, on=self.today)
