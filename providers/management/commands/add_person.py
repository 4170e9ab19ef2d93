"""`manage.py add_person`: an account for somebody, until invitations are built."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.forms import ValidationError
from django.utils import timezone

from core.errors import ActionRefused
from core.models import Role, User
from providers.operations.people import add_person


class Command(BaseCommand):
    """Adds a person who then chooses a password by e-mail."""

    help = "Add a person. They choose a password by 'Forgot your password?' on the sign-in page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, as what, for whom."""
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--role", required=True, choices=[value for value in Role.values if value != Role.SYSTEM]
        )
        parser.add_argument(
            "--organisation", metavar="REF", help="for a provider's person: whom they act for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Add them and say so."""
        try:
            validate_email(options["email"])
            user = add_person(
                email=options["email"],
                name=options["name"],
                role=options["role"],
                organisation_ref=options["organisation"],
                by=User.objects.system("command line"),
                on=timezone.localdate(),
            )
        except ValidationError as refused:
            raise CommandError("Give an e-mail address like officer@council.example.") from refused
        except ActionRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{user.email} may sign in as {user.get_role_display().lower()} after choosing a password."
        )
