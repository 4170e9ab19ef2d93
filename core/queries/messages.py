"""How much somebody has not read yet, counted while the person is looked up anyway."""

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from core.models import User

MOST_COUNTED = 100


def with_unread(people: "QuerySet[User]") -> "QuerySet[User]":
    """The people with `unread_real` and `unread_illustrative`, each counted to a hundred at most: still one query.

    Written in SQL, since every page begins with it: as expressions it takes four times as long to compile.
    """
    return people.annotate(unread_real=_unread("FALSE"), unread_illustrative=_unread("TRUE"))


def unread_of(person: User, *, illustrative: bool) -> int | None:
    """How many messages of the register somebody who came by `with_unread` has not read; None for anybody else."""
    count: int | None = getattr(person, "unread_illustrative" if illustrative else "unread_real", None)
    return count


def unread_words(count: int | None) -> str:
    """ "3 unread", "99+ unread"; nothing where there is none."""
    if not count:
        return ""
    return f"{count} unread" if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+ unread"


def _unread(illustrative: str) -> RawSQL:
    """A count that stops at the hundredth row: somebody may have thousands.

    "= TRUE", not the bare column: SQLite would not use the index, and read all that is unread.
    """
    unread = f"m.to_id = core_user.id AND m.is_illustrative = {illustrative} AND m.read_at IS NULL"
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM core_message m WHERE {unread} LIMIT {MOST_COUNTED}) u"  # noqa: S608
    return RawSQL(sql, (), IntegerField())  # noqa: S611 our own words only
