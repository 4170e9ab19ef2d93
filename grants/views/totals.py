"""What a list of grants adds up to, in words."""

from core.web.formats import counted, pounds
from grants.queries.decisions import Totals


def money_words(found: Totals) -> list[str]:
    """ "£18,000 awarded", "£4,500 paid"; what is not known says so and is never £0."""
    return [
        "amounts awarded not known" if found.awarded is None else f"{pounds(found.awarded)} awarded",
        "amounts paid not known" if found.paid is None else f"{pounds(found.paid)} paid",
    ]


def not_known_words(found: Totals) -> list[str]:
    """How many amounts the sums leave out, and how many grants cannot be assessed."""
    words = []
    if found.amounts_not_known and found.awarded is not None:
        words.append(counted(found.amounts_not_known, "amount not known", "amounts not known"))
    if found.untracked:
        words.append(f"{found.untracked:,} cannot be assessed: not tracked")
    return words
