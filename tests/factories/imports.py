"""Jobs of imports, done, and pairs of like organisations."""

from datetime import date
from typing import Any

from core.models import Job
from providers.models import ProbableDuplicate
from tests.factories.outbox import AT, make_job
from tests.factories.people import make_organisation

RESULT: dict[str, Any] = {
    "rows": 2, "created": 1, "updated": 0, "unchanged": 0, "refused_rows": 1, "zero_amounts": 0, "individuals": 0,
    "organisations_created": 1, "funds_created": 1, "probable_duplicates": 0, "written": False, "remarks": [],
    "ignored_columns": ["URL"],
    "refused": [{"row": 3, "column": "Award Date", "value": "31/02/2024", "message": "This is not a date."}],
    "warnings": [{"column": "Amount Awarded", "message": "Rounded to pence.", "count": 1, "rows": [2]}],
}  # fmt: skip


def make_import_check(**fields: Any) -> Job:
    """A list that was looked at: one row to import, one that cannot be taken."""
    arguments = {"file_name": "grants.csv", "fund": None, "tracked_from": None, "on": "2026-11-20"}
    values = {
        "kind": "import_check",
        "arguments": arguments,
        "state": "done",
        "result": RESULT,
        "began_at": AT,
        "finished_at": AT,
    }
    return make_job(**{**values, **fields})


def make_duplicate(**fields: Any) -> ProbableDuplicate:
    """Two organisations of the real register that nobody has looked at."""
    values = {"why": "The names are alike.", "found_on": date(2026, 11, 20), **fields}
    for which in ("older", "newer"):
        values.setdefault(which, None)
        values[which] = values[which] or make_organisation(is_illustrative=False)
    return ProbableDuplicate.objects.create(**values)
