"""The lines of the tables of how fast money moves."""

from dataclasses import dataclass

from grants.rules.timing import TimingSummary

NOT_REACHED, TOO_FEW = "not reached", "too few"


@dataclass(frozen=True, slots=True)
class TimingLine:
    """One line of statistics. `council` is shown beside the total wait; `cannot_assess` counts grants not timed."""

    name: str
    summary: TimingSummary
    unit: str = ""
    url: str = ""
    council: TimingSummary | None = None
    cannot_assess: int = 0
    whose: str = ""
    not_known: int = 0

    @property
    def n(self) -> int:
        """Grants timed."""
        return self.summary.n

    @property
    def waiting(self) -> int:
        """Of these still waiting."""
        return self.summary.waiting

    @property
    def p25(self) -> int | str:
        """A quarter within."""
        return _said(self.summary, self.summary.p25)

    @property
    def half(self) -> int | str:
        """Half within."""
        return _said(self.summary, self.summary.median)

    @property
    def low(self) -> int | str:
        """From where the half lies, with 95% confidence."""
        return _said(self.summary, self.summary.low)

    @property
    def high(self) -> int | str:
        """To where the half lies, with 95% confidence."""
        return _said(self.summary, self.summary.high)

    @property
    def interval(self) -> str:
        """Between which numbers the half lies, with 95% confidence."""
        return TOO_FEW if self.summary.is_listed else f"{self.low} to {self.high}"

    @property
    def p75(self) -> int | str:
        """Three quarters within."""
        return _said(self.summary, self.summary.p75)

    @property
    def p90(self) -> int | str:
        """Nine in ten within."""
        return _said(self.summary, self.summary.p90)

    @property
    def longest(self) -> int | str | None:
        """The longest wait that still goes on. Where no grant is timed nobody knows who waits."""
        return self.summary.longest_wait if self.summary.n else TOO_FEW

    @property
    def council_half(self) -> int | str:
        """Half within, on council's time."""
        return TOO_FEW if self.council is None else _said(self.council, self.council.median)

    @property
    def cases(self) -> str:
        """Each case, where they are too few for statistics."""
        return cases_words(self.summary)


def _said(summary: TimingSummary, value: int | None) -> int | str:
    if value is not None:
        return value
    return TOO_FEW if summary.is_listed else NOT_REACHED


def cases_words(summary: TimingSummary) -> str:
    """Lengths in order, "5, 8 (still waiting)"; nothing where there are statistics."""
    return ", ".join(f"{case.duration}{'' if case.ended else ' (still waiting)'}" for case in summary.cases)


@dataclass(frozen=True, slots=True)
class Counted:
    """A part of a whole in working days."""

    whose: str
    working_days: int
    share: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What the curves say at one number of working days: the shares paid by then."""

    working_days: int
    total: float
    council: float
    at_risk: int
