"""Every reading page for every role: it answers, in a bounded number of queries that does not grow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Flag
from tests.conftest import ClientFor
from tests.factories.people import People
from tests.grants.pages.scene import Scene, make_scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OFFICERS = ("commissioner", "finance", "administrator")
COUNCIL = (*OFFICERS, "scrutiny")
EVERYBODY = (*COUNCIL, "provider")
READERS = {
    "/": EVERYBODY,
    "/funds/": COUNCIL,
    "/funds/{fund}/": COUNCIL,
    "/rounds/": COUNCIL,
    "/grants/": EVERYBODY,
    "/grants/?state=waiting&sort=-ends_on": EVERYBODY,
    "/grants/{late}/": EVERYBODY,
    "/grants/{paid}/": EVERYBODY,
    "/grants/{ending}/": EVERYBODY,
    "/grants/{untracked}/": EVERYBODY,
    "/grants/{undecided}/": EVERYBODY,
    "/payments/": OFFICERS,
    "/returns/": (*OFFICERS, "provider"),
    "/flags/": OFFICERS,
    "/flags/{flag}/": OFFICERS,
    "/reports/": COUNCIL,
    "/reports/completeness/": OFFICERS,
}
REFUSED = [(path, role) for path, roles in READERS.items() for role in EVERYBODY if role not in roles]
AT_MOST = 15


def address(path: str, scene: Scene) -> str:
    """The path with the scene's own references."""
    flag = Flag.objects.filter(grant=scene.late).get()
    grants = {
        name: getattr(scene, name).ref
        for name in ("late", "paid", "ending", "untracked", "undecided", "others")
    }
    return path.format(fund=scene.fund.code, flag=flag.pk, **grants)


def queries_of(client_for: ClientFor, role: str, url: str) -> int:
    """How many queries a page takes once what a process keeps has been read; it must answer."""
    client = client_for(role)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, response.content[:2000]
    return len(captured)


@pytest.mark.parametrize("path", READERS)
def test_the_page_answers_in_as_many_queries_when_the_register_grows(
    path: str, scene: Scene, people: People, client_for: ClientFor
) -> None:
    url = address(path, scene)
    small = {role: queries_of(client_for, role, url) for role in READERS[path]}
    make_scene(people, copies=5)
    assert {role: queries_of(client_for, role, url) for role in READERS[path]} == small
    assert max(small.values()) <= AT_MOST


@pytest.mark.parametrize(("path", "role"), REFUSED)
def test_the_page_is_refused_to_other_roles(
    path: str, role: str, scene: Scene, client_for: ClientFor
) -> None:
    assert client_for(role).get(address(path, scene)).status_code == 403


@pytest.mark.parametrize("path", READERS)
def test_who_has_not_signed_in_is_asked_to(path: str, scene: Scene, client_for: ClientFor) -> None:
    response = client_for(None).get(address(path, scene))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
