"""What the page of one grant says in sentences and on its timeline. Figures come with the story."""

from collections.abc import Iterator
from datetime import date

from core.rules.dates import add_months
from core.rules.working_days import WorkingDays
from core.web.formats import counted, day, pounds, share, working_days
from core.web.timeline import Progress, Step
from grants.models import Payment
from grants.models.flags import LEVEL_LABELS, RULE_LABELS
from grants.models.payments import WaitingOn
from grants.queries.cases import stops_of
from grants.queries.story import FlagTag, Story
from grants.rules.cliff import nobody_left
from grants.rules.clock import PROVIDER, Clock, stop_working_days
from grants.rules.levels import Level, Rule
from grants.rules.safe_date import bases_words
from grants.tables.cells import people

ENDING_SOON_MONTHS = 12


def headline(story: Story) -> str:
    """The answer of the page: how the money stands, and how it ends."""
    return " ".join(filter(None, (_money(story), _above_award(story), _ending(story), _over(story))))


def _over(story: Story) -> str:
    """That the grant is closed or withdrawn, where the sentence about its money does not begin with it."""
    grant = story.grant
    if grant.withdrawn_on is not None:
        return "" if story.is_tracked else f"It was withdrawn on {day(grant.withdrawn_on)}."
    never_paid = story.is_tracked and story.is_approved and grant.first_paid_on is None
    return "" if grant.closed_on is None or never_paid else f"It was closed on {day(grant.closed_on)}."


def _above_award(story: Story) -> str:
    """How much more was paid than was awarded."""
    awarded = story.grant.amount_awarded
    if not story.is_tracked or awarded is None or story.paid <= awarded:
        return ""
    return f"{pounds(story.paid - awarded)} more than the award was paid."


def unscheduled_words(story: Story) -> str:
    """What of the award no instalment is for: nobody is reminded to pay it."""
    if story.unscheduled is None or story.unscheduled <= 0:
        return ""
    return f"{pounds(story.unscheduled)} of the award is not in the payment schedule."


def _money(story: Story) -> str:
    grant = story.grant
    if not story.is_tracked:
        return "Not tracked: the payments, returns and ending are not recorded here, so this grant cannot be assessed."
    if grant.withdrawn_on is not None:
        return _withdrawn(story)
    if grant.decision is None and grant.decided_about:
        return f"The day of the decision is not known ({day(grant.decided_about)})."
    if grant.decision is None:
        return "No decision is recorded yet."
    if not story.is_approved:
        return f"{grant.get_decision_display()}: decided on {day(grant.decided_on)}."
    if grant.closed_on is not None and grant.first_paid_on is None:
        return f"Closed on {day(grant.closed_on)}{_after(story)}, never paid."
    clock = story.clock
    return _paid(story, clock) if clock and clock.end else _waiting(story)


def _withdrawn(story: Story) -> str:
    when = f"Withdrawn on {day(story.grant.withdrawn_on)}"
    return f"{when}." if story.grant.first_paid_on else f"{when}: withdrawn{_after(story)}, never paid."


def _after(story: Story) -> str:
    """How long it had waited for its first payment when it ended without one."""
    return f" after {working_days(story.clock.total_wait_working_days)}" if story.clock else ""


def _paid(story: Story, clock: Clock) -> str:
    lost = story.lost
    sentence = (
        f"Paid {working_days(clock.total_wait_working_days)} after it was approved; "
        f"{counted(clock.council_working_days, 'was', 'were')} the council’s time, and the standard is "
        f"{story.grant.fund.payment_standard_working_days}."
    )
    return f"{sentence} {share(lost.share)} of its funded time was lost." if lost and lost.days else sentence


def _waiting(story: Story) -> str:
    clock, grant = story.clock, story.grant
    standard = grant.fund.payment_standard_working_days
    if clock is None:
        return f"Approved on {day(grant.decided_on)}. No valid claim has come yet, so the council’s time has not begun."
    approved = (
        f"This grant was approved {working_days(clock.total_wait_working_days)} ago and has not been paid."
    )
    if clock.start > story.on:
        return f"{approved} The council’s time begins on {day(clock.start)}; the standard is {working_days(standard)}."
    council = working_days(clock.council_working_days)
    sentence = f"{approved} The council’s time is {council}; the standard is {standard}."
    lost = story.lost
    return f"{sentence} {share(lost.share)} of its funded time has gone." if lost and lost.days else sentence


