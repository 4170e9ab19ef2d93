"""Load a council's wards and localities from a places file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import ActionRefused
from core.models import User
from core.operations.places import load_places, read_places

HEREFORDSHIRE = Path(__file__).resolve().parents[2] / "data" / "places" / "herefordshire.json"


class Command(BaseCommand):
    """`manage.py load_places [FILE]`: any council's file; without one, Herefordshire's."""

    help = (
        "Loads wards, their deprivation figures and localities from a places file (default: Herefordshire's)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument(
            "file", nargs="?", type=Path, default=HEREFORDSHIRE, help="see core/data/places/README.md"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, load, say what changed. A file that does not add up changes nothing."""
        file: Path = options["file"]
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            loaded = load_places(places=read_places(document), by=User.objects.system("places file"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except ValueError as error:
            raise CommandError(f"{file} is not a JSON document in UTF-8: {error}.") from None
        except ActionRefused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(
            f"Wards and localities: {loaded.created} created, {loaded.updated} updated, {loaded.unchanged} unchanged."
        )
