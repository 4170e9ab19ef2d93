"""The memory of a web worker with everything imported, in a process of its own."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
os.environ.setdefault("MODE", "test")
from config.wsgi import application
from django.test import Client
from django.urls import get_resolver
get_resolver().url_patterns
Client().get("/accounts/login/")
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def worker() -> None:
    """Resident memory at its most, after every address is loaded and a first page is answered."""
    if not Path("/proc/self/status").exists():
        print("A web worker with everything imported: this system does not say")
        return
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    megabytes = int(shown.stdout.split()[-2]) / 1024
    print(f"A web worker with everything imported: {megabytes:.0f} MB (reach ≤ 120 MB)")
