"""What base.html needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.queries.messages import unread_of, unread_words
from core.web.navigation import footer, navigation

BANDS = {
    True: "Illustrative data: these organisations do not exist",
    False: "Published facts, June 2024: not a record of payments",
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation, footer, version, and the demo's band with the other register to switch to."""
    context: dict[str, Any] = {
        "navigation": navigation(request),
        "footer_links": footer(request),
        "product_version": settings.VERSION,
    }
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    illustrative: bool = getattr(request, "illustrative", settings.MODE != "production")
    context["unread"] = unread_words(unread_of(user, illustrative=illustrative))
    if settings.MODE != "production":
        context["band"] = BANDS[illustrative]
        context["band_other"] = "real" if illustrative else "illustrative"
        context["band_switch"] = (
            "Show the published register" if illustrative else "Show the illustrative year"
        )
    return context
