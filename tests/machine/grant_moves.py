"""Moves on the grant itself: agreement, checks, variations, details, its close."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from core.models import Locality, Role
from grants.models import Agreement, AwardType, Check, CheckKind, FundingAward, Grant, Purpose, Round
from grants.operations import decisions as operations
from grants.operations import funds
from providers.models import Organisation, OrganisationKind
from tests.machine.choices import COMMISSIONERS, OFFICERS, Chooser
from tests.machine.steps import Steps, move


class GrantMoves(Steps):
    """What commissioners do, and others try to do."""

    def grant(self, choose: Chooser) -> Grant:
        """Any grant."""
        grant = choose.record(Grant)
        assert grant is not None
        return grant

    @move
    def record_agreement(self, random: Random) -> None:
        """Issued, signed, countersigned, in any order and none."""
        choose = Chooser(random, self)
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

    @move
    def add_check(self, random: Random) -> None:
        """One more thing to look at."""
        choose = Chooser(random, self)
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

    @move
    def record_check(self, random: Random) -> None:
        """What was found, or that it was asked for."""
        choose = Chooser(random, self)
        check = choose.record(Check)
        if check is None:
            return
        by = choose.pick((choose.person(*OFFICERS), check.changed_by or choose.person(*OFFICERS)))
        self.act(
            operations.record_check,
            by=by,
            allowed=by.is_officer,
            writes={"grants_check"},
            version_now=check.version,
            check=check,
            result=choose.pick(("passed", "failed")) if choose.often() else None,
            checked_on=self.on if choose.often() else choose.maybe(choose.day()),
            expires_on=None if choose.often() else choose.later(),
            requested_on=None if choose.often() else choose.day(),
            called_back=choose.often(),
            version=choose.version(check.version),
        )

    @move
    def bank_details_changed(self, random: Random) -> None:
        """The provider gave others."""
        choose = Chooser(random, self)
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

    @move
    def vary_grant(self, random: Random) -> None:
        """Another end, amount, scope or due date."""
        choose = Chooser(random, self)
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

    @move
    def record_details(self, random: Random) -> None:
        """Fill in one thing or another."""
        choose = Chooser(random, self)
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
                {"decision": "approve", "decided_on": choose.day()},
                amount,
                {"localities": tuple(Locality.objects.all())},
                {"funding_award": choose.pick((None, *FundingAward.objects.all()))},
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

    @move
    def name_provider(self, random: Random) -> None:
        """One that the register knows, or does not, or should not know."""
        choose = Chooser(random, self)
        grant, by = self.grant(choose), choose.person(*COMMISSIONERS)
        known = choose.record(Organisation)
        assert known is not None
        self.act(
            operations.name_provider,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_grant", "grants_check", "grants_instalment", "providers_organisation"},
            version_now=grant.version,
            grant=grant,
            provider=choose.pick((known.name, known.name.upper(), "Quayside Families", choose.text())),
            kind=choose.maybe(choose.pick(OrganisationKind.values)),
            is_new=choose.pick((True, False)),
            version=choose.version(grant.version),
        )

    @move
    def close_grant(self, random: Random) -> None:
        """Close it, withdraw it, or neither, or both."""
        choose = Chooser(random, self)
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

    @move
    def extend_round(self, random: Random) -> None:
        """Leave a round open for longer."""
        choose = Chooser(random, self)
        window, by = choose.record(Round), choose.person(*COMMISSIONERS)
        assert window is not None
        assert window.closes_on is not None
        closes_on = window.closes_on + timedelta(days=7) if choose.often() else choose.later()
        self.act(
            funds.extend_round,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_round"},
            version_now=window.version,
            round=window,
            closes_on=closes_on,
            decision_due_on=closes_on + timedelta(days=30)
            if choose.often()
            else choose.maybe(choose.later()),
            reason=choose.text(),
            version=choose.version(window.version),
        )

    @move
    def change_award(self, random: Random) -> None:
        """The funder agreed to another day, or the award is closed."""
        choose = Chooser(random, self)
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
