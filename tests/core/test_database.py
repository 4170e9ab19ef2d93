"""Plain rows by the thousand: each arrives as the model would have written it, with its own id."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.database import ROWS_IN_A_STATEMENT, insert_rows, moment
from core.models import Job, Message, User
from tests.factories.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
COLUMNS = ("key", "to", "kind", "text", "path", "is_illustrative", "at")


def row(number: int, to: User) -> tuple[Any, ...]:
    return f"key-{number}", to.pk, "flag", f"It’s 100% “{number}”\\n, %s", "", number % 2 == 0, moment(AT)


def test_rows_arrive_as_given_with_their_ids_in_order(people: People) -> None:
    count = ROWS_IN_A_STATEMENT + 3
    ids = insert_rows(Message, COLUMNS, (row(n, people.finance) for n in range(count)))
    assert len(ids) == len(set(ids)) == count
    keys = dict(Message.objects.values_list("pk", "key"))
    assert [keys[pk] for pk in ids] == [f"key-{n}" for n in range(count)]
    one = Message.objects.get(pk=ids[7])
    assert (one.to, one.text, one.is_illustrative, one.at, one.read_at) == (
        people.finance,
        "It’s 100% “7”\\n, %s",
        False,
        AT,
        None,
    )


def test_json_arrives_as_json(people: People) -> None:
    facts = {"words": 'it’s "so"', "number": 3, "none": None, "list": [1, "2"]}
    values: dict[str, Any] = {
        "kind": "x",
        "state": "waiting",
        "arguments": facts,
        "is_illustrative": False,
        "started_by": people.finance.pk,
        "created_at": moment(AT),
        **dict.fromkeys(("taken_by", "error"), ""),
        **dict.fromkeys(("attempt", "done"), 0),
    }
    [pk] = insert_rows(Job, tuple(values), [tuple(values.values())])
    assert Job.objects.get(pk=pk).arguments == facts


def test_what_a_unique_key_knows_is_left_out(people: People) -> None:
    insert_rows(Message, COLUMNS, [row(1, people.finance)])
    assert (
        insert_rows(Message, COLUMNS, [row(1, people.finance), row(2, people.finance)], skip_known=True) == []
    )
    assert list(Message.objects.order_by("key").values_list("key", flat=True)) == ["key-1", "key-2"]
    assert insert_rows(Message, COLUMNS, []) == []
