"""What the page of speed says in sentences, charts and figures. Each figure has one name, here and in Excel."""

from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from core.web.charts import Point, StackedBar, StepChart, stacked_bar, step_chart
from core.web.formats import counted, pounds, share
from grants.rules.timing import Curve, TimingSummary, share_ended
from reports.queries.speed import GroupTiming, Speed
from reports.rules.resolutions import TURNS_AT
from reports.tables.speed_lines import Counted, CurvePoint, TimingLine, cases_words

WORKING_DAY = ("working day", "working days")
WHOSE = (("Council, without the funder’s days", "council"), ("Provider", "provider"), ("Funder", "funder"))


class NamedFigure(NamedTuple):
    """One figure of the page under the name that the download gives it too; `words` say it with its unit."""

    name: str
    value: int | float | Decimal | None
    words: str


def answer(speed: Speed) -> str:
    """ "Half of grants were paid within 24 working days; 9 of 47 are still waiting, the longest 31 working days"."""
    total = speed.total
    if not total.n:
        return _nothing(speed)
    if total.is_listed:
        return (
            f"{counted(total.n, 'grant')} can be timed, too few for statistics. Working days from decision to first "
            f"payment: {cases_words(total)}."
        )
    half = (
        "Fewer than half of grants have been paid so far"
        if total.median is None
        else f"Half of grants were paid within {counted(total.median, *WORKING_DAY)} of the decision"
    )
    return f"{half}; {_still_waiting(total)}."


def _still_waiting(total: TimingSummary) -> str:
    if not total.waiting or total.longest_wait is None:
        return f"none of the {total.n:,} is still waiting"
    verb = "is" if total.waiting == 1 else "are"
    return (
        f"{total.waiting:,} of {total.n:,} {verb} still waiting, the longest "
        f"{counted(total.longest_wait, *WORKING_DAY)}"
    )


def _nothing(speed: Speed) -> str:
    untracked = speed.apart.untracked
    if not untracked:
        return "No tracked grant has been approved yet, so there is nothing to time."
    verb = "is" if untracked == 1 else "are"
    return (
        f"Not enough is known: {counted(untracked, 'grant')} {verb} recorded, and the payments of none are tracked "
        "here, so how long they waited cannot be assessed."
    )


def council_words(speed: Speed) -> str:
    """What part of the wait was the council's own, against the standard."""
    council = speed.council
    if council.median is None:
        return ""
    standards = " or ".join(str(standard) for standard in speed.standards)
    return (
        f"On council’s time, which leaves out days before the clock started and days spent waiting on the provider, "
        f"half were paid within {counted(council.median, *WORKING_DAY)}. The standard is {standards}."
    )


def left_out_words(speed: Speed) -> list[str]:
    """Who is not in the figures, and why."""
    found = (
        (speed.apart.untracked, "cannot be assessed: not tracked"),
        (speed.apart.withdrawn, "withdrawn before a payment, and counted apart"),
        (speed.apart.closed, "closed without a payment, and counted apart"),
    )
    return [f"{counted(n, 'grant')} {words}." for n, words in found if n]


def standard_figures(speed: Speed) -> list[NamedFigure]:
    """How many were paid within their fund's standard, of those for which that is settled."""
    counts = speed.standard
    of_settled = counts.within / counts.settled if counts.settled else None
    return [
        NamedFigure("Share paid within the standard", of_settled, share(of_settled, below=TURNS_AT)),
        _grants("Paid within the standard", counts.within),
        _grants("Past the standard, paid or not", counts.past),
        _grants("Not yet known: unpaid, with time left", counts.not_yet),
        _grants("Clock not started: no valid claim yet", speed.not_started - counts.not_known),
        _grants("Not known: paid on a claim whose date is missing", counts.not_known),
    ]


def lost_figures(speed: Speed) -> list[NamedFigure]:
    """Funded time lost, in days and in pounds × days."""
    lost = speed.lost
    return [
        NamedFigure("Funded time lost, in days", lost.days, counted(lost.days, "day")),
        NamedFigure(
            "Funded time lost, in pounds × days", lost.pound_days, f"{pounds(lost.pound_days)} × days"
        ),
        NamedFigure("Share of approved time lost", lost.share, share(lost.share)),
        _grants("Paid after the planned start, or unpaid past it", lost.delayed),
        _grants("Planned start and end known", lost.n),
        _grants("Planned start or end not known", lost.window_not_known),
        _grants("Amount not known, so not in the pounds × days", lost.amount_not_known),
    ]


