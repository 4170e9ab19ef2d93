"""`python -m benchmarks [--grants N] [--on DATE] [--rounds N] [--only PART …]`: a scratch database, then the ratios.

The database is a new one beside that of DATABASE_URL, dropped at the end: run it once for each kind of database.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.exports import exports
from benchmarks.imports import ROUNDS, import_rows
from benchmarks.late import late_list
from benchmarks.million import million
from benchmarks.pages import page_memory, pages
from benchmarks.passes import flag_pass
from benchmarks.timing import statistics
from benchmarks.worker import worker

PARTS: dict[str, Callable[[date], None]] = {
    "late": late_list,
    "timing": statistics,
    "pages": pages,
    "exports": exports,
    "memory": page_memory,
    "passes": flag_pass,
    "imports": import_rows,
    "worker": lambda on: worker(),
    "million": million,
}
# Only by name, and last: it leaves the scratch database with a register of copies.
ONLY_BY_NAME = {"million"}


def main() -> None:
    """Make the database, measure, drop it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--grants", type=int, default=10_000)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 20))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of the import, the middle one shown")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), metavar="PART")
    options = parser.parse_args()
    if settings.PRODUCTION:
        raise SystemExit(
            "The benchmarks make and drop a database: run them with MODE=test, not in production."
        )
    if connection.vendor == "sqlite":
        # On disk, as in use: Django's own choice for a scratch database is one in memory, which behaves otherwise.
        connection.settings_dict["TEST"]["NAME"] = f"{settings.DATABASES['default']['NAME']}.scratch"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        size = str(options.grants)
        call_command(
            "demo", "--prepare-only", "--grants", size, "--on", options.on.isoformat(), stdout=StringIO()
        )
        print(
            f"{options.grants:,} grants on {connection.vendor}; each line is measured in this one run",
            flush=True,
        )
        wanted = PARTS.keys() - ONLY_BY_NAME if options.only is None else set(options.only)
        parts = PARTS | {"imports": partial(import_rows, rounds=options.rounds)}
        for part in (part for part in parts if part in wanted):
            parts[part](options.on)
            sys.stdout.flush()
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
