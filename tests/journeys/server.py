"""The product with the illustrative year, as on one day, in a process of its own on a free port of this machine.

`prepare` fills the database that DATABASE_URL names and ends; `serve` prints its address and serves until it is
stopped. The clock starts at nine in the morning of the day and runs on from there.
"""

import argparse
import os
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import django
import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402

from config.wsgi import application  # noqa: E402


def serve() -> None:
    """Serve on a port that the system chooses, and say which."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(application)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def main() -> None:
    """Do what the arguments say on their day."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["prepare", "serve"])
    parser.add_argument("--on", type=date.fromisoformat, required=True)
    arguments = parser.parse_args()
    nine = datetime.combine(arguments.on, time(9), tzinfo=ZoneInfo("Europe/London"))
    with time_machine.travel(nine, tick=True):
        if arguments.what == "prepare":
            call_command("demo", "--prepare-only", "--on", arguments.on.isoformat())
        else:
            serve()


if __name__ == "__main__":
    main()
