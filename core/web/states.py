"""State words and the colour each is shown in. The word always stands beside the colour."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

COLOURS = {
    "watch": "yellow",
    "high": "orange",
    "late": "orange",
    "sent_back_late": "orange",
    "critical": "red",
    "fallen": "magenta",
    "blocked": "purple",
    "waiting": "yellow",
    "due": "blue",
    "ready": "blue",
    "open": "blue",
    "paid": "green",
    "done": "green",
    "covered": "green",
    "cleared": "green",
    "accepted": "green",
    "snoozed": "grey",
    "closed": "grey",
    "unknown": "grey",
}

LABELS = {"fallen": "Ended: support not confirmed", "unknown": "cannot be assessed"}


@lru_cache(maxsize=512)
def state_tag(state: str, label: str = "") -> SafeString:
    """The coloured tag of a state. An unlisted state is grey; `label` replaces the word.

    Cached because a list shows the same few tags on every row.
    """
    context = {"colour": COLOURS.get(state, "grey"), "label": label or LABELS.get(state, state)}
    return mark_safe(render_to_string("components/tag.html", context).strip())
