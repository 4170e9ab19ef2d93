"""A grant's whole story: its papers, its money, its returns and its ending."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from core.rules.dates import add_months
from demo.year.paying import Paying
from grants.models import (
    Agreement,
    CaseloadUnit,
    Check,
    CheckKind,
    ClockStop,
    Cover,
    CoverKind,
    Notice,
    OutcomeReturn,
    ReturnState,
    SustainabilityPlan,
    Variation,
)
from grants.models.decisions import CheckResult
from grants.models.endings import Certainty

Line = tuple[CoverKind, int, str, Certainty]


class Draft(Paying):
    """A grant in the making, told in the order of its life; demo.year.telling writes it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Nobody else works in it yet."""
        super().__init__(*args, **options)
        self.partners: list[tuple[str, str]] = []

    def partner(self, key: str, role: str = "partner") -> Self:
        """Another organisation works in the grant."""
        self.partners.append((key, role))
        return self

    def agreement(self, issued: date, signed: date | None = None, countersigned: date | None = None) -> Self:
        """The terms: issued, signed, countersigned, as far as it has come."""
        terms = Agreement(grant=self.grant, issued_on=issued)
        self.tell(issued, terms, self.officer, "Agreement issued")
        if signed:
            self.tell(signed, terms, self.officer, "Signed by the provider", signed_on=signed)
        if countersigned:
            self.tell(countersigned, terms, self.officer, "Countersigned", countersigned_on=countersigned)
        return self

    def check(self, kind: CheckKind, asked: date, passed: date | None = None, **columns: Any) -> Self:
        """A piece of due diligence, asked for and perhaps seen and in order."""
        check = Check(grant=self.grant, kind=kind, requested_on=asked, **columns)
        self.tell(asked, check, self.officer, "Check asked for")
        if passed:
            seen = {"result": CheckResult.PASSED, "checked_by": self.officer, "checked_on": passed}
            self.tell(passed, check, self.officer, "Seen and in order", **seen)
        return self

    def stop(self, waiting_on: str, start: date, end: date | None, reason: str) -> Self:
        """A stretch in which the council waits."""
        stop = ClockStop(grant=self.grant, waiting_on=waiting_on, started_on=start, reason=reason)
        self.tell(start, stop, self.officer, "Clock stopped")
        if end:
            self.tell(end, stop, self.officer, "Clock started again", ended_on=end)
        return self

    def extend(
        self, proposed: date, decided: date, ends: date, reason: str, amount: int | None = None
    ) -> Self:
        """A variation moves the end, and perhaps the award; the old ones are kept beside the new."""
        changes: dict[str, Any] = {"ends_on": ends}
        variation = Variation(
            grant=self.grant,
            proposed_on=proposed,
            decided_on=decided,
            decided_by=self.officer,
            reason=reason,
            old_ends_on=self.latest("ends_on", self.grant),
            new_ends_on=ends,
        )
        if amount is not None:
            variation.old_amount, variation.new_amount = self.grant.amount_awarded, Decimal(amount)
            changes["amount_awarded"] = Decimal(amount)
        self.tell(decided, variation, self.officer, "Variation agreed")
        self.tell(decided, self.grant, self.officer, reason, **changes)
        return self

    def caseload(
        self,
        count: int | None,
        counted: date,
        *,
        unit: CaseloadUnit = CaseloadUnit.FAMILIES,
        state: ReturnState = ReturnState.ACCEPTED,
        spent: int | None = None,
        underspend: int | None = None,
    ) -> Self:
        """A return for the three months up to a day, with the caseload counted on that day."""
        sent = min(counted + timedelta(days=9), self.scene.on)
        by = self.scene.acting_for(self.grant.lead_provider)
        report = OutcomeReturn(
            grant=self.grant,
            period_from=add_months(counted, -3) + timedelta(days=1),
            period_to=counted,
            due_on=counted + timedelta(days=14),
            state=state,
            submitted_on=sent,
            submitted_by=by,
            caseload=count,
            caseload_unit=None if count is None else unit,
            spent_to_date=None if spent is None else Decimal(spent),
            forecast_underspend=None if underspend is None else Decimal(underspend),
        )
        self.tell(sent, report, by, "Return submitted")
        return self

    def return_due(self, period_to: date, due: date) -> Self:
        """A return that has been asked for and not come."""
        report = OutcomeReturn(grant=self.grant, period_to=period_to, due_on=due, state=ReturnState.DUE)
        self.tell(min(period_to, self.scene.on), report, self.officer, "Return asked for")
        return self

    def planned(self, day: date, summary: str, *lines: Line) -> Self:
        """What happens when the money ends, and for how many by what."""
        plan = SustainabilityPlan(grant=self.grant, recorded_on=day, summary=summary)
        self.tell(day, plan, self.officer, "Sustainability plan recorded")
        for kind, number, source, certainty in lines:
            sure = day if certainty == Certainty.CONFIRMED else None
            cover = Cover(
                plan=plan,
                kind=kind,
                number=number,
                source=source,
                certainty=certainty,
                confirmed_on=sure,
            )
            self.tell(day, cover, self.officer, "Cover recorded")
        return self

    def notice(self, told: str, day: date, note: str = "") -> Self:
        """Somebody was told that the money ends."""
        self.tell(
            day, Notice(grant=self.grant, told=told, told_on=day, note=note), self.officer, "Notice recorded"
        )
        return self

    def withdraw(self, day: date) -> Self:
        """The provider withdraws."""
        self.tell(day, self.grant, self.officer, "Withdrawn by the provider", withdrawn_on=day)
        return self

    def close(self, day: date) -> Self:
        """The work is over and accounted for."""
        self.tell(day, self.grant, self.officer, "Closed: all returns accepted", closed_on=day)
        return self
