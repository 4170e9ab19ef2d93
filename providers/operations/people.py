"""Who may sign in, and for whom."""

from datetime import date

import structlog
from allauth.account.models import EmailAddress
from django.db import transaction

from core.errors import ActionRefused, NotAllowed
from core.models import Role, User
from core.records import write
from providers.models import Membership, Organisation

log = structlog.get_logger("tracker.accounts")

ADDS_PEOPLE = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})


@transaction.atomic
def add_person(*, email: str, name: str, role: str, organisation_ref: str | None, by: User, on: date) -> User:
    """An account without a password: its owner chooses one by "Forgot your password?".

    A provider's person acts for an organisation, nobody else does. The same person added again is left as it is.
    """
    if by.role not in ADDS_PEOPLE:
        raise NotAllowed("Only an administrator adds people.")
    if role not in Role.values or role == Role.SYSTEM:
        allowed = ", ".join(value for value in Role.values if value != Role.SYSTEM)
        raise ActionRefused(f"There is no role '{role}'. Give one of: {allowed}.", "role")
    if (role == Role.PROVIDER) != (organisation_ref is not None):
        raise ActionRefused(
            "A provider's person needs an organisation, and only a provider's.", "organisation"
        )
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if user is not None and user.role != role:
        raise ActionRefused(
            f"{user.email} is {user.get_role_display().lower()} already: one role for each person."
        )
    if user is None:
        user = User.objects.create_user(email.strip(), name=name.strip(), role=role)
        log.info("person added", user=user.pk, role=role, by=by.pk)
    if organisation_ref is not None:
        organisation = _organisation(organisation_ref)
        if not user.memberships.filter(organisation=organisation, ended_on=None).exists():
            membership = Membership(user=user, organisation=organisation, started_on=on)
            write(membership, by=by, reason="Added to those who act for the organisation")
    return user


@transaction.atomic
def change_address(*, email: str, new_email: str, by: User) -> User:
    """Move an account to another e-mail address; its password stays.

    Refuses an address that somebody has, and an account that is none. Who is signed in stays so.
    """
    if by.role not in ADDS_PEOPLE:
        raise NotAllowed("Only an administrator changes an address.")
    old, new = email.strip().lower(), new_email.strip().lower()
    people = {user.email: user for user in User.objects.select_for_update().filter(email__in=(old, new))}
    user = people.get(old)
    if old == new:
        raise ActionRefused("Both addresses are the same. Give the one that it is to be.", "new_email")
    if user is None or user.role == Role.SYSTEM:
        raise ActionRefused(f"Nobody signs in as {old}.", "email")
    if new in people:
        raise ActionRefused(f"{new} is the address of somebody else already.", "new_email")
    user.email = new
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    log.info("address changed", user=user.pk, by=by.pk)
    return user


def _organisation(ref: str) -> Organisation:
    found = Organisation.objects.filter(ref=ref).first()
    if found is None:
        raise ActionRefused(
            f"There is no organisation '{ref}'. Give the reference that its grants name.", "organisation"
        )
    return found
