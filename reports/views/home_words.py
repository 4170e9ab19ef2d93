"""What Today says, from what its readers found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.rules.working_days import WorkingDays
from core.web.formats import MONTHS, counted, day, pounds, share, working_days
from grants.models import OutcomeReturn, ReturnState
from grants.queries.payments import PayNext, ToPay
from grants.queries.tracking import Tracking
from grants.rules.blocking import Block, Blocker
from grants.rules.levels import Rule
from reports.queries.flags import FlagCounts
from reports.queries.home import Decision, GrantCounts
from reports.queries.provider import NextPayment, expected_by

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Card:
    """One thing with what it is about, what is known of it, and what to do."""

    title: str
    url: str
    text: str
    detail: str
    action: str
    action_url: str


def weekday(on: date) -> str:
    """Saturday 21 November 2026."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def officer_summary(counts: FlagCounts, found: Tracking) -> str:
    """ "3 things are late, 2 end soon without cover, 4 wait for a decision", and how many grants that leaves out."""
    return f"{found.beside(_flags_words(counts, found.untracked))}."


def _flags_words(counts: FlagCounts, untracked: int) -> str:
    if not counts.all and counts.standing:
        return f"{counted(counts.standing, 'flag stands', 'flags stand')}, none of them yours"
    if not counts.all and untracked:
        return "No flag stands"
    if not counts.all:
        return "Nothing is late, nothing ends without cover, and nothing waits for you"
    return (
        f"{counted(counts.late, 'thing is late', 'things are late')}, "
        f"{counted(counts.ending, 'ends', 'end')} soon or ended without cover, "
        f"{counted(counts.decisions, 'waits', 'wait')} for a decision"
    )


def decision_card(one: Decision, on: date, calendar: WorkingDays) -> Card:
    """What to decide, by when, and what hangs on it."""
    flag = one.flag
    action, url = _decide(one)
    return Card(
        title=flag.subject,
        url=reverse("flag", args=[flag.pk]),
        text=_by_when(one, on, calendar),
        detail=flag.why,
        action=action,
        action_url=url,
    )


def _by_when(one: Decision, on: date, calendar: WorkingDays) -> str:
    what = {Rule.CLIFF_EDGE: "Extension decision", Rule.SHORT_NOTICE_ROUND: "Decision to extend the round"}
    words = what.get(Rule(one.flag.rule), "Decision how to spend the money")
    if one.decide_by is None:
        return f"{words} needed now" if one.flag.rule != Rule.CLIFF_EDGE else "The money has ended"
    if one.decide_by < on:
        return f"{words} was due by {day(one.decide_by)}, {working_days(calendar.between(one.decide_by, on))} ago"
    return f"{words} by {day(one.decide_by)}, in {working_days(calendar.between(on, one.decide_by))}"


def _decide(one: Decision) -> tuple[str, str]:
    flag = one.flag
    if flag.ref:
        return "Open the grant to decide how it goes on", reverse("grant", args=[flag.ref])
    if flag.fund_code:
        return "Open the fund and its rounds", reverse("fund", args=[flag.fund_code])
    return "See what would clear it", reverse("flag", args=[flag.pk])


def pay_card(item: ToPay, reader_id: int) -> Card:
    """One instalment: how much, since when, what harm the wait does, what is in the way, whether the reader may pay."""
    harm = []
    if item.lost_share:
        harm.append(f"{share(item.lost_share)} of its funded time has gone")
    if item.over_standard_working_days:
        harm.append(f"{working_days(item.over_standard_working_days)} over the standard")
    due = f"due {day(item.due_on)}" if item.due_on else "due date not known"
    ready = not item.blockers and reader_id not in item.barred
    if not item.blockers and not ready:
        harm.append(BARRED)
    return Card(
        title=f"{item.title}: {pounds(item.left)}",
        url=reverse("grant", args=[item.ref]),
        text=f"Instalment {item.number} · {item.provider or 'provider not known'} · {due}",
        detail=" · ".join([*harm, *(f"{blocker.what} ({blocker.who})" for blocker in item.blockers)]),
        action="Record the payment"
        if ready
        else "See the grant"
        if not item.blockers
        else "See what is in the way",
        action_url=f"{reverse('record_payment', args=[item.ref])}?instalment={item.number}"
        if ready
        else reverse("grant", args=[item.ref]),
    )


