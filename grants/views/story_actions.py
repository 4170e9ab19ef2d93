"""What a reader may do from the page of one grant: one main action, and the others beside what they are about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.urls import reverse

from core.models import Role, User
from core.rules.dates import add_months
from core.web.fields import lower_first
from core.web.formats import pounds
from grants.models import CheckKind, Grant, Instalment
from grants.permissions import may, what_was_decided
from grants.queries.blocking import barred_from_paying
from grants.queries.due import DUE_SOON_DAYS
from grants.queries.ledger import lines_of_payments
from grants.queries.story import Story
from grants.rules.blocking import Block, Blocker
from grants.rules.cliff import WINDOW_MONTHS
from grants.rules.ledger import left_of


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: the words on its button or link, and its form."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Actions:
    """What this reader may do, by the part of the page where it stands.

    `another_must` says who has to act where the next thing is ready and not for this reader.
    """

    main: Action | None
    another_must: str = ""
    money: list[Action] = field(default_factory=list)
    terms: list[Action] = field(default_factory=list)
    people: list[Action] = field(default_factory=list)
    ending: list[Action] = field(default_factory=list)
    about: list[Action] = field(default_factory=list)
    payments: dict[int, tuple[str, str]] = field(default_factory=dict)


Allowed = Callable[[str], bool]


def permissions_of(user: User, story: Story) -> Allowed:
    """Whether the reader may do a named thing to this grant; each is asked once."""
    known: dict[str, bool] = {}

    def allowed(name: str) -> bool:
        if name not in known:
            known[name] = may(user, f"grants.{name}", story.grant)
        return known[name]

    return allowed


def actions(story: Story, allowed: Allowed, reader: User) -> Actions:
    """Every action; on a grant without an approval only what fills in its details, on one that is over none.

    One that is tracked before its decision is recorded is flagged as it ends like any other: what its flags ask for is
    offered too, after the decision.
    """
    ref = story.grant.ref
    details = ("vary_grant", "Fill in what is not known", _url("record_details", ref))
    about = list(_if_allowed(allowed, details, *_provider(story))) if story.runs else []
    lacks_decision = story.is_tracked and story.grant.decision is None
    if not (story.runs and (story.is_approved or lacks_decision)):
        return Actions(None, about=about, payments=_payment_links(story, allowed))
    caseload = ("record_caseload", "Record who is supported", _url("record_caseload", ref))
    support = Actions(
        None,
        people=list(_if_allowed(allowed, caseload)),
        ending=list(_if_allowed(allowed, *_ending(story))),
        about=about,
        payments=_payment_links(story, allowed),
    )
    if lacks_decision:
        label = "Record the day of the decision" if story.grant.decided_about else "Record the decision"
        decide = ("vary_grant", label, _url("record_details", ref))
        return replace(support, main=next(_if_allowed(allowed, decide), None))
    return replace(
        support,
        main=main_action(story, allowed, reader),
        another_must=another_must(story, reader),
        money=list(_money(story, allowed)),
        terms=list(_if_allowed(allowed, *_terms(ref))),
    )


def _provider(story: Story) -> Iterator[tuple[str, str, str]]:
    """Who leads the grant, as long as something of it can be said."""
    grant, settled = story.grant, story.agreement is not None or bool(story.payments)
    provider = grant.lead_provider
    if provider is None or provider.kind is None or not settled:
        label = provider_act(grant, settled=settled)
        yield ("vary_grant", label, _url("name_provider", grant.ref))


def provider_act(grant: Grant, *, settled: bool) -> str:
    """What can be said of who leads a grant: the provider, or, once it is settled, only its kind."""
    if grant.lead_provider is None:
        return "Name the provider"
    return "Say what kind of provider it is" if settled else "Change the provider"


def _url(name: str, *args: object) -> str:
    return reverse(name, args=args)


def _if_allowed(allowed: Allowed, *offers: tuple[str, str, str]) -> Iterator[Action]:
    return (Action(label, url) for permission, label, url in offers if allowed(permission))


def _terms(ref: str) -> list[tuple[str, str, str]]:
    return [
        ("record_agreement", "Record the agreement", _url("record_agreement", ref)),
        ("record_check", "Add a check", _url("add_check", ref)),
        ("record_check", "Bank details have changed", _url("bank_details_changed", ref)),
        ("stop_clock", "Stop the clock", _url("start_clock_stop", ref)),
        ("vary_grant", "Vary the grant", _url("vary_grant", ref)),
    ]


def _ending(story: Story) -> list[tuple[str, str, str]]:
    ref = story.grant.ref
    plan = "Change the plan" if story.plan else "Record a plan for the end"
    return [
        ("record_plan", plan, _url("record_plan", ref)),
        *([("record_plan", "Add who is covered", _url("add_cover", ref))] if story.plan else []),
        ("record_plan", "Record who was told", _url("record_notice", ref)),
        ("vary_grant", "Close the grant", _url("close_grant", ref)),
    ]


def _money(story: Story, allowed: Allowed) -> Iterator[Action]:
    ref = story.grant.ref
    if allowed("record_payment"):
        number = f"?instalment={story.next_instalment.number}" if story.next_instalment else ""
        yield Action("Record a payment", _url("record_payment", ref) + number)
    if story.paid > 0 and allowed("reverse_payment"):
        yield Action("Record money paid back", _url("recover_payment", ref))
    for line in story.schedule:
        if line.state != "paid":
            yield from _of_instalment(ref, line.instalment, allowed)


def _of_instalment(ref: str, instalment: Instalment, allowed: Allowed) -> Iterator[Action]:
    number = instalment.number
    if instalment.condition and instalment.condition_met_on is None and allowed("meet_condition"):
        yield Action(f"Condition of instalment {number} is met", _url("meet_condition", ref, number))
    if instalment.basis == "on_claim" and instalment.claim_valid_on is None and allowed("record_claim"):
        yield Action(f"Record the claim for instalment {number}", _url("record_claim", ref, number))


def _payment_links(story: Story, allowed: Allowed) -> dict[int, tuple[str, str]]:
    """For finance a reversal of each line that stands, for the provider the receipt of each not confirmed."""
    ref = story.grant.ref
    lines = lines_of_payments(story.payments)
    found = {}
    for payment in story.payments:
        awaits_receipt = payment.pk in story.standing and payment.receipt_confirmed_on is None
        if awaits_receipt and allowed("confirm_receipt"):
            found[payment.pk] = ("Confirm receipt", _url("confirm_receipt", ref, payment.pk))
        elif left_of(payment.pk, lines) and allowed("reverse_payment"):
            found[payment.pk] = ("Reverse", _url("reverse_payment", ref, payment.pk))
    return found


def ready_to_pay(story: Story) -> Instalment | None:
    """The next instalment, when nothing stands between it and its payment."""
    return story.next_instalment if story.is_tracked and not story.blockers else None


def another_must(story: Story, reader: User) -> str:
    """Who pays the instalment that is ready, when the reader pays for the council and may not pay this one."""
    ready = ready_to_pay(story)
    if ready is None or reader.role != Role.FINANCE or reader.pk not in barred_from_paying(ready):
        return ""
    did = what_was_decided(reader, story.grant) or f"authorised instalment {ready.number}"
    must = "so another person in finance must record its payment"
    return f"Instalment {ready.number} is ready to pay. You {did}, {must}."


def waits_for_a_claim(blocker: Blocker) -> bool:
    """Whether a block is only a claim that nobody expects yet: the instalment is not due, or has no due date."""
    return blocker.block == Block.CLAIM and blocker.since is None


def main_action(story: Story, allowed: Allowed, reader: User) -> Action | None:
    """The one green button: clear what blocks, pay what is due, cover who is left, report what is known."""
    for blocker in story.blockers:
        # Whoever authorises an instalment may not pay it: finance is not led there by a button.
        leads_on = not waits_for_a_claim(blocker) and not (
            blocker.block == Block.SECOND_APPROVER and reader.role == Role.FINANCE
        )
        found = clearing(story, blocker, allowed) if leads_on else None
        if found:
            return found
    return (
        _payment(story, allowed, reader) or _about_the_end(story, allowed) or _of_the_provider(story, allowed)
    )


def _payment(story: Story, allowed: Allowed, reader: User) -> Action | None:
    """Pay what is ready, once it is due within a month or its date is not known."""
    ready = ready_to_pay(story)
    if ready is None or not allowed("record_payment") or reader.pk in barred_from_paying(ready):
        return None
    if ready.due_on is not None and ready.due_on > story.on + timedelta(days=DUE_SOON_DAYS):
        return None
    left = next(line.left for line in story.schedule if line.instalment == ready)
    words = "Record the payment" if left is None else f"Record the payment of {pounds(left)}"
    return Action(words, f"{_url('record_payment', story.grant.ref)}?instalment={ready.number}")


def _about_the_end(story: Story, allowed: Allowed) -> Action | None:
    """Say when it ends; within the year before, and after it, say what happens to whom it leaves."""
    grant = story.grant
    if not story.is_tracked or not story.is_support:
        return None
    if grant.ends_on is None:
        return (
            Action("Record when it ends", _url("record_details", grant.ref))
            if allowed("vary_grant")
            else None
        )
    is_near = grant.ends_on <= add_months(story.on, WINDOW_MONTHS)
    if not (is_near and allowed("record_plan") and _leaves_people(story)):
        return None
    return Action("Plan for the end", _url("add_cover" if story.plan else "record_plan", grant.ref))


def _of_the_provider(story: Story, allowed: Allowed) -> Action | None:
    """Confirm what arrived, or report who is supported."""
    ref = story.grant.ref
    if allowed("confirm_receipt"):
        for payment in story.payments:
            arrived = story.standing.get(payment.pk)
            if arrived is not None and payment.receipt_confirmed_on is None:
                return Action(
                    f"Confirm you received {pounds(arrived)}", _url("confirm_receipt", ref, payment.pk)
                )
        return Action("Tell us who you support", _url("record_caseload", ref))
    return None


def _leaves_people(story: Story) -> bool:
    return story.support is None or story.support.uncovered != 0


CLEARED_BY = {
    Block.AGREEMENT_NOT_ISSUED: (
        "record_agreement",
        "Record that the agreement was issued",
        "record_agreement",
    ),
    Block.AGREEMENT_NOT_SIGNED: (
        "record_agreement",
        "Record that the agreement was signed",
        "record_agreement",
    ),
    Block.AGREEMENT_NOT_COUNTERSIGNED: (
        "record_agreement",
        "Record the countersignature",
        "record_agreement",
    ),
    Block.CHECK_BEFORE_AGREEMENT: ("record_check", "Record the check", "record_check"),
    Block.CHECK: ("record_check", "Record the check", "record_check"),
    Block.BANK_DETAILS_CHANGED: ("record_check", "Verify the bank details", "record_check"),
    Block.CONDITION: ("meet_condition", "Record that the condition is met", "meet_condition"),
    Block.CLAIM: ("record_claim", "Record the claim", "record_claim"),
    Block.SECOND_APPROVER: ("authorise_instalment", "Authorise the instalment", "authorise_instalment"),
    Block.CLOCK_STOP: ("stop_clock", "End the clock stop", "end_clock_stop"),
}
"""The permission, words and form that clear each kind of block."""


def clearing(story: Story, blocker: Blocker, allowed: Allowed) -> Action | None:
    """The form that clears a block, for a reader who may."""
    permission, label, name = CLEARED_BY[blocker.block]
    if not allowed(permission):
        return None
    named = blocker.block in (Block.CHECK, Block.CHECK_BEFORE_AGREEMENT)
    about = f": {lower_first(str(CheckKind(blocker.key).label))}" if named else ""
    return Action(label + about, _url(name, story.grant.ref, *_which(story, blocker)))


def _which(story: Story, blocker: Blocker) -> list[object]:
    """What the form's address names beside the grant: a check's kind, an instalment's number, a clock stop."""
    if blocker.block in (Block.CONDITION, Block.CLAIM, Block.SECOND_APPROVER):
        return [story.next_instalment.number if story.next_instalment else 1]
    if blocker.block == Block.CLOCK_STOP:
        return [_stop_of(story, blocker)]
    return [blocker.key] if blocker.key else []


def _stop_of(story: Story, blocker: Blocker) -> int:
    """The open clock stop that a block speaks of."""
    open_ones = (stop for stop in story.stops if stop.ended_on is None or stop.ended_on > story.on)
    return next(
        stop.pk
        for stop in open_ones
        if stop.started_on == blocker.since
        and stop.waiting_on == blocker.who
        and blocker.what.endswith(stop.reason)
    )
