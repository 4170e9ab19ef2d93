"""The button that checks the flags: what it says of one register, and what it leaves to do."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.records import write
from grants.models import Flag
from tests.conftest import ClientFor
from tests.factories import make_flag
from tests.factories.people import People
from tests.grants.pages.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def checked(client_for: ClientFor) -> str:
    """What the page says after the button was pressed."""
    client = client_for("commissioner")
    return str(client.post("/flags/check/", {"next": "/flags/"}, follow=True).content.decode())


def test_only_the_flags_of_this_register_are_counted(scene: Scene, client_for: ClientFor) -> None:
    checked(client_for)
    stand = Flag.objects.standing().in_register(illustrative=True).count()
    make_flag(grant=scene.real, is_illustrative=False)
    assert Flag.objects.standing().count() == stand + 1
    page = checked(client_for)
    assert f"Checked. 0 flags raised, 0 changed level, 0 cleared; {stand} stand." in page
    assert f"{stand} flags:" in page
    assert Flag.objects.get(grant=scene.real).cleared_on is not None


def test_what_is_snoozed_is_said_apart(scene: Scene, client_for: ClientFor) -> None:
    checked(client_for)
    flags = Flag.objects.standing().in_register(illustrative=True)
    stand, flag = flags.count(), flags[0]
    Flag.objects.filter(pk=flag.pk).update(
        snoozed_by=flag.owner, snoozed_on=flag.opened_on, snoozed_rank=flag.rank
    )
    page = checked(client_for)
    assert f"; {stand - 1} stand, and 1 more is snoozed." in page
    assert f"{stand - 1} flags:" in page


BUTTON = "Check the flags again now"


def test_after_the_button_only_what_is_recorded_later_asks_for_it(
    scene: Scene, people: People, client_for: ClientFor
) -> None:
    address, client = f"/grants/{scene.late.ref}/", client_for("commissioner")
    assert BUTTON not in client.post("/flags/check/", {"next": address}, follow=True).content.decode()
    assert BUTTON in client_for("finance").get(address).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        scene.late.summary = "Another summary"
        write(scene.late, by=people.finance, reason="Told by the provider")
        assert BUTTON in client.get(address).content.decode()
