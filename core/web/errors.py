"""What is shown when the product itself cannot answer: 500, and 503 while the database is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for an uncaught error. A database that is gone is no fault of the page: 503, try again."""
    raised = sys.exc_info()[1]
    if isinstance(raised, (OperationalError, InterfaceError)):
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "30"
        return response
    return HttpResponse(render_to_string("500.html"), status=500)
