"""`/grants/<ref>/`: when the council waited for others, and what the history says of it."""

from datetime import date

import pytest

from core.records import write
from grants.models import ClockStop, Grant
from grants.queries.history import history_of
from tests.conftest import ClientFor
from tests.factories import make_grant, make_payment_row, make_stop, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# The pages' clock stands on 21 November 2026.
BEGAN, CAME = date(2026, 11, 2), date(2026, 11, 9)


@pytest.fixture
def grant() -> Grant:
    """A grant with one wait that is over and one that is not."""
    grant = make_grant()
    make_stop(grant, reason="Signature", started_on=BEGAN, ended_on=CAME)
    make_stop(grant, waiting_on="funder", reason="Match funding", started_on=date(2026, 11, 16))
    return grant


def rows(client_for: ClientFor, role: str, grant: Grant) -> list[list[str]]:
    """The cells of the table, as they are read."""
    table = client_for(role).get(f"/grants/{grant.ref}/").context["stops"]
    names = [column.name for column in table.columns if column.visible]
    return [[str(row.get_cell(name)) for name in names] for row in table.rows]


def test_every_wait_is_listed_with_its_working_days(grant: Grant, client_for: ClientFor) -> None:
    over, still = rows(client_for, "finance", grant)
    assert over[:5] == ["Provider", "Signature", "2 November 2026", "9 November 2026", "5"]
    assert still[:5] == ["Funder", "Match funding", "16 November 2026", "still waiting", "5"]
    assert all("/correct/" in row[5] for row in (over, still))


def test_scrutiny_reads_no_reason_and_corrects_nothing(grant: Grant, client_for: ClientFor) -> None:
    assert [len(row) for row in rows(client_for, "scrutiny", grant)] == [4, 4]
    assert "Signature" not in client_for("scrutiny").get(f"/grants/{grant.ref}/").content.decode()


def test_when_the_grant_is_over_nobody_waits(grant: Grant, client_for: ClientFor) -> None:
    Grant.objects.update(withdrawn_on=date(2026, 11, 18))
    assert rows(client_for, "finance", grant)[1][2:5] == ["16 November 2026", "the end of the grant", "2"]


def test_the_history_keeps_for_whom_and_what_it_was(grant: Grant) -> None:
    stop, by = ClockStop.objects.get(reason="Signature"), make_user("finance")
    stop.waiting_on, stop.reason, stop.ended_on = "funder", "Their board", None
    write(stop, by=by, reason="It was the funder")
    changed, *_, first = [change for change in history_of(grant) if "Wait" in change.what]
    assert (first.what, first.details) == (
        "Wait for the provider recorded",
        "what for: Signature, from 2 November 2026, until 9 November 2026",
    )
    assert (changed.what, changed.details) == (
        "Wait for the funder changed",
        "for the funder, what for: Their board, until still waiting",
    )


def test_the_history_says_what_a_reversal_undid(grant: Grant) -> None:
    paid = make_payment_row(grant)
    back = make_payment_row(grant, kind="recovery", reason="Sent back")
    for line in (paid, back):
        make_payment_row(grant, kind="reversal", reverses=line, reason="It bounced", keep_dates=False)
    details = [change.details for change in history_of(grant) if change.what.startswith("Reversal")]
    assert [text.split(",")[0] for text in details] == ["of a recovery", "of a payment"]
