"""Stories of first payments that are awaited: who holds them up, how long, and by what."""

from collections.abc import Iterator
from typing import Any

from demo.year.draft import Draft
from demo.year.scene import Scene
from grants.models import CheckKind
from grants.models.decisions import MadeBy, NeededBefore
from grants.models.payments import Basis, WaitingOn

PROVIDER, FUNDER = WaitingOn.PROVIDER.value, WaitingOn.FUNDER.value


def waiting(scene: Scene) -> Iterator[Draft]:
    """Approved and not paid, told in the order of how long."""
    yield from _on_the_council(scene)
    yield from _on_somebody_else(scene)
    yield from _blocked(scene)
    yield from _not_due(scene)


def _decided(
    scene: Scene, ref: str, title: str, provider: str, decided: int, start: int, place: str, **options: Any
) -> Draft:
    """Decided so many working days ago, to start so many days from now, a quarter of it due on decision."""
    window = options.pop("window", "riverside_2")
    amount = options.pop("amount", 18_000)
    day = scene.ago(decided)
    draft = Draft(
        scene,
        ref,
        title,
        provider,
        window,
        amount=amount,
        decided=day,
        start=scene.day(start),
        months=options.pop("months", 18),
        localities=[place],
        **options,
    )
    return draft


def _signed(draft: Draft) -> Draft:
    """Agreement signed within eight working days, and the usual checks seen."""
    scene, decided = draft.scene, draft.decided
    draft.agreement(scene.after(decided, 2), scene.after(decided, 6), scene.after(decided, 8))
    for kind in (CheckKind.SAFEGUARDING, CheckKind.CONSTITUTION, CheckKind.BANK_DETAILS):
        draft.check(kind, decided, scene.after(decided, 5))
    return draft


def _on_the_council(scene: Scene) -> Iterator[Draft]:
    just = _decided(scene, "RF-031", "Saturday family kitchen", "saffron", 4, 24, "riverside")
    yield just.quarterly(4, just.decided).agreement(scene.ago(2))
    watch = _decided(scene, "RF-032", "Homework and hot supper club", "foundry", 18, 11, "riverside")
    yield _signed(watch.quarterly(4, watch.decided))
    late = _decided(scene, "RF-033", "Boxing and belonging", "millrace", 31, 6, "millrace", amount=24_000)
    yield _signed(late.quarterly(4, late.decided))
    twice = _decided(
        scene, "RF-034", "Parents' listening circle", "bridge", 47, 12, "oldbridge", amount=9_600
    )
    yield _signed(twice.quarterly(2, twice.decided, 6))
    started = _decided(
        scene, "RF-035", "Outdoor weekends for siblings", "tern", 26, -23, "millrace", amount=15_000
    )
    yield _signed(started.quarterly(4, started.decided))
    call_in = _decided(
        scene,
        "RF-036",
        "Young carers' drop-in",
        "north_star",
        28,
        20,
        "oldbridge",
        decision_made_by=MadeBy.CABINET_MEMBER,
        authority_reference="ILL/CM/0042",
        call_in_ends_on=scene.ago(20),
    )
    yield _signed(call_in.quarterly(4, call_in.decided))


def _on_somebody_else(scene: Scene) -> Iterator[Draft]:
    papers = _decided(
        scene, "RF-037", "Street football coaches", "kestrel", 24, 15, "millrace", amount=12_000
    )
    papers.quarterly(4, papers.decided).agreement(scene.ago(21))
    yield papers.stop(PROVIDER, scene.ago(6), None, "Waiting for the insurance certificate")
    silent = _decided(scene, "RF-038", "Mural and music weeks", "harbour", 33, 17, "riverside", amount=8_400)
    silent.quarterly(2, silent.decided, 6).agreement(scene.ago(30))
    yield silent.stop(PROVIDER, scene.ago(16), None, "Waiting for the safeguarding policy")
    funder = _decided(
        scene, "SS-031", "Night-time youth bus", "compass", 36, 14, "castle_green", window="streets_2"
    )
    _signed(funder.quarterly(4, funder.decided))
    yield funder.stop(FUNDER, scene.ago(13), None, "The funder has not released this year's money")
    ended = _decided(
        scene, "RF-039", "Garden mornings for fathers", "quarry", 27, 18, "millrace", amount=6_000
    )
    _signed(ended.quarterly(2, ended.decided, 6))
    yield ended.stop(
        PROVIDER, scene.ago(20), scene.ago(9), "Waiting for a constitution signed by the trustees"
    )


def _blocked(scene: Scene) -> Iterator[Draft]:
    check = _decided(
        scene, "RF-041", "Caring in the Garden", "meadow", 31, -40, "castle_green", amount=18_000
    )
    check.quarterly(4, check.decided)
    check.agreement(scene.ago(29), scene.ago(20), scene.ago(18)).check(
        CheckKind.DBS, scene.ago(29), scene.ago(22)
    )
    yield check.check(CheckKind.SAFEGUARDING, scene.ago(6))
    unsigned = _decided(scene, "RF-042", "Neighbours' play afternoons", "neighbourhood", 19, 21, "oldbridge")
    yield unsigned.quarterly(4, unsigned.decided).agreement(scene.ago(14))
    condition = _decided(
        scene, "RF-043", "Listening in schools", "lantern", 23, 25, "oldbridge", amount=21_000
    )
    _signed(condition).instalment(
        7_000,
        condition.decided,
        condition="A named safeguarding lead is appointed",
        condition_waits_on="provider",
    )
    yield condition.instalment(14_000, scene.day(180))
    bank = _decided(
        scene, "RF-044", "Reading friends at home", "kingfisher", 22, 19, "millrace", amount=10_500
    )
    bank.quarterly(3, bank.decided, 4).agreement(scene.ago(20), scene.ago(15), scene.ago(14))
    bank.check(CheckKind.SAFEGUARDING, bank.decided, scene.ago(16))
    yield bank.check(CheckKind.BANK_DETAILS, scene.ago(5), changed_by=scene.users["finance"])
    second = _decided(
        scene, "RF-045", "Family hub in the old library", "family_links", 20, 30, "riverside", amount=120_000
    )
    yield _signed(second.instalment(60_000, second.decided).instalment(60_000, scene.day(210)))
    subsidy = _decided(
        scene, "RF-046", "Repair café apprentices", "marigold", 17, 22, "castle_green", amount=14_000
    )
    subsidy.quarterly(2, subsidy.decided, 6)
    yield subsidy.check(CheckKind.SUBSIDY_CONTROL, scene.ago(12), needed_before=NeededBefore.AGREEMENT)


def _not_due(scene: Scene) -> Iterator[Draft]:
    later = _decided(scene, "RF-047", "Easter activity weeks", "fern", 35, 100, "millrace", amount=16_000)
    yield _signed(later.quarterly(2, scene.day(100), 6))
    unclaimed = _decided(
        scene, "SS-032", "Detached youth work", "foundry", 40, -30, "riverside", window="streets_2"
    )
    for quarter in range(4):
        unclaimed.instalment(4_500, scene.month(quarter * 3 + 1), basis=Basis.ON_CLAIM)
    yield _signed(unclaimed)
    claimed = _decided(
        scene, "SS-033", "Mediation between neighbours", "juniper", 55, -45, "oldbridge", window="streets_2"
    )
    claimed.instalment(6_000, scene.ago(40), basis=Basis.ON_CLAIM)
    claimed.tell(
        scene.ago(27), claimed.instalments[0], claimed.officer, "Claim in order", claim_valid_on=scene.ago(27)
    )
    yield _signed(claimed.instalment(6_000, scene.day(120), basis=Basis.ON_CLAIM))
