"""The second readings of the rules know none of the product's: their worth is that they were written from the words."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.files import ROOT

ORACLES = {
    "tests/grants/oracle/*.py": ("core.models", "grants.models", "providers.models", "django", "holidays"),
    "tests/reports/oracle_*.py": ("grants.models", "django", "holidays"),
}
OF_THEIR_OWN = "tests.grants.oracle"


def imported_by(path: Path) -> Iterator[str]:
    """The modules that a file's import statements name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{path}: name the module in full"
            yield node.module


@pytest.mark.parametrize(("pattern", "known"), ORACLES.items())
def test_they_import_records_and_nothing_that_judges(pattern: str, known: tuple[str, ...]) -> None:
    imported = {module for path in ROOT.glob(pattern) for module in imported_by(path)}
    assert "grants.models" in imported
    outside = {
        module
        for module in imported
        if module.split(".")[0] not in sys.stdlib_module_names
        and not any(module == one or module.startswith(f"{one}.") for one in (*known, OF_THEIR_OWN))
    }
    assert outside == set()
