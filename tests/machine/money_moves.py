"""Moves of money, and of what makes it ready to move."""

from decimal import Decimal

from hypothesis.stateful import rule

from core.models import Role, User
from grants.models import ClockStop, Grant, Instalment, Payment
from grants.operations import payments as operations
from tests.machine.choices import OFFICERS, Chooser, dice
from tests.machine.steps import Steps

LEDGER = {
    "grants_payment", "grants_grant", "grants_instalment",
}  # fmt: skip


def leads(by: User, grant: Grant) -> bool:
    """Whether a provider's person acts for who leads the grant."""
    return by.memberships.filter(organisation=grant.lead_provider_id, ended_on=None).exists()


class MoneyMoves(Steps):
    """The ledger, the schedule, the clock stops."""

    def pays(self, by: User, grant: Grant) -> bool:
        """Finance moves money, but not on what the same person decided."""
        return by.role == Role.FINANCE and by.pk != grant.decided_by_id

    @rule(dice=dice)
    def record_payment(self, dice: bytes) -> None:
        """Pay an instalment, or outside the schedule."""
        choose = Chooser(dice, self)
        outside = choose.pick((True, False, False))
        grant = choose.record(Grant, instalments=None) if outside else choose.record(Grant)
        assert grant is not None
        own = {"grant": grant} if choose.often() else {}
        instalment = None if outside else choose.record(Instalment, **own)
        due = instalment.amount if instalment else choose.pick((Decimal("100.00"), grant.amount_awarded))
        by = choose.person(Role.FINANCE)
        if instalment and instalment.authorised_by and not choose.often():
            by = instalment.authorised_by
        self.act(
            operations.record_payment,
            by=by,
            allowed=self.pays(by, grant),
            writes=LEDGER,
            grant=grant,
            instalment=instalment,
            amount=choose.amount(due, due and due + choose.pick((0, 0, Decimal("0.01")))),
            paid_on=choose.day(),
            reference=choose.text(),
        )

    @rule(dice=dice)
    def reverse_payment(self, dice: bytes) -> None:
        """Undo a payment, whole or in part; or try to undo what is none."""
        choose = Chooser(dice, self)
        line = choose.record(Payment, kind="payment") if choose.often() else choose.record(Payment)
        assert line is not None
        by = choose.person(Role.FINANCE)
        self.act(
            operations.reverse_payment,
            by=by,
            allowed=self.pays(by, line.grant),
            writes=LEDGER,
            payment=line,
            amount=choose.pick((None, None, line.amount, choose.amount(Decimal("100.00")))),
            reversed_on=choose.day(),
            reason=choose.text(),
        )

    @rule(dice=dice)
    def recover_payment(self, dice: bytes) -> None:
        """Take money back."""
        choose = Chooser(dice, self)
        line = choose.record(Payment)
        assert line is not None
        by = choose.person(Role.FINANCE)
        self.act(
            operations.recover_payment,
            by=by,
            allowed=self.pays(by, line.grant),
            writes=LEDGER,
            grant=line.grant,
            amount=choose.amount(Decimal("100.00"), line.amount),
            recovered_on=choose.day(),
            reason=choose.text(),
        )

    @rule(dice=dice)
    def confirm_receipt(self, dice: bytes) -> None:
        """The provider says that it came."""
        choose = Chooser(dice, self)
        line = choose.record(Payment)
        assert line is not None
        by = choose.person(Role.PROVIDER)
        self.act(
            operations.confirm_receipt,
            by=by,
            allowed=leads(by, line.grant),
            writes={"grants_payment"},
            payment=line,
            confirmed_on=choose.day(),
        )

    @rule(dice=dice)
    def authorise_instalment(self, dice: bytes) -> None:
        """A second person allows a payment."""
        choose = Chooser(dice, self)
        line, by = self.instalment(choose), choose.person(*OFFICERS)
        self.act(
            operations.authorise_instalment,
            by=by,
            allowed=by.is_officer and by.pk != line.grant.decided_by_id,
            writes={"grants_instalment"},
            version_now=line.version,
            instalment=line,
            version=choose.version(line.version),
        )

    @rule(dice=dice)
    def meet_condition(self, dice: bytes) -> None:
        """What an instalment waited for has come."""
        choose = Chooser(dice, self)
        line, by = self.instalment(choose), choose.person(*OFFICERS)
        self.act(
            operations.meet_condition,
            by=by,
            allowed=by.is_officer,
            writes={"grants_instalment"},
            version_now=line.version,
            instalment=line,
            met_on=choose.day(),
            note=choose.text(),
            version=choose.version(line.version),
        )

    @rule(dice=dice)
    def record_claim(self, dice: bytes) -> None:
        """A valid claim came."""
        choose = Chooser(dice, self)
        line, by = self.instalment(choose), choose.person(*OFFICERS)
        self.act(
            operations.record_claim,
            by=by,
            allowed=by.is_officer,
            writes={"grants_instalment"},
            version_now=line.version,
            instalment=line,
            claim_valid_on=choose.day(),
            version=choose.version(line.version),
        )

    def instalment(self, choose: Chooser) -> Instalment:
        """Any line of any schedule."""
        line = choose.record(Instalment)
        assert line is not None
        return line

    @rule(dice=dice)
    def start_clock_stop(self, dice: bytes) -> None:
        """The council waits for somebody."""
        choose = Chooser(dice, self)
        grant, by = choose.record(Grant), choose.person(*OFFICERS)
        self.act(
            operations.start_clock_stop,
            by=by,
            allowed=by.is_officer,
            writes={"grants_clockstop"},
            grant=grant,
            waiting_on=choose.pick(("provider", "funder")),
            reason=choose.text(),
            started_on=choose.day(),
            ended_on=choose.maybe(choose.day()),
        )

    @rule(dice=dice)
    def end_clock_stop(self, dice: bytes) -> None:
        """It waits no longer."""
        choose = Chooser(dice, self)
        stop, by = choose.record(ClockStop), choose.person(*OFFICERS)
        if stop is None:
            return
        self.act(
            operations.end_clock_stop,
            by=by,
            allowed=by.is_officer,
            writes={"grants_clockstop"},
            version_now=stop.version,
            stop=stop,
            ended_on=choose.day(),
            version=choose.version(stop.version),
        )
