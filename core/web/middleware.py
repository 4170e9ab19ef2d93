"""What happens around every request: one log line, and which register is being looked at."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

log = structlog.get_logger("tracker.requests")

type_of_response = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    """Logs each request by route, status and time: ids only, never an address, a name or what was typed."""

    def __init__(self, get_response: type_of_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer and log."""
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.view_name if match else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - begun) * 1000, 1),
        )
        return response


class PrivatePagesMiddleware:
    """What somebody sees is kept neither by a proxy nor by a browser: whoever comes after them does not find it."""

    def __init__(self, get_response: type_of_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say so on every answer for which the session was looked at."""
        response = self.get_response(request)
        if request.session.accessed:
            patch_cache_control(response, private=True, no_store=True)
        return response


class RegisterMiddleware:
    """Sets `request.illustrative`: whether this person looks at the illustrative register or the real one.

    Only a demo has an illustrative register; the choice is the person's and lasts as long as the session.
    """

    def __init__(self, get_response: type_of_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the register set."""
        request.illustrative = settings.MODE != "production" and request.session.get("register") != "real"  # type: ignore[attr-defined]
        return self.get_response(request)
