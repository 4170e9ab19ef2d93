"""No name, e-mail address or word that somebody typed is in a log, whatever goes right or wrong."""

import io
import json
import logging
import re
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from core.logs import FORMATTER
from tests.faults.register import PASSWORD
from tests.faults.scene import DATABASE, Scene
from tests.faults.servers import Postgres, Redis, Running, Web, run_python, wait_until
from tests.grants.imports.lists import as_csv, cells
from tests.security.planted import EMAIL, NAME, TYPED, Typist, found_in

PAYMENT_DAY = {"paid_on_day": "20", "paid_on_month": "11", "paid_on_year": "2026"}
STOP_DAY = {"started_on_day": "20", "started_on_month": "11", "started_on_year": "2026"}

# Before it nothing is paid.
AGREED = """
import sys, django
django.setup()
from grants.models import Grant
from tests.factories.grants import make_agreement
make_agreement(Grant.objects.get(ref=sys.argv[1]))
"""

# --- the formatter, by itself ----------------------------------------------------------------------------------------


@pytest.fixture
def written() -> Iterator[Callable[[str, Callable[[Any], None]], str]]:
    """What is written when a logger of this name is used so."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(**{k: v for k, v in FORMATTER.items() if k != "()"})
    )
    root = logging.getLogger()
    root.addHandler(handler)

    def write(name: str, use: Callable[[Any], None]) -> str:
        use(structlog.get_logger(name) if name.startswith("tracker") else logging.getLogger(name))
        text: str = handler.stream.getvalue()
        return text

    yield write
    root.removeHandler(handler)


def failing(log: Any) -> None:
    """Log an exception whose message holds what was typed."""
    try:
        raise ValueError(TYPED["note"])
    except ValueError:
        log.error("it did not work", exc_info=True)


@pytest.mark.parametrize("name", ["tracker.anything", "django.request"])
def test_of_an_exception_its_kind_and_place_are_kept(name: str, written: Any) -> None:
    line = json.loads(written(name, failing))
    assert (line["event"], line["exception"]) == ("it did not work", "ValueError")
    assert "test_logs.py" in line["frames"][-1]
    assert found_in(json.dumps(line)) == set()


@pytest.mark.parametrize(
    ("arguments", "event"),
    [
        (("Not Found: %s", f"/{TYPED['search']}/"), "Not Found: %s"),
        ((f"Invalid HTTP_HOST header: '{TYPED['host']}'. You may need",), "Invalid HTTP_HOST header"),
        ((f"Invalid request from ip=192.0.2.7: {TYPED['broken request']}",), "Invalid request from ip"),
        (("Worker exiting",), "Worker exiting"),
    ],
    ids=["a pattern", "quoted", "after a colon", "plain"],
)
def test_of_other_peoples_messages_only_their_own_words_are_kept(
    arguments: tuple[str, ...], event: str, written: Any
) -> None:
    said = written("django.request", lambda log: log.error(*arguments))
    assert json.loads(said)["event"] == event


def test_the_control_finds_what_is_logged(written: Any) -> None:
    """Nothing takes out what our own code logs: the search must see it."""
    said = written("tracker.anything", lambda log: log.error("payment", note=TYPED["note"], to=EMAIL.upper()))
    assert found_in(said) == {
        "Calendula",
        "Ranunculus",
        "zebedee.quillfeather",
        "planted.example",
        "Zebedee",
        "Quillfeather",
    }


# --- a whole journey through real servers ----------------------------------------------------------------------------


class Journey:
    """Everything that a day may bring, with planted words in each field; pages and worker log all they can."""

    def __init__(self, postgres: Postgres, redis: Redis, folder: Path) -> None:
        self.scene = Scene(postgres, redis, folder)
        self.scene.environment |= {"LOG_LEVEL": "DEBUG", "DJANGO_SETTINGS_MODULE": "config.settings"}
        self.worker = self.scene.start_worker()
        self.web = Web(self.scene.environment, folder / "web.log")
        self.done: dict[str, int] = {}

    def end(self) -> None:
        """Stop the servers."""
        self.web.kill_all()
        self.scene.end()

    def said(self) -> str:
        """Every log."""
        servers: list[Running] = [self.web, *self.scene.workers]
        return "\n".join(server.said() for server in servers)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        with self.scene.postgres.connect(DATABASE) as opened:
            return list(opened.execute(query))

    def refuse(self, table: str, column: str, word: str) -> None:
        """From now on the database refuses a word, and quotes the row in its error."""
        with self.scene.postgres.connect(DATABASE) as opened:
            opened.execute(f"alter table {table} add check ({column} not like '%{word}%')")

    def visitor(self, role: str) -> Typist:
        """Somebody of this role, signed in, looking at the real register if `imports` are theirs."""
        visitor = Typist(self.web.address)
        assert visitor.sign_in(f"{role}@example.org", PASSWORD).address == f"{self.web.address}/"
        return visitor

    def note(self, what: str, status: int) -> None:
        """Keep what came of a step."""
        self.done[what] = status


@pytest.fixture
def journey(own_postgres: Postgres, own_redis: Redis, tmp_path: Path) -> Iterator[Journey]:
    """The servers of a journey."""
    made = Journey(own_postgres, own_redis, tmp_path)
    yield made
    made.end()


def come_and_go(journey: Journey) -> None:
    """A new person chooses a password; wrong ones; pages that are not there; requests that are broken."""
    environment = journey.scene.environment
    run_python("manage.py", "add_person", EMAIL, "--name", NAME, "--role", "finance", environment=environment)
    visitor = Typist(journey.web.address)
    journey.note("unknown", visitor.sign_in(TYPED["unknown address"], TYPED["wrong password"]).status)
    visitor.fill_in("/accounts/password/reset/", email=EMAIL)
    mail = journey.scene.folder / "mail"
    wait_until(lambda: mail.is_dir() and any(mail.iterdir()), "the e-mail with the link")
    (letter,) = mail.iterdir()
    link = re.search(r"/accounts/password/reset/key/\S+", letter.read_text())
    assert link is not None
    page = visitor.get(link[0])
    chosen = {"password1": TYPED["new password"], "password2": TYPED["new password"]}
    visitor.send(urllib.parse.urlsplit(page.address).path, page, **chosen)
    journey.note("wrong", visitor.sign_in(EMAIL, TYPED["wrong password"]).status)
    journey.note("in", visitor.sign_in(EMAIL, TYPED["new password"]).status)
    journey.note("searched", visitor.get(f"/grants/?q={TYPED['search']}").status)
    journey.note("asked", visitor.get(f"/payments/?{TYPED['query of a page']}=1&page=x").status)
    journey.note("no page", visitor.get(f"/{TYPED['address of no page']}/").status)
    journey.note("no grant", visitor.get(f"/grants/{TYPED['address of no page']}/").status)
    journey.note("host", raw_status(journey.web, f"GET / HTTP/1.1\r\nHost: {TYPED['host']}"))
    forged = Typist(journey.web.address, Referer=f"https://{TYPED['referrer']}/")
    journey.note(
        "forged", forged.forge("/accounts/login/", login=EMAIL, password=TYPED["wrong password"]).status
    )
    journey.note("broken", raw_status(journey.web, f"GET /{TYPED['broken request']} {EMAIL} HTTP/1.1"))


def raw_status(web: Web, request: str) -> int:
    """The status that is answered to a request as no browser would send it."""
    with socket.create_connection(("127.0.0.1", web.port)) as opened:
        opened.sendall(f"{request}\r\n\r\n".encode())
        return int(opened.recv(1000).split()[1])


def write(journey: Journey) -> None:
    """Payments, stops, notes and reasons, one of which the database refuses."""
    (ref,), *_ = journey.rows("select ref from grants_grant order by id desc")
    run_python("-c", AGREED, ref, environment=journey.scene.environment)
    visitor = journey.visitor("finance")
    typed = {"amount": "10.00", "route": "bacs", "reference": TYPED["reference of a payment"]}
    visitor.act(f"/grants/{ref}/payments/new/", **typed, **PAYMENT_DAY)
    visitor.act(f"/grants/{ref}/clock-stops/new/", waiting_on="provider", reason=TYPED["reason"], **STOP_DAY)
    flag = journey.visitor("commissioner")
    run_python("manage.py", "raise_flags", "--on", "2026-11-21", environment=journey.scene.environment)
    (number,), *_ = journey.rows("select id from grants_flag where cleared_on is null order by id")
    flag.act(f"/flags/{number}/note/", note=TYPED["note"])
    journey.refuse("core_closureday", "reason", TYPED["reason that the database refuses"])
    keeper = journey.visitor("administrator")
    closed = {"day_day": "2", "day_month": "12", "day_year": "2026"}
    reason = TYPED["reason that the database refuses"]
    journey.note("500", keeper.fill_in("/closure-days/", reason=reason, **closed).status)


def bring_lists(journey: Journey) -> None:
    """A list with a fault, one that is no list, one that is imported, and one that fails in the worker."""
    visitor = journey.visitor("commissioner")
    right = cells(id="360G-a-1", name=TYPED["recipient"], description=TYPED["description"])
    lists = [
        (f"{TYPED['file name']}.csv", as_csv([right, cells(id="360G-a-2", amount=TYPED["broken cell"])])),
        ("book.xlsx", TYPED["broken workbook"].encode()),
        ("good.csv", as_csv([right])),
    ]
    for name, content in lists:
        bring(journey, visitor, name, content)
    journey.refuse("grants_grant", "title", TYPED["title that the database refuses"])
    refused = cells(id="360G-a-3", title=TYPED["title that the database refuses"], name=TYPED["recipient"])
    bring(journey, visitor, "refused.csv", as_csv([refused]))


def bring(journey: Journey, visitor: Typist, name: str, content: bytes) -> None:
    """Have a list looked at, and imported if it can be."""
    answer = visitor.upload("/imports/", name, content)
    assert re.search(r"/(imports|jobs)/\d+/$", answer.address)
    wait_until(lambda: not unfinished(journey), f"the check of {name}")
    ((job, state),) = journey.rows("select id, state from core_job order by id desc limit 1")
    if state == "done" and 'name="request_key"' in visitor.get(f"/imports/{job}/").text:
        visitor.act(f"/imports/{job}/")
        wait_until(lambda: not unfinished(journey), f"the import of {name}")


def unfinished(journey: Journey) -> bool:
    """Whether a job is still waiting or running."""
    return journey.rows("select count(*) from core_job where finished_at is null") != [(0,)]


def tell(journey: Journey) -> None:
    """The e-mails of the day, written and sent by the worker."""
    run = "import django; django.setup(); from core.tasks import compose_digests; compose_digests.delay('2026-11-21')"
    run_python("-c", run, environment=journey.scene.environment)
    wait_until(
        lambda: journey.rows("select count(*) from core_delivery where state = 'sent'") != [(0,)],
        "an e-mail is sent",
    )
    wait_until(journey.scene.redis.is_done, "every task is done")


@pytest.mark.faults
def test_after_a_whole_journey_nothing_that_was_typed_is_in_the_logs(journey: Journey) -> None:
    for act in (come_and_go, write, bring_lists, tell):
        act(journey)
    assert journey.done == {
        "unknown": 200,
        "wrong": 200,
        "in": 200,
        "searched": 200,
        "asked": 200,
        "no page": 404,
        "no grant": 404,
        "host": 400,
        "forged": 403,
        "broken": 400,
        "500": 500,
    }
    assert_it_took_place(journey)
    said = journey.said()
    assert found_in(said) == set()
    assert "@example.org" not in said
    assert_it_says_what_happened(said)


def assert_it_took_place(journey: Journey) -> None:
    """What was typed arrived: the database has it."""
    references = journey.rows("select reference from grants_payment where reference <> ''")
    assert (TYPED["reference of a payment"],) in references
    assert (TYPED["reason"],) in journey.rows("select reason from grants_clockstop")
    assert (TYPED["note"],) in journey.rows("select note from grants_flagevent")
    assert (TYPED["recipient"],) in journey.rows("select name from providers_organisation")
    states = [state for (state,) in journey.rows("select state from core_job order by id")]
    assert states[-2:] == ["done", "failed"], states


def assert_it_says_what_happened(said: str) -> None:
    """The logs are not empty of everything else."""
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    names = {event["event"] for event in events}
    assert {"request", "signed_in", "sign_in_failed", "digest composed", "delivery sent"} <= names
    assert {"IntegrityError", "DisallowedHost"} <= {event.get("exception") for event in events}
    assert {200, 302, 400, 403, 404, 500} <= {event.get("status") for event in events}
