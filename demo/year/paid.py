"""Stories of money that moved: fast, late, back again, onward, in other forms, and not at all."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from demo.year.draft import Draft
from demo.year.scene import Scene
from grants.models import AwardType, CheckKind, Purpose
from grants.models.payments import Route, WaitingOn


def paid(scene: Scene) -> Iterator[Draft]:
    """What happened to money that was approved."""
    yield from _in_and_out_of_time(scene)
    yield from _later_instalments(scene)
    yield from _back_again(scene)
    yield from _other_forms(scene)
    yield from _over(scene)
    yield from _untracked(scene)


def signed(
    scene: Scene,
    ref: str,
    title: str,
    provider: str,
    window: str,
    *,
    decided: date,
    start: date,
    **options: Any,
) -> Draft:
    """Decided, signed within eight working days, its usual checks in order."""
    values = {"amount": 16_000, "months": 18} | options
    draft = Draft(scene, ref, title, provider, window, decided=decided, start=start, **values)
    draft.agreement(scene.after(decided, 2), scene.after(decided, 6), scene.after(decided, 8))
    for kind in (CheckKind.SAFEGUARDING, CheckKind.INSURANCE, CheckKind.BANK_DETAILS):
        draft.check(kind, decided, scene.after(decided, 5))
    return draft


def _in_and_out_of_time(scene: Scene) -> Iterator[Draft]:
    fast = signed(
        scene, "RF-021", "Breakfast before school", "willow", "riverside_2", decided=scene.ago(50),
        start=scene.day(-50), localities=["riverside"],
    )  # fmt: skip
    fast.quarterly(4, scene.day(-60)).pay(1, scene.ago(42))
    yield fast.caseload(22, scene.day(-20))
    slow = signed(
        scene, "RF-022", "Skate park mentors", "foundry", "riverside_2", decided=scene.ago(58),
        start=scene.day(-66), localities=["riverside"], amount=20_000,
    )  # fmt: skip
    slow.quarterly(4, scene.day(-80)).pay(1, scene.ago(12))
    yield slow.caseload(9, scene.day(-3))
    provider = signed(
        scene, "RF-023", "Toy library on wheels", "pebble", "riverside_1", decided=scene.day(-310),
        start=scene.day(-270), months=24, localities=["riverside"],
    )  # fmt: skip
    provider.quarterly(8, scene.day(-280))
    held_from, held_to = scene.after(provider.decided, 9), scene.after(provider.decided, 27)
    provider.stop(WaitingOn.PROVIDER, held_from, held_to, "Waiting for audited accounts")
    provider.pay(1, scene.after(provider.decided, 33))
    yield _paid_on_time(provider, 2, 3, 4).caseload(31, scene.day(-55))


def _paid_on_time(draft: Draft, *numbers: int) -> Draft:
    """Later instalments paid two days before they are due."""
    for number in numbers:
        due = draft.instalments[number - 1].due_on
        if due is not None:
            draft.pay(number, due - timedelta(days=2))
    return draft


def _later_instalments(scene: Scene) -> Iterator[Draft]:
    overdue = signed(
        scene, "SS-021", "Safe routes after school", "castle", "streets_1", decided=scene.day(-240),
        start=scene.day(-200), months=24, localities=["castle_green"], amount=32_000,
    )  # fmt: skip
    overdue.quarterly(8, scene.day(-200)).pay(1, scene.day(-212))
    yield _paid_on_time(overdue, 2).caseload(18, scene.day(-40))
    blocked = signed(
        scene, "SS-022", "Hate crime reporting points", "neighbourhood", "streets_1", decided=scene.day(-236),
        start=scene.day(-190), months=24, localities=["oldbridge"], purpose=Purpose.OTHER,
    )  # fmt: skip
    blocked.instalment(5_000, scene.day(-200)).pay(1, scene.day(-205))
    blocked.instalment(
        5_000, scene.day(-30), condition="First return accepted", condition_waits_on="provider"
    )
    yield blocked.return_due(scene.day(-50), scene.day(-36))
    met = signed(
        scene, "SS-023", "Peer mentors in the park", "compass", "streets_1", decided=scene.day(-238),
        start=scene.day(-195), months=24, localities=["castle_green"], amount=12_000,
    )  # fmt: skip
    met.instalment(6_000, scene.day(-200)).pay(1, scene.day(-204))
    met.instalment(6_000, scene.day(-45), condition="Two mentors in post", condition_waits_on="provider")
    met.tell(
        scene.day(-17), met.instalments[1], met.officer, "Condition met", condition_met_on=scene.day(-17)
    )
    yield met.caseload(14, scene.day(-30))


def _back_again(scene: Scene) -> Iterator[Draft]:
    undone = signed(
        scene, "SS-024", "Late café for teenagers", "kestrel", "streets_2", decided=scene.ago(52),
        start=scene.day(9), localities=["millrace"], amount=14_000,
    )  # fmt: skip
    undone.quarterly(2, undone.decided, 6).pay(1, scene.ago(38))
    yield undone.reverse(0, scene.ago(30), "Sent to a closed account and returned by the bank")
    again = signed(
        scene, "SS-025", "Bicycle workshop", "st_wilf", "streets_1", decided=scene.day(-220),
        start=scene.day(-180), months=24, localities=["oldbridge"],
    )  # fmt: skip
    again.quarterly(4, scene.day(-185), 6).pay(1, scene.day(-190)).reverse(0, scene.day(-181), "Wrong payee")
    yield _paid_on_time(again.pay(1, scene.day(-170)), 2).caseload(12, scene.day(-35))
    returned = signed(
        scene, "FS-021", "Family learning mornings", "plumtree", "family_1", decided=scene.day(-555),
        start=scene.day(-520), months=36, localities=["riverside"], amount=36_000,
    )  # fmt: skip
    returned.quarterly(6, scene.day(-530), 6).pay(1, scene.day(-528))
    _paid_on_time(returned, 2, 3).recover(1_250, scene.day(-120), "Underspend of the first year returned")
    yield returned.caseload(40, scene.day(-50), spent=15_800, underspend=900)
    onward = signed(
        scene, "FS-022", "Connectors around three schools", "family_links", "family_1", decided=scene.day(-558),
        start=scene.day(-515), months=36, localities=["riverside", "castle_green"], amount=72_000,
    )  # fmt: skip
    onward.partner("plumtree", "school").partner("larch", "school").partner("tandem")
    onward.quarterly(12, scene.day(-520)).pay(1, scene.day(-529))
    _paid_on_time(onward, 2, 3, 4, 5, 6).onward("tandem", 9_000, scene.day(-300)).onward(
        "tandem", 4_500, scene.day(-90)
    )
    yield onward.caseload(64, scene.day(-50), spent=29_000, underspend=4_000)


def _other_forms(scene: Scene) -> Iterator[Draft]:
    journal = signed(
        scene, "FS-023", "Early years team secondment", "council", "family_1", decided=scene.day(-557),
        start=scene.day(-520), months=36, award_type=AwardType.INTERNAL_TRANSFER, purpose=Purpose.OTHER, amount=30_000,
    )  # fmt: skip
    journal.instalment(30_000, scene.day(-530)).pay(1, scene.day(-540), route=Route.JOURNAL)
    yield journal.caseload(None, scene.day(-50), spent=13_500)
    contract = signed(
        scene, "FS-024", "Play sessions for hospital siblings", "tandem", "family_1", decided=scene.day(-550),
        start=scene.day(-500), months=36, award_type=AwardType.CONTRACT, localities=["castle_green"], amount=27_000,
    )  # fmt: skip
    contract.quarterly(6, scene.day(-505), 6).pay(1, scene.day(-507))
    yield _paid_on_time(contract, 2, 3).caseload(11, scene.day(-50), spent=12_500)
    training = signed(
        scene, "RF-024", "Training for sixty volunteers", "lantern", "riverside_1", decided=scene.day(-340),
        start=scene.day(-300), months=12, purpose=Purpose.TRAINING, amount=7_500,
    )  # fmt: skip
    training.instalment(7_500, scene.day(-305)).pay(1, scene.day(-309))
    yield training.overpay(750, scene.ago(9))  # the invoice for the room went to the council a second time
    review = signed(
        scene, "SS-026", "Review of evening provision", "juniper", "streets_1", decided=scene.day(-241),
        start=scene.day(-210), months=6, purpose=Purpose.REVIEW, award_type=AwardType.CONTRACT, amount=9_000,
    )  # fmt: skip
    yield review.instalment(9_000, scene.day(-205)).pay(1, scene.day(-208))


def _over(scene: Scene) -> Iterator[Draft]:
    withdrawn = Draft(
        scene, "RF-025", "Riverside street party", "marigold", "riverside_2", amount=3_500, decided=scene.ago(45),
        start=scene.day(-5), months=6, localities=["castle_green"],
    )  # fmt: skip
    yield withdrawn.instalment(3_500, withdrawn.decided).withdraw(scene.ago(20))
    closed = signed(
        scene, "FS-025", "Reading tents", "kingfisher", "family_1", decided=scene.day(-560),
        start=scene.day(-530), months=12, localities=["millrace"], amount=8_000,
    )  # fmt: skip
    closed.quarterly(2, scene.day(-535), 6).pay(1, scene.day(-538))
    _paid_on_time(closed, 2).caseload(15, scene.day(-170), spent=8_000)
    yield closed.close(scene.day(-110))
    pilot = signed(
        scene, "SS-001", "Summer patrol pilot", "millrace", "streets_1", decided=scene.day(-244), award="streets_pilot",
        start=scene.day(-225), months=3, localities=["millrace"], amount=11_000,
    )  # fmt: skip
    pilot.instalment(11_000, scene.day(-228)).pay(1, scene.day(-226)).caseload(20, scene.day(-135))
    yield pilot.close(scene.day(-100))


def _untracked(scene: Scene) -> Iterator[Draft]:
    """Imported from a list older than the awards: no tracked date, so no flag and no statistic."""
    rows = (
        ("RF-901", "Carried over: toddler group", "st_wilf", 4_200, 4_200),
        ("RF-902", "Carried over: summer camp", "tern", 9_800, 5_000),
        ("SS-901", "Carried over: street wardens", "neighbourhood", None, None),
    )
    for number, (ref, title, provider, amount, disbursed) in enumerate(rows):
        draft = Draft(
            scene, ref, title, provider, "riverside_1" if ref.startswith("RF") else "streets_1", amount=amount or 0,
            decided=scene.day(-1120 + number), start=scene.day(-1110), months=12, tracked_from=None, round=None,
            funding_award=None, lead_officer=None, finance_owner=None, amount_awarded=amount, amount_applied_for=None,
            amount_disbursed_undated=disbursed, source_id=f"illustrative-list-{number + 1}",
            source="Illustrative: imported from an older list.",
        )  # fmt: skip
        yield draft
