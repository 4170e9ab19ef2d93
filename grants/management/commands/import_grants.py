"""`manage.py import_grants FILE`: published lists of grants into the real register."""

import json
import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from core.database import refresh_statistics
from core.errors import ActionRefused
from core.web.formats import counted
from grants.imports.errors import FileRefused
from grants.imports.prepared import Prepared, prepare
from grants.operations.imports import ImportSummary, import_grants

ENOUGH_FOR_STATISTICS = 1_000
REFUSED_SHOWN = 50
WORTH_SAYING = (
    ("zero_amounts", "grant", " of £0: kept as zero."),
    ("individuals", "grant", " to individuals: no name is kept."),
    ("probable_duplicates", "probable duplicate", " among organisations, to be looked at."),
)
NO_DATABASE = "The database is busy or cannot be reached. Nothing was imported. Try again in a minute."


class Command(BaseCommand):
    """All or nothing: with a row that cannot be taken nothing is written, unless --skip-invalid."""

    help = "Imports grants from 360Giving JSON, CSV or Excel into the real register. The same file twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --fund, --tracked-from, --dry-run, --skip-invalid, --json."""
        parser.add_argument("file", type=Path, metavar="FILE", help="360Giving JSON, CSV or Excel (.xlsx)")
        parser.add_argument("--fund", metavar="CODE", help="put every grant into this fund")
        parser.add_argument(
            "--tracked-from",
            type=date.fromisoformat,
            metavar="DATE",
            help="record payments and returns of new grants from this day, like 2026-04-01",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument("--skip-invalid", action="store_true", help="leave out rows that cannot be taken")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file, then write; leave with 1 when nothing was written though something should have been."""
        try:
            document, summary = self._import(**options)
        except (ActionRefused, FileRefused) as refusal:
            self._fail(str(refusal), options)
        except OSError as error:
            self._fail(
                f"{_printable(str(options['file']))} cannot be read: {error.strerror or error}.", options
            )
        except (OperationalError, InterfaceError):
            self._fail(NO_DATABASE, options)
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, default=str))
        else:
            self.stdout.write(as_text(document, dry_run=options["dry_run"]))
        if summary.refused and not options["skip_invalid"]:
            raise CommandError(
                f"{len(summary.refused)} of {summary.rows} rows cannot be taken, so nothing is imported. Put them "
                "right, or leave them out with --skip-invalid."
            )

    def _import(self, **options: Any) -> tuple[dict[str, Any], ImportSummary]:
        path: Path = options["file"]
        with (
            path.open("rb") as file,
            prepare(file, fund_given=bool(options["fund"]), progress=self._read) as prepared,
        ):
            summary = import_grants(
                rows=prepared.rows(),
                columns=prepared.columns,
                file_name=_printable(path.name),
                on=timezone.localdate(),
                fund_code=options["fund"],
                tracked_from=options["tracked_from"],
                skip_invalid=options["skip_invalid"],
                dry_run=options["dry_run"],
                progress=lambda done: self._said(
                    f"{done} of {prepared.count} rows compared with the register"
                ),
            )
        if summary.written and summary.created >= ENOUGH_FOR_STATISTICS:
            refresh_statistics()
        return _document(summary, prepared), summary

    def _read(self, rows: int) -> None:
        self._said(f"{rows} rows read")

    def _said(self, words: str) -> None:
        self.stderr.write(words, style_func=str)

    def _fail(self, message: str, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps({"error": message}, ensure_ascii=False))
        raise CommandError(message)


def _printable(name: str) -> str:
    """A file's name that can be stored and printed: what is not UTF-8 in it becomes a question mark."""
    return os.fsencode(name).decode("utf-8", "replace")


def _document(summary: ImportSummary, prepared: Prepared) -> dict[str, Any]:
    return summary.as_json(ignored_columns=prepared.ignored, remarks=prepared.remarks)


def as_text(document: dict[str, Any], *, dry_run: bool) -> str:
    """The summary for people."""
    refused = document["refused"]
    verb = "would be " if dry_run or not document["written"] else ""
    lines = [
        f"{document['rows']} rows: {document['created']} {verb}created, {document['updated']} {verb}updated, "
        f"{document['unchanged']} unchanged, {len(refused)} refused."
    ]
    lines += [
        f"  row {one['row']}, {one['column'] or 'the whole row'}, “{one['value']}”: {one['message']}"
        for one in refused[:REFUSED_SHOWN]
    ]
    if len(refused) > REFUSED_SHOWN:
        lines.append(f"  … and {len(refused) - REFUSED_SHOWN} more: use --json to see all.")
    lines += document["remarks"]
    lines += [
        f"{counted(one['count'], 'row')}, {one['column']}: {one['message']}" for one in document["warnings"]
    ]
    lines += [
        f"{counted(document[name], noun)}{words}" for name, noun, words in WORTH_SAYING if document[name]
    ]
    if document["ignored_columns"]:
        lines.append(f"Columns left out: {', '.join(document['ignored_columns'])}.")
    return "\n".join(lines)
