"""What each resolution's answer says: its state, one sentence, three figures at most, and what is not known."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from core.web.formats import NOT_KNOWN, counted, day, pounds, share
from reports.queries.resolutions import SPEED, Answered, EarlyHelp, Resolution, Speed
from reports.rules.resolutions import AMBER_FROM, GREEN_FROM, NOT_KNOWN_OVER, TURNS_AT, State

STATE_WORDS = {
    State.ON_TRACK: "On track",
    State.PARTLY: "Partly on track",
    State.NOT_ON_TRACK: "Not on track",
    State.NOT_KNOWN: "Not enough is known",
}
# The colour beside each: those of core/web/states.py.
STATE_TAGS = {
    State.ON_TRACK: "done",
    State.PARTLY: "waiting",
    State.NOT_ON_TRACK: "critical",
    State.NOT_KNOWN: "unknown",
}
EARLY_HELP_RULE = (
    "The committee asked for an analysis that demonstrates a focus on sustained early help. The council has not yet "
    "said what would demonstrate it. Until it sets a test, the answer is “not enough is known”."
)
SPEED_RULE = (
    f"On track when at least {GREEN_FROM}% of the grants that can be assessed were paid within the payment standard of "
    f"their fund and none is critical; partly on track from {AMBER_FROM}%; not on track below that. “Not enough is "
    f"known” when more than {NOT_KNOWN_OVER}% of the grants cannot be assessed."
)
ANSWER_WORDS = {
    "within": "paid within the standard",
    "past": "past the standard",
    "not_yet": "not paid yet, within the standard",
    "not_due": "no valid claim yet",
    "not_known": "cannot be assessed: a date is not known",
    "untracked": "cannot be assessed: not tracked",
    "left_out": "left out: withdrawn, closed unpaid, not approved, or decided later",
}


@dataclass(frozen=True, slots=True)
class Link:
    """Where to read on."""

    words: str
    url: str


class Measured(NamedTuple):
    """One figure: what it is called, its value (None: not known) out of how many, and both in words."""

    name: str
    value: int | Decimal | str | None
    of: int | None
    words: str


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """One resolution as the page says it. `tag` is the state's colour, `state` its words."""

    resolution: Resolution
    funds: str
    which_funds: str
    tag: str
    state: str
    sentence: str
    rule: str
    measured: tuple[Measured, ...]
    not_known: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Each figure in words, and what it is."""
        return [(one.words, one.name) for one in self.measured]


def answer_block(answered: Answered) -> AnswerBlock:
    """The answer in words."""
    found: Any = answered.figures
    speed = answered.resolution.number == SPEED
    words: tuple[Callable[..., Any], ...] = (
        (speed_sentence, speed_figures, speed_not_known)
        if speed
        else (early_help_sentence, early_help_figures, early_help_not_known)
    )
    sentence, figures, not_known = words
    return AnswerBlock(
        resolution=answered.resolution,
        funds=", ".join(fund.name for fund in answered.funds) or "none of them is in this register",
        which_funds=answered.which_funds,
        tag=STATE_TAGS[answered.state],
        state=STATE_WORDS[answered.state],
        sentence=sentence(found, answered.state),
        rule=SPEED_RULE if speed else EARLY_HELP_RULE,
        measured=tuple(figures(found)),
        not_known=tuple(not_known(found)),
        links=tuple(_links(answered)),
    )


def states_words(blocks: Sequence[AnswerBlock]) -> str:
    """ "2 resolutions of 30 July 2024: one is partly on track; for one, not enough is known"."""
    states = Counter(block.state for block in blocks)
    words = [
        f"{_how_many(states[state], len(blocks))} {'is' if states[state] == 1 else 'are'} {state.lower()}"
        for state in STATE_WORDS.values()
        if state in states and state != STATE_WORDS[State.NOT_KNOWN]
    ]
    not_known = states[STATE_WORDS[State.NOT_KNOWN]]
    if not_known:
        words.append(f"for {_how_many(not_known, len(blocks))}, not enough is known")
    return f"{counted(len(blocks), 'resolution')} of {day(blocks[0].resolution.on)}: {'; '.join(words)}"


def _how_many(count: int, whole: int) -> str:
    return "both" if count == whole == 2 else "one" if count == 1 else f"{count:,}"


def speed_sentence(found: Speed, state: State) -> str:
    """The second answer in one sentence."""
    counts = found.counts
    if state == State.NOT_KNOWN:
        return _why_grey(found)
    lead = {State.ON_TRACK: "Yes", State.PARTLY: "In part", State.NOT_ON_TRACK: "No"}[state]
    critical = "none is critical"
    if found.critical:
        critical = counted(found.critical, "is critical", "are critical")
    part = share(counts.within / counts.settled, below=TURNS_AT)
    return (
        f"{lead}: {counts.within:,} of {counted(counts.settled, 'grant')} ({part}) "
        f"{'was' if counts.within == 1 else 'were'} paid within the standard, and {critical}."
    )


def _why_grey(found: Speed) -> str:
    cannot, scope = found.cannot_be_assessed, found.in_scope
    if 100 * cannot > NOT_KNOWN_OVER * scope:
        return (
            f"Nobody can say: {cannot:,} of {counted(scope, 'grant')} cannot be assessed, "
            "since decision and payment are not recorded here."
        )
    if not scope:
        return "Nobody can say: no grant is recorded."
    return "Nobody can say yet: no grant has been paid, and none has passed its standard."


def speed_figures(found: Speed) -> list[Measured]:
    """At most three."""
    counts = found.counts
    assessed = sum(counts) - counts.not_known + found.not_due
    within = "grants paid within the standard, of those that can be assessed"
    critical = "critical now: unpaid past twice the standard, or after the planned start"
    cannot = "grants that cannot be assessed"
    return [
        _out_of(within, counts.within, counts.settled, "none yet") if assessed else _not_known(within),
        Measured(critical, found.critical, None, f"{found.critical:,}") if assessed else _not_known(critical),
        Measured(
            cannot, found.cannot_be_assessed, found.in_scope, _of(found.cannot_be_assessed, found.in_scope)
        ),
    ]


def _of(value: int, whole: int) -> str:
    return f"{value:,} of {whole:,}"


def _out_of(name: str, value: int, whole: int, of_none: str) -> Measured:
    """A count out of another, and what is said where there is none to count."""
    return (
        Measured(name, value, whole, _of(value, whole)) if whole else Measured(name, of_none, None, of_none)
    )


def _not_known(name: str) -> Measured:
    return Measured(name, None, None, NOT_KNOWN)


def _untracked(count: int) -> str:
    return counted(count, "grant is not tracked", "grants are not tracked")


def speed_not_known(found: Speed) -> list[str]:
    """What the answer leaves open."""
    counts = found.counts
    lines = [
        (
            found.untracked,
            f"{_untracked(found.untracked)}: decision and payment are not recorded here",
        ),
        (found.undecided, f"{counted(found.undecided, 'grant has', 'grants have')} no decision recorded"),
        (found.day_not_known, f"the day of the decision on {counted(found.day_not_known, 'grant')}"),
        (
            counts.not_known,
            f"{counted(counts.not_known, 'grant was', 'grants were')} paid on a claim whose date is not recorded",
        ),
        (
            counts.not_yet,
            f"{counted(counts.not_yet, 'grant is', 'grants are')} not paid yet and still within the standard: "
            "counted once paid or late",
        ),
        (
            found.not_due,
            f"{counted(found.not_due, 'grant is', 'grants are')} paid on claim, and no valid claim has come yet",
        ),
        (
            found.left_out,
            f"{counted(found.left_out, 'grant is', 'grants are')} left out: withdrawn or closed unpaid, not approved, "
            "or decided later",
        ),
    ]
    return [words for count, words in lines if count]


def early_help_sentence(found: EarlyHelp, state: State) -> str:
    """The first answer in one sentence."""
    return "Nobody can say yet: the council has not set the test that would show it."


def early_help_figures(found: EarlyHelp) -> list[Measured]:
    """At most three."""
    left_out = ""
    if found.amounts_not_known and found.awarded is not None:
        left_out = f" ({counted(found.amounts_not_known, 'amount')} not known)"
    awarded = f"awarded to {counted(found.grants, 'grant')}{left_out}"
    support = "grants that are direct support for families"
    planned = "tracked grants ending within 12 months that have a sustainability plan"
    return [
        Measured(awarded, found.awarded, None, pounds(found.awarded)),
        Measured(support, found.direct_support, found.grants, _of(found.direct_support, found.grants)),
        _out_of(planned, found.planned, found.ending, "none is known to end"),
    ]


def early_help_not_known(found: EarlyHelp) -> list[str]:
    """What the answer leaves open."""
    lines = [
        (1, "what test the council will set"),
        (
            found.untracked,
            f"{_untracked(found.untracked)}: whether support goes on is not recorded here",
        ),
        (
            found.amounts_not_known,
            f"the amount awarded to {counted(found.amounts_not_known, 'grant')}",
        ),
        (found.purpose_not_known, f"the purpose of {counted(found.purpose_not_known, 'grant')}"),
        (found.no_end, f"when {counted(found.no_end, 'grant ends', 'grants end')}"),
    ]
    return [words for count, words in lines if count]


def _links(answered: Answered) -> list[Link]:
    """The lists of the register with just the grants behind the figures."""
    found = answered.figures
    if isinstance(found, Speed):
        lists = (
            ("applies", found.in_scope, "in scope"),
            ("within", found.counts.within, "paid within the standard"),
            ("past", found.counts.past, "past the standard, paid or not"),
            ("unknown", found.cannot_be_assessed, "that cannot be assessed"),
        )
        return [_behind(f"{n:,} {words}", standard=standard) for standard, n, words in lists if n]
    links = [_behind(fund.name, fund=fund.code, state="funded") for fund in answered.funds]
    return [*links, Link("See what ends, and for whom", reverse("sustainability"))]


def _behind(words: str, **filters: str) -> Link:
    return Link(f"See the grants behind this: {words}", f"{reverse('grants')}?{urlencode(filters)}")
