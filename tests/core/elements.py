"""Asking a view without a server, and looking at its page as elements."""

from collections.abc import Iterator
from html.parser import HTMLParser

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest

from core.models import User


class Elements(HTMLParser):
    """Every element of a page as (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.found.append((tag, dict(attrs)))

    def ids(self) -> list[str | None]:
        """Every id, in order."""
        return [attributes["id"] for _, attributes in self.found if "id" in attributes]

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        """The attributes of each element of that kind."""
        return (attributes for name, attributes in self.found if name == tag)


def prepare(request: HttpRequest, user: User) -> None:
    """What the middleware would have set."""
    request.user = user
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
