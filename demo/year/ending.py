"""Stories of endings: fallen, soon, later; with a plan and without; where endings meet in one place."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from core.rules.dates import add_months
from demo.year.draft import Draft
from demo.year.paid import signed
from demo.year.scene import Scene
from grants.models import CaseloadUnit, CoverKind, ReturnState
from grants.models.endings import Certainty, Told

FINISHES, FUNDED, ACCEPTED = CoverKind.FINISHES, CoverKind.CONFIRMED_FUNDING, CoverKind.NAMED_SERVICE
HOPED, APPLIED, SURE = Certainty.HOPED, Certainty.APPLIED, Certainty.CONFIRMED
# When the grants of each round were decided and began, in days before the year's day.
BEGAN = {"riverside_1": (-345, -322), "streets_1": (-243, -215), "family_1": (-556, -531)}


def ending(scene: Scene) -> Iterator[Draft]:
    """What happens to families when money ends."""
    yield from _fallen(scene)
    yield from _critical(scene)
    yield from _high(scene)
    yield from _watch(scene)
    yield from _together(scene)
    yield from _at_one_school(scene)
    yield from _far_or_unknown(scene)


def _until(
    scene: Scene,
    ref: str,
    title: str,
    provider: str,
    window: str,
    ends: date | None,
    *places: str,
    **options: Any,
) -> Draft:
    """Began with its round, paid on time so far, and ends on a day."""
    decided, began = (scene.day(days) for days in BEGAN[window])
    values = {"planned_end": ends, "ends_on": ends, "localities": places} | options
    draft = signed(scene, ref, title, provider, window, decided=decided, start=began, **values)
    draft.quarterly(4, began)
    for line in draft.instalments:
        if line.due_on is not None and line.due_on <= scene.on:
            draft.pay(line.number, scene.after(line.due_on, -4))
    return draft


def _reported(draft: Draft, families: int, counted: date, **options: Any) -> Draft:
    """A return every quarter up to the day counted; the caseload wandered before it came to `families`."""
    began, quarter = draft.grant.planned_start, 1
    while began is not None and add_months(counted, -3 * quarter) > began:
        draft.caseload(
            families + 4 - quarter * 3 % 8,
            add_months(counted, -3 * quarter),
            unit=options.get("unit", CaseloadUnit.FAMILIES),
        )
        quarter += 1
    return draft.caseload(families, counted, **options)


def _fallen(scene: Scene) -> Iterator[Draft]:
    silent = _until(
        scene, "RF-001", "Evening youth club", "harbour", "riverside_1", scene.day(-24), "riverside"
    )
    yield _reported(silent, 26, scene.day(-60))
    partly = _until(
        scene, "RF-002", "Bereavement friends", "lantern", "riverside_1", scene.day(-52), "oldbridge"
    )
    _reported(partly, 19, scene.day(-90)).notice(Told.PROVIDER, scene.day(-150)).planned(
        scene.day(-140), "Most families finish; the rest go to the health partnership.",
        (FINISHES, 9, "", SURE), (ACCEPTED, 6, "Riverside Health Partnership listening service", SURE),
        (FUNDED, 4, "A trust that has not answered", HOPED),
    )  # fmt: skip
    yield partly
    stale = _until(scene, "FS-001", "Stay and play", "willow", "family_1", scene.day(-33), "castle_green")
    yield stale.caseload(17, scene.day(-290), spent=9_000).return_due(scene.day(-33), scene.day(-19))
    done = _until(scene, "RF-003", "Cook and talk", "saffron", "riverside_1", scene.day(-45), "riverside")
    _reported(done, 14, scene.day(-75)).notice(Told.PROVIDER, scene.day(-160)).notice(
        Told.FAMILIES, scene.day(-100)
    )
    yield done.planned(
        scene.day(-130), "Every family finishes or goes on with the parents' forum.",
        (FINISHES, 8, "", SURE), (ACCEPTED, 6, "Bridgeway Parents Forum", SURE),
    )  # fmt: skip


def _critical(scene: Scene) -> Iterator[Draft]:
    untold = _until(
        scene, "RF-004", "Wednesday girls' group", "foundry", "riverside_1", scene.day(40), "riverside"
    )
    yield _reported(untold, 23, scene.day(-51))
    told = _until(scene, "RF-005", "Debt and breakfast", "st_wilf", "riverside_1", scene.day(66), "oldbridge")
    _reported(told, 30, scene.day(-51)).notice(Told.PROVIDER, scene.day(-40), "Letter sent and answered")
    yield told.planned(
        scene.day(-38), "A bid is with the health partnership.",
        (FINISHES, 11, "", SURE), (FUNDED, 12, "Riverside Health Partnership", APPLIED),
    )  # fmt: skip
    children = _until(scene, "SS-002", "Street dance crew", "kestrel", "streets_1", scene.day(75), "millrace")
    yield _reported(children, 48, scene.day(-50), unit=CaseloadUnit.CHILDREN).notice(
        Told.PROVIDER, scene.day(-25)
    )
    safe = _until(scene, "RF-006", "Walking bus", "larch", "riverside_1", scene.day(58), "oldbridge")
    _reported(safe, 35, scene.day(-51)).notice(Told.PROVIDER, scene.day(-60)).notice(
        Told.FAMILIES, scene.day(-20)
    )
    yield safe.planned(
        scene.day(-70),
        "The school takes it into its own budget.",
        (FUNDED, 35, "Larchwood High School budget", SURE),
    )
    unknown = _until(
        scene, "FS-002", "Speech in the nursery", "pebble", "family_1", scene.day(88), "riverside"
    )
    yield unknown.caseload(None, scene.day(-55), state=ReturnState.SENT_BACK, spent=11_000, underspend=2_500)


def _high(scene: Scene) -> Iterator[Draft]:
    plain = _until(
        scene, "RF-007", "Lads and dads allotment", "quarry", "riverside_1", scene.day(148), "millrace"
    )
    yield _reported(plain, 12, scene.day(-51))
    partly = _until(
        scene, "SS-003", "Mentors at the station", "compass", "streets_1", scene.day(165), "castle_green"
    )
    _reported(partly, 20, scene.day(-50)).notice(Told.PARTNERS, scene.day(-15))
    yield partly.planned(
        scene.day(-18), "Half of the young people will have finished.", (FINISHES, 10, "", SURE)
    )
    past_safe = _until(
        scene, "FS-003", "School-gate welcome", "castle", "family_1", scene.day(196), "castle_green"
    )
    yield _reported(past_safe, 21, scene.day(-50), spent=14_000)
    covered = _until(scene, "SS-004", "Safe bus home", "juniper", "streets_1", scene.day(158), "oldbridge")
    _reported(covered, 16, scene.day(-50))
    yield covered.planned(scene.day(-30), "All will have finished by then.", (FINISHES, 16, "", SURE))


def _watch(scene: Scene) -> Iterator[Draft]:
    long = _until(
        scene, "FS-004", "Forest school for five-year-olds", "fern", "family_1", scene.day(285), "millrace"
    )
    yield _reported(long, 28, scene.day(-50), spent=13_000, underspend=1_100)
    other = _until(
        scene, "FS-005", "Parents' reading room", "kingfisher", "family_1", scene.day(320), "millrace"
    )
    _reported(other, 25, scene.day(-50), spent=12_000)
    yield other.planned(
        scene.day(-20),
        "The library may take it on.",
        (FUNDED, 15, "Library service", HOPED),
        (FINISHES, 5, "", SURE),
    )


def _together(scene: Scene) -> Iterator[Draft]:
    """Northfield: three of its four grants end within weeks of each other."""
    first = _until(
        scene, "RF-008", "Orchard mentoring", "orchard", "riverside_1", scene.day(128), "northfield"
    )
    first.received(0, scene.day(-310)).received(1, scene.day(-219))
    yield _reported(first, 34, scene.day(-51), underspend=700)
    second = _until(
        scene, "RF-009", "Northfield parents together", "bridge", "riverside_1", scene.day(140), "northfield"
    )
    _reported(second, 27, scene.day(-51))
    yield second.planned(scene.day(-30), "Nine families will have finished.", (FINISHES, 9, "", SURE))
    third = _until(scene, "SS-005", "Holiday football", "kestrel", "streets_1", scene.day(151), "northfield")
    yield _reported(third, 22, scene.day(-50))
    stays = _until(
        scene, "SS-006", "Orchard evening project", "orchard", "streets_1", scene.day(480), "northfield"
    )
    yield _reported(stays, 18, scene.day(-50))


def _at_one_school(scene: Scene) -> Iterator[Draft]:
    """Meadow Lane: the school's own grant and one that works in it end together."""
    own = _until(
        scene, "FS-006", "Meadow Lane family worker", "meadow", "family_1", scene.day(110), "castle_green"
    )
    yield _reported(own, 24, scene.day(-50), spent=12_500).notice(Told.PROVIDER, scene.day(-12))
    inside = _until(
        scene, "FS-007", "Lunchtime listeners", "horizon", "family_1", scene.day(131), "castle_green"
    )
    inside.partner("meadow", "school").partner("castle", "school")
    yield _reported(inside, 13, scene.day(-50), spent=10_000, underspend=600)
    visiting = _until(
        scene,
        "FS-008",
        "Reading dog visits",
        "kingfisher",
        "family_1",
        scene.day(118),
        "castle_green",
        amount=6_000,
    )
    yield _reported(visiting.partner("meadow", "school"), 9, scene.day(-50), spent=4_500)


def _far_or_unknown(scene: Scene) -> Iterator[Draft]:
    endless = _until(scene, "RF-010", "Community fridge", "neighbourhood", "riverside_1", None, "oldbridge")
    yield _reported(endless, 38, scene.day(-51))
    extended = _until(
        scene, "RF-011", "Orchard Saturday club", "orchard", "riverside_1", scene.day(-20), "riverside"
    )
    _reported(extended, 29, scene.day(-51))
    extended.extend(
        scene.day(-95), scene.day(-71), scene.day(345), "The worker started late; the families agreed to more time.",
        amount=22_000,
    )  # fmt: skip
    yield extended.instalment(
        6_000, scene.day(45), period_from=scene.day(-19), period_to=scene.day(345), agreed=scene.day(-71)
    )
    hidden = _until(scene, "SS-007", "Safe rooms", "beacon", "streets_1", scene.day(460))
    yield _reported(hidden, 7, scene.day(-50))
