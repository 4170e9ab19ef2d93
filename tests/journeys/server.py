"""The product with the illustrative year, as on one day, in a process of its own on a free port of this machine.

`prepare` fills the database that DATABASE_URL names and ends: the illustrative year, and what work leaves behind (a
list that was imported, like organisations that it brought, an e-mail that could not be sent). `serve` prints its
address and serves until it is stopped. The clock starts at nine in the morning of the day and runs on from there.
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
from django.utils import timezone  # noqa: E402

from config.wsgi import application  # noqa: E402
from core.models import Delivery, DeliveryState, Job, User  # noqa: E402
from grants.operations.imports.jobs import check_list, import_checked  # noqa: E402
from tests.journeys.lists import EARLIER, FAULTY  # noqa: E402
from tests.journeys.site import email  # noqa: E402


def look_at(name: str, content: bytes, by: User, on: date) -> Job:
    """Have a list looked at. Without a broker that is done before this goes on."""
    job = check_list(
        file_name=name, content=content, fund=None, tracked_from=None, by=by, on=on, at=timezone.now()
    )
    job.refresh_from_db()
    return job


def leave_traces(on: date) -> None:
    """What some pages need to have anything on them: a list imported, one looked at, an e-mail that did not go."""
    commissioner = User.objects.get(email=email("commissioner"))
    earlier = look_at("earlier.csv", EARLIER, commissioner, on)
    import_checked(check=earlier, skip_invalid=True, by=commissioner, at=timezone.now())
    look_at("waiting.csv", FAULTY, commissioner, on)
    Delivery.objects.create(
        key="digest:journey",
        to=commissioner,
        subject="12 new messages",
        state=DeliveryState.FAILED,
        attempts=10,
        created_at=timezone.now(),
        next_try_at=timezone.now(),
        trouble="TimeoutError",
    )


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
            leave_traces(arguments.on)
        else:
            serve()


if __name__ == "__main__":
    main()
