"""E-mails: one a person and day, sent with patience, never by two at once, and a repeat is known for one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import structlog
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMessage
from structlog.stdlib import ProcessorFormatter

from core import tasks
from core.errors import ActionRefused, NotAllowed
from core.logs import FORMATTER
from core.models import Delivery, Message, User
from core.operations import deliveries
from core.operations.deliveries import (
    compose_digests,
    pause_after,
    retry_delivery,
    send_delivery,
    sweep_deliveries,
)
from tests.factories import make_delivery, make_message, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(eager: None) -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


class Broken:
    """A mail server that does not work, and says so with the address in its words."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0

        def send(email: EmailMessage, *_: Any) -> int:
            self.calls += 1
            raise TimeoutError(f"no answer for {email.to}")

        monkeypatch.setattr(EmailMessage, "send", send)


def compose(on: date = FRIDAY) -> int:
    return compose_digests(on=on, at=AT)


def test_a_digest_carries_what_is_new(finance: User, commissioner: User) -> None:
    news = [make_message(to=finance), make_message(to=finance)]
    make_message(to=finance, read_at=AT)
    make_message(to=commissioner, delivery=make_delivery(to=commissioner, state="sent", sent_at=AT))
    assert compose() == 1
    delivery = Delivery.objects.get(key=f"digest:{finance.pk}:2026-11-20")
    assert (delivery.to, delivery.state, delivery.attempts, delivery.next_try_at) == (
        finance,
        "waiting",
        0,
        AT,
    )
    assert delivery.subject == "Early Help Funding Tracker: 2 new messages"
    assert set(delivery.messages.all()) == set(news)


def test_a_digest_is_composed_once_a_day(finance: User) -> None:
    make_message(to=finance)
    assert (compose(), compose()) == (1, 0)
    late = make_message(to=finance)
    assert compose() == 0
    assert compose(FRIDAY + timedelta(days=1)) == 1
    late.refresh_from_db()
    assert late.delivery is not None
    assert late.delivery.key == f"digest:{finance.pk}:2026-11-21"


def test_an_interrupted_composer_leaves_whole_e_mails_and_the_next_one_the_rest(
    finance: User, commissioner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_message(to=commissioner)
    make_message(to=finance)
    whole = deliveries._compose
    monkeypatch.setattr(
        deliveries, "_compose", lambda pk, *rest: 1 / 0 if pk == finance.pk else whole(pk, *rest)
    )
    with pytest.raises(ZeroDivisionError):
        compose()
    monkeypatch.undo()
    assert compose() == 1
    assert Delivery.objects.count() == 2
    assert not Message.objects.filter(delivery__isnull=True).exists()


@pytest.mark.parametrize(("minute", "written"), [(29, 0), (30, 1)])
def test_the_timetable_waits_for_the_time_of_the_e_mails(
    minute: int, written: int, finance: User, settings: LazySettings
) -> None:
    make_message(to=finance)
    with time_machine.travel(
        datetime(2026, 7, 1, 5, minute, tzinfo=UTC), tick=False
    ):  # half past six in London
        for _ in range(2):
            tasks.compose_digests()
    assert Delivery.objects.count() == written


@pytest.mark.parametrize(
    ("digest", "on", "sent"),
    [
        ("daily", FRIDAY, 1),
        ("daily", MONDAY, 1),
        ("weekly", FRIDAY, 0),
        ("weekly", MONDAY, 1),
        ("never", FRIDAY, 0),
        ("never", MONDAY, 0),
    ],
)
def test_each_person_s_preference_holds(digest: str, on: date, sent: int) -> None:
    make_message(to=make_user("finance", digest=digest))
    assert compose(on) == sent
    assert Delivery.objects.count() == sent


def test_who_has_left_gets_no_e_mail(finance: User) -> None:
    leaver = make_user("finance", is_active=False)
    make_message(to=leaver)
    assert compose() == 0
    left_meanwhile = make_delivery(to=leaver)
    send_delivery(delivery_id=left_meanwhile.pk, at=AT)
    left_meanwhile.refresh_from_db()
    assert (left_meanwhile.state, left_meanwhile.trouble, mail.outbox) == ("failed", "PersonHasLeft", [])


def test_the_e_mail_says_what_is_new_and_where_to_act(finance: User, settings: LazySettings) -> None:
    settings.SITE_URL = "https://tracker.example.gov.uk/"
    real = make_message(to=finance, is_illustrative=False, path="/flags/7/", text="The real one is late.")
    made_up = make_message(to=finance, text="The fictional one is late.", path="")
    delivery = make_delivery(to=finance, key="digest:5:2026-11-20", subject="2 new messages")
    Message.objects.filter(pk__in=[real.pk, made_up.pk]).update(delivery=delivery)
    send_delivery(delivery_id=delivery.pk, at=AT)
    (email,) = mail.outbox
    assert (email.to, email.subject) == ([finance.email], "2 new messages")
    assert email.body.startswith(
        "Hello\n\nThe real one is late.\nhttps://tracker.example.gov.uk/flags/7/\n\n"
    )
    assert (
        "\n\nILLUSTRATIVE DATA: THESE ORGANISATIONS DO NOT EXIST\n\nThe fictional one is late.\n"
        in email.body
    )
    assert "https://tracker.example.gov.uk/messages/preference/" in email.body
    assert finance.name not in email.body
    headers = email.message()
    assert headers["Message-ID"] == "<digest.5.2026-11-20@tracker.example.gov.uk>"
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.sent_at, delivery.trouble) == ("sent", 1, AT, "")


