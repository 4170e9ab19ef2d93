"""Who may do what. Predicates take the user, and the grant where the answer hangs on it."""

import rules
from django.db.models import OuterRef, QuerySet, Subquery

from core.errors import NotAllowed
from core.models.functions import JoinedIds
from core.models.users import Role, User
from grants.models import Grant, Variation
from providers.models import Membership


@rules.predicate
def is_commissioner(user: User) -> bool:
    """Decides and looks after grants."""
    return user.role in {Role.COMMISSIONER, Role.ADMINISTRATOR}


@rules.predicate
def is_finance(user: User) -> bool:
    """Pays, and is measured on speed."""
    return user.role == Role.FINANCE


@rules.predicate
def is_officer(user: User) -> bool:
    """Works for the council on the money."""
    return user.is_officer


@rules.predicate
def is_council(user: User) -> bool:
    """An officer, or reads for scrutiny."""
    return user.is_council


@rules.predicate
def is_lead_provider(user: User, grant: Grant | None) -> bool:
    """Acts now for the organisation that leads the grant."""
    return (
        grant is not None
        and grant.lead_provider_id is not None
        and user.role == Role.PROVIDER
        and Membership.objects.filter(
            user=user, organisation_id=grant.lead_provider_id, ended_on__isnull=True
        ).exists()
    )


def with_variers(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Beside each grant who decided its variations: then `did_not_decide` asks no query of its own."""
    variations = Variation.objects.filter(grant=OuterRef("pk")).order_by()
    return grants.annotate(variers=Subquery(variations.values(ids=JoinedIds("decided_by"))))


def variers(grant: Grant) -> frozenset[int]:
    """The ids of those who decided a variation of the grant: one query, unless `with_variers` brought them along."""
    if hasattr(grant, "variers"):
        return frozenset(int(key) for key in (grant.variers or "").split(",") if key)
    return frozenset(grant.variations.values_list("decided_by", flat=True))


def what_was_decided(user: User, grant: Grant) -> str:
    """What the person did about the money, so that another must release it; empty where that was nothing."""
    if grant.decided_by_id == user.pk:
        return "took the decision on this grant"
    return "decided a variation of this grant" if user.pk in variers(grant) else ""


@rules.predicate
def did_not_decide(user: User, grant: Grant | None) -> bool:
    """Decided neither the grant nor a variation of it: who decided cannot release the payment."""
    return grant is None or not what_was_decided(user, grant)


PERMISSIONS = {
    # the money
    "grants.record_payment": is_finance & did_not_decide,
    "grants.reverse_payment": is_finance & did_not_decide,
    "grants.authorise_instalment": is_officer & did_not_decide,
    "grants.confirm_receipt": is_lead_provider,
    "grants.record_claim": is_officer,
    "grants.meet_condition": is_officer,
    # the grant
    "grants.record_agreement": is_commissioner,
    "grants.record_check": is_officer,
    "grants.stop_clock": is_officer,
    "grants.vary_grant": is_commissioner,
    "grants.extend_round": is_commissioner,
    "grants.import_grants": is_commissioner,
    # families
    "grants.record_caseload": is_commissioner | is_lead_provider,
    "grants.record_plan": is_commissioner,
    # flags
    "grants.work_flags": is_officer,
    # reading
    "grants.view_funds": is_council,
    "grants.view_payments": is_officer,
    "grants.view_flags": is_officer,
    "grants.view_completeness": is_officer,
    "grants.view_reports": is_council,
}
for _name, _predicate in PERMISSIONS.items():
    rules.add_perm(_name, _predicate)


def may(user: User, permission: str, grant: Grant | None = None) -> bool:
    """Whether the user may do the named thing (to the grant). System actors act through their own operations."""
    return bool(rules.has_perm(permission, user, grant))


def insist(user: User, permission: str, grant: Grant | None = None) -> None:
    """Refuse with a sentence unless the user may do the named thing."""
    if not may(user, permission, grant):
        decided = what_was_decided(user, grant) if grant is not None else ""
        raise NotAllowed(
            f"You {decided}, so another person must do this."
            if decided
            else "Your role does not allow this. Ask an administrator who can."
        )
