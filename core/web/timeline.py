"""The steps of a record's life, for the timeline component."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Progress(StrEnum):
    """How far a step is: done, waited for now, due later, or missed; or nobody recorded whether it was taken.

    A step that is over was not taken, and nobody waits for it any more.
    """

    DONE = "done"
    WAITING = "waiting"
    DUE = "due"
    MISSED = "missed"
    UNKNOWN = "unknown"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `when` may be a published text date; `gap` says what lies between it and the next step."""

    label: str
    when: date | str | None
    progress: Progress
    note: str = ""
    gap: str = ""
