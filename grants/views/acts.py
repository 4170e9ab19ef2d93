"""What every action page is: find the record, refuse who may not, show what stands, run one operation."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.errors import ActionRefused, NotAllowed, StaleVersion
from core.rules.dates import long_date
from core.rules.money import format_pounds
from core.web.views import FormPage
from grants.forms.base import ActForm
from grants.models import Flag, FlagEvent, Grant, Instalment
from grants.operations.flags import version_of
from grants.permissions import insist
from grants.queries.judged_now import judged_now
from grants.queries.worklist import flag_row

Fact = tuple[str, str]


class Act(FormPage):
    """A form that runs one operation. Without JavaScript, and safe to send twice."""

    template_name = "grants/acts/act.html"
    request: Any

    def act(self, form: Any) -> Any:
        """Run the operation."""
        raise NotImplementedError

    def operate(self, form: Any) -> Any:
        """Run the operation; show the box that answers what it asks.

        A form that is out of date takes the new version, so that it can be sent again.
        """
        try:
            return self.act(form)
        except StaleVersion:
            form.data = form.data.copy()
            form.data["version"] = str(self.version_now(form))
            raise
        except ActionRefused as refusal:
            if refusal.field in form.questions:
                form.ask(refusal.field)
            raise

    def version(self) -> int | None:
        """The version of what the form edits, None when it makes something new."""
        return None

    def version_now(self, form: Any) -> int | None:
        """The version to send a stale form again with."""
        return self.version()

    def about(self) -> str:
        """What the form is about, above it."""
        raise NotImplementedError

    def facts(self) -> list[Fact]:
        """What stands now, as label and value."""
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the version of what is edited."""
        kwargs = super().get_form_kwargs()
        version = self.version()
        return kwargs if version is None else {**kwargs, "version": version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the form is about and what stands."""
        return super().get_context_data(about=self.about(), facts=self.facts(), **kwargs)


class GrantAct(Act):
    """An action on a grant: 404 for a grant that the person may not see, 403 for what the person may not do."""

    permission: ClassVar[str]
    for_its_provider: ClassVar[bool] = False
    back_label = "Back to the grant"
    grant: Grant

    def allowed(self, user: Any) -> bool:
        """Whether the role may do this at all; whether to this grant is asked once it is found."""
        return (self.for_its_provider and user.is_provider) or super().allowed(user)

    def prepare(self) -> None:
        """Find the grant and what else the address names."""
        visible = Grant.objects.visible_to(self.person).select_related("fund", "lead_provider")
        self.grant = get_object_or_404(visible, ref=self.kwargs["ref"])
        try:
            insist(self.person, self.permission, self.grant)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from None
        self.find()

    def find(self) -> None:
        """Find what the address names beside the grant; raise Http404 when there is no such thing."""

    def about(self) -> str:
        """The grant and who leads it."""
        provider = self.grant.lead_provider
        return f"{self.grant.title} · {provider}" if provider else self.grant.title

    def get_success_url(self) -> str:
        """The grant's own page."""
        return reverse("grant", args=[self.grant.ref])


class InstalmentAct(GrantAct):
    """An action on one instalment of a grant."""

    instalment: Instalment

    def find(self) -> None:
        """The instalment by its number."""
        schedule = self.grant.instalments.select_related("authorised_by")
        self.instalment = get_object_or_404(schedule, number=self.kwargs["number"])

    def version(self) -> int:
        """The instalment's version."""
        return self.instalment.version

    def facts(self) -> list[Fact]:
        """The instalment as it stands."""
        found = self.instalment
        rows = [
            ("Instalment", str(found.number)),
            ("Amount", format_pounds(found.amount)),
            ("Due", long_date(found.due_on) if found.due_on else "not known"),
        ]
        if found.condition:
            rows.append(("Condition", found.condition))
        if found.authorised_by:
            rows.append(("Authorised", f"{found.authorised_by}"))
        return rows


class FlagAct(Act):
    """What a person does with a flag."""

    permission = "grants.work_flags"
    back_label = "Back to the flag"
    operation: ClassVar[Callable[..., FlagEvent]]
    flag: Flag

    def prepare(self) -> None:
        """Find the flag."""
        flag = Flag.objects.visible_to(self.person).filter(pk=self.kwargs["pk"]).first()
        if flag is None:
            raise Http404
        self.flag = flag

    def version(self) -> int | None:
        """The flag's last event: the form is refused when something has happened since."""
        return version_of(self.flag)

    def about(self) -> str:
        """What the flag says."""
        row = flag_row(self.flag, judged_now([self.flag], on=self.today))
        return f"{row.rule_words}: {row.subject}. {row.why}"

    def act(self, form: ActForm) -> FlagEvent:
        """Run it on what was typed, without the key: a flag's events know a repeat by what they say."""
        typed = form.entries()
        del typed["request_key"]
        return self.operation(flag=self.flag, **typed, by=self.person, on=self.today, at=timezone.now())

    def get_success_url(self) -> str:
        """The flag's own page."""
        return reverse("flag", args=[self.flag.pk])
