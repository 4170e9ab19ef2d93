"""Actions on what follows a decision: agreement, checks, variations, close."""

from typing import Any

from django.shortcuts import get_object_or_404

from core.rules.dates import long_date
from core.rules.money import format_pounds
from grants.forms.decisions import (
    AddCheckForm,
    BankDetailsChangedForm,
    CloseGrantForm,
    RecordAgreementForm,
    RecordCheckForm,
    VaryGrantForm,
)
from grants.models import Agreement, Check, CheckKind, Grant, Variation
from grants.operations.decisions import (
    add_check,
    bank_details_changed,
    close_grant,
    record_agreement,
    record_check,
    vary_grant,
)
from grants.queries.ledger import lacking, ledger_lines
from grants.rules.ledger import net_paid
from grants.views.acts import Fact, GrantAct

AGREEMENT_DATES = ("issued_on", "signed_on", "countersigned_on")


class RecordAgreement(GrantAct):
    """Record an agreement's dates."""

    title = "Record the agreement"
    permission = "grants.record_agreement"
    form_class = RecordAgreementForm
    success_message = "The agreement’s dates are saved."

    def find(self) -> None:
        """The agreement, if there is one."""
        self.agreement = Agreement.objects.filter(grant=self.grant).first()

    def version(self) -> int:
        """The agreement's version, 0 while there is none."""
        return self.agreement.version if self.agreement else 0

    def get_initial(self) -> dict[str, Any]:
        """Its dates as they stand."""
        return {name: getattr(self.agreement, name, None) for name in AGREEMENT_DATES}

    def facts(self) -> list[Fact]:
        """When the grant was decided."""
        return [("Decided", long_date(self.grant.decided_on) if self.grant.decided_on else "not known")]

    def act(self, form: Any) -> Agreement:
        """Save them."""
        return record_agreement(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class AddCheck(GrantAct):
    """Add a check."""

    title = "Add a check"
    permission = "grants.record_check"
    form_class = AddCheckForm
    success_message = "Check added."

    def act(self, form: Any) -> Check:
        """Add it."""
        return add_check(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class RecordCheck(GrantAct):
    """Record what a check found."""

    title = "Record a check"
    permission = "grants.record_check"
    form_class = RecordCheckForm
    success_message = "Check saved."
    check: Check

    def find(self) -> None:
        """The check by its kind."""
        checks = self.grant.checks.select_related("grant", "changed_by")
        self.check = get_object_or_404(checks, kind=self.kwargs["kind"])

    def version(self) -> int:
        """The check's version."""
        return self.check.version

    def get_title(self) -> str:
        """ "Record a check: safeguarding policy"."""
        return f"Record a check: {CheckKind(self.check.kind).label}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the kind: only bank details ask for a call back."""
        return {**super().get_form_kwargs(), "kind": self.check.kind}

    def get_initial(self) -> dict[str, Any]:
        """When the provider was asked for it."""
        return {"requested_on": self.check.requested_on}

    def facts(self) -> list[Fact]:
        """The check as it stands."""
        rows = [
            ("Needed before", self.check.get_needed_before_display()),
            ("Found", self.check.get_result_display() if self.check.result else "not seen yet"),
        ]
        if self.check.expires_on:
            rows.append(("Expires", long_date(self.check.expires_on)))
        if self.check.changed_by:
            rows.append(("Change recorded by", str(self.check.changed_by)))
        return rows

    def act(self, form: Any) -> Check:
        """Save it."""
        return record_check(check=self.check, **form.entries(), by=self.person, on=self.today)


class BankDetailsChanged(GrantAct):
    """Record that new bank details were given."""

    title = "Bank details have changed"
    permission = "grants.record_check"
    form_class = BankDetailsChangedForm
    success_message = (
        "Recorded. Nothing is paid until another person has verified the new details by a call back."
    )

    def find(self) -> None:
        """The check of bank details, if there is one."""
        self.check = self.grant.checks.filter(kind=CheckKind.BANK_DETAILS).first()

    def version(self) -> int:
        """The check's version, 0 while there is none."""
        return self.check.version if self.check else 0

    def facts(self) -> list[Fact]:
        """What is not kept here."""
        return [("The details", "Not stored here: keep them in the payment system only")]

    def act(self, form: Any) -> Check:
        """Record it."""
        return bank_details_changed(grant=self.grant, **form.entries(), by=self.person, on=self.today)


class VaryGrant(GrantAct):
    """Record a variation."""

    title = "Vary the grant"
    permission = "grants.vary_grant"
    form_class = VaryGrantForm

    def find(self) -> None:
        """The ledger."""
        self.lines = ledger_lines(self.grant)

    def not_scheduled(self, grant: Grant) -> str:
        """How much of the award a schedule lacks; empty where there is none, or where it lacks nothing."""
        schedule = list(grant.instalments.all())
        left = lacking(schedule, grant.amount_awarded, self.lines)
        return format_pounds(left) if schedule and left is not None and left > 0 else ""

    def version(self) -> int:
        """The grant's version."""
        return self.grant.version

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the grant, for its schedule."""
        return {**super().get_form_kwargs(), "grant": self.grant}

    def facts(self) -> list[Fact]:
        """What was agreed until now."""
        left = self.not_scheduled(self.grant)
        return [
            ("Ends", long_date(self.grant.ends_on) if self.grant.ends_on else "not known"),
            ("Awarded", format_pounds(self.grant.amount_awarded)),
            ("Paid", format_pounds(net_paid(self.lines))),
            *([("Not in the schedule", left)] if left else []),
        ]

    def act(self, form: Any) -> Variation:
        """Record it."""
        return vary_grant(grant=self.grant, **form.entries(), by=self.person, on=self.today)

    def get_success_message(self, result: Variation) -> str:
        """Recorded; and how what is in no schedule gets into one, for nothing is paid that is not due."""
        left = self.not_scheduled(result.grant)
        how = f" {left} of the award is not in the schedule: vary the grant again and say when it is due."
        return f"Variation recorded.{how if left else ''}"


class CloseGrant(GrantAct):
    """Close or withdraw a grant."""

    title = "Close the grant"
    permission = "grants.vary_grant"
    form_class = CloseGrantForm

    def version(self) -> int:
        """The grant's version."""
        return self.grant.version

    def facts(self) -> list[Fact]:
        """What matters for closing it."""
        return [
            ("Ends", long_date(self.grant.ends_on) if self.grant.ends_on else "not known"),
            ("Paid", format_pounds(net_paid(ledger_lines(self.grant)))),
        ]

    def act(self, form: Any) -> Grant:
        """Close it."""
        return close_grant(grant=self.grant, **form.entries(), by=self.person, on=self.today)

    def get_success_message(self, result: Grant) -> str:
        """Which of the two was done."""
        return "Grant closed." if result.closed_on else "Grant withdrawn."
