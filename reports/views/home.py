"""`/`: what needs me today, for each role."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from core.calendar import working_days
from core.models import Role
from core.operations.people import mark_seen
from core.rules.working_days import WorkingDays
from core.web.views import Guarded
from grants.queries.payments import PayNext, pay_next
from reports.queries.home import (
    OfficerDay,
    finance_flags,
    grant_counts,
    officer_day,
)
from reports.queries.provider import ProviderDay, provider_day
from reports.queries.resolutions import answers
from reports.tables.home import FlagList, NewsTable, UnownedTable, WaitingTable
from reports.views.home_words import (
    decision_card,
    due_words,
    ending_words,
    next_payment_words,
    next_return_words,
    no_work_words,
    not_assessed_words,
    nothing_ready_words,
    officer_summary,
    pay_card,
    payment_words,
    weekday,
)
from reports.views.resolution_words import answer_block, states_words

PEOPLE = (Role.COMMISSIONER, Role.FINANCE, Role.ADMINISTRATOR, Role.SCRUTINY, Role.PROVIDER)
PAY_NEXT_SHOWN = 5


class Today(Guarded, TemplateView):
    """One page, five readers."""

    roles = PEOPLE

    def get_template_names(self) -> list[str]:
        """An administrator reads the commissioner's page over everybody."""
        role = Role.COMMISSIONER if self.person.role == Role.ADMINISTRATOR else self.person.role
        return [f"reports/today_{role}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this role needs today."""
        readers = {
            Role.FINANCE.value: self._finance,
            Role.PROVIDER.value: self._provider,
            Role.SCRUTINY.value: self._scrutiny,
        }
        own = readers.get(self.person.role, self._officer)()
        title = f"Today, {weekday(self.today)}"
        return super().get_context_data(title=title, **own, **kwargs)

    def _officer(self) -> dict[str, Any]:
        calendar = working_days()
        all_news = self.request.GET.get("news") == "all"
        found: OfficerDay = officer_day(
            self.person, illustrative=self.illustrative, on=self.today, all_news=all_news
        )
        everybody = self.person.role == Role.ADMINISTRATOR
        whose = "" if everybody else f"owner={self.person.pk}"
        shown = any((found.decisions, found.owned, found.unowned, found.waiting, found.news))
        return {
            "not_assessed": "" if shown else no_work_words(found.tracking),
            "summary": officer_summary(found.counts, found.tracking),
            "decisions": [decision_card(one, self.today, calendar) for one in found.decisions],
            "decisions_count": found.counts.decisions,
            "decisions_url": f"{reverse('flags')}?{whose}{'&' if whose else ''}show=decision",
            "decisions_title": "Needs a decision" if everybody else "Needs a decision from you",
            "owned": FlagList(found.owned, orderable=False, everybody=everybody),
            "owned_title": f"{'All flags' if everybody else 'Flags you own'} ({found.counts.all:,})",
            "owned_url": reverse("flags") + (f"?{whose}" if whose else ""),
            "everybody": everybody,
            "unowned_count": found.counts.unowned,
            "unowned": UnownedTable(found.unowned, reader=self.person),
            "waiting": WaitingTable(found.waiting, orderable=False, on=self.today, calendar=calendar),
            "waiting_count": found.waiting_count,
            "waiting_left": found.waiting_count - len(found.waiting),
            "news": NewsTable(found.news, orderable=False),
            "news_count": found.news_count,
            "news_left": found.news_count - len(found.news),
            "checked": found.checked_on,
        }

    def _finance(self) -> dict[str, Any]:
        found: PayNext = pay_next(
            self.person,
            illustrative=self.illustrative,
            on=self.today,
            calendar=working_days(),
            limit=PAY_NEXT_SHOWN,
        )
        flags = finance_flags(self.person, illustrative=self.illustrative, on=self.today)
        known = flags.tracking
        first = next((item for item in found.ready.items if self.person.pk not in item.barred), None)
        return {
            "summary": due_words(found, known),
            "not_assessed": not_assessed_words(known),
            "unscheduled": known.unscheduled_words,
            "nothing_ready": nothing_ready_words(known),
            "ready": [pay_card(item, self.person.pk) for item in found.ready.items],
            "main": pay_card(first, self.person.pk) if first else None,
            "blocked": [pay_card(item, self.person.pk) for item in found.blocked.items],
            "owned": FlagList(flags.owned, orderable=False),
            "owned_url": f"{reverse('flags')}?owner={self.person.pk}",
            "unowned_count": flags.unowned_count,
            "unowned": UnownedTable(flags.unowned, reader=self.person),
        }

    def _provider(self) -> dict[str, Any]:
        calendar: WorkingDays = working_days()
        found: ProviderDay = provider_day(self.person, illustrative=self.illustrative, on=self.today)
        return {
            "summary": next_payment_words(found.payments[:1], self.today, calendar),
            "next_return": next_return_words(found.returns[:1], self.today),
            "return_url": reverse("record_caseload", args=[found.returns[0].grant.ref])
            if found.returns
            else "",
            "payments": [
                (one.instalment.grant, payment_words(one, self.today, calendar)) for one in found.payments
            ],
            "receipts": found.receipts,
            "grants": found.grants,
        }

    def _scrutiny(self) -> dict[str, Any]:
        counts = grant_counts(self.person, illustrative=self.illustrative, on=self.today)
        found = answers(self.person, on=self.today, illustrative=self.illustrative, calendar=working_days())
        blocks = [answer_block(one) for one in found]
        return {
            "summary": f"{states_words(blocks)}.",
            "resolutions": blocks,
            "counts": counts,
            "ending": ending_words(counts),
            "not_assessed": not_assessed_words(counts.tracking),
            "illustrative": self.illustrative,
        }


class MarkSeen(Guarded, View):
    """The button that says: I have looked at everything until now."""

    roles = PEOPLE

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the moment and go back to Today."""
        mark_seen(by=self.person, at=timezone.now())
        return redirect("today")
