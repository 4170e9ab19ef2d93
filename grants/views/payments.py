"""`/payments/`: what to pay next in order of harm, what is blocked and by whom, what was paid lately."""

from typing import Any

from django.views.generic import TemplateView

from core.calendar import working_days
from core.web.formats import counted, pounds
from core.web.views import Guarded
from grants.permissions import may
from grants.queries.paid import paid_lately
from grants.queries.payments import SHOWN, Group, PayNext, pay_next
from grants.queries.tracking import Tracking, tracking_of_payments
from grants.tables.payments import BlockedTable, PaidTable, ToPayTable

NOTHING_KNOWN_TO_WAIT = "Nothing is known to be ready to pay."
NOTHING_TICKED = "Nothing is ticked. Tick what was paid, then record it."


def group_words(group: Group, words: str) -> str:
    """ "3 ready to pay: £13,500"."""
    not_known = f", {counted(group.not_known, 'amount', 'amounts')} not known" if group.not_known else ""
    return f"{group.count:,} {words}: {pounds(group.total)}{not_known}"


def due_words(found: PayNext, known: Tracking, *more: str) -> str:
    """ "3 ready to pay: £13,500 · 2 blocked: £4,500": no £0 where not one grant is tracked, for that is not known."""
    if known.is_nothing_known:
        return f"What is due and what was paid {known.nothing_known_words}."
    groups = [group_words(found.ready, "ready to pay"), group_words(found.blocked, "blocked"), *more]
    return known.beside(" · ".join(groups), " · ")


def shown_words(group: Group) -> str:
    """Whether the group goes on after what is shown."""
    left_out = group.count - len(group.items)
    return f"{left_out:,} more are not shown: pay these first." if left_out > 0 else ""


class PaymentsPage(Guarded, TemplateView):
    """Ready, blocked, paid lately."""

    template_name = "grants/payments.html"
    permission = "grants.view_payments"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The three groups, most harm first."""
        calendar = working_days()
        found = pay_next(self.person, illustrative=self.illustrative, on=self.today, calendar=calendar)
        lately = paid_lately(self.person, illustrative=self.illustrative, on=self.today, limit=SHOWN)
        known = tracking_of_payments(self.person, illustrative=self.illustrative, on=self.today)
        payer = self.person if may(self.person, "grants.record_payment") else None
        empty = {"empty_text": f"This {known.nothing_known_words}."} if known.is_nothing_known else {}
        nothing = {"empty_text": NOTHING_KNOWN_TO_WAIT} if known.unscheduled else empty
        ready = ToPayTable(found.ready.items, payer=payer, identity="ready", **nothing)
        nothing_ticked = self.request.GET.get("ticked") == "none"
        return super().get_context_data(
            errors=[(NOTHING_TICKED, ready.first_box)] if nothing_ticked else [],
            title="Payments: what to pay next, and what is in the way",
            summary=due_words(found, known, f"{pounds(lately.total)} paid in the last month"),
            unscheduled=known.unscheduled_words,
            ready=ready,
            ready_more=shown_words(found.ready),
            blocked=BlockedTable(
                found.blocked.items, on=self.today, calendar=calendar, identity="blocked", **empty
            ),
            blocked_more=shown_words(found.blocked),
            paid=PaidTable(lately.items, orderable=False, identity="paid", **empty),
            **kwargs,
        )