def _ending(story: Story) -> str:
    """What the end means, once it is within a year."""
    ends_on = story.grant.ends_on
    if not story.is_tracked or not story.runs or not story.is_approved:
        return ""
    if ends_on is None:
        return "When it ends is not known."
    if ends_on > add_months(story.on, ENDING_SOON_MONTHS):
        return ""
    ends = f"It {'ended' if ends_on < story.on else 'ends'} on {day(ends_on)}"
    support = story.support
    if support is None or not story.is_support:
        return f"{ends}."
    if support.uncovered is None:
        return f"{ends}; how many people that leaves without support is not known."
    if nobody_left(support.caseload, support.uncovered):
        return f"{ends}; nobody was supported any more on the last return."
    if support.uncovered == 0:
        return f"{ends}; everybody on the last return is covered after it."
    who, have = people(support.uncovered, support.unit), "has" if support.uncovered == 1 else "have"
    return f"{ends}; {who} on the last return {have} no confirmed support after it."


def safe_words(story: Story) -> str:
    """Until when a new round or an extension still comes in time, and how that was worked out."""
    safe = story.safe
    if safe is None:
        return ""
    sentences = [
        f"The latest safe date to announce a new round, {day(safe.new_round_by)}, has passed."
        if safe.new_round_by < story.on
        else f"It is safe to announce a new round until {day(safe.new_round_by)}.",
        f"An extension had to be decided by {day(safe.extension_by)}."
        if safe.extension_by < story.on
        else f"An extension must be decided by {day(safe.extension_by)}.",
        bases_words(safe.bases),
    ]
    return " ".join(sentences)


def tag_words(flag: FlagTag) -> str:
    """The level with what it is about: "Late: first payment slow"; that something has ended says what by itself."""
    level = Level(flag.level)
    return LEVEL_LABELS[level] + (
        "" if level == Level.FALLEN else f": {RULE_LABELS[Rule(flag.rule)].lower()}"
    )


def times(story: Story) -> list[tuple[str, str]]:
    """Whose time it was, at most three figures in working days."""
    clock = story.clock
    if clock is None:
        return []
    standard = story.grant.fund.payment_standard_working_days
    waited_on = clock.provider_working_days + clock.funder_working_days
    ended = "withdrawn" if story.grant.withdrawn_on else "closed"
    so_far, wait = "", "to first payment"
    if not clock.end:
        so_far = " so far" if story.runs else f" until it was {ended}"
        wait = "to first payment so far" if story.runs else f"until it was {ended}, never paid"
    return [
        (
            f"{clock.council_working_days:,}",
            f"working days of council’s time{so_far}{_of_which(clock.funder_working_days)}; the standard is {standard}",
        ),
        (f"{waited_on:,}", _waited_words(clock.provider_working_days, clock.funder_working_days)),
        (
            f"{clock.total_wait_working_days:,}",
            f"working days from decision {wait}: the total wait",
        ),
    ]


def _of_which(funder: int) -> str:
    return f", of which {funder:,} waiting for the funder" if funder else ""


def _waited_words(provider: int, funder: int) -> str:
    if funder and provider:
        return f"working days recorded as waiting for others: {provider} for the provider, {funder} for the funder"
    return f"working days recorded as waiting for the {'funder' if funder else 'provider'}"


def timeline(story: Story, calendar: WorkingDays) -> list[Step]:
    """The stages with their dates, how long each took and how much of it the provider was waited for."""
    steps = list(_stages(story))
    for index, (step, whose) in enumerate(steps[:-1]):
        gap = _gap(step, steps[index + 1][0], whose, story, calendar)
        steps[index] = (Step(step.label, step.when, step.progress, step.note, gap), whose)
    return [step for step, _ in steps]


def _gap(step: Step, after: Step, about: str, story: Story, calendar: WorkingDays) -> str:
    """The working days until the next stage: to its date, or so far while it is waited for."""
    start, end = step.when, after.when
    if step.progress != Progress.DONE or not isinstance(start, date) or not about:
        return ""
    if after.progress == Progress.DONE and isinstance(end, date) and end >= start:
        return f"{about}: {working_days(calendar.between(start, end))}{_waited(story, start, end, calendar)}"
    if after.progress in (Progress.WAITING, Progress.MISSED) and start <= story.on:
        so_far = working_days(calendar.between(start, story.on))
        return f"{about}: {so_far} so far{_waited(story, start, story.on, calendar)}"
    return ""


