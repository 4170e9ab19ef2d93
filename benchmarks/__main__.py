"""`python -m benchmarks [--grants N] [--on DATE] [--only PART …]`: a scratch database, its register, then the ratios.

The database is a new one beside that of DATABASE_URL, dropped at the end: run it once for each kind of database.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.exports import exports
from benchmarks.imports import import_rows
from benchmarks.late import late_list
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
}


def main() -> None:
    """Make the database, measure, drop it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--grants", type=int, default=10_000)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 20))
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS), metavar="PART")
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
        for part in options.only:
            PARTS[part](options.on)
            sys.stdout.flush()
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
