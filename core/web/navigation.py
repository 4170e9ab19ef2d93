"""Which pages a person's role may open, for the header."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its words, address, and whether the page on show is it or below it."""

    label: str
    url: str
    current: bool


def navigation(request: HttpRequest) -> list[Link]:
    """The links of settings.NAVIGATION, a list of (label, URL name, roles), that this person's role may open."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    links = getattr(settings, "NAVIGATION", ())
    return [_link(request.path, label, reverse(name)) for label, name, roles in links if user.role in roles]


def footer(request: HttpRequest) -> list[Link]:
    """The links of settings.FOOTER_LINKS, a list of (label, URL name), for everybody."""
    return [
        _link(request.path, label, reverse(name)) for label, name in getattr(settings, "FOOTER_LINKS", ())
    ]


def _link(path: str, label: str, url: str) -> Link:
    return Link(label, url, path == url if url == "/" else path.startswith(url))
