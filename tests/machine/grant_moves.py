"""Moves on the grant itself: agreement, checks, variations, details, its close."""

from dataclasses import replace
from decimal import Decimal

from hypothesis.stateful import rule

from core.models import Locality, Role
from grants.models import Agreement, AwardType, Check, CheckKind, FundingAward, Grant, Purpose, Round
from grants.operations import decisions as operations
from grants.operations import funds
from tests.machine.choices import COMMISSIONERS, OFFICERS, Chooser, dice
from tests.machine.steps import Steps


class GrantMoves(Steps):
    """What commissioners do, and others try to do."""

    def grant(self, choose: Chooser) -> Grant:
        """Any grant."""
        grant = choose.record(Grant)
        assert grant is not None
        return grant

    @rule(dice=dice)
    def record_agreement(self, dice: bytes) -> None:
        """Issued, signed, countersigned, in any order and none."""
        choose = Chooser(dice, self)
        grant, by = self.grant(choose), choose.person(*COMMISSIONERS)
        standing = Agreement.objects.filter(grant=grant).first()
        now = standing.version if standing else 0
        days = sorted(choose.day() for _ in range(3)) if choose.often() else [choose.day() for _ in range(3)]
        known = choose.pick((3, 3, 2, 1, 0))
        issued, signed, countersigned = (day if n < known else None for n, day in enumerate(days))
        self.act(
            operations.record_agreement,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_agreement"},
            version_now=now,
            grant=grant,
            issued_on=issued,
            signed_on=signed,
            countersigned_on=countersigned,
            version=choose.version(now),
        )

    @rule(dice=dice)
    def add_check(self, dice: bytes) -> None:
        """One more thing to look at."""
        choose = Chooser(dice, self)
        by = choose.person(*OFFICERS)
        self.act(
            operations.add_check,
            by=by,
            allowed=by.is_officer,
            writes={"grants_check"},
            grant=self.grant(choose),
            kind=choose.pick(CheckKind.values),
            needed_before=choose.pick(("agreement", "payment")),
            requested_on=choose.maybe(choose.day()),
        )

    @rule(dice=dice)
    def record_check(self, dice: bytes) -> None:
        """What was found, or that it was asked for."""
        choose = Chooser(dice, self)
        check = choose.record(Check)
        if check is None:
            return
        by = choose.person(*OFFICERS) if choose.often() else check.changed_by or choose.person(*OFFICERS)
        self.act(
            operations.record_check,
            by=by,
            allowed=by.is_officer,
            writes={"grants_check"},
            version_now=check.version,
            check=check,
            result=choose.pick(("passed", "passed", "failed", None)),
            checked_on=choose.maybe(choose.day()) or choose.maybe(choose.day()),
            expires_on=choose.maybe(choose.later()),
            requested_on=choose.maybe(choose.day()),
            called_back=choose.often(),
            version=choose.version(check.version),
        )

    @rule(dice=dice)
    def bank_details_changed(self, dice: bytes) -> None:
        """The provider gave others."""
        choose = Chooser(dice, self)
        grant, by = self.grant(choose), choose.person(*OFFICERS)
        standing = Check.objects.filter(grant=grant, kind="bank_details").first()
        now = standing.version if standing else 0
        self.act(
            operations.bank_details_changed,
            by=by,
            allowed=by.is_officer,
            writes={"grants_check"},
            version_now=now,
            grant=grant,
            told_on=choose.day(),
            version=choose.version(now),
        )

    @rule(dice=dice)
    def vary_grant(self, dice: bytes) -> None:
        """Another end, amount, scope or due date."""
        choose = Chooser(dice, self)
        grant, by = self.grant(choose), choose.person(*COMMISSIONERS)
        amounts = (Decimal("20000.00"), Decimal("9000.00"), Decimal("4500.00"), grant.amount_awarded)
        proposed, decided = sorted((choose.day(), choose.day()))
        self.act(
            operations.vary_grant,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_variation", "grants_grant", "grants_instalment"},
            version_now=grant.version,
            grant=grant,
            new_ends_on=choose.maybe(choose.later()),
            new_amount=choose.maybe(choose.amount(*amounts)),
            scope=choose.text(),
            due_dates=choose.pick(({}, {}, {1: choose.later()}, {2: choose.later()}, {9: choose.later()})),
            added_due_on=choose.maybe(choose.later()),
            reason=choose.text(),
            proposed_on=proposed,
            decided_on=decided,
            version=choose.version(grant.version),
        )

    @rule(dice=dice)
    def record_details(self, dice: bytes) -> None:
        """Fill in one thing or another."""
        choose = Chooser(dice, self)
        grant, by = self.grant(choose), choose.person(*COMMISSIONERS)
        amount = {"amount_awarded": choose.amount(Decimal("12000.00"))}
        unknown = choose.pick((True, False)) and grant.amount_awarded is None
        changed = choose.pick(
            (
                {"lead_officer": choose.person(*OFFICERS)},
                {"finance_owner": choose.person(Role.FINANCE)},
                {"tracked_from": choose.maybe(choose.day())},
                {"purpose": choose.pick(Purpose.values), "award_type": choose.pick(AwardType.values)},
                {"planned_start": choose.day(), "ends_on": choose.later()},
                {"planned_end": choose.later()},
                amount,
                {"localities": tuple(Locality.objects.all())},
                {},
            )
        )
        self.act(
            operations.record_details,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_grant", "grants_grant_localities"},
            version_now=grant.version,
            grant=grant,
            details=replace(operations.details_of(grant), **(amount if unknown else changed)),
            version=choose.version(grant.version),
        )

    @rule(dice=dice)
    def close_grant(self, dice: bytes) -> None:
        """Close it, withdraw it, or neither, or both."""
        choose = Chooser(dice, self)
        if not choose.often():  # a closed grant takes no more moves: leave some for them
            return
        grant, by = self.grant(choose), choose.person(*COMMISSIONERS)
        self.act(
            operations.close_grant,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_grant"},
            version_now=grant.version,
            grant=grant,
            closed_on=choose.maybe(choose.day()),
            withdrawn_on=choose.pick((None, None, None, choose.day())),
            reason=choose.text(),
            version=choose.version(grant.version),
        )

    @rule(dice=dice)
    def extend_round(self, dice: bytes) -> None:
        """Leave a round open for longer."""
        choose = Chooser(dice, self)
        window, by = choose.record(Round), choose.person(*COMMISSIONERS)
        assert window is not None
        self.act(
            funds.extend_round,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_round"},
            version_now=window.version,
            round=window,
            closes_on=choose.later(),
            decision_due_on=choose.maybe(choose.later()),
            reason=choose.text(),
            version=choose.version(window.version),
        )

    @rule(dice=dice)
    def change_award(self, dice: bytes) -> None:
        """The funder agreed to another day, or the award is closed."""
        choose = Chooser(dice, self)
        award, by = choose.record(FundingAward), choose.person(*COMMISSIONERS)
        assert award is not None
        self.act(
            funds.change_award,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_fundingaward"},
            version_now=award.version,
            award=award,
            spend_by=choose.pick((award.spend_by, choose.later(), None)),
            closed_on=choose.pick((None, None, None, choose.day())),
            reason=choose.text(),
            version=choose.version(award.version),
        )
