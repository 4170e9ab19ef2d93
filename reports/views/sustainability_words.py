"""What the sustainability report says in sentences. A number of people that is not shown is told in words instead."""

from datetime import date

from core.web.charts import BarChart, BarValue, bar_chart
from core.web.formats import MONTHS, counted, day, pounds
from grants.models.flags import LEVEL_LABELS
from grants.queries.sustainability import NotAssessed
from grants.rules.levels import RANK, Level
from grants.rules.safe_date import bases_words
from reports.queries.sustainability import Figure, Sustainability

NOT_SHOWN = "the number is not shown, to protect them"
CHILDREN = ("child or young person", "children and young people")
FAMILIES = ("family", "families")


def answer(found: Sustainability) -> str:
    """ "If nothing is decided, support ends for 118 families by 31 March 2027 and for 41 more by 31 August 2027"."""
    if not found.grants:
        left_out = sum(found.not_assessed)
        if left_out:
            return f"Not enough is known to say when support ends: {counted(left_out, 'grant')} cannot be assessed."
        return "No grant that supports families ends within 12 months."
    clauses = [(when, each) for when, each in found.by if has_people(each)]
    if not clauses:
        sentence = f"If nothing is decided, nobody is known to lose support by {day(found.by[-1][0])}"
    else:
        units = 1 + any(each.children for _, each in clauses)
        parts = [_up_to(when, each, units, after=place > 0) for place, (when, each) in enumerate(clauses)]
        sentence = f"If nothing is decided, support ends {in_a_row(parts)}"
    return f"{sentence}{_not_known(found.ahead)}."


def has_people(figure: Figure) -> bool:
    """Whether anybody is known to be left without support, shown or not."""
    return bool(figure.families or figure.children)


def people_words(figure: Figure, *, more: bool = False) -> str:
    """ "118 families and 14 children and young people"; "some families (the number is not shown, to protect them)"."""
    also = "more " if more else ""
    parts = [
        f"some {also}{many} ({NOT_SHOWN})"
        if isinstance(shown, str)
        else f"{shown:,} {also}{one if shown == 1 else many}"
        for shown, (one, many) in ((figure.families, FAMILIES), (figure.children, CHILDREN))
        if shown
    ]
    return " and ".join(parts)


def _up_to(when: date, figure: Figure, units: int, *, after: bool) -> str:
    """ "for 118 families by 31 March 2027"; then "for 41 more by 31 August 2027", if only families are counted."""
    is_plain = after and units == 1 and isinstance(figure.families, int)
    who = f"{figure.families:,} more" if is_plain else people_words(figure, more=after)
    return f"for {who} by {day(when)}"


def in_a_row(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _not_known(figure: Figure) -> str:
    if not figure.not_known:
        return ""
    return f"; for {counted(figure.not_known, 'grant')} the number of families is not known"


def ended_words(found: Sustainability) -> str:
    """What is already lost; empty where nothing ended in the last twelve months."""
    if not found.ended.grants:
        return ""
    who = people_words(found.ended) or "nobody that is known"
    ended = counted(found.ended.grants, "grant has ended", "grants have ended")
    return (
        f"In the last 12 months {ended}: nothing is confirmed afterwards for {who}{_not_known(found.ended)}."
    )


def money_words(found: Sustainability) -> str:
    """Pounds come second."""
    if not found.ahead.grants:
        return ""
    figure = found.ahead
    ends = counted(figure.grants, "grant ends", "grants end")
    whole = None if figure.pounds_a_year is None else round(figure.pounds_a_year)
    words = f"{ends} within 12 months: {pounds(whole)} a year"
    if figure.pounds_a_year is not None and figure.pounds_not_known:
        words += f", and {counted(figure.pounds_not_known, 'amount')} not known"
    return f"{words}."


def left_out_words(left_out: NotAssessed) -> str:
    """ "17 grants cannot be assessed: 15 not tracked, 2 without an end date"; empty when none is left out."""
    parts = [
        f"{count:,} {words}"
        for count, words in (
            (left_out.untracked, "not tracked"),
            (left_out.no_end, "without an end date"),
            (left_out.no_purpose, "with no purpose recorded"),
        )
        if count
    ]
    return f"{counted(sum(left_out), 'grant')} cannot be assessed: {', '.join(parts)}." if parts else ""


def safe_words(found: Sustainability) -> str:
    """ "Latest safe date: worked out from the stage lengths that the fund plans."."""
    words = bases_words(found.bases)
    return f"Latest safe date: {words[0].lower()}{words[1:]}"


def levels_words(found: Sustainability) -> list[tuple[str, str, int]]:
    """(level, its words, grants) for each level that a grant has, worst first."""
    levels = sorted(found.levels, key=lambda level: -RANK[Level(level)])
    return [(level, LEVEL_LABELS[Level(level)], found.levels[level]) for level in levels]


def month_words(month: date) -> str:
    """March 2027."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def families_chart(found: Sustainability) -> BarChart:
    """Families left without support by the month in which their grant ends. What is not shown has no bar."""
    return bar_chart(
        "families-by-month",
        "Families left without support, by the month in which it ends",
        f"{answer(found)} The table below has each month.",
        [_bar(month, each.families, _families_in(each)) for month, each in found.months],
        unit="Families",
    )


def _families_in(figure: Figure) -> str:
    return figure.families if isinstance(figure.families, str) else counted(figure.families, *FAMILIES)


def money_chart(found: Sustainability) -> BarChart:
    """Pounds a year by the month in which the grant ends."""
    return bar_chart(
        "pounds-by-month",
        "Pounds a year that end, by month",
        f"{money_words(found)} The table below has each month.",
        [_bar(month, each.pounds_a_year, pounds(each.pounds_a_year)) for month, each in found.months],
        unit="Pounds a year",
    )


def _bar(month: date, value: object, words: str) -> BarValue:
    above = str(month.year) if month.month == 1 else ""
    known = None if value is None or isinstance(value, str) else float(str(value))
    return BarValue(
        MONTHS[month.month - 1][:3], known, f"{month_words(month)}: {words}" if known else words, above
    )
