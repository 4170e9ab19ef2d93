"""One row per address of the product: its answer to GET and POST for each kind of person, as exact statuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# The columns of every table, in this order. `other` is a person of a provider that has nothing to do with the record.
WHO = ("anonymous", "commissioner", "finance", "scrutiny", "administrator", "provider", "other")


@dataclass(frozen=True)
class Row:
    """An address by its name; `needs` says which record of the world fills which part of it (`grant.ref`).

    `get` and `post` are seven statuses in the order of WHO; POST sends nothing but a CSRF token. `query` is added to
    the address of a GET.
    """

    name: str
    get: str
    post: str
    needs: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def expected(self, method: str) -> dict[str, int]:
        """The status for each kind of person."""
        statuses = (self.get if method == "GET" else self.post).split()
        return {who: int(status) for who, status in zip(WHO, statuses, strict=True)}

    def address(self, world: Any) -> str:
        """Where it is found."""
        return reverse(self.name, kwargs=self.kwargs(world)) + self.query

    def kwargs(self, world: Any) -> dict[str, Any]:
        """What fills the address, from the records of the world or, in quotes, as it stands."""
        return {name: _fill(world, source) for name, source in self.needs.items()}


def _fill(world: Any, source: str) -> Any:
    if source.startswith("'"):
        return source.strip("'")
    value = world
    for attribute in source.split("."):
        value = getattr(value, attribute)
    return value


def every_address() -> Iterator[str]:
    """The name of each address that the product answers, or its pattern where it has no name."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[str]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, address, inner)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else address
