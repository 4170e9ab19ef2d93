"""Telling: in the caller's transaction, once a key, only to people who read, without a query per note."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import Message, User
from core.operations.messages import BATCH, Note, tell
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)


def note(to: User, key: str = "flag:1:late:2026-11-20", text: str = "It is late.") -> Note:
    return Note(key, to.pk, "flag", text, "/flags/1/", True)


def test_a_note_becomes_an_unread_message(commissioner: User) -> None:
    tell([note(commissioner)], at=AT)
    message = Message.objects.get()
    assert (message.to, message.kind, message.text, message.path) == (
        commissioner,
        "flag",
        "It is late.",
        "/flags/1/",
    )
    assert (message.at, message.is_illustrative, message.read_at, message.delivery) == (AT, True, None, None)


def test_a_write_that_is_rolled_back_said_nothing(commissioner: User) -> None:
    with transaction.atomic():
        tell([note(commissioner)], at=AT)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_the_same_key_is_told_once(commissioner: User, finance: User) -> None:
    tell([note(commissioner), note(commissioner, text="Twice in one go.")], at=AT)
    tell([note(finance, text="To somebody else."), note(commissioner, "flag:2:late:2026-11-20")], at=AT)
    assert list(Message.objects.order_by("key").values_list("key", "to", "text")) == [
        ("flag:1:late:2026-11-20", commissioner.pk, "Twice in one go."),
        ("flag:2:late:2026-11-20", commissioner.pk, "It is late."),
    ]


def test_a_repeat_writes_nothing_and_burns_no_number(commissioner: User) -> None:
    tell([note(commissioner)], at=AT)
    with CaptureQueriesContext(connection) as captured:
        tell([note(commissioner)], at=AT)
    assert [q["sql"] for q in captured if q["sql"].upper().startswith(("INSERT", "UPDATE"))] == []
    tell([note(commissioner, "flag:2:late:2026-11-20")], at=AT)
    first, second = Message.objects.order_by("pk").values_list("pk", flat=True)
    assert second == first + 1


def test_who_has_left_and_what_is_no_person_are_not_told(commissioner: User) -> None:
    leaver, system = make_user("finance", is_active=False), User.objects.system("flag pass")
    tell([note(leaver, "a"), note(system, "b"), note(commissioner, "c")], at=AT)
    assert list(Message.objects.values_list("key", flat=True)) == ["c"]


def test_queries_grow_with_batches_and_not_with_notes(commissioner: User) -> None:
    counts = []
    for name, size in (("small", 2), ("full", BATCH), ("three", 2 * BATCH + 1)):
        with CaptureQueriesContext(connection) as captured:
            tell((note(commissioner, f"{name}:{n}") for n in range(size)), at=AT)
        counts.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1] == 3
    assert counts[2] <= 1 + 3 * 2
    assert Message.objects.count() == 3 * BATCH + 3
