"""The committee's resolutions, from the file of published facts."""

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.apps import apps


class Resolution(NamedTuple):
    """What a committee decided to ask for, in its own words."""

    number: int
    text: str
    on: date
    committee: str


@lru_cache(maxsize=1)
def resolutions() -> tuple[Resolution, ...]:
    """The resolutions in the order of the minutes. The file is part of the product and read once per process."""
    path = Path(apps.get_app_config("grants").path) / "data" / "published_register.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Resolution(row["number"], row["text"], date.fromisoformat(row["date"]), row["committee"])
        for row in document["resolutions"]
    )
