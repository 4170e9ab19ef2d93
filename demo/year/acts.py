"""What people did some days ago: read their messages, and of the flags saw, dated, noted and put aside some."""

from datetime import date

from core.operations.messages import mark_read
from core.operations.people import mark_seen
from demo.year.scene import Scene, at_ten
from grants.models import Flag
from grants.models.flags import FlagQuerySet
from grants.operations.flags import acknowledge_flag, assign_flag, date_flag, note_flag, snooze_flag
from grants.rules.levels import Rule

DAYS_AGO = 11


def act_on_flags(scene: Scene) -> None:
    """Acts on flags that stood then, by the officers who own them, who had read everything by that day."""
    officer, finance = scene.users["commissioner"], scene.users["finance"]
    on = scene.day(-DAYS_AGO)
    at = at_ten(on)
    untold = _of_grant("RF-004", Rule.CLIFF_EDGE)
    acknowledge_flag(flag=untold, by=officer, on=on, at=at)
    date_flag(
        flag=untold, act_by=scene.day(9), note="Letter to the provider first.", by=officer, on=on, at=at
    )
    slow = _of_grant("RF-034", Rule.SLOW_FIRST_PAYMENT)
    acknowledge_flag(flag=slow, note="Waiting for a purchase order.", by=finance, on=on, at=at)
    later = _of_grant("FS-004", Rule.CLIFF_EDGE)
    snooze_flag(flag=later, reason="The next round of this fund will take it.", by=officer, on=on, at=at)
    settlement = _standing().get(rule=Rule.MONEY_MAY_GO_BACK.value, funding_award=scene.awards["family"])
    note_flag(flag=settlement, note="Asked the funder for a later spend-by date.", by=officer, on=on, at=at)
    _give_northfield_away(scene, on)
    for person in (officer, finance):
        mark_read(by=person, illustrative=True, up_to=None, at=at)
        mark_seen(by=person, at=at)


def _give_northfield_away(scene: Scene, on: date) -> None:
    flag = _standing().get(rule=Rule.CLUSTER.value, locality=scene.localities["northfield"])
    administrator, officer = scene.users["administrator"], scene.users["commissioner"]
    assign_flag(
        flag=flag, owner=administrator, note="One plan for the place.", by=officer, on=on, at=at_ten(on)
    )


def _of_grant(ref: str, rule: Rule) -> Flag:
    return _standing().get(rule=rule.value, grant__ref=ref)


def _standing() -> FlagQuerySet:
    return Flag.objects.standing()