def due_words(found: PayNext, known: Tracking) -> str:
    """ "3 instalments ready to pay: £13,500 · 2 blocked: £4,500"; no £0 where not one grant is tracked."""
    if known.is_nothing_known:
        return f"What is due {known.nothing_known_words}."
    ready = f"{counted(found.ready.count, 'instalment')} ready to pay: {pounds(found.ready.total)}"
    return known.beside(f"{ready} · {found.blocked.count:,} blocked: {pounds(found.blocked.total)}", " · ")


def not_assessed_words(known: Tracking) -> str:
    """Why no number stands there; empty where some grant is tracked, or there is none."""
    return f"This {known.nothing_known_words}." if known.is_nothing_known else ""


def nothing_ready_words(known: Tracking) -> str:
    """What stands where nothing is ready: not that nothing is due, where nobody knows that."""
    if known.unscheduled:
        return "Nothing is known to be ready to pay."
    return not_assessed_words(known) or "Nothing is ready to pay."


def no_work_words(known: Tracking) -> str:
    """Why an officer reads of no work; empty where some grant is tracked, or there is none."""
    if not known.is_nothing_known:
        return ""
    return (
        f"What waits for a decision, what is late and whom the council waits for {known.nothing_known_words}."
    )


def ending_words(counts: GrantCounts) -> str:
    """ "19 grants: 18 tracked that support families, and 1 other": the first number is that of sustainability."""
    words, others = counted(counts.ending, "grant"), counts.ending - counts.supporting
    if not others or counts.tracking.is_nothing_known:
        return words
    return f"{words}: {counts.supporting:,} tracked that support families, and {counted(others, 'other')}"


def next_payment_words(found: Sequence[NextPayment], on: date, calendar: WorkingDays) -> str:
    """ "Your next payment: £5,000 expected by 4 December 2026; we are waiting for your signed agreement"."""
    if not found:
        return "No payment is due to you that we know of."
    return f"Your next payment: {payment_words(found[0], on, calendar)}."


def payment_words(one: NextPayment, on: date, calendar: WorkingDays) -> str:
    """ "£5,000 expected by 4 December 2026; we are waiting for your signed agreement"."""
    amount, by = pounds(one.left), expected_by(one.instalment, on, calendar)
    when = "expected, on a day not known"
    if by is not None:
        when = f"expected by {day(by)}" if by >= on else f"was expected by {day(by)} and is late"
    waits = "; ".join(dict.fromkeys(blocker_words(blocker) for blocker in one.blockers))
    return f"{amount} {when}{'; ' + waits if waits else ''}"


def blocker_words(blocker: Blocker) -> str:
    """What is in the way, said to the provider."""
    plain = {
        Block.AGREEMENT_NOT_ISSUED: "we have yet to send you the agreement",
        Block.AGREEMENT_NOT_SIGNED: "we are waiting for your signed agreement",
        Block.AGREEMENT_NOT_COUNTERSIGNED: "we have yet to countersign the agreement",
        Block.BANK_DETAILS_CHANGED: "we have yet to verify your new bank details by calling you back",
        Block.CLAIM: "we are waiting for your claim",
        Block.SECOND_APPROVER: "a second person here has yet to authorise it",
    }
    if blocker.block in plain:
        return plain[blocker.block]
    waits = "we are waiting for you" if blocker.who == "provider" else f"we are waiting for the {blocker.who}"
    if blocker.who == "council":
        waits = "we have yet to deal with this"
    return f"{waits}: {blocker.what[0].lower()}{blocker.what[1:]}"


def next_return_words(found: Sequence[OutcomeReturn], on: date) -> str:
    """ "Your next return: Garden Project, the period to 31 December 2026, due 14 January 2027"."""
    if not found:
        return "No return is due from you that we know of."
    one = found[0]
    due = "due on a day not known"
    if one.due_on is not None:
        due = f"due {day(one.due_on)}" if one.due_on >= on else f"was due {day(one.due_on)} and is late"
    back = ", sent back to you" if one.state == ReturnState.SENT_BACK else ""
    return f"Your next return: {one.grant.title}, the period to {day(one.period_to)}, {due}{back}."


BARRED = "you decided or authorised it, so another person in finance must pay it"
