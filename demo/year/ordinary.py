"""Grants that simply run: paid in good time or a little late, some extended. Told by a seeded generator."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from core.rules.dates import add_months
from demo.year.draft import Draft
from demo.year.paid import signed
from demo.year.scene import Scene

TITLES = (
    "Chess and toast", "Saturday strings", "Bump and baby walk", "Repair and share", "Young gardeners",
    "Storytelling on the green", "Swim for siblings", "Friday film makers", "Fathers' football",
    "Grandparents' morning", "Woodwork for girls", "Poetry and pizza", "Canal boat days", "Quiet room after school",
    "Radio club", "Drumming circle",
)  # fmt: skip
PROVIDERS = (
    ("harbour", "riverside"), ("saffron", "riverside"), ("plumtree", "riverside"), ("neighbourhood", "oldbridge"),
    ("lantern", "oldbridge"), ("north_star", "oldbridge"), ("larch", "oldbridge"), ("castle", "castle_green"),
    ("tandem", "castle_green"), ("horizon", "castle_green"), ("millrace", "millrace"), ("tern", "millrace"),
    ("fern", "millrace"), ("kingfisher", "millrace"), ("family_links", "riverside"), ("compass", "castle_green"),
)  # fmt: skip
# Round, its fund's prefix, and its decisions in days before the year's day: the earliest and the latest.
DECISIONS = (
    ("riverside_1", "RF", -362, -330),
    ("streets_1", "SS", -262, -236),
    ("family_1", "FS", -575, -548),
)
EXTENSIONS = 12


def ordinary(scene: Scene, count: int) -> Iterator[Draft]:
    """So many grants; the first twelve of them were extended, so that the council's own durations can be told."""
    for number in range(count):
        yield _one(scene, number)


def _one(scene: Scene, number: int) -> Draft:
    chance = random.Random(f"{scene.on} ordinary {number}")
    window, prefix, earliest, latest = DECISIONS[number % len(DECISIONS)]
    provider, place = PROVIDERS[number % len(PROVIDERS)]
    decided = scene.calendar.plus(scene.day(chance.randint(earliest, latest)), 0)
    start = decided + timedelta(days=chance.randint(18, 45))
    draft = signed(
        scene, f"{prefix}-{101 + number}", TITLES[number % len(TITLES)], provider, window, decided=decided, start=start,
        amount=chance.randrange(4_000, 14_000, 500), months=24 if window != "family_1" else 36, localities=[place],
    )  # fmt: skip
    _pay(draft, chance)
    _report(draft, chance)
    if number < EXTENSIONS:
        _extend(draft, chance)
    return draft


def _pay(draft: Draft, chance: random.Random) -> None:
    """The first instalment within five weeks of the decision, the later ones when they are due."""
    scene = draft.scene
    draft.quarterly(4, draft.decided + timedelta(days=14), 6)
    draft.pay(1, scene.after(draft.decided, chance.randint(7, 27)))
    for line in draft.instalments[1:]:
        if line.due_on is not None and line.due_on < scene.on:
            draft.pay(line.number, scene.after(line.due_on, -chance.randint(1, 6)))


def _report(draft: Draft, chance: random.Random) -> None:
    """A return every quarter, with a caseload that wanders a little."""
    scene, families = draft.scene, chance.randint(8, 34)
    assert draft.grant.planned_start is not None  # noqa: S101
    counted = add_months(draft.grant.planned_start, 3)
    while counted + timedelta(days=9) <= scene.on:
        families = max(3, families + chance.randint(-4, 5))
        draft.caseload(families, counted, spent=_spent(draft, counted))
        counted = add_months(counted, 3)


def _spent(draft: Draft, by: date) -> int:
    """What the provider had spent by a day: an even share of the award for the time gone, in whole pounds."""
    start, end, amount = draft.grant.planned_start, draft.grant.planned_end, draft.grant.amount_awarded
    assert start is not None and end is not None and amount is not None  # noqa: S101, PT018
    return int(amount * (by - start).days / (end - start).days)


def _extend(draft: Draft, chance: random.Random) -> None:
    """An extension agreed some weeks after it was proposed."""
    decided = draft.scene.day(-chance.randint(20, 160))
    proposed = decided - timedelta(days=chance.randint(9, 34))
    assert draft.grant.planned_end is not None  # noqa: S101
    draft.extend(
        proposed, decided, add_months(draft.grant.planned_end, chance.randint(1, 6)), "More time, same money."
    )
