"""Moves of money, and of what makes it ready to move."""

from decimal import Decimal
from random import Random

from core.models import Role, User
from grants.models import ClockStop, Grant, Instalment, Payment
from grants.operations import payments as operations
from tests.machine.choices import OFFICERS, Chooser
from tests.machine.steps import Steps, move

LEDGER = {
    "grants_payment", "grants_grant", "grants_instalment",
}  # fmt: skip


def decided(by: User, grant: Grant) -> bool:
    """Whether a person decided the grant, or a variation of it."""
    return by.pk == grant.decided_by_id or grant.variations.filter(decided_by=by).exists()


def leads(by: User, grant: Grant) -> bool:
    """Whether a provider's person acts for who leads the grant."""
    return by.memberships.filter(organisation=grant.lead_provider_id, ended_on=None).exists()


class MoneyMoves(Steps):
    """The ledger, the schedule, the clock stops."""

    def pays(self, by: User, grant: Grant) -> bool:
        """Finance moves money, but not on what the same person decided."""
        return by.role == Role.FINANCE and not decided(by, grant)

    @move
    def record_payment(self, random: Random) -> None:
        """Pay an instalment, or outside the schedule."""
        choose = Chooser(random, self)
        outside = choose.pick((True, False, False))
        grant = choose.record(Grant, instalments=None) if outside else choose.record(Grant)
        assert grant is not None
        own = {"grant": grant} if choose.often() else {}
        instalment = None if outside else choose.record(Instalment, **own)
        limit = (instalment.amount if instalment else grant.amount_awarded) or Decimal("500.00")
        by = choose.person(Role.FINANCE)
        self.act(
            operations.record_payment,
            by=by,
            allowed=self.pays(by, grant),
            writes=LEDGER,
            grant=grant,
            instalment=instalment,
            amount=choose.amount(limit, limit, limit + Decimal("0.01"), Decimal("100.00")),
            paid_on=choose.day(),
            reference=choose.text(),
            above_award=choose.pick((False, False, False, True)),
            another=choose.pick((False, False, False, True)),
        )

    @move
    def pay_what_is_due(self, random: Random) -> None:
        """Pay an unpaid instalment as the schedule says, whoever of finance is there: also who authorised it."""
        choose = Chooser(random, self)
        line = choose.record(Instalment, paid_on=None)
        if line is None:
            return
        by = choose.pick(
            [person for person in (*self.world.of_role(Role.FINANCE), line.authorised_by) if person]
        )
        self.act(
            operations.record_payment,
            by=by,
            allowed=self.pays(by, line.grant),
            writes=LEDGER,
            grant=line.grant,
            instalment=line,
            amount=line.amount,
            paid_on=self.on,
        )

    @move
    def record_payments(self, random: Random) -> None:
        """Pay several instalments at once, in any order: all or none."""
        choose = Chooser(random, self)
        unpaid = list(Instalment.objects.filter(paid_on=None).select_related("grant").order_by("pk"))
        lines = random.sample(unpaid, min(len(unpaid), random.randint(0, 3)))
        by = choose.person(Role.FINANCE)
        self.act(
            operations.record_payments,
            by=by,
            allowed=all(self.pays(by, line.grant) for line in lines),
            writes=LEDGER,
            lines=[operations.Paid(line, choose.amount(line.amount)) for line in lines],
            paid_on=choose.day(),
        )

    @move
    def reverse_payment(self, random: Random) -> None:
        """Undo a payment or a recovery, whole or in part; or try to undo a reversal."""
        choose = Chooser(random, self)
        line = choose.record(Payment, kind=choose.pick(("payment", "payment", "recovery")))
        line = line if line is not None and choose.often() else choose.record(Payment)
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

    @move
    def recover_payment(self, random: Random) -> None:
        """Take money back."""
        choose = Chooser(random, self)
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
            another=choose.pick((False, False, False, True)),
        )

    @move
    def confirm_receipt(self, random: Random) -> None:
        """The provider says that it came."""
        choose = Chooser(random, self)
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

    @move
    def authorise_instalment(self, random: Random) -> None:
        """A second person allows a payment."""
        choose = Chooser(random, self)
        line, by = self.instalment(choose), choose.person(*OFFICERS)
        self.act(
            operations.authorise_instalment,
            by=by,
            allowed=by.is_officer and not decided(by, line.grant),
            writes={"grants_instalment"},
            version_now=line.version,
            instalment=line,
            version=choose.version(line.version),
        )

    @move
    def meet_condition(self, random: Random) -> None:
        """What an instalment waited for has come."""
        choose = Chooser(random, self)
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

    @move
    def record_claim(self, random: Random) -> None:
        """A valid claim came."""
        choose = Chooser(random, self)
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

    @move
    def start_clock_stop(self, random: Random) -> None:
        """The council waits for somebody."""
        choose = Chooser(random, self)
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

    @move
    def end_clock_stop(self, random: Random) -> None:
        """It waits no longer."""
        choose = Chooser(random, self)
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

    @move
    def correct_clock_stop(self, random: Random) -> None:
        """What was recorded of a wait was wrong."""
        choose = Chooser(random, self)
        stop, by = choose.record(ClockStop), choose.person(*OFFICERS)
        if stop is None:
            return
        self.act(
            operations.correct_clock_stop,
            by=by,
            allowed=by.is_officer,
            writes={"grants_clockstop"},
            version_now=stop.version,
            stop=stop,
            waiting_on=choose.pick((stop.waiting_on, "provider", "funder")),
            reason=stop.reason,
            started_on=choose.pick((stop.started_on, choose.day())),
            ended_on=choose.pick((stop.started_on, choose.day(), None)),
            why=choose.text(),
            version=choose.version(stop.version),
        )
