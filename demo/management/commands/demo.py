"""Everything of the demo: places, the published register, the illustrative year, its flags, and the pages served."""

import os
import sys
from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.database import refresh_statistics
from core.models import User
from demo.year.make import DEFAULT_GRANTS, make_year
from demo.year.people import PASSWORD, SIGN_INS
from grants.models.flags import LEVEL_LABELS, RULE_LABELS
from grants.operations.flag_pass import PassRefused, PassSummary, raise_flags
from grants.rules.levels import Rule

WORKERS = 2


class Command(BaseCommand):
    """`manage.py demo`: safe to run again; the year is made once, and the flags are brought to the day asked for."""

    help = "Prepares the illustrative year and serves it on 127.0.0.1. Never runs in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day, the size and the port."""
        parser.add_argument("--prepare-only", action="store_true", help="all but serving")
        parser.add_argument(
            "--on", type=date.fromisoformat, metavar="DATE", help="the year as on this day (today)"
        )
        parser.add_argument(
            "--grants", type=int, default=DEFAULT_GRANTS, metavar="N", help="at least so many grants"
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, say what stands and who can sign in, and serve."""
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("The demo never runs in production: set MODE=demo on a machine of your own.")
        on: date = options["on"] or timezone.localdate()
        self._prepare(on, options["grants"])
        self._say_flags(self._raise_flags(on))
        self._say_sign_ins()
        if not options["prepare_only"]:
            self._serve(options["port"])

    def _prepare(self, on: date, grants: int) -> None:
        call_command("migrate", verbosity=0, stdout=self.stdout)
        call_command("load_places", stdout=self.stdout)
        call_command("load_published_register", stdout=self.stdout)
        made = make_year(on=on, grants=grants)
        if made.written:
            refresh_statistics()
        what = f"{made.written} grants written" if made.written else "nothing changed"
        self.stdout.write(f"Illustrative year: {what}, {made.standing} there.")

    def _raise_flags(self, on: date) -> PassSummary:
        try:
            return raise_flags(on=on, by=User.objects.system("flag pass"), at=timezone.now())
        except PassRefused as refused:
            raise CommandError(
                f"{refused.message} To see an earlier day, start again with an empty database."
            ) from None

    def _say_flags(self, summary: PassSummary) -> None:
        self.stdout.write(f"\nFlags on {summary.on.isoformat()}: {summary.standing} stand")
        by_rule: dict[Rule, Counter[str]] = {rule: Counter() for rule in Rule}
        for (rule, level), count in summary.by_level.items():
            by_rule[rule][LEVEL_LABELS[level]] += count
        for rule, levels in by_rule.items():
            told = ", ".join(f"{count} {label.lower()}" for label, count in sorted(levels.items()))
            self.stdout.write(f"  {RULE_LABELS[rule]:<26}{told or 'none'}")

    def _say_sign_ins(self) -> None:
        self.stdout.write(f"\nSign in with one of these, password {PASSWORD}")
        for sign_in in SIGN_INS:
            self.stdout.write(f"  {sign_in.role.label:<15}{sign_in.email}")

    def _serve(self, port: int) -> None:
        """Become the server: gunicorn as production has it, but quiet, so that the sign-ins stay in view."""
        self.stdout.write(f"\nServing on http://127.0.0.1:{port}. Ctrl+C stops it.")
        self.stdout.flush()
        python = [sys.executable, "-W", "ignore:No directory at"]  # static files come from their sources here
        gunicorn = ["-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", f"--workers={WORKERS}"]
        quiet = ["--log-level=warning", "--no-control-socket"]
        os.execv(sys.executable, [*python, *gunicorn, *quiet])  # noqa: S606 - fixed words and a number
