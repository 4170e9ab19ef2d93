"""Moves of published lists: an import, again and again, between everything else; and organisations found to be one."""

from datetime import date
from random import Random
from typing import Any

from core.errors import ActionRefused
from grants.operations.duplicates import say_if_same
from providers.models import Likeness, ProbableDuplicate
from tests.grants.imports.lists import as_csv, bring, cells
from tests.machine.choices import COMMISSIONERS, Chooser
from tests.machine.steps import ACTED, CALLED, Steps, move
from tests.machine.tables import changes, read_tables

ORGANISATIONS = {"providers_organisation", "providers_organisationidentifier", "providers_probableduplicate"}
LISTED = {"grants_grant", "grants_fund", "grants_fundingaward", "grants_check"} | ORGANISATIONS
MERGED = ORGANISATIONS | {
    "grants_grant", "grants_fundingaward", "grants_grantpartner", "providers_membership", "grants_check",
}  # fmt: skip
NAMES = ("Meadow Lane Trust", "Meadow Lane Trust Ltd", "Orchard Youth")


class ListMoves(Steps):
    """What comes from outside."""

    @move
    def import_grants(self, random: Random) -> None:
        """Import a short list, then the same again: the second time nothing is new. A look at it writes nothing."""
        choose = Chooser(random, self)
        by = choose.person(*COMMISSIONERS)
        content = as_csv([self.row(choose, number) for number in range(choose.pick((1, 2, 3)))])
        call: dict[str, Any] = {
            "by": by,
            "on": self.on,
            "tracked_from": choose.maybe(choose.day()),
            "skip_invalid": choose.often(),
        }
        CALLED["import_grants"] += 1
        self.number += 1
        try:
            looked = bring(content, dry_run=True, **call)
            self._insist_nothing_written("a look at a list")
            done = bring(content, **call)
        except ActionRefused:
            self._insist_nothing_written("import_grants")
            return
        assert by.role in COMMISSIONERS, "somebody imported who may not"
        assert (looked.created, looked.updated, looked.refused) == (done.created, done.updated, done.refused)
        if not done.written:
            self._insist_nothing_written("import_grants")
            return
        ACTED["import_grants"] += 1
        self._look_at_what_was_written("import_grants", by, LISTED)
        again = bring(content, **call)
        assert (again.created, again.updated, again.unchanged) == (0, 0, done.taken)
        assert list(changes(self.tables, read_tables())) == []
        self._hold_the_laws()

    def row(self, choose: Chooser, number: int) -> dict[str, Any]:
        """One grant of the list: mostly the same ones, with other amounts and days each time."""
        start = choose.day()
        return cells(
            id=f"360G-listed-{number}",
            currency="GBP" if choose.often() else choose.pick(("EUR", "")),
            amount=choose.pick(("12500", "9000.50", "0", "")) if choose.often() else "-5",
            awarded=choose.pick((self.iso(choose.day()), "2024", "")),
            start=self.iso(start),
            end=choose.pick((self.iso(choose.later()), "2027-03", "")),
            org="" if choose.pick((True, False)) else "GB-CHC-1999001",
            name=choose.pick(NAMES),
        )

    def iso(self, day: date) -> str:
        """A day as lists have it."""
        return day.isoformat()

    @move
    def say_if_same(self, random: Random) -> None:
        """Two records are one organisation, or are not."""
        choose = Chooser(random, self)
        pair = choose.record(ProbableDuplicate)
        if pair is None:
            return
        by = choose.person(*COMMISSIONERS)
        self.act(
            say_if_same,
            by=by,
            allowed=by.role in COMMISSIONERS,
            writes=MERGED,
            duplicate=pair,
            likeness=choose.pick(Likeness.values),
        )
