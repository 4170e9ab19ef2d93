"""How much somebody has not read yet, counted while the person is looked up anyway."""

from django.db.models import Func, IntegerField, OuterRef, QuerySet, Subquery

from core.models import Message, User

MOST_COUNTED = 100


def with_unread(people: "QuerySet[User]") -> "QuerySet[User]":
    """The people with `unread_real` and `unread_illustrative`, each counted to a hundred at most: still one query."""
    return people.annotate(unread_real=_unread(False), unread_illustrative=_unread(True))


def unread_of(person: User, *, illustrative: bool) -> int | None:
    """How many messages of the register somebody who came by `with_unread` has not read; None for anybody else."""
    count: int | None = getattr(person, "unread_illustrative" if illustrative else "unread_real", None)
    return count


def unread_words(count: int | None) -> str:
    """ "3 unread", "99+ unread"; nothing where there is none."""
    if not count:
        return ""
    return f"{count} unread" if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+ unread"


def _unread(illustrative: bool) -> Func:
    """A count that stops at the hundredth row: somebody may have thousands."""
    unread = Message.objects.filter(to=OuterRef("pk")).in_register(illustrative=illustrative).unread()
    rows = Subquery(unread.order_by().values("pk")[:MOST_COUNTED])
    return Func(
        rows, template="(SELECT COUNT(*) FROM %(expressions)s AS unread)", output_field=IntegerField()
    )