def apart_figures(speed: Speed) -> list[NamedFigure]:
    """Who stands outside the figures."""
    return [
        _grants("Cannot be assessed: not tracked", speed.apart.untracked),
        _grants("Withdrawn without a payment", speed.apart.withdrawn),
        _grants("Closed without a payment", speed.apart.closed),
    ]


def _grants(name: str, n: int) -> NamedFigure:
    return NamedFigure(name, n, counted(n, "grant"))


def whose_bar(speed: Speed) -> StackedBar:
    """Whose the working days were, as one bar."""
    parts = whose_parts(speed)
    said = "; ".join(f"{part.whose} {share(part.share)}" for part in parts)
    return stacked_bar(
        "whose",
        "Whose time it was",
        f"Working days since the clock started, all grants together: {said}.",
        [(part.whose, part.working_days, counted(part.working_days, *WORKING_DAY)) for part in parts],
    )


def whose_parts(speed: Speed) -> list[Counted]:
    """The council's, the provider's and the funder's working days."""
    whole = sum(speed.whose)
    return [
        Counted(label, days, days / whole if whole else None)
        for label, days in ((label, getattr(speed.whose, name)) for label, name in WHOSE)
    ]


def paid_chart(speed: Speed) -> StepChart:
    """The share of grants paid by each working day, with the standards as lines."""
    return step_chart(
        "paid",
        "Share of grants paid",
        f"{answer(speed)} {council_words(speed)} The table beside the chart has the numbers.",
        [("Total wait", _points(speed.total.curve)), ("Council’s time", _points(speed.council.curve))],
        lines=speed.standards,
        unit="Working days",
    )


def _points(curve: Curve) -> list[Point]:
    """The steps of a curve, as the share paid; the last case is drawn up to even where it still waits."""
    steps = zip(curve.times.tolist(), curve.survival.tolist(), curve.events.tolist(), strict=True)
    return [Point(time, 1 - left) for time, left, events in steps if events or time == curve.times[-1]]


def curve_points(speed: Speed, chart: StepChart) -> list[CurvePoint]:
    """What the curve says at the round numbers of the chart, and at each standard."""
    marks = {int(tick.words.replace(",", "")) for tick in chart.across} | set(speed.standards)
    total, council = speed.total.curve, speed.council.curve
    return [
        CurvePoint(
            working_days=mark,
            total=share_ended(total, mark),
            council=share_ended(council, mark),
            at_risk=int(max(total.at_risk[total.times >= mark], default=0)),
        )
        for mark in sorted(marks)
        if mark <= total.times[-1] or mark in speed.standards
    ]


def wait_lines(speed: Speed) -> list[TimingLine]:
    """The total wait and council's time, always together."""
    return [
        TimingLine("Total wait: decision to first payment", speed.total, "working days"),
        TimingLine("Total wait, in calendar days", speed.total_days, "calendar days"),
        TimingLine("Council’s time", speed.council, "working days"),
    ]


def group_lines(groups: list[GroupTiming]) -> list[TimingLine]:
    """One way of telling grants apart; a fund leads to its own page."""
    return [
        TimingLine(
            name=group.name,
            summary=group.total,
            url=f"{reverse('speed')}?fund={group.code}" if group.code else "",
            council=group.council,
            cannot_assess=group.cannot_assess,
        )
        for group in groups
    ]


def step_lines(speed: Speed) -> list[TimingLine]:
    """The steps in order."""
    return [
        TimingLine(
            name=one.times.step.label,
            summary=one.summary,
            whose=f"the {one.times.step.whose}",
            not_known=one.times.not_known,
        )
        for one in speed.steps
    ]


def lead_words(speed: Speed) -> str:
    """How many rounds gave groups time enough."""
    known = [one for one in speed.rounds if one.is_short is not None]
    if not known:
        return "For no round are both the announcement and the close known."
    short = sum(bool(one.is_short) for one in known)
    return f"{short:,} of {counted(len(known), 'round')} gave groups less time than the fund’s norm."
