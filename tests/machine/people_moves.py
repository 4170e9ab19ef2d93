"""Moves for the families: returns, plans, cover, notices. And on flags: the pass, and what people do with them."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models.functions import Coalesce

from core.errors import ActionRefused
from core.models import ClosureDay, Role, User
from core.operations.closure_days import add_closure_day, remove_closure_day
from grants.models import Cover, CoverKind, Flag, FlagPass, Grant, SustainabilityPlan
from grants.models.endings import Told
from grants.operations import endings, flags, returns
from grants.operations.flag_pass import raise_flags
from grants.queries.candidates import GROUPS
from providers.models import Organisation
from providers.operations.people import add_person
from tests.machine.choices import COMMISSIONERS, OFFICERS, Chooser
from tests.machine.money_moves import leads
from tests.machine.steps import ACTED, CALLED, Steps, move
from tests.machine.tables import changes, read_tables

# How often a closure day is tried at all: each makes the whole calendar anew, which takes its time.
MAKES_CALENDAR = 0.2

PASSED = {"grants_flag", "grants_flagevent", "grants_flagpass", "core_message", "core_user"}
FLAGGED = {"grants_flag", "grants_flagevent"}


class EndingMoves(Steps):
    """Who is supported, and what becomes of them."""

    @move
    def record_caseload(self, random: Random) -> None:
        """A provider reports, or a commissioner for it."""
        choose = Chooser(random, self)
        grant, by = choose.record(Grant), choose.person(Role.PROVIDER, *COMMISSIONERS)
        assert grant is not None
        day = choose.day()
        standing = grant.returns.filter(period_to=day).first()
        now = standing.version if standing else 0
        self.act(
            returns.record_caseload,
            by=by,
            allowed=by.role in COMMISSIONERS or leads(by, grant),
            writes={"grants_outcomereturn"},
            version_now=now,
            grant=grant,
            period_to=day,
            caseload=choose.pick((0, 3, 12, -1)),
            caseload_unit=choose.pick(("families", "children")),
            forecast_underspend=choose.maybe(choose.amount(Decimal("500.00"))),
            spent_to_date=choose.maybe(choose.amount(Decimal("500.00"))),
            version=choose.version(now),
        )

    @move
    def record_plan(self, random: Random) -> None:
        """What happens when the money ends."""
        choose = Chooser(random, self)
        grant, by = choose.record(Grant), choose.person(*COMMISSIONERS)
        standing = SustainabilityPlan.objects.filter(grant=grant).first()
        now = standing.version if standing else 0
        self.act(
            endings.record_plan,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_sustainabilityplan"},
            version_now=now,
            grant=grant,
            summary=choose.text(),
            reviewed_on=choose.maybe(choose.day()),
            version=choose.version(now),
        )

    @move
    def add_cover(self, random: Random) -> None:
        """So many are covered, by this."""
        choose = Chooser(random, self)
        by = choose.person(*COMMISSIONERS)
        self.act(
            endings.add_cover,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_cover", "grants_sustainabilityplan"},
            grant=choose.record(Grant),
            **self.cover(choose),
        )

    @move
    def change_cover(self, random: Random) -> None:
        """More, fewer, surer, or not at all."""
        choose = Chooser(random, self)
        cover, by = choose.record(Cover), choose.person(*COMMISSIONERS)
        if cover is None:
            return
        self.act(
            endings.change_cover,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_cover"},
            version_now=cover.version,
            cover=cover,
            version=choose.version(cover.version),
            **self.cover(choose),
        )

    def cover(self, choose: Chooser) -> dict[str, Any]:
        """One line of a plan as typed."""
        certainty = choose.pick(("hoped", "applied", "confirmed"))
        return {
            "kind": choose.pick(CoverKind.values),
            "number": choose.pick((1, 12) if choose.often() else (0, -1)),
            "source": choose.text(),
            "amount": choose.maybe(choose.amount(Decimal("100.00"))),
            "certainty": certainty,
            "confirmed_on": choose.day() if choose.often() == (certainty == "confirmed") else None,
        }

    @move
    def record_notice(self, random: Random) -> None:
        """Somebody was told."""
        choose = Chooser(random, self)
        by = choose.person(*COMMISSIONERS)
        self.act(
            endings.record_notice,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes={"grants_notice"},
            grant=choose.record(Grant),
            told=choose.pick(Told.values),
            told_on=choose.day(),
            note=choose.text(),
        )


class FlagMoves(Steps):
    """The pass, and what officers do with what it raised."""

    @move
    def raise_flags(self, random: Random) -> None:
        """Bring some flags to today, then again: the second time nothing is written. The day before is refused."""
        choose = Chooser(random, self)
        by = User.objects.system("flag pass") if choose.often() else choose.pick(self.world.actors)
        self.tables = read_tables()
        groups = choose.pick((tuple(GROUPS), tuple(GROUPS), ("endings",)))
        allowed = by.is_officer or by.role == Role.SYSTEM
        CALLED["raise_flags"] += 1
        call = {"by": by, "on": self.on, "at": self.moment(), "groups": groups}
        try:
            first = raise_flags(**call)
        except ActionRefused:
            assert not allowed
            return
        assert allowed
        ACTED["raise_flags"] += 1
        self.number += 1
        after = read_tables()
        assert {change.table for change in changes(self.tables, after)} <= PASSED
        self.tables = after
        second = raise_flags(**call)
        assert (second.opened, second.changed, second.cleared) == (0, 0, 0)
        assert second.standing == first.standing == self.standing(groups)
        assert not self.on_what_is_not_tracked(groups)
        self.refuses_to_go_back(call)
        assert list(changes(self.tables, read_tables())) == []

    def standing(self, groups: tuple[str, ...]) -> int:
        """How many flags of these groups stand."""
        rules = [rule for group in groups for rule in GROUPS[group]]
        return Flag.objects.filter(cleared_on=None, rule__in=rules).count()

    def on_what_is_not_tracked(self, groups: tuple[str, ...]) -> list[int]:
        """Flags of these groups that stand on a grant that is not tracked: there must be none."""
        rules = [rule for group in groups for rule in GROUPS[group]]
        grant = Coalesce("grant", "instalment__grant", "clock_stop__grant")
        flags = Flag.objects.filter(cleared_on=None, rule__in=rules).annotate(about=grant)
        untracked = Grant.objects.filter(tracked_from=None).values("pk")
        return list(flags.filter(about__in=untracked).values_list("pk", flat=True))

    def refuses_to_go_back(self, call: dict[str, Any]) -> None:
        """A pass for the day before is refused."""
        assert set(FlagPass.objects.filter(group__in=call["groups"]).values_list("on", flat=True)) == {
            self.on
        }
        try:
            raise_flags(**call | {"on": self.on - timedelta(days=1)})
        except ActionRefused:
            return
        raise AssertionError("the flags went back in time")

    def on_a_flag(self, operation: Any, choose: Chooser, **typed: Any) -> None:
        """One of the things that officers do with flags."""
        flag, by = choose.record(Flag), choose.person(*OFFICERS)
        if flag is not None:
            self.act(operation, by=by, allowed=by.is_officer, writes=FLAGGED, flag=flag, **typed)

    @move
    def acknowledge_flag(self, random: Random) -> None:
        """Seen."""
        choose = Chooser(random, self)
        self.on_a_flag(flags.acknowledge_flag, choose, note=choose.text())

    @move
    def assign_flag(self, random: Random) -> None:
        """Somebody else's now."""
        choose = Chooser(random, self)
        self.on_a_flag(flags.assign_flag, choose, owner=choose.person(*OFFICERS), note=choose.text())

    @move
    def date_flag(self, random: Random) -> None:
        """To be done by then."""
        choose = Chooser(random, self)
        self.on_a_flag(flags.date_flag, choose, act_by=choose.later(), note=choose.text())

    @move
    def note_flag(self, random: Random) -> None:
        """A few words on it."""
        choose = Chooser(random, self)
        self.on_a_flag(flags.note_flag, choose, note=choose.text())

    @move
    def snooze_flag(self, random: Random) -> None:
        """It can wait."""
        choose = Chooser(random, self)
        self.on_a_flag(flags.snooze_flag, choose, reason=choose.text())

    @move
    def wake_flag(self, random: Random) -> None:
        """It cannot wait after all; a flag that sleeps, mostly, for few do."""
        choose = Chooser(random, self)
        asleep = Flag.objects.filter(cleared_on=None, snoozed_rank__isnull=False).order_by("pk").first()
        if asleep is None or not choose.often():
            self.on_a_flag(flags.wake_flag, choose, reason=choose.text())
            return
        by = choose.person(*OFFICERS)
        self.act(
            flags.wake_flag, by=by, allowed=by.is_officer, writes=FLAGGED, flag=asleep, reason=choose.text()
        )


