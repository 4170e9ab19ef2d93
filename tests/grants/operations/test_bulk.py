"""Records written by the hundred: the same rows and the same history as the libraries' own bulk calls would leave."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from core.bulk import insert_with_history, update_with_history
from core.models import User
from grants.models import Fund, Grant
from grants.models.decisions import DecisionKind
from providers.models import Organisation
from tests.factories.funds import make_fund
from tests.factories.people import make_organisation, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REASON = "Imported from 50% “so”.csv"
OF_ITS_OWN = {"id", "ref", "source_id", "request_key", "history_id", "history_date"}
GRANT: dict[str, Any] = {
    "title": "It’s 100% “so”\\n, %s\n",
    "summary": "",
    "award_type": "grant",
    "tracked_from": date(2026, 4, 1),
    "decision": DecisionKind.APPROVE,
    "decided_on": date(2026, 10, 9),
    "call_in_ends_on": date(2026, 10, 16),
    "amount_awarded": Decimal("999999999999.99"),
    "amount_applied_for": Decimal("0.10"),
    "starts_about": "2024-04",
    "ends_on": date(2027, 8, 31),
}


def grants(prefix: str, count: int, **fields: Any) -> list[Grant]:
    values = GRANT | {"fund": make_fund(), "lead_provider": make_organisation(), "decided_by": somebody()}
    return [
        Grant(ref=f"{prefix}-{n}", source_id=f"{prefix} {n}", request_key=uuid.uuid4(), **values | fields)
        for n in range(count)
    ]


def rows(queryset: Any) -> list[dict[str, Any]]:
    """What the rows hold, but for what each has of its own."""
    return [
        {name: value for name, value in row.items() if name not in OF_ITS_OWN}
        for row in queryset.order_by("pk").values()
    ]


def of(prefix: str) -> tuple[Any, Any]:
    return Grant.objects.filter(ref__startswith=prefix), Grant.history.filter(ref__startswith=prefix)


def test_new_rows_and_their_history_are_those_of_the_library() -> None:
    by = somebody()
    ours = grants("ours", 3)
    same = {name: getattr(ours[0], name) for name in ("fund", "lead_provider", "decided_by")}
    theirs = grants("theirs", 3, **same)
    insert_with_history(ours, by=by, reason=REASON)
    bulk_create_with_history(theirs, Grant, default_user=by, default_change_reason=REASON)
    for table, expected in zip(of("ours"), of("theirs"), strict=True):
        assert rows(table) == rows(expected)
        assert table.count() == 3
    assert [grant.pk for grant in ours] == list(of("ours")[0].order_by("ref").values_list("pk", flat=True))
    standing = of("ours")[0].in_bulk()
    assert all(standing[grant.pk].request_key == grant.request_key for grant in ours)
    assert set(of("ours")[1].values_list("request_key", flat=True)) == {grant.request_key for grant in ours}
    assert not any(grant._state.adding for grant in ours)


def test_changed_rows_and_their_history_are_those_of_the_library() -> None:
    by, fund = somebody(), make_fund()
    names = ["title", "fund", "decision", "decided_on", "decided_by", "ends_on", "ends_about", "version"]
    for prefix in ("ours", "theirs"):
        same = {"lead_provider": None} if prefix == "ours" else {"lead_provider": None, "fund": fund}
        insert_with_history(grants(prefix, 3, call_in_ends_on=None, **same), by=by, reason="first")
        records = list(of(prefix)[0].order_by("ref"))
        for record in records:
            record.title, record.fund, record.version = f"New %s {record.ref[-1]}", fund, record.version + 1
            record.decision, record.decided_on, record.decided_by = None, None, None
            record.ends_on, record.ends_about = None, "2027"
        if prefix == "ours":
            update_with_history(records, names, by=by, reason=REASON)
        else:
            bulk_update_with_history(
                records, Grant, names, default_user=by, default_change_reason=REASON, batch_size=2
            )
    ours, theirs = of("ours"), of("theirs")
    assert rows(ours[0]) == rows(theirs[0])
    assert rows(ours[1].filter(history_type="~")) == rows(theirs[1].filter(history_type="~"))
    assert ours[1].filter(history_type="~").count() == 3
    assert list(ours[0].values_list("title", "version").order_by("ref")) == [
        (f"New %s {n}", 2) for n in range(3)
    ]


def test_all_or_nothing() -> None:
    by = somebody()
    twice = [*grants("one", 2), *grants("one", 1)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_with_history(twice, by=by, reason=REASON)
    assert not Grant.objects.exists()
    assert not Grant.history.exists()


def test_a_hundred_are_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    by = somebody()
    for count, prefix in ((1, "few"), (100, "many")):
        records = grants(prefix, count)
        with django_assert_num_queries(2):
            insert_with_history(records, by=by, reason=REASON)
        with django_assert_num_queries(2):
            update_with_history(records, ["title", "version"], by=by, reason=REASON)


def test_nothing_is_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_with_history([], by=User(), reason=REASON)
        update_with_history([], ["title"], by=User(), reason=REASON)


def test_more_rows_than_one_statement_takes() -> None:
    organisations = [Organisation(ref=f"org-{n}", name=f"Name {n}") for n in range(2_005)]
    insert_with_history(organisations, by=somebody(), reason=REASON)
    names = dict(Organisation.objects.values_list("pk", "name"))
    assert all(names[organisation.pk] == organisation.name for organisation in organisations)
    assert Organisation.history.filter(ref__startswith="org-").count() == 2_005
    funds = [Fund(code=f"fund-{n}", name=f"Fund {n}") for n in range(1_100)]
    insert_with_history(funds, by=somebody(), reason=REASON)
    assert Fund.history.filter(code__startswith="fund-").count() == 1_100
