"""A small register on which something happens every day for three weeks, and what one clean pass a day makes of it.

`make` writes it into the database that DATABASE_URL names; `passes` brings its flags to each of the days in turn.
"""

import argparse
import os
from datetime import UTC, date, datetime, time, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.models import Role, User  # noqa: E402
from core.rules.dates import add_months  # noqa: E402
from grants.operations.flag_pass import raise_flags  # noqa: E402
from grants.queries.candidates import GROUPS  # noqa: E402
from tests.factories import (  # noqa: E402
    make_fund,
    make_grant,
    make_instalment,
    make_locality,
    make_payment_row,
    make_return,
    make_stop,
    make_user,
)

FIRST = date(2026, 11, 23)
DAYS = 20
PASSWORD = "correct-horse-battery"


def day(number: int) -> date:
    """The day of a round, counted from 0."""
    return FIRST + timedelta(days=number)


def make() -> None:
    """For each day one grant whose start passes unpaid, and one that comes within three or six months of its end."""
    owners = {
        "lead_officer": make_user(Role.COMMISSIONER),
        "finance_owner": make_user(Role.FINANCE),
    }
    place, fund = make_locality(), make_fund()
    for number in range(DAYS):
        start = day(number) - timedelta(days=1)
        late = make_grant(fund=fund, planned_start=start, ends_on=date(2028, 3, 31), **owners)
        if number % 4 == 0:
            make_stop(late, started_on=date(2026, 11, 10 + number // 2))
        months = 3 if number % 2 else 6
        ending = make_grant(fund=fund, ends_on=add_months(day(number), months), localities=[place], **owners)
        paid = make_instalment(ending, due_on=date(2026, 11, 2))
        make_payment_row(ending, instalment=paid)
        make_instalment(ending, due_on=day(number) - timedelta(days=1))
        make_return(ending, caseload=10 + number)
    for role in Role.values:
        if role != Role.SYSTEM:
            make_user(role, email=f"{role}@example.org", password=PASSWORD)
    User.objects.system("flag pass")


def passes(count: int) -> None:
    """One clean pass for each group of rules on each of the first days."""
    by = User.objects.system("flag pass")
    for number in range(count):
        at = datetime.combine(day(number), time(6), tzinfo=UTC)
        for group in GROUPS:
            raise_flags(on=day(number), by=by, at=at, groups=[group])


def main() -> None:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["make", "passes"])
    parser.add_argument("--days", type=int, default=DAYS)
    arguments = parser.parse_args()
    if arguments.what == "make":
        make()
    else:
        passes(arguments.days)


if __name__ == "__main__":
    main()
