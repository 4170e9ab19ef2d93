"""Who: the sign-ins, one for each role, and organisations that do not exist."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from core.models import Locality, Role, User
from demo.year.scene import write_on
from providers.models import Membership, Organisation, OrganisationKind

PASSWORD = "illustrative-year"
DAYS_AGO = 700


class SignIn(NamedTuple):
    """A person of the demo; providers act for one organisation."""

    key: str
    email: str
    name: str
    role: Role
    organisation: str | None = None


SIGN_INS = (
    SignIn("commissioner", "commissioner@example.org", "Asha Commissioner", Role.COMMISSIONER),
    SignIn("finance", "finance@example.org", "Fran Finance", Role.FINANCE),
    SignIn("scrutiny", "scrutiny@example.org", "Sam Scrutiny", Role.SCRUTINY),
    SignIn("administrator", "administrator@example.org", "Ade Administrator", Role.ADMINISTRATOR),
    SignIn("orchard", "orchard@example.org", "Olive of Orchard Youth Trust", Role.PROVIDER, "orchard"),
    SignIn("meadow", "meadow@example.org", "Max of Meadow Lane Primary", Role.PROVIDER, "meadow"),
)

CHARITY, SCHOOL, COMPANY = OrganisationKind.CHARITY, OrganisationKind.SCHOOL, OrganisationKind.COMPANY
PUBLIC_BODY, FAITH, OTHER = OrganisationKind.PUBLIC_BODY, OrganisationKind.FAITH, OrganisationKind.OTHER

# Short key, name, kind, locality. None of these organisations exists.
ORGANISATIONS = (
    ("council", "Riverside Borough Council (illustrative)", PUBLIC_BODY, None),
    ("police_fund", "Police and Communities Fund (illustrative)", PUBLIC_BODY, None),
    ("families_programme", "National Families Programme (illustrative)", PUBLIC_BODY, None),
    ("health", "Riverside Health Partnership (illustrative)", PUBLIC_BODY, None),
    ("orchard", "Orchard Youth Trust", CHARITY, "northfield"),
    ("meadow", "Meadow Lane Primary School", SCHOOL, "castle_green"),
    ("family_links", "Riverside Family Links", CHARITY, "riverside"),
    ("kestrel", "Kestrel Yard Sports Club", COMPANY, "northfield"),
    ("neighbourhood", "Oldbridge Neighbourhood Centre", CHARITY, "oldbridge"),
    ("willow", "Willow Tree Nursery School", SCHOOL, "riverside"),
    ("castle", "Castle Green Academy", SCHOOL, "castle_green"),
    ("lantern", "Lantern Listening Service", CHARITY, "oldbridge"),
    ("st_wilf", "St Wilf's Church Hall Project", FAITH, "oldbridge"),
    ("compass", "Compass Corner Mentoring", COMPANY, "castle_green"),
    ("harbour", "Harbour Steps Arts", CHARITY, "riverside"),
    ("quarry", "Quarry Road Allotments Group", None, "millrace"),
    ("beacon", "Beacon Row Support", CHARITY, None),
    ("millrace", "Millrace Boxing and Fitness", CHARITY, "millrace"),
    ("fern", "Fernhollow Forest School", COMPANY, "millrace"),
    ("bridge", "Bridgeway Parents Forum", CHARITY, "northfield"),
    ("larch", "Larchwood High School", SCHOOL, "oldbridge"),
    ("tandem", "Tandem Play Sessions", COMPANY, "castle_green"),
    ("saffron", "Saffron Street Kitchen", CHARITY, "riverside"),
    ("north_star", "North Star Young Carers", CHARITY, "oldbridge"),
    ("kingfisher", "Kingfisher Reading Friends", CHARITY, "millrace"),
    ("foundry", "Foundry Lane Youth Space", CHARITY, "riverside"),
    ("horizon", "Horizon Lane Families", CHARITY, "castle_green"),
    ("plumtree", "Plumtree Infant School", SCHOOL, "riverside"),
    ("juniper", "Juniper Court Mediation", COMPANY, "oldbridge"),
    ("tern", "Tern Island Outdoor Centre", OTHER, "millrace"),
    ("marigold", "Marigold Row Residents", None, "castle_green"),
    ("pebble", "Pebble Walk Speech and Play", CHARITY, "riverside"),
)


def make_organisations(localities: Mapping[str, Locality], on: date, by: User) -> dict[str, Organisation]:
    """The illustrative organisations by their short keys; those that stand are left as they are."""
    made: dict[str, Organisation] = {}
    for key, name, kind, place in ORGANISATIONS:
        ref = f"illustrative-{key.replace('_', '-')}"
        organisation = Organisation.objects.filter(ref=ref).first()
        if organisation is None:
            organisation = Organisation(
                ref=ref,
                name=name,
                kind=kind,
                locality=localities[place] if place else None,
                ward=localities[place].wards.order_by("code").first() if place else None,
                address_confidential=key == "beacon",
                is_illustrative=True,
            )
            write_on(organisation, on - timedelta(days=DAYS_AGO), by=by, reason="Organisation recorded")
        made[key] = organisation
    return made


def make_users(organisations: Mapping[str, Organisation], on: date, by: User) -> dict[str, User]:
    """The people who sign in, by their short keys, each with the demo's one password."""
    return {sign_in.key: _user(sign_in, organisations, on, by) for sign_in in SIGN_INS}


def _user(sign_in: SignIn, organisations: Mapping[str, Organisation], on: date, by: User) -> User:
    user = User.objects.filter(email=sign_in.email).first()
    if user is None:
        user = User.objects.create_user(sign_in.email, PASSWORD, name=sign_in.name, role=sign_in.role)
    if sign_in.organisation is not None:
        organisation, joined = organisations[sign_in.organisation], on - timedelta(days=DAYS_AGO)
        if not user.memberships.filter(organisation=organisation, ended_on=None).exists():
            membership = Membership(user=user, organisation=organisation, started_on=joined)
            write_on(membership, joined, by=by, reason="Added to those who act for the organisation")
    return user
