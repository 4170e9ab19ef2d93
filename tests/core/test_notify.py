"""GOV.UK Notify in the place of a mail server: what it is asked, and what its refusals do."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings

from core.models import User
from core.operations.deliveries import send_delivery
from tests.factories import make_delivery, make_message

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"


class FakeNotify(HTTPServer):
    """Keeps what it is asked; `status` is what it answers with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.status = 201


class _Answer(BaseHTTPRequestHandler):
    server: FakeNotify

    def do_POST(self) -> None:
        """Answer as Notify does, in JSON."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        answer = {"id": SERVICE} if self.server.status == 201 else {"errors": [{"message": "No."}]}
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def notify(settings: LazySettings) -> Iterator[FakeNotify]:
    """A Notify of our own, and the settings that lead to it."""
    server = FakeNotify()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = "core.notify.NotifyBackend"
    settings.NOTIFY_API_KEY = f"tracker-{SERVICE}-{SECRET}"
    settings.NOTIFY_TEMPLATE_ID = "a-template"
    settings.NOTIFY_BASE_URL = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def test_notify_gets_address_template_words_and_reference(notify: FakeNotify, finance: User) -> None:
    delivery = make_delivery(to=finance, key="digest:5:2026-11-20", subject="1 new message")
    make_message(to=finance, delivery=delivery, text="It is late.")
    send_delivery(delivery_id=delivery.pk, at=AT)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 1)
    ((path, authorization, body),) = notify.asked
    assert path == "/v2/notifications/email"
    assert authorization.startswith("Bearer ")
    assert (body["email_address"], body["template_id"]) == (finance.email, "a-template")
    assert body["reference"] == "digest:5:2026-11-20"
    assert body["personalisation"]["subject"] == "1 new message"
    assert "It is late." in body["personalisation"]["message"]


def test_what_notify_refuses_is_tried_again(notify: FakeNotify, finance: User) -> None:
    delivery = make_delivery(to=finance)
    notify.status = 429
    send_delivery(delivery_id=delivery.pk, at=AT)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.trouble) == ("waiting", 1, "HTTPError")
    notify.status = 201
    send_delivery(delivery_id=delivery.pk, at=delivery.next_try_at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, len(notify.asked)) == ("sent", 2, 2)


def test_a_notify_that_is_away_is_asked_again_later(
    notify: FakeNotify, finance: User, settings: LazySettings
) -> None:
    settings.NOTIFY_BASE_URL = "http://127.0.0.1:9"  # nothing listens there
    delivery = make_delivery(to=finance)
    send_delivery(delivery_id=delivery.pk, at=AT)
    delivery.refresh_from_db()
    assert (delivery.state, bool(delivery.trouble), notify.asked) == ("waiting", True, [])
