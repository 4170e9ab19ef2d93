"""The register page, 25 rows filtered and sorted, against a login-only view and a page written naively."""

from datetime import date

from django.test import Client, override_settings

from benchmarks.measure import line, queries, seconds
from core.models import Role, User

PAGES = {
    "register, sorted by end": "/grants/?sort=-ends_on",
    "register, filtered and sorted": "/grants/?tracked=yes&sort=ends_on",
    "pay next": "/payments/",
    "flags": "/flags/",
    "today": "/",
}


def register_page(on: date) -> None:
    """Each page as a multiple of the login-only view, with its number of queries."""
    user = User.objects.filter(role=Role.COMMISSIONER).first()
    if user is None:
        raise SystemExit("The demo made no commissioner: nothing to sign in as.")
    client = Client()
    client.force_login(user)

    def get(address: str) -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}: the benchmark measures nothing.")

    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        floor = seconds(lambda: get("/benchmark/empty/"), repeats=15)
        print(f"Pages as {user.get_role_display()}")
        line("login-only view", floor, floor, "the login-only view", "the floor")
        for name, address in PAGES.items():
            count = len(queries(lambda address=address: get(address)))  # type: ignore[misc]
            taken = seconds(lambda address=address: get(address), repeats=9)  # type: ignore[misc]
            reach = "reach ≤ 12 × PostgreSQL, ≤ 18 × SQLite" if name.startswith("register") else ""
            line(f"{name} ({count} queries)", taken, floor, "the login-only view", reach)
        naive = seconds(lambda: get("/benchmark/naive/"), repeats=5)
        line("control: a naive register", naive, floor, "the login-only view", "must lose")