def _waited(story: Story, start: date, end: date, calendar: WorkingDays) -> str:
    """How much of a stage was the provider's time: the same clock stops, from the clock's start, as the figures."""
    if story.clock is None:
        return ""
    stops = stops_of(story.stops)
    days = stop_working_days(stops, PROVIDER, max(start, story.clock.start), end, calendar)
    return f", {days:,} of them waiting for the provider" if days else ""


def _stages(story: Story) -> Iterator[tuple[Step, str]]:
    """Each stage with what lies between it and the next."""
    grant, agreement = story.grant, story.agreement
    if grant.round is not None and grant.round.announced_on is not None:
        yield Step("Announced", grant.round.announced_on, Progress.DONE), "from bid to decision"
    decided = grant.decided_on or grant.decided_about
    if decided or story.is_tracked:
        yield _step("Decided", decided, story, waits=True), "to the agreement"
    else:
        # Nobody waits for a decision that may have been taken long ago: it is only not recorded.
        yield Step("Decided", None, Progress.UNKNOWN), ""
    if story.is_approved:
        issued = agreement.issued_on if agreement else None
        signed = agreement.signed_on if agreement else None
        if story.is_tracked:
            yield _step("Agreement issued", issued, story, waits=True), "to its signature"
            yield _step("Agreement signed", signed, story, waits=issued is not None), "to the payment"
        yield _first_payment(story, ready=signed is not None), ""
    if grant.withdrawn_on is not None:
        yield Step("Withdrawn", grant.withdrawn_on, Progress.DONE), ""
    else:
        yield _end(story), ""
    if grant.closed_on is not None:
        yield Step("Closed", grant.closed_on, Progress.DONE), ""


def _step(label: str, when: date | str | None, story: Story, *, waits: bool) -> Step:
    """A stage that the grant waits for, or that comes later; once the grant is over it is neither."""
    if when is None and not story.runs:
        return Step(label, None, Progress.OVER, "not recorded")
    return Step(label, when, Progress.DONE if when else Progress.WAITING if waits else Progress.DUE)


def _first_payment(story: Story, *, ready: bool) -> Step:
    grant = story.grant
    if grant.first_paid_on is not None:
        first = min((p.pk for p in story.payments if _is_first(p, story)), default=None)
        amount = "" if first is None else pounds(story.standing[first])
        return Step("First payment", grant.first_paid_on, Progress.DONE, amount)
    due = next((line.instalment.due_on for line in story.schedule if line.instalment.number == 1), None)
    if not story.is_tracked:
        return Step("First payment", None, Progress.UNKNOWN, "not recorded")
    if not story.runs:
        return Step("First payment", None, Progress.OVER, "never paid")
    if story.first_payment_is_late:
        return Step("First payment", due, Progress.MISSED, "not paid")
    return Step(
        "First payment", due, Progress.WAITING if ready else Progress.DUE, "" if due else "due date not known"
    )


def _is_first(payment: Payment, story: Story) -> bool:
    return payment.pk in story.standing and payment.paid_on == story.grant.first_paid_on


def _end(story: Story) -> Step:
    grant = story.grant
    if grant.ends_on is None:
        progress = Progress.DUE if story.runs else Progress.OVER
        return Step("Ends", grant.ends_about, progress, "" if grant.ends_about else "date not known")
    moved = grant.planned_end is not None and grant.planned_end != grant.ends_on
    note = f"first planned for {day(grant.planned_end)}" if moved else ""
    return Step(
        "Ends" if grant.ends_on >= story.on else "Ended", grant.ends_on, _past(grant.ends_on, story.on), note
    )


def _past(when: date, on: date) -> Progress:
    return Progress.DONE if when < on else Progress.DUE


def claim_words(story: Story) -> str:
    """That the next instalment waits for a claim which is not due yet."""
    upcoming = story.next_instalment
    if upcoming is None:
        return ""
    due = f"It is due on {day(upcoming.due_on)}." if upcoming.due_on else "When it is due is not known."
    return f"Instalment {upcoming.number} waits for a claim from the provider. {due}"


def waiting_words(since: date | None, on: date, calendar: WorkingDays) -> str:
    """How long somebody has been waited for."""
    return "since when is not known" if since is None else working_days(calendar.between(since, on))


def waits_on_words(who: str, *, reader_is_provider: bool = False) -> str:
    """Who can clear a block: you, the provider, the funder, the council, or a named person."""
    if reader_is_provider and who == WaitingOn.PROVIDER:
        return "you"
    return f"the {who}" if who in {*WaitingOn.values, "council"} else who
