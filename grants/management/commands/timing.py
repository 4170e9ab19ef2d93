"""`manage.py timing`: this product's timing statistics over any CSV."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.calendar import working_days
from core.rules.working_days import CalendarRangeError
from core.web.formats import counted, day
from grants.imports.waits import Waits, WaitsRefused, read_waits
from grants.rules.timing import ENOUGH_CASES, TimingSummary, summarise

UNITS = {"days": "day", "working-days": "working day"}


class Command(BaseCommand):
    """Reads two columns of dates and prints the statistics; writes nothing."""

    help = "How long something takes: quartiles of the waits in a CSV file, those still going on included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, its two columns, the day of judging, the unit, the form."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file with headings")
        parser.add_argument("--start", required=True, metavar="COLUMN", help="when each wait began")
        parser.add_argument(
            "--end", required=True, metavar="COLUMN", help="when it ended; empty is still waiting"
        )
        parser.add_argument(
            "--on", required=True, type=date.fromisoformat, metavar="DATE", help="the day to judge at"
        )
        parser.add_argument(
            "--unit", choices=list(UNITS), default="days", help="calendar days without this option"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, work out, print."""
        unit: str = options["unit"]
        try:
            waits = read_waits(
                options["file"],
                start=options["start"],
                end=options["end"],
                on=options["on"],
                between=_counter(unit),
            )
        except (WaitsRefused, CalendarRangeError) as refused:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(refused)}))
            raise CommandError(str(refused)) from refused
        summary = summarise(waits.bins())
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(summary, waits, unit, options["on"])))
        else:
            self.stdout.write(_as_text(summary, waits, UNITS[unit], options["on"]))


def _counter(unit: str) -> Callable[[date, date], int]:
    return working_days().between if unit == "working-days" else lambda start, end: (end - start).days


def _left_out(waits: Waits) -> dict[str, int]:
    return {"not_begun": waits.not_begun, "no_start": waits.no_start, "part_dates": waits.part_dates}


def _as_json(summary: TimingSummary, waits: Waits, unit: str, on: date) -> dict[str, Any]:
    """The document; null is "not reached", or too few cases for statistics, which are then listed."""
    names = ("n", "waiting", "median", "p25", "p75", "p90", "low", "high", "longest_wait")
    return {
        "on": on.isoformat(),
        "unit": unit,
        **{name: getattr(summary, name) for name in names},
        "cases": [{"duration": case.duration, "ended": case.ended} for case in summary.cases],
        "left_out": _left_out(waits),
    }


def _as_text(summary: TimingSummary, waits: Waits, unit: str, on: date) -> str:
    """The same for people."""
    lines = [f"{counted(summary.n, 'case')} on {day(on)}; {summary.waiting:,} still waiting"]
    if summary.longest_wait is not None:
        lines[0] += f", the longest {counted(summary.longest_wait, unit)}"
    lines[0] += "."
    if summary.is_listed:
        lines.append(f"Too few for statistics (under {ENOUGH_CASES}), so each is listed, in {unit}s:")
        lines += [
            f"  {case.duration:,}{'' if case.ended else ' and still waiting'}" for case in summary.cases
        ]
    else:
        lines += _statistics(summary, unit)
    said = {
        "not_begun": f"begin after {day(on)}",
        "no_start": "have no start",
        "part_dates": "have a month or a year in place of a date",
    }
    lines += [f"Left out: {n:,} that {said[name]}." for name, n in _left_out(waits).items() if n]
    return "\n".join(lines)


def _statistics(summary: TimingSummary, unit: str) -> list[str]:
    def said(value: int | None) -> str:
        return "not reached" if value is None else f"{counted(value, unit)}"

    return [
        f"  A quarter within    {said(summary.p25)}",
        f"  Half within         {said(summary.median)} (95% interval {said(summary.low)} to {said(summary.high)})",
        f"  Three quarters      {said(summary.p75)}",
        f"  Nine in ten         {said(summary.p90)}",
    ]
