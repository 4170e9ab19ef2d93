"""The beginning of a grant's story, and how it goes on: dated events that are written later, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.models import User
from core.rules.dates import add_months
from demo.year.funds import INVENTED
from demo.year.scene import Scene
from grants.models import AwardType, Grant, Purpose
from grants.models.decisions import DecisionKind, MadeBy


@dataclass
class Event:
    """On a day, a record is written by somebody for a reason; `changes` are made to it just before."""

    day: date
    record: Any
    by: User
    reason: str
    changes: dict[str, Any] = field(default_factory=dict)


class Beginning:
    """A grant as it was decided. Facts after the scene's day are refused: they have not happened."""

    def __init__(
        self,
        scene: Scene,
        ref: str,
        title: str,
        provider: str | None,
        window: str,
        *,
        amount: int,
        decided: date,
        start: date,
        months: int,
        award: str | None = None,
        localities: Sequence[str] = (),
        **columns: Any,
    ) -> None:
        """Decided and tracked, with the dates it was approved with; `columns` override any of the defaults."""
        self.scene = scene
        self.decided = decided
        self.localities = localities
        self.events: list[Event] = []
        round_, fund = scene.rounds[window], window.rsplit("_", 1)[0]
        end = add_months(start, months) - timedelta(days=1)
        values: dict[str, Any] = {
            "summary": f"Illustrative: {title}, in a place that does not exist.",
            "fund": scene.funds[fund],
            "round": round_,
            "funding_award": scene.awards[award or fund],
            "lead_provider": scene.organisations[provider] if provider else None,
            "payer": scene.organisations["council"],
            "award_type": AwardType.GRANT,
            "purpose": Purpose.DIRECT_SUPPORT,
            "lead_officer": self.officer,
            "finance_owner": self.finance,
            "tracked_from": min(decided, round_.announced_on or decided),
            "decision": DecisionKind.APPROVE,
            "decided_on": decided,
            "decided_by": self.officer,
            "decision_made_by": MadeBy.OFFICER,
            "amount_applied_for": Decimal(amount),
            "amount_awarded": Decimal(amount),
            "planned_start": start,
            "planned_end": end,
            "ends_on": end,
            "source": INVENTED,
        }
        self.grant = Grant(ref=ref, title=title, **(values | columns))
        self.tell(decided, self.grant, self.officer, "Decision recorded")

    def tell(self, day: date, record: Any, by: User, reason: str, **changes: Any) -> None:
        """Something happens to a record on a day."""
        if day > self.scene.on:
            raise ValueError(f"{self.grant.ref}: {reason} on {day}, which is after {self.scene.on}.")
        self.events.append(Event(day, record, by, reason, changes))

    def latest(self, column: str, record: Any) -> Any:
        """What a column of a record has come to, with all that has been told so far."""
        changed = [e.changes[column] for e in self.events if e.record is record and column in e.changes]
        return changed[-1] if changed else getattr(record, column)

    @property
    def officer(self) -> User:
        """Who leads the grant."""
        return self.scene.users["commissioner"]

    @property
    def finance(self) -> User:
        """Who pays it."""
        return self.scene.users["finance"]
