"""`manage.py raise_flags`: the flag pass by hand."""

import json
import traceback
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import ActionRefused
from core.models.users import User
from core.rules.working_days import CalendarRangeError
from grants.operations.flag_pass import PassSummary, Standing, raise_flags
from grants.rules.sentences import why

SUBJECT_KINDS = {"funding_award": "award", "clock_stop": "stop"}


class Command(BaseCommand):
    """Judges every rule at a date and brings the flags to it."""

    help = "Raise, re-level and clear flags as at a date (today without one). A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--on, --dry-run, --json."""
        parser.add_argument(
            "--on", type=date.fromisoformat, metavar="DATE", help="the day to judge at, like 2026-11-21"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change; write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the pass and print it."""
        flags: list[dict[str, str]] = []
        on = options["on"] or timezone.localdate()
        try:
            _insist_not_ahead(on, dry_run=options["dry_run"])
            summary = raise_flags(
                on=on,
                by=User.objects.system("flag pass"),
                at=timezone.now(),
                dry_run=options["dry_run"],
                report=(lambda standing: flags.append(as_json(standing))) if options["json"] else None,
            )
        except (ActionRefused, CalendarRangeError) as refused:
            # They would hold queries open for longer than the connection lasts.
            traceback.clear_frames(refused.__traceback__)
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(refused)}))
            raise CommandError(str(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps({**counts(summary), "flags": flags}))
        else:
            self.stdout.write(as_text(summary))


def _insist_not_ahead(on: date, *, dry_run: bool) -> None:
    """Refuse a day to come: no pass may go back, so the flags would stand still until then. Made-up years need it."""
    if settings.MODE == "production" and not dry_run and on > timezone.localdate():
        raise ActionRefused(
            f"{on.isoformat()} is in the future. Flags brought to it would refuse every pass until then. Give today or "
            "a day since the last pass, or add --dry-run to look ahead."
        )


def as_json(standing: Standing) -> dict[str, str]:
    """One flag of the JSON document; the subject is `kind:ref`."""
    candidate = standing.candidate
    kind = SUBJECT_KINDS.get(candidate.field, candidate.field)
    level = candidate.verdict.level
    return {
        "rule": standing.rule.value,
        "level": level.value,
        "subject": f"{kind}:{candidate.ref}",
        "since": standing.since.isoformat(),
        "why": why(standing.rule, level, candidate.facts()),
    }


def counts(summary: PassSummary) -> dict[str, Any]:
    """The counts of a pass, for JSON."""
    return {
        "on": summary.on.isoformat(),
        "opened": summary.opened,
        "changed": summary.changed,
        "cleared": summary.cleared,
        "standing": summary.standing,
    }


def as_text(summary: PassSummary) -> str:
    """The counts of a pass, for people."""
    lines = [
        f"Flags on {summary.on.isoformat()}: {summary.opened} opened, {summary.changed} changed level, "
        f"{summary.cleared} cleared; {summary.standing} stand.",
        *(f"  {rule.value}: {n} {level.value}" for (rule, level), n in sorted(summary.by_level.items())),
    ]
    return "\n".join(lines)
