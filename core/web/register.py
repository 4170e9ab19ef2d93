"""Choosing, in a demo, between the illustrative year and the published register."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


@require_POST
def switch_register(request: HttpRequest) -> HttpResponse:
    """Look at the other register from now on, and start at its first page."""
    if settings.MODE == "production":
        raise Http404
    request.session["register"] = "real" if request.POST.get("register") == "real" else "illustrative"
    back = request.POST.get("next", "/")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")
