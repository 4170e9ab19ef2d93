"""Rooms stay small: files, functions, and what may be said in them."""

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.architecture.files import ROOT, python_files, text_files

LONGEST_FILE_LINES = 400
LONGEST_FUNCTION_LINES = 60
NINETIETH_PERCENTILE_LINES = 25
WRITTEN_BY_HAND = {".py", ".html", ".scss", ".js"}

# Spelt as patterns, so that this file does not say them itself.
UNSAYABLE = {
    "a path of one machine": re.compile(
        r"(?<![\w.])/(?:work|tmp|home|root|Users)/|(?<![\w/.])/(?:work|tmp)\b"
    ),
    "a package registry's address": re.compile(
        r"pypi\.(?:org|python)|pythonhosted\.|registry\.(?:npm|yarn)|deb\.debian\.org"
    ),
    "a neighbouring folder": re.compile(r"\.\./shar(?:ed)"),
}
MAY_SAY = {("a neighbouring folder", ".ci/run")}


def function_lengths(path: Path) -> dict[str, int]:
    """Lines of each function in a file, by file, line and name."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno)
        - node.lineno
        + 1
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, functions)
    }


def test_no_file_is_longer_than_a_person_can_hold() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in text_files()
        if path.suffix in WRITTEN_BY_HAND and "migrations" not in path.parts
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {name: lines for path in python_files() for name, lines in function_lengths(path).items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION_LINES} == {}


@pytest.mark.parametrize("part", ["product", "tests"])
def test_nine_functions_in_ten_are_short(part: str) -> None:
    lengths = [
        lines
        for path in python_files()
        if ("tests" in path.relative_to(ROOT).parts) == (part == "tests")
        for lines in function_lengths(path).values()
    ]
    assert statistics.quantiles(lengths, n=10)[-1] <= NINETIETH_PERCENTILE_LINES


@pytest.mark.parametrize("what", UNSAYABLE)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in text_files()
        if (what, str(path.relative_to(ROOT))) not in MAY_SAY
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if UNSAYABLE[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("open('/" + "tmp/x')", "a path of one machine"),
        ("cd /" + "work/main", "a path of one machine"),
        ("https://py" + "pi.org/simple", "a package registry's address"),
        ("https://registry.np" + "mjs.org/sass", "a package registry's address"),
        ("read ../" + "shared/data", "a neighbouring folder"),
    ],
)
def test_the_patterns_find_what_they_are_for(line: str, what: str) -> None:
    assert UNSAYABLE[what].search(line)


@pytest.mark.parametrize(
    "line", ["see docs/" + "work/plan.md", "/var/lib/tmp", "a framework/tmpfs", "/grants/" + "work/"]
)
def test_the_patterns_leave_the_rest_alone(line: str) -> None:
    assert not any(pattern.search(line) for pattern in UNSAYABLE.values())


def test_there_is_no_room_for_odds_and_ends() -> None:
    names = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [str(path.relative_to(ROOT)) for path in python_files() if path.name in names] == []
