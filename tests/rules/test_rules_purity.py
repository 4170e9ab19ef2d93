"""The rules need no framework, no clock and no files: seen from a process that imports them alone."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN = {"django", "celery", "psycopg", "redis", "sqlite3", "holidays", "structlog", "requests"}
ASK_FOR_MODULES = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def rule_files() -> list[Path]:
    return sorted((ROOT / "core" / "rules").glob("*.py")) + sorted((ROOT / "grants" / "rules").glob("*.py"))


def test_the_rules_import_nothing_but_the_standard_library_and_numpy() -> None:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in rule_files()]
    assert "grants.rules.cliff" in names
    answer = subprocess.run(
        [sys.executable, "-c", ASK_FOR_MODULES, json.dumps(names)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = set(json.loads(answer.stdout))
    assert "numpy" in loaded
    assert not loaded & FORBIDDEN


def test_the_rules_ask_no_clock_and_open_no_file() -> None:
    for path in rule_files():
        source = path.read_text(encoding="utf-8")
        for word in (".today(", ".now(", "time.time", "open(", "os.environ"):
            assert word not in source, f"{path.name} uses {word}"
