"""What had happened by a day: a pass may look back, and what came later had not happened then.

Of a day that is today nothing lies ahead: nothing is recorded before its day.
"""

from datetime import date

from django.db.models import Q


def not_yet(field: str, on: date) -> Q:
    """Something dated in `field` has not happened by `on`."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": on})


def not_over(on: date, of: str = "") -> Q:
    """Grants, reached by `of`, that are neither closed nor withdrawn by a day."""
    return not_yet(f"{of}closed_on", on) & not_yet(f"{of}withdrawn_on", on)


def runs_on(on: date, of: str = "") -> Q:
    """Grants, reached by `of`, that are tracked on a day and neither closed nor withdrawn by then."""
    return Q(**{f"{of}tracked_from__lte": on}) & not_over(on, of)
