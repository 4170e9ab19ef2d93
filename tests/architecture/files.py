"""The files of the repository, as the tests in this folder read them."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "providers", "grants", "reports", "demo")  # from the ground up
MADE_BY_TOOLS = {
    ".git",
    ".venv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    ".hypothesis",
    "__pycache__",
    "node_modules",
    "built",
    "staticfiles",
    "test-artifacts",
}
NOT_TEXT = {".png", ".jpg", ".webp", ".ico", ".woff2", ".xlsx", ".pdf", ".sqlite3", ".pyc"}


def text_files() -> Iterator[Path]:
    """Every text file that people keep in the repository: what tools make is left out."""
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = sorted(
            name for name in folders if name not in MADE_BY_TOOLS and here / name != ROOT / "static" / "build"
        )
        for name in sorted(names):
            path = here / name
            kept = path.suffix not in NOT_TEXT and ".sqlite3" not in name and path != ROOT / ".env"
            if kept and path.is_file():
                yield path


def python_files() -> Iterator[Path]:
    """Every Python file that people write: migrations are made by Django."""
    return (path for path in text_files() if path.suffix == ".py" and "migrations" not in path.parts)
