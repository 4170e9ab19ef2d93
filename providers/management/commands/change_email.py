"""`manage.py change_email`: an account moves to another address."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.forms import ValidationError

from core.errors import ActionRefused
from core.models import User
from providers.operations.people import change_address


class Command(BaseCommand):
    """Changes the address by which somebody signs in and is written to."""

    help = "Change somebody's e-mail address. Make sure first that the new one is theirs: it can choose a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The address as it is, and as it is to be."""
        parser.add_argument("email")
        parser.add_argument("new_email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change it and say so."""
        try:
            validate_email(options["new_email"])
            user = change_address(
                email=options["email"], new_email=options["new_email"], by=User.objects.system("command line")
            )
        except ValidationError as refused:
            raise CommandError("Give an e-mail address like officer@council.example.") from refused
        except ActionRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{user} signs in as {user.email} from now on.")
