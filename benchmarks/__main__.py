"""`python -m benchmarks [--grants N] [--on DATE]`: a scratch database, the illustrative register, then the ratios.

The database is a new one beside that of DATABASE_URL, dropped at the end: run it once for each kind of database.
"""

import argparse
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.late import late_list
from benchmarks.passes import flag_pass
from benchmarks.register import register_page


def main() -> None:
    """Make the database, measure, drop it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--grants", type=int, default=10_000)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 20))
    options = parser.parse_args()
    if settings.PRODUCTION:
        raise SystemExit(
            "The benchmarks make and drop a database: run them with MODE=test, not in production."
        )
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command(
            "demo", "--prepare-only", "--grants", str(options.grants), "--on", options.on.isoformat()
        )
        print(f"\n{options.grants:,} grants on {connection.vendor}; each line is measured in this one run")
        flag_pass(options.on)
        late_list(options.on)
        register_page(options.on)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
