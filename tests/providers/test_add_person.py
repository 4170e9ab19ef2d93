"""Adding people: one role each, a provider's person for an organisation, a repeat changes nothing."""

from datetime import date
from pathlib import Path

import pytest
import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from core.errors import ActionRefused, NotAllowed
from core.models import User
from providers.management.commands.add_person import Command
from providers.models import Membership
from providers.operations.people import add_person, change_address
from tests.conftest import ClientFor
from tests.factories import People, make_membership, make_organisation

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 21)


def test_an_added_person_chooses_a_password_by_e_mail() -> None:
    call_command("add_person", "New.Officer@council.example", "--name", "New Officer", "--role", "finance")
    user = User.objects.get(email="new.officer@council.example")
    assert (user.role, user.has_usable_password()) == ("finance", False)
    Client().post("/accounts/password/reset/", {"email": user.email})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_the_link_is_called_what_the_words_about_it_say() -> None:
    link = "Forgot your password?"
    assert link in Client().get("/accounts/login/").content.decode()
    running = Path(settings.BASE_DIR) / "docs" / "running.md"
    for words in (running.read_text(encoding="utf-8"), Command.help, add_person.__doc__ or ""):
        assert link in words
        assert "Forgotten" not in words


def test_twice_is_once(people: People) -> None:
    organisation = make_organisation()
    for _ in range(2):
        add_person(
            email="p@charity.example",
            name="P",
            role="provider",
            organisation_ref=organisation.ref,
            by=people.administrator,
            on=ON,
        )
    membership = Membership.objects.get(user__email="p@charity.example", organisation=organisation)
    (line,) = membership.history.all()
    assert (line.history_type, line.history_user) == ("+", people.administrator)
    assert line.history_change_reason == "Added to those who act for the organisation"
    assert (line.user, line.organisation, line.started_on) == (membership.user, organisation, ON)


def test_whoever_left_may_come_back(people: People) -> None:
    membership = make_membership(ended_on=date(2026, 1, 31))
    user, organisation = membership.user, membership.organisation
    add_person(
        email=user.email,
        name="P",
        role="provider",
        organisation_ref=organisation.ref,
        by=people.administrator,
        on=ON,
    )
    assert list(user.memberships.order_by("started_on").values_list("started_on", "ended_on")) == [
        (membership.started_on, date(2026, 1, 31)),
        (ON, None),
    ]


def test_the_log_says_who_made_an_account(people: People) -> None:
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            add_person(
                email="f@council.example",
                name="F",
                role="finance",
                organisation_ref=None,
                by=people.administrator,
                on=ON,
            )
    (said,) = logs
    user = User.objects.get(email="f@council.example")
    assert (said["event"], said["user"], said["by"]) == ("person added", user.pk, people.administrator.pk)


@pytest.mark.parametrize(
    ("role", "organisation", "words"),
    [
        ("king", None, "There is no role 'king'"),
        ("system", None, "There is no role 'system'"),
        ("provider", None, "needs an organisation"),
        ("finance", "somebody", "only a provider's"),
        ("provider", "nobody", "There is no organisation 'nobody'"),
    ],
)
def test_what_cannot_be_is_refused(people: People, role: str, organisation: str | None, words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        add_person(
            email="x@y.example",
            name="X",
            role=role,
            organisation_ref=organisation,
            by=people.administrator,
            on=ON,
        )
    assert not User.objects.filter(email="x@y.example").exists()


def test_nobody_changes_role_and_only_administrators_add(people: People) -> None:
    with pytest.raises(ActionRefused, match="one role for each person"):
        add_person(
            email=people.finance.email,
            name="F",
            role="commissioner",
            organisation_ref=None,
            by=people.administrator,
            on=ON,
        )
    with pytest.raises(NotAllowed):
        add_person(
            email="x@y.example", name="X", role="finance", organisation_ref=None, by=people.finance, on=ON
        )


def test_the_command_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="e-mail address like"):
        call_command("add_person", "nonsense", "--name", "N", "--role", "finance")


def test_an_account_moves_to_another_address(people: People) -> None:
    EmailAddress.objects.create(user=people.finance, email="old@council.example", verified=True)
    old = people.finance.email
    call_command("change_email", old.upper(), "Moved@council.example")
    people.finance.refresh_from_db()
    assert people.finance.email == "moved@council.example"
    Client().post("/accounts/password/reset/", {"email": "old@council.example"})
    assert "/password/reset/key/" not in mail.outbox[0].body
    with pytest.raises(CommandError, match=f"Nobody signs in as {old}"):
        call_command("change_email", old, "moved.again@council.example")


@pytest.mark.parametrize("new", ["nonsense", "{same}", "{other}"])
def test_an_address_that_cannot_be_is_refused(new: str, people: People) -> None:
    mine = people.finance.email
    with pytest.raises(CommandError):
        call_command("change_email", mine, new.format(same=mine, other=people.commissioner.email.upper()))
    people.finance.refresh_from_db()
    assert people.finance.email == mine


def test_a_system_actor_has_no_address_and_only_administrators_change_one(people: People) -> None:
    actor = User.objects.system("flag pass")
    with pytest.raises(ActionRefused, match="Nobody signs in"):
        change_address(email=actor.email, new_email="x@y.example", by=people.administrator)
    with pytest.raises(NotAllowed):
        change_address(email=people.scrutiny.email, new_email="x@y.example", by=people.finance)


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_send", "action_remove"])
def test_nobody_moves_their_own_account(action: str, client_for: ClientFor) -> None:
    client = client_for("finance")
    assert client.get("/accounts/email/").status_code == 404
    assert client.post("/accounts/email/", {action: "", "email": "a@elsewhere.example"}).status_code == 404
    assert "Email address" not in client.get("/accounts/password/change/").content.decode()
    assert not EmailAddress.objects.exists()
