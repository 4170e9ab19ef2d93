"""Every page that reads the register, against a login-only view; the register also against one written naively."""

from datetime import date

from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.measure import line, peak_megabytes, queries, seconds
from core.models import Role, User
from grants.models import Flag, Grant

READERS = (Role.COMMISSIONER, Role.FINANCE, Role.SCRUTINY, Role.PROVIDER)
REACH = "reach ≤ 12 × PostgreSQL, ≤ 18 × SQLite"
MEANT = ("register, sorted by end", "register, filtered and sorted")
FULL_PAGES = {
    "register": "/grants/",
    "register, sorted by end": "/grants/?sort=-ends_on",
    "register, filtered and sorted": "/grants/?tracked=yes&sort=ends_on",
    "register, by amount": "/grants/?sort=awarded",
    "register, by first payment": "/grants/?sort=-first_payment",
    "register, its last page": "/grants/?page=400",
    "register, sorted, its last page": "/grants/?sort=-ends_on&page=400",
    "register, searched": "/grants/?search=youth+1",
    "register, by level": "/grants/?level=critical",
    "register, ends within 6 months": "/grants/?ends=6&state=running",
    "register, no caseload": "/grants/?missing=caseload",
    "register, paid within the standard": "/grants/?standard=within",
    "returns, late": "/returns/?state=late",
    "returns, last page": "/returns/?page=400",
    "flags, by day": "/flags/?sort=-opened_on",
    "flags, last page": "/flags/?page=400",
    "flags, cleared": "/flags/?show=cleared",
}
NAMES = (
    "today",
    "funds",
    "rounds",
    "payments",
    "returns",
    "flags",
    "messages",
    "jobs",
    "reports",
    "speed",
    "sustainability",
    "scrutiny",
    "completeness",
)


class Reader:
    """Somebody who reads pages, and fails loudly when a page does not answer."""

    def __init__(self, role: Role) -> None:
        user = User.objects.filter(role=role, is_active=True).order_by("pk").first()
        if user is None:
            raise SystemExit(f"The demo made no {role.label}: nothing to sign in as.")
        self.client, self.user = Client(), user
        self.client.force_login(user)

    def may(self, address: str) -> bool:
        """Whether the page opens to this reader."""
        return bool(self.client.get(address).status_code == 200)

    def get(self, address: str) -> HttpResponseBase:
        """The whole answer."""
        response: HttpResponseBase = self.client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}: the benchmark measures nothing.")
        for _ in getattr(response, "streaming_content", ()):
            pass
        response.close()
        return response

    def measure(self, name: str, address: str, floor: float, reach: str = "") -> None:
        """One line."""
        count = len(queries(lambda: self.get(address)))
        taken = seconds(lambda: self.get(address), repeats=4)
        line(f"{name} ({count} queries)", taken, floor, "the login-only view", reach)


def pages(on: date) -> None:
    """Each page as a multiple of the login-only view, with its number of queries."""
    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        for role in READERS:
            reader = Reader(role)
            floor = seconds(lambda: reader.get("/benchmark/empty/"), repeats=40)  # noqa: B023
            print(f"Pages as {role.label}")
            line("login-only view", floor, floor, "the login-only view", "the floor")
            for name, address in _addresses(reader).items():
                reader.measure(name, address, floor, REACH if name in MEANT else "")
            if role == Role.COMMISSIONER:
                naive = seconds(lambda: reader.get("/benchmark/naive/"), repeats=3)  # noqa: B023
                line("control: a naive register", naive, floor, "the login-only view", "must lose")


def page_memory(on: date) -> None:
    """The most memory that the heaviest pages hold at a moment."""
    print("Memory of a page, at its peak")
    reader = Reader(Role.COMMISSIONER)
    for name in ("grants", "payments", "speed", "sustainability"):
        address = reverse(name)
        print(f"  {'page ' + address:<52} {peak_megabytes(lambda: reader.get(address)):10.1f} MB")  # noqa: B023


def _addresses(reader: Reader) -> dict[str, str]:
    found = {name: reverse(name) for name in NAMES}
    grants = Grant.objects.visible_to(reader.user).in_register(illustrative=True)
    grant = grants.filter(first_paid_on__isnull=False).order_by("-pk").first()
    if grant is not None:
        found["a grant"] = reverse("grant", args=[grant.ref])
        found["a fund"] = reverse("fund", args=[grant.fund.code])
    flag = Flag.objects.standing().filter(grant=grant).first() or Flag.objects.standing().first()
    if flag is not None:
        found["a flag"] = reverse("flag", args=[flag.pk])
    if reader.user.role in (Role.COMMISSIONER, Role.PROVIDER):
        found |= FULL_PAGES
    else:
        found["register"] = FULL_PAGES["register"]
    return {name: address for name, address in found.items() if reader.may(address)}
