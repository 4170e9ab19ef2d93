"""The pages about messages: each person reads their own, marks them, chooses how often; administrators see the post."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.models import Message, User
from core.queries.messages import unread_of, with_unread
from tests.conftest import ClientFor
from tests.factories import make_delivery, make_message

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.filterwarnings("ignore:No directory at"),
]

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOST_QUERIES = 7


@pytest.fixture(autouse=True)
def _today(eager: None) -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def read(client: Client, **query: Any) -> str:
    return client.get(reverse("messages"), query).content.decode()


def test_each_person_reads_their_own_of_the_register_on_show(
    finance: User, commissioner: User, client_for: ClientFor
) -> None:
    make_message(to=finance, text="Meadow Lane is late. It is unpaid.", path="/flags/7/")
    make_message(to=finance, text="A real one.", is_illustrative=False)
    make_message(to=commissioner, text="Not for finance.")
    page = read(client_for(finance))
    assert '<a href="/flags/7/">Meadow Lane is late</a>' in page
    assert "It is unpaid." in page
    assert "A real one" not in page
    assert "Not for finance" not in page
    assert "1 message, 1 unread" in page


def test_the_header_counts_what_is_unread_on_every_page_without_a_query_of_its_own(
    finance: User, client_for: ClientFor
) -> None:
    client = client_for(finance)
    url = reverse("message_preference")
    with CaptureQueriesContext(connection) as without:
        assert "Messages</a>" in client.get(url).content.decode()
    for _ in range(2):
        make_message(to=finance)
    with CaptureQueriesContext(connection) as captured:
        assert "Messages (2 unread)</a>" in client.get(url).content.decode()
    assert len(captured) == len(without)
    Message.objects.bulk_create(
        Message(key=f"many:{n}", to=finance, kind="test", text="Yes.", at=AT, is_illustrative=True)
        for n in range(120)
    )
    assert "Messages (99+ unread)</a>" in client.get(url).content.decode()
    counted = with_unread(User.objects.filter(pk=finance.pk)).get()
    assert unread_of(counted, illustrative=True) == 100  # it stopped counting there


def test_all_are_marked_that_the_page_knew_of(
    finance: User, commissioner: User, client_for: ClientFor
) -> None:
    client = client_for(finance)
    known = make_message(to=finance)
    real = make_message(to=finance, is_illustrative=False)
    others = make_message(to=commissioner)
    assert f'name="up_to" value="{known.pk}"' in read(client)
    later = make_message(to=finance)
    response = client.post(reverse("mark_read"), {"up_to": known.pk})
    assert response.url == reverse("messages")
    assert set(Message.objects.filter(read_at=AT)) == {known}
    assert set(Message.objects.filter(read_at=None)) == {real, others, later}
    client.post(reverse("mark_read"))
    later.refresh_from_db()
    assert later.read_at == AT
    assert "Mark all as read" not in read(client)


def test_the_list_narrows_to_what_was_read_or_not_and_newest_comes_first(
    finance: User, client_for: ClientFor
) -> None:
    make_message(to=finance, text="Oldone.", at=datetime(2026, 11, 1, tzinfo=UTC), read_at=AT)
    make_message(to=finance, text="Newone.")
    client = client_for(finance)
    page = read(client)
    assert page.index("Newone") < page.index("Oldone")
    assert "Oldone" not in read(client, read="unread")
    assert "Newone" not in read(client, read="read")


def test_the_page_answers_in_as_many_queries_when_there_is_more(
    finance: User, administrator: User, client_for: ClientFor
) -> None:
    clients = {
        "messages": client_for(finance),
        "jobs": client_for(finance),
        "deliveries": client_for(administrator),
    }
    counts: dict[str, list[int]] = {name: [] for name in clients}
    for copies in (2, 30):
        for _ in range(copies):
            make_message(to=finance, delivery=make_delivery(to=finance))
        for name, client in clients.items():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(name)).status_code == 200
            counts[name].append(len(captured))
    assert {name: found[0] for name, found in counts.items()} == {
        name: found[1] for name, found in counts.items()
    }
    assert max(max(found) for found in counts.values()) <= MOST_QUERIES


def test_the_preference_is_kept(finance: User, client_for: ClientFor) -> None:
    client, url = client_for(finance), reverse("message_preference")
    assert 'value="daily"' in client.get(url).content.decode()
    response = client.post(url, {"digest": "hourly"})
    assert response.status_code == 200
    assert client.post(url, {"digest": "weekly"}).url == reverse("messages")
    finance.refresh_from_db()
    assert finance.digest == "weekly"
    assert "Every Monday, if there is something new" in read(client)


def test_administrators_see_how_e_mails_fare_and_no_address(
    administrator: User, finance: User, client_for: ClientFor
) -> None:
    failed = make_delivery(to=finance, state="failed", attempts=10, trouble="TimeoutError")
    make_delivery(to=finance, state="sent", attempts=1, sent_at=AT)
    client = client_for(administrator)
    page = client.get(reverse("deliveries")).content.decode()
    assert "Could not be sent" in page
    assert "TimeoutError" in page
    assert page.count("Try again") == 1
    assert finance.email not in page
    assert client.get(reverse("deliveries"), {"state": "sent"}).content.decode().count("TimeoutError") == 0
    url = reverse("retry_delivery", args=[failed.pk])
    assert finance.email not in client.get(url).content.decode()
    assert client.post(url).url == reverse("deliveries")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("waiting", 0)


def test_the_download_holds_the_whole_message(finance: User, client_for: ClientFor) -> None:
    make_message(to=finance, text="Meadow Lane is late. It is unpaid.")
    response = client_for(finance).get(reverse("messages"), {"download": "xlsx"})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    sheet = load_workbook(BytesIO(content)).worksheets[1]
    assert [cell.value for cell in sheet[2]] == [
        datetime(2026, 11, 20, 6, 30, tzinfo=UTC).replace(tzinfo=None),  # Excel knows no time zones
        "Meadow Lane is late · It is unpaid.",
        "new",
    ]
