"""Makes the illustrative year, once; a second time changes nothing."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.db import transaction

from core.calendar import working_days
from core.models import User
from core.rules.dates import months_before
from demo.year.acts import act_on_flags
from demo.year.bulk import make_bulk
from demo.year.draft import Draft
from demo.year.ending import ending
from demo.year.funds import make_awards, make_funds, make_rounds
from demo.year.ordinary import ordinary
from demo.year.paid import paid
from demo.year.people import make_organisations, make_users
from demo.year.places import make_places
from demo.year.scene import Scene
from demo.year.telling import tell
from demo.year.waiting import waiting
from grants.models import Grant

DEFAULT_GRANTS = 76
MONTHS_OF_PASSES = 6
ORDINARY_GRANTS = 12


class Made(NamedTuple):
    """How many illustrative grants were written now, and how many there are."""

    written: int
    standing: int


def make_year(*, on: date, grants: int = DEFAULT_GRANTS) -> Made:
    """The year as it looks on a day, with at least so many grants: the stories are all told, whatever the number.

    The flags are raised once in each of the last six months as the year is written, so that they have a history.
    """
    with transaction.atomic():
        by = User.objects.system("illustrative year")
        scene = make_scene(on, by)
        told = list(stories(scene))
        is_new = not Grant.objects.in_register(illustrative=True).exists()
        passes = [months_before(on, months) for months in range(MONTHS_OF_PASSES, 0, -1)] if is_new else []
        written = tell(told, passes=passes, by=User.objects.system("flag pass"))
        if is_new:
            act_on_flags(scene)
    written += make_bulk(scene, grants - len(told), by)
    return Made(written, Grant.objects.in_register(illustrative=True).count())


def make_scene(on: date, by: User) -> Scene:
    """The cast of the year: places, organisations, people, money and rounds."""
    localities = make_places(by)
    organisations = make_organisations(localities, on, by)
    users = make_users(organisations, on, by)
    awards = make_awards(organisations, on, by)
    funds = make_funds(awards, on, by)
    rounds = make_rounds(funds, on, by)
    return Scene(on, working_days(), users, organisations, localities, awards, funds, rounds)


def stories(scene: Scene) -> Iterator[Draft]:
    """Every story, then grants that simply run."""
    yield from ending(scene)
    yield from paid(scene)
    yield from waiting(scene)
    yield from ordinary(scene, ORDINARY_GRANTS)
