"""Where the machine begins: a few people, funds and grants, at different stages of the money's life."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import Role, User
from grants.models import Grant, GrantPartner
from tests import factories as make

BEGINS = date(2026, 11, 20)
THRESHOLD = Decimal("5000.00")


@dataclass(frozen=True)
class World:
    """Everybody who acts, allowed or not. What they act on is looked up in the tables."""

    actors: tuple[User, ...]
    owners: tuple[User, ...]

    def of_role(self, *roles: str) -> list[User]:
        """Those who have one of the roles."""
        return [person for person in self.actors if person.role in roles]


def make_world() -> World:
    """Two of each officer, one who reads, one of each of two providers; nine grants in three funds, and a round."""
    people = [make.make_user(role) for role in (Role.COMMISSIONER, Role.FINANCE) for _ in range(2)]
    people += [make.make_user(Role.ADMINISTRATOR), make.make_user(Role.SCRUTINY)]
    organisation = make.make_organisation()
    people += [
        make.make_user(Role.PROVIDER, organisation=org) for org in (organisation, make.make_organisation())
    ]
    commissioner, other_commissioner, finance, other_finance = people[:4]
    award, place = make.make_award(), make.make_locality()
    plain = make.make_fund(awards=[award])
    guarded = make.make_fund(second_approver_threshold=THRESHOLD)
    make.make_round(
        fund=plain,
        announced_on=date(2026, 11, 10),
        opens_on=None,
        closes_on=date(2026, 12, 18),
        decision_due_on=date(2027, 1, 29),
    )
    shared = {
        "lead_provider": organisation,
        "lead_officer": commissioner,
        "finance_owner": finance,
        "localities": [place],
        "funding_award": award,
    }
    ready_to_pay(make.make_grant(fund=plain, decided_by=commissioner, **shared))
    blocked(make.make_grant(fund=guarded, decided_by=finance, **shared), other_finance)
    ending(
        make.make_grant(
            fund=plain,
            decided_by=other_commissioner,
            **shared,
            planned_start=date(2026, 1, 5),
            planned_end=date(2026, 12, 11),
            ends_on=date(2026, 12, 11),
            decided_on=date(2025, 12, 1),
        ),
        other_finance,
    )
    above_threshold(make.make_grant(fund=guarded, decided_by=commissioner, **shared), other_finance)
    small = make.make_grant(fund=plain, decided_by=commissioner, **shared, amount_awarded=Decimal("1000.00"))
    make.make_agreement(small)
    unknown = make.make_grant(fund=guarded, decided_by=commissioner, **shared, amount_awarded=None)
    make.make_instalment(unknown, amount=Decimal("15000.00"))
    make.make_grant(
        fund=plain,
        tracked=False,
        decided=False,
        planned_start=None,
        planned_end=None,
        ends_on=None,
        ends_about="2027-03",
        amount_awarded=None,
        purpose=None,
    )
    duplicates(people[-1])
    for name in ("flag pass", "import", "new organisations"):
        User.objects.system(name)
    return World(tuple(people), (commissioner, finance, other_commissioner))


def duplicates(by: User) -> None:
    """A provider that may be a third record, with a grant in which both take part; and two that came by imports."""
    other = by.memberships.get().organisation
    third = make.make_organisation()
    grant = make.make_grant(lead_provider=third, commissioner=third)
    for partner in (other, third):
        GrantPartner.objects.create(grant=grant, organisation=partner)
    make.make_duplicate(older=other, newer=third)
    make.make_duplicate()


def ready_to_pay(grant: Grant) -> None:
    """An agreement countersigned, and two instalments of which the first is due."""
    make.make_agreement(grant)
    make.make_instalment(grant)
    make.make_instalment(grant, due_on=date(2027, 2, 1))


def blocked(grant: Grant, told: User) -> None:
    """Everything is missing: checks, the agreement, a second approver, a condition, a claim."""
    make.make_check(grant, kind="bank_details", changed_by=told)
    make.make_check(grant)
    make.make_check(grant, kind="insurance", needed_before="agreement")
    make.make_instalment(grant, amount=Decimal("9000.00"))
    make.make_instalment(grant, condition="Plan agreed")
    make.make_instalment(grant, basis="on_claim", due_on=date(2026, 12, 15))


def above_threshold(grant: Grant, authorised_by: User) -> None:
    """Only the payment is missing, by another person than the one who authorised it."""
    make.make_agreement(grant)
    make.make_instalment(
        grant, amount=Decimal("9000.00"), authorised_by=authorised_by, authorised_on=date(2026, 11, 2)
    )


def ending(grant: Grant, by: User) -> None:
    """Paid in part, with people to be covered before it ends."""
    make.make_agreement(
        grant, issued_on=date(2025, 12, 2), signed_on=date(2025, 12, 5), countersigned_on=date(2025, 12, 8)
    )
    paid = make.make_instalment(grant, due_on=date(2026, 1, 5))
    make.make_instalment(grant, due_on=date(2026, 7, 1), amount=Decimal("2000.00"))
    make.make_payment_row(grant, instalment=paid, paid_on=date(2026, 1, 12), recorded_by=by)
    make.make_return(grant, caseload=12)
