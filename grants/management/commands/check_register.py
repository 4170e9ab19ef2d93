"""Is the register complete, and does its money add up?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from grants.queries.register_check import completeness, faults

REGISTERS = {"real": False, "illustrative": True}


class Command(BaseCommand):
    """`manage.py check_register [--json]`: exit 1 if anything does not add up; what is not known is only counted."""

    help = "Works the payments out anew from the ledger, checks paired facts, and counts what is not known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form of the answer."""
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, say, and leave with 1 if there was a fault."""
        found = list(faults())
        counts = {name: completeness(illustrative=illustrative) for name, illustrative in REGISTERS.items()}
        if options["json"]:
            document = {
                "adds_up": not found,
                "faults": [fault._asdict() for fault in found],
                "registers": counts,
            }
            self.stdout.write(json.dumps(document, indent=2))
        else:
            self._say(counts)
            for fault in found:
                self.stdout.write(f"{fault.subject}: {fault.kind}: {fault.message}")
            self.stdout.write(f"{len(found)} faults." if found else "Everything adds up.")
        if found:
            raise SystemExit(1)

    def _say(self, counts: dict[str, dict[str, int]]) -> None:
        for name, register in counts.items():
            self.stdout.write(f"{name.capitalize()} register: {register['grants']} grants")
            for what, count in register.items():
                if what != "grants" and count:
                    self.stdout.write(f"  {what.replace('_', ' ')}: {count}")
