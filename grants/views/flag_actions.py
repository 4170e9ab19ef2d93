"""What a reader may do from the page of a flag: one main thing, that clears it, and beside it the acts on the flag.

Where the reader may not clear it, the main thing leads to what the flag is about, and the page says who can.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from core.models import Role, User
from core.web.fields import lower_first
from grants.models import Flag, Grant, Instalment, SustainabilityPlan
from grants.permissions import may, with_variers
from grants.queries.blocking import barred_from_paying, block_case_of
from grants.queries.worklist import FlagRow
from grants.rules.blocking import blockers
from grants.rules.levels import Rule
from grants.views.story_actions import Action
from grants.views.story_words import waits_on_words

COMMISSIONER_CAN = "A commissioner can {}."
FINANCE_CAN = "Finance can {}, but not who decided the grant or a variation of it."


class Main(NamedTuple):
    """The one main thing, None where there is not even a page to open; and who can clear the flag, or what is first."""

    action: Action | None
    note: str = ""


class Asked(NamedTuple):
    """A flag, who reads it on which day, the pages of what it is about, and the grants that it names."""

    flag: Flag
    row: FlagRow
    reader: User
    on: date
    links: list[Action]
    named: list[Grant]

    @property
    def subject(self) -> Action | None:
        """The page of what the flag is about, or the first of those it names."""
        return self.links[0] if self.links else None


def main_of(asked: Asked) -> Main:
    """What clears the flag, for a reader who may; at most five queries."""
    return _MAIN[Rule(asked.flag.rule)](asked)


def acts_on(flag: Flag) -> list[Action]:
    """What a person does with the flag itself."""
    names = [
        ("acknowledge_flag", "Acknowledge"),
        ("assign_flag", "Give it to somebody"),
        ("date_flag", "Set a date"),
        ("note_flag", "Add a note"),
        ("wake_flag", "End the snooze") if flag.is_snoozed else ("snooze_flag", "Snooze it with a reason"),
    ]
    done = {"acknowledge_flag"} if flag.acknowledged_on else set()
    return [Action(label, reverse(name, args=[flag.pk])) for name, label in names if name not in done]


def _if_may(asked: Asked, permission: str, action: Action, who: str, grant: Grant | None = None) -> Main:
    """The form, or the page of the subject with who may fill in the form."""
    if may(asked.reader, f"grants.{permission}", grant):
        return Main(action)
    return Main(asked.subject, who.format(lower_first(action.label)))


def _first_payment(asked: Asked) -> Main:
    grant = _payable().get(flags=asked.flag)
    return _pay(asked, grant, grant.instalments.unpaid().order_by("number").first())


def _later_payment(asked: Asked) -> Main:
    grant = _payable().get(instalments__flags=asked.flag)
    return _pay(asked, grant, grant.instalments.get(flags=asked.flag))


def _payable() -> QuerySet[Grant]:
    """Grants with all that says who may pay them."""
    return with_variers(Grant.objects.select_related("fund"))


def _pay(asked: Asked, grant: Grant, instalment: Instalment | None) -> Main:
    """The payment, where nothing stands before it; otherwise the story, which leads to what clears that."""
    blocks = blockers(block_case_of(grant, instalment), asked.on)
    if blocks:
        first = blocks[0]
        see = Action("See what is in the way of the payment", f"{reverse('grant', args=[grant.ref])}#blocked")
        return Main(see, f"{first.what}: {waits_on_words(first.who)} can clear it.")
    which = f"?instalment={instalment.number}" if instalment else ""
    pay = Action("Record the payment", reverse("record_payment", args=[grant.ref]) + which)
    if instalment and asked.reader.role == Role.FINANCE and asked.reader.pk in barred_from_paying(instalment):
        return Main(asked.subject, "You decided or authorised it, so another person in finance must pay it.")
    return _if_may(asked, "record_payment", pay, FINANCE_CAN, grant)


def _above_award(asked: Asked) -> Main:
    grant = asked.flag.grant
    if grant is None:
        return Main(asked.subject)
    if may(asked.reader, "grants.vary_grant"):
        raised = Action("Raise the award by a variation", reverse("vary_grant", args=[grant.ref]))
        return Main(raised, FINANCE_CAN.format("record money paid back"))
    back = Action("Record money paid back", reverse("recover_payment", args=[grant.ref]))
    return _if_may(asked, "reverse_payment", back, FINANCE_CAN, grant)


def _stop(asked: Asked) -> Main:
    end = Action(
        "End the clock stop", reverse("end_clock_stop", args=[asked.row.ref, asked.flag.clock_stop_id])
    )
    return _if_may(asked, "stop_clock", end, "An officer can {}.")


def _round(asked: Asked) -> Main:
    window = asked.flag.round
    if window is None:
        return Main(asked.subject)
    extend = Action("Extend the round", reverse("extend_round", args=[window.ref]))
    return _if_may(asked, "extend_round", extend, COMMISSIONER_CAN)


def _award(asked: Asked) -> Main:
    award = asked.flag.funding_award
    if award is None:
        return Main(asked.subject)
    agreed = Action("Record what the funder agreed", reverse("change_award", args=[award.ref]))
    return _if_may(asked, "vary_grant", agreed, COMMISSIONER_CAN)


def _ending(asked: Asked) -> Main:
    """Without a number of people nobody can say who is covered: that comes first."""
    ref = asked.row.ref
    if asked.row.facts["uncovered"] is None:
        count = Action("Record who is supported", reverse("record_caseload", args=[ref]))
        return _if_may(asked, "record_caseload", count, COMMISSIONER_CAN)
    return _if_may(asked, "record_plan", _plan(str(ref)), COMMISSIONER_CAN)


def _cluster(asked: Asked) -> Main:
    """The plan of the grant that ends first, which the page names first."""
    if not asked.named:
        return Main(asked.subject)
    first = asked.named[0]
    plan = _plan(first.ref)
    return _if_may(asked, "record_plan", Action(f"{plan.label}: {first.title}", plan.url), COMMISSIONER_CAN)


def _plan(ref: str) -> Action:
    if SustainabilityPlan.objects.filter(grant__ref=ref).exists():
        return Action("Add who is covered", reverse("add_cover", args=[ref]))
    return Action("Record a plan for the end", reverse("record_plan", args=[ref]))


_MAIN: Mapping[Rule, Callable[[Asked], Main]] = {
    Rule.SLOW_FIRST_PAYMENT: _first_payment,
    Rule.LATE_INSTALMENT: _later_payment,
    Rule.PAID_ABOVE_AWARD: _above_award,
    Rule.STOP_TO_CHASE: _stop,
    Rule.SHORT_NOTICE_ROUND: _round,
    Rule.MONEY_MAY_GO_BACK: _award,
    Rule.CLIFF_EDGE: _ending,
    Rule.CLUSTER: _cluster,
}
