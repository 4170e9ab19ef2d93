"""One grant with everything that an address can name, of the provider `people.provider` acts for."""

from dataclasses import dataclass
from datetime import date

from core.models import ClosureDay, Delivery, Job, Locality
from grants.models import Check, ClockStop, Cover, Flag, Fund, FundingAward, Grant, Instalment, Payment, Round
from providers.models import ProbableDuplicate
from tests import factories as make
from tests.factories import People

# Words that officers typed. Scrutiny reads none of them, providers none of the council's own.
PLAN, COVER, STOP, VARIATION, NOTICE, FLAG, REVERSAL, FAMILIES = (
    "Planwords",
    "Coverwords",
    "Stopwords",
    "Variationwords",
    "Noticewords",
    "Flagwords",
    "Reversalwords",
    "9713",
)

EVERY_WORD = (PLAN, COVER, STOP, VARIATION, NOTICE, FLAG, REVERSAL, FAMILIES)
WHO_SIGNS_IN = ("commissioner", "finance", "scrutiny", "administrator", "provider", "other_provider")


@dataclass(frozen=True)
class World:
    """What the tables may name."""

    people: People
    award: FundingAward
    fund: Fund
    round: Round
    grant: Grant
    locality: Locality
    instalment: Instalment
    conditional: Instalment
    on_claim: Instalment
    payment: Payment
    check: Check
    stop: ClockStop
    cover: Cover
    flag: Flag
    closure: ClosureDay
    job: Job
    delivery: Delivery
    import_check: Job
    duplicate: ProbableDuplicate


def make_world(people: People) -> World:
    """A grant that was paid once, waits for more, and ends; its round can still be extended on 21 November 2026."""
    for person in (getattr(people, who) for who in WHO_SIGNS_IN):
        person.password = "usable, though nothing that is typed matches it"
        person.save()
    award = make.make_award()
    fund = make.make_fund(awards=[award])
    open_round = make.make_round(
        fund=fund,
        announced_on=date(2026, 11, 2),
        opens_on=None,
        closes_on=date(2026, 12, 4),
        decision_due_on=None,
    )
    locality = make.make_locality()
    grant = make.make_grant(
        fund=fund,
        round=make.make_round(fund=fund),
        lead_provider=people.organisation,
        localities=[locality],
        lead_officer=people.commissioner,
        finance_owner=people.finance,
        ends_on=date(2027, 2, 28),
    )
    make.make_agreement(grant, signed_on=None, countersigned_on=None)
    paid, instalment = make.make_instalment(grant), make.make_instalment(grant, due_on=date(2026, 11, 16))
    payment = make.make_payment_row(grant, instalment=paid)
    reversed_one = make.make_payment_row(grant, keep_dates=False, amount=5)
    back = make.make_payment_row(grant, kind="reversal", reverses=reversed_one, amount=5, reason=REVERSAL)
    back.history.update(history_change_reason=REVERSAL)
    make.make_variation(grant, reason=VARIATION).history.update(history_change_reason=VARIATION)
    make.make_return(grant, caseload=int(FAMILIES))
    make.make_notice(grant, note=NOTICE)
    flag = make.make_flag(grant=grant, owner=people.commissioner)
    make.make_flag_event(flag, kind="noted", note=FLAG, by=people.commissioner)
    return World(
        people=people,
        award=award,
        fund=fund,
        round=open_round,
        grant=grant,
        locality=locality,
        instalment=instalment,
        conditional=make.make_instalment(grant, due_on=date(2027, 1, 4), condition="Conditionwords"),
        on_claim=make.make_instalment(grant, due_on=date(2027, 2, 1), basis="on_claim"),
        payment=payment,
        check=make.make_check(grant),
        stop=make.make_stop(grant, reason=STOP),
        cover=make.make_cover(make.make_plan(grant, summary=PLAN), certainty="hoped", source=COVER),
        flag=flag,
        closure=ClosureDay.objects.create(date=date(2026, 12, 29), reason="Offices closed"),
        job=make.make_job(started_by=people.provider, state="running", done=1, total=3),
        delivery=make.make_delivery(to=people.provider, state="failed", trouble="TimeoutError"),
        import_check=make.make_import_check(started_by=people.commissioner),
        duplicate=make.make_duplicate(),
    )
