"""Who received money, as a published list says it."""

from __future__ import annotations

from typing import NamedTuple

from providers.rules.identifiers import Identifier


class Recipient(NamedTuple):
    """An organisation by its numbers, the one that leads first; a nameless individual by one number of our own."""

    name: str
    kind: str | None
    identifiers: tuple[Identifier, ...]
