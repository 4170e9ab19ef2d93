"""What the product tells people, written in the transaction of the write that caused it; and what they do with it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from core.database import insert_rows, moment
from core.errors import ActionRefused
from core.models import Digest, Message, Role, User

BATCH = 500
# The fields of a Note in their order, and the moment.
COLUMNS = ("key", "to", "kind", "text", "path", "is_illustrative", "at")


class Note(NamedTuple):
    """One thing to tell one person. `key` says what it is about: the same key is told once, ever.

    `path` is the address inside the product where to act, "" for none.
    """

    key: str
    to_id: int
    kind: str
    text: str
    path: str
    is_illustrative: bool


def tell(notes: Iterable[Note], *, at: datetime) -> None:
    """Write a message for each note, in the caller's transaction: if that is rolled back, nothing was said.

    What was told before is left out first, so that a repeat writes nothing and burns no number; the unique key holds
    against a teller at the same moment. People who have left and system actors are not told.
    """
    readers: dict[int, bool] = {}
    for batch in _batches(notes):
        _learn_readers(readers, batch)
        new = {note.key: note for note in batch if readers[note.to_id]}
        told = set(Message.objects.filter(key__in=new).values_list("key", flat=True))
        rows = ((*note, moment(at)) for key, note in new.items() if key not in told)
        insert_rows(Message, COLUMNS, rows, skip_known=True)


def _batches(notes: Iterable[Note]) -> Iterator[list[Note]]:
    stream = iter(notes)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _learn_readers(readers: dict[int, bool], batch: list[Note]) -> None:
    """Look up, once each, whether the people of the batch still read."""
    unknown = {note.to_id for note in batch} - readers.keys()
    if unknown:
        active = User.objects.filter(pk__in=unknown, is_active=True).exclude(role=Role.SYSTEM)
        reading = set(active.values_list("pk", flat=True))
        readers.update({pk: pk in reading for pk in unknown})


def mark_read(*, by: User, illustrative: bool, up_to: int | None, at: datetime) -> int:
    """The person has read their messages of a register up to the one with the id `up_to`, or all; answers how many.

    What came after the page was opened stays unread.
    """
    unread = Message.objects.visible_to(by).in_register(illustrative=illustrative).unread()
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=at)


def choose_digest(*, by: User, digest: str) -> User:
    """How often the person wants their messages by e-mail, from now on."""
    if digest not in Digest.values:
        raise ActionRefused("Choose how often you want your messages by e-mail.", "digest")
    by.digest = digest
    by.save(update_fields=["digest"])
    return by