def test_a_long_e_mail_stops_at_fifty(finance: User) -> None:
    delivery = make_delivery(to=finance)
    for _ in range(53):
        make_message(to=finance, delivery=delivery)
    send_delivery(delivery_id=delivery.pk, at=AT)
    body = mail.outbox[0].body
    assert body.count("Something happened") == 50
    assert "\nand 3 more: http" in body


def test_what_was_sent_is_not_sent_again(finance: User) -> None:
    delivery = make_delivery(to=finance)
    for minutes in (0, 1, 600):
        send_delivery(delivery_id=delivery.pk, at=AT + timedelta(minutes=minutes))
    assert len(mail.outbox) == 1


def test_while_one_worker_tries_no_other_does(finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = make_delivery(to=finance)
    sent = []

    def send(email: EmailMessage, *_: Any) -> int:
        sent.append(email)
        send_delivery(delivery_id=delivery.pk, at=AT + timedelta(seconds=299))
        return 1

    monkeypatch.setattr(EmailMessage, "send", send)
    send_delivery(delivery_id=delivery.pk, at=AT)
    assert len(sent) == 1


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_after(tries).total_seconds() / 60 for tries in range(1, 10)] == [
        1, 2, 4, 8, 16, 32, 60, 60, 60,
    ]  # fmt: skip


def test_trouble_is_tried_again_more_and_more_slowly_and_then_given_up(
    finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(monkeypatch)
    delivery, at = make_delivery(to=finance), AT
    with structlog.testing.capture_logs() as logs:
        for tries in range(1, 11):
            send_delivery(delivery_id=delivery.pk, at=at - timedelta(seconds=1))
            send_delivery(delivery_id=delivery.pk, at=at)
            delivery.refresh_from_db()
            assert (delivery.attempts, delivery.trouble) == (tries, "TimeoutError")
            if tries < 10:
                assert delivery.next_try_at == at + pause_after(tries)
            at = delivery.next_try_at
    assert (delivery.state, broken.calls) == ("failed", 10)
    send_delivery(delivery_id=delivery.pk, at=AT + timedelta(days=30))
    assert broken.calls == 10
    assert "delivery_may_repeat" not in {line["event"] for line in logs}


def test_a_worker_that_died_after_sending_repeats_once_and_the_log_says_so(
    finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = make_delivery(to=finance)

    class Killed(BaseException):
        """What no handler of ours catches: as good as SIGKILL."""

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logs:
        patch.setattr(deliveries, "_settle", killed)
        with pytest.raises(Killed):
            send_delivery(delivery_id=delivery.pk, at=AT)
    assert len(mail.outbox) == 1
    assert "delivery_may_repeat" not in {line["event"] for line in logs}
    send_delivery(delivery_id=delivery.pk, at=AT + timedelta(minutes=4))
    assert len(mail.outbox) == 1
    with structlog.testing.capture_logs() as logs:
        for minutes in (5, 6, 60):
            send_delivery(delivery_id=delivery.pk, at=AT + timedelta(minutes=minutes))
    said = [line for line in logs if line["event"] == "delivery_may_repeat"]
    assert [line["delivery"] for line in said] == [delivery.pk]
    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_a_death_is_told_from_the_trouble_of_the_try_before(
    finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The try before the last has its answer; the last one has none."""
    delivery = make_delivery(to=finance, attempts=1, trouble="TimeoutError")
    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logs:
        patch.setattr(deliveries, "_settle", lambda *_, **__: None)
        send_delivery(delivery_id=delivery.pk, at=AT)
        assert "delivery_may_repeat" not in {line["event"] for line in logs}
        send_delivery(delivery_id=delivery.pk, at=AT + timedelta(minutes=5))
    assert "delivery_may_repeat" in {line["event"] for line in logs}


def test_the_sweep_sends_what_is_due(finance: User, django_capture_on_commit_callbacks: Any) -> None:
    due = make_delivery(to=finance)
    make_delivery(to=finance, next_try_at=AT + timedelta(seconds=1))
    make_delivery(to=finance, state="failed")
    make_delivery(to=finance, state="sent", sent_at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_deliveries(at=AT) == 1
    due.refresh_from_db()
    assert (due.state, len(mail.outbox)) == ("sent", 1)
    assert sweep_deliveries(at=AT) == 0


def test_an_administrator_has_a_failed_one_tried_again(
    administrator: User, finance: User, django_capture_on_commit_callbacks: Any
) -> None:
    failed = make_delivery(to=finance, state="failed", attempts=10, trouble="TimeoutError")
    with pytest.raises(NotAllowed):
        retry_delivery(delivery=failed, by=finance, at=AT)
    with django_capture_on_commit_callbacks(execute=True) as sent:
        retry_delivery(delivery=failed, by=administrator, at=AT)
        retry_delivery(delivery=failed, by=administrator, at=AT)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, len(sent), len(mail.outbox)) == ("sent", 1, 1, 1)
    gone = make_delivery(to=make_user("finance", is_active=False), state="failed")
    with pytest.raises(ActionRefused, match="has left"):
        retry_delivery(delivery=gone, by=administrator, at=AT)


def test_no_log_line_names_anybody(
    finance: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Broken(monkeypatch)
    make_message(to=finance, text="Free words.")
    compose()
    send_delivery(delivery_id=Delivery.objects.get().pk, at=AT)
    formatter = ProcessorFormatter(**{name: value for name, value in FORMATTER.items() if name != "()"})
    said = "\n".join(formatter.format(record) for record in caplog.records)
    assert "delivery not sent" in said
    assert [word for word in (finance.email, finance.name, "Free words") if word in said] == []
