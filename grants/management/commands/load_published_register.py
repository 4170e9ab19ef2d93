"""Load what the council and its funders have published about money for early help."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import ActionRefused
from core.models import User
from grants.imports.published import read_published_register
from grants.operations.published import load_published_register

FACTS = Path(__file__).resolve().parents[2] / "data" / "published_register.json"


def in_words(counts: Mapping[str, int]) -> str:
    """Counts as people read them: 6 funds, 1 round."""
    return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for what, count in counts.items())


class Command(BaseCommand):
    """`manage.py load_published_register`: safe to run again, which changes nothing."""

    help = "Loads the published register: untracked, with everything unpublished left unknown. Load the places first."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was made and what stood already."""
        register = read_published_register(json.loads(FACTS.read_text(encoding="utf-8")))
        try:
            loaded = load_published_register(register=register, by=User.objects.system("published register"))
        except ActionRefused as refused:
            raise CommandError(refused.message) from None
        if not loaded.created:
            self.stdout.write("Published register: nothing changed, everything in it was here already.")
            return
        self.stdout.write(f"Published register: created {in_words(loaded.created)}.")
        if loaded.stood:
            self.stdout.write(f"Left as they are: {in_words(loaded.stood)}.")
