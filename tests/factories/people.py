"""People, organisations, and who acts for whom."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.models import Role, User
from providers.models import Membership, Organisation
from tests.factories.sequence import next_number

JOINED = date(2024, 4, 1)


def make_user(role: str = Role.COMMISSIONER, **fields: Any) -> User:
    """A person without a password (`password=` gives one, slowly); `organisation=` makes a provider act for it."""
    organisation = fields.pop("organisation", None)
    number = next_number()
    values = {
        "email": f"{role}-{number}@example.org",
        "name": f"{role.title()} {number}",
        "role": role,
        **fields,
    }
    if role == Role.SYSTEM:
        values.setdefault("is_active", False)
    user = User.objects.create_user(**values)
    if organisation is not None:
        make_membership(user=user, organisation=organisation)
    return user


def somebody(role: str = Role.COMMISSIONER) -> User:
    """The same person of a role each time within a test, for rows that only need one."""
    user = User.objects.filter(email=f"somebody-{role}@example.org").first()
    return user or make_user(role, email=f"somebody-{role}@example.org", name=f"Some {role}")


def make_organisation(**fields: Any) -> Organisation:
    """A charity of the illustrative register."""
    number = next_number()
    return Organisation.objects.create(
        **{
            "ref": f"org-{number}",
            "name": f"Organisation {number}",
            "kind": "charity",
            "is_illustrative": True,
            **fields,
        }
    )


def make_membership(**fields: Any) -> Membership:
    """A provider's person acts for an organisation, since April 2024 and until further notice."""
    values = {"started_on": JOINED, **fields}
    values.setdefault("user", None)
    values["user"] = values["user"] or make_user(Role.PROVIDER)
    values["organisation"] = values.get("organisation") or make_organisation()
    return Membership.objects.create(**values)


@dataclass(frozen=True)
class People:
    """One person per role; `provider` acts for `organisation`, `other_provider` for `other_organisation`."""

    commissioner: User
    finance: User
    scrutiny: User
    administrator: User
    provider: User
    other_provider: User
    organisation: Organisation
    other_organisation: Organisation

    def __getitem__(self, role: str) -> User:
        """The person by the role's name."""
        person = getattr(self, role)
        assert isinstance(person, User), role
        return person


def make_people() -> People:
    """One person per role, two of them of two providers."""
    organisation, other = make_organisation(name="Meadow Lane"), make_organisation(name="Orchard Youth")
    return People(
        commissioner=make_user(Role.COMMISSIONER),
        finance=make_user(Role.FINANCE),
        scrutiny=make_user(Role.SCRUTINY),
        administrator=make_user(Role.ADMINISTRATOR),
        provider=make_user(Role.PROVIDER, organisation=organisation),
        other_provider=make_user(Role.PROVIDER, organisation=other),
        organisation=organisation,
        other_organisation=other,
    )
