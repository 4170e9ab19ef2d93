"""How allauth behaves here: people are invited, they do not sign themselves up, and guessing passwords is limited."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

log = structlog.get_logger("tracker.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed: an administrator makes accounts. How often passwords are tried is ACCOUNT_RATE_LIMITS."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and log who."""
        super().login(request, user)
        log.info("signed_in", user=user.pk)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at: too many wrong ones, and it is answered with 429 and what to do."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            log.warning("sign_in_refused", reason="too many wrong passwords")
            raise ImmediateHttpResponse(respond_429(request)) from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Log that a password was wrong; not whose, since what was typed may be anything."""
        log.warning("sign_in_failed")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted by: the address alone.

        allauth adds the name and port that the visitor says they called, and so gives new guesses for each port.
        """
        return str(credentials.get("email", "")).lower()