class HouseMoves(Steps):
    """What an administrator does."""

    @move
    def add_person(self, random: Random) -> None:
        """Somebody new, or somebody who is there."""
        choose = Chooser(random, self)
        by, role = choose.person(Role.ADMINISTRATOR), choose.pick(Role.values)
        organisation = choose.record(Organisation)
        assert organisation is not None
        self.act(
            add_person,
            by=by,
            allowed=by.role == Role.ADMINISTRATOR,
            writes={"core_user", "providers_membership"},
            email=f"somebody-{choose.pick((1, 2, 3))}@example.org",
            name="Somebody",
            role=role,
            organisation_ref=organisation.ref if (role == Role.PROVIDER) == choose.often() else None,
        )

    @move
    def add_closure_day(self, random: Random) -> None:
        """The council is closed one day."""
        choose = Chooser(random, self)
        if random.random() > MAKES_CALENDAR:
            return
        by = choose.person(Role.ADMINISTRATOR)
        allowed = by.role == Role.ADMINISTRATOR
        typed = {"day": choose.day(), "reason": choose.text()}
        self.act(add_closure_day, by=by, allowed=allowed, writes={"core_closureday"}, **typed)

    @move
    def remove_closure_day(self, random: Random) -> None:
        """It is not, after all."""
        choose = Chooser(random, self)
        by, closure = choose.person(Role.ADMINISTRATOR), choose.record(ClosureDay)
        if closure is None:
            return
        allowed = by.role == Role.ADMINISTRATOR
        self.act(remove_closure_day, by=by, allowed=allowed, writes={"core_closureday"}, closure=closure)
