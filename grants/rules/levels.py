"""The levels a flag can have, the rules that raise one, and the facts a flag keeps."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias

FactValue: TypeAlias = str | int | list[str] | None
Facts: TypeAlias = dict[str, FactValue]


class Level(StrEnum):
    """How bad it is. `high` and `late` rank the same: the first speaks of endings and of money above an award,
    the second of money that has not come."""

    WATCH = "watch"
    HIGH = "high"
    LATE = "late"
    CRITICAL = "critical"
    FALLEN = "fallen"


RANK: Mapping[Level, int] = {
    Level.WATCH: 1,
    Level.LATE: 2,
    Level.HIGH: 2,
    Level.CRITICAL: 3,
    Level.FALLEN: 4,
}

LABEL: Mapping[Level, str] = {
    Level.WATCH: "Watch",
    Level.HIGH: "High",
    Level.LATE: "Late",
    Level.CRITICAL: "Critical",
    Level.FALLEN: "Ended: support not confirmed",
}


class Rule(StrEnum):
    """What raises a flag."""

    SLOW_FIRST_PAYMENT = "slow_first_payment"
    LATE_INSTALMENT = "late_instalment"
    PAID_ABOVE_AWARD = "paid_above_award"
    STOP_TO_CHASE = "stop_to_chase"
    SHORT_NOTICE_ROUND = "short_notice_round"
    MONEY_MAY_GO_BACK = "money_may_go_back"
    CLIFF_EDGE = "cliff_edge"
    CLUSTER = "cluster"


def iso(day: date | None) -> str | None:
    """A date as a flag's facts keep it; an unknown date stays unknown."""
    return None if day is None else day.isoformat()
