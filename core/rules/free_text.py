"""Words that could identify a child or a family: what free text must not hold, and what it should be looked at for.

Refused: an NHS number; what looks like a person's name close to a date of birth or a postcode, and a first name just
before a date of birth. Warned of: a postcode or a date of birth alone, a name with an age, something called an NHS
number. A pattern finds no meaning: it catches slips, and is no promise that a text names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, TypeAlias

NEAR_CHARACTERS = 60
_NHS_DIGITS = 10

Span: TypeAlias = tuple[int, int]


class Findings(NamedTuple):
    """What was found, as sentences; a text with `refusals` is not taken, one with `warnings` is asked about."""

    refusals: tuple[str, ...]
    warnings: tuple[str, ...]


_TEN_DIGITS = re.compile(r"(?<![\w£.])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\w)")
_CALLED_NHS = re.compile(r"\bnhs\s*(?:number|no\b|no\.|num\b|#)", re.IGNORECASE)
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA)\b", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\.?,?\s+\d{{4}})"
)
_CALLED_BIRTH = re.compile(
    rf"\b(?:born(?:\s+on)?|d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birthday)\s*[:=-]?\s*(?:is\s+|was\s+)?{_DATE}",
    re.IGNORECASE,
)
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)
_AGE = re.compile(
    r"\b(?:aged?\s*:?\s*\d{1,2}\b|\d{1,2}[ -]years?[ -]olds?\b|\d{1,2}\s?y/?o\b)", re.IGNORECASE
)
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_CAPITALISED = re.compile(
    rf"[{_UPPER}][{_LOWER}]+(?:['’-][{_UPPER}]?[{_LOWER}]+)*|[{_UPPER}]['’][{_UPPER}][{_LOWER}]+"
)
# A word with a capital, or in capitals, and then a date of birth: "Jayden (born 3/4/2015)", "SMITH was born on …".
_WORD_BEFORE_BIRTH = re.compile(rf"(?<!\w)([{_UPPER}][\w'’-]+)[\s,;:(\[–-]*(?:(?:who\s+)?(?:is|was)\s+)?\Z")
_BETWEEN_NAMES = re.compile(r"\s+(?:[A-Z]\.?\s+)?")
_BETWEEN_NAME_AND_DATE = re.compile(r"[\s,;:(\[–-]*")

# Capitalised words that are seldom anybody's first or last name.
_COMMON = """
    a after all an and as at before both but by children each every families family for from had has have he her his if
    in is it its no not on one our please she since some that the their there these they this those to two until was we
    were when where which while who will with
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas easter summer winter spring autumn
    baby boy brother child client dad daughter eldest father girl he mother mum oldest parent person pupil she sibling
    siblings sister son student twin twins who youngest
    agreement application award bank cabinet charity chief claim commissioner constitution director finance fund funder
    funding grant insurance manager officer panel payment plan policy police programme project report return review
    round safeguarding scheme scrutiny service services support team variation
    academy association avenue centre church city close club college committee community company council county court
    crescent department drive farm foundation gardens group hall high hospital house hub lane lodge library nursery park
    partnership place primary road school secondary society square station street town trust university village way
    ward youth young early help north south east west northern southern eastern western great little new old upper lower
    district parish
"""
_NOT_NAMES = frozenset(_COMMON.split())


def examine(text: str) -> Findings:
    """What a free text holds that could identify somebody."""
    names = _names(text)
    postcodes, births = _spans(_POSTCODE, text), _spans(_CALLED_BIRTH, text)
    dates_by_names = [d for d in _spans(_ANY_DATE, text) if any(_adjoins(text, name, d) for name in names)]
    refusals = []
    if any(is_nhs_number(match.group()) for match in _TEN_DIGITS.finditer(text)):
        refusals.append("It holds an NHS number. Take the number out.")
    if dates_by_names or _near_any(names, births) or any(_follows_a_name(text, birth) for birth in births):
        refusals.append("It holds what looks like a name beside a date of birth. Take one of them out.")
    if _near_any(names, postcodes):
        refusals.append("It holds what looks like a name beside a postcode. Take one of them out.")
    return Findings(tuple(refusals), () if refusals else tuple(_warnings(text, names, postcodes, births)))


def is_nhs_number(text: str) -> bool:
    """Whether ten digits, spaces and dashes left aside, end in the check digit of an NHS number (modulus 11)."""
    digits = [int(character) for character in text if character.isdigit()]
    if len(digits) != _NHS_DIGITS or len(set(digits)) == 1:
        return False
    weighted = sum(digit * (_NHS_DIGITS - place) for place, digit in enumerate(digits[:-1]))
    return (11 - weighted % 11) % 11 == digits[-1]


def _warnings(text: str, names: list[Span], postcodes: list[Span], births: list[Span]) -> Iterator[str]:
    if postcodes:
        yield "It holds a postcode."
    if births:
        yield "It holds a date of birth."
    if _near_any(names, _spans(_AGE, text)):
        yield "It holds what looks like a name beside an age."
    if _CALLED_NHS.search(text):
        yield "It speaks of an NHS number."


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in pattern.finditer(text)]


def _names(text: str) -> list[Span]:
    """Pairs of capitalised words that stand side by side and are neither of them common in names of bodies."""
    words = _CAPITALISED.finditer(text)
    return [
        (first.start(), second.end())
        for first, second in pairwise(words)
        if _BETWEEN_NAMES.fullmatch(text, first.end(), second.start())
        and first.group().lower() not in _NOT_NAMES
        and second.group().lower() not in _NOT_NAMES
        and not _belongs_to_a_body(text, second.end())
    ]


def _belongs_to_a_body(text: str, end: int) -> bool:
    """Whether the next word says that the pair is a place or a body: "Hunderton Brook School"."""
    following = _CAPITALISED.match(text, end + 1)
    return following is not None and following.group().lower() in _NOT_NAMES


def _adjoins(text: str, name: Span, day: Span) -> bool:
    """Whether a date follows a name with nothing but punctuation between: "Ann Smith, 12/03/2015"."""
    return name[1] <= day[0] and _BETWEEN_NAME_AND_DATE.fullmatch(text, name[1], day[0]) is not None


def _follows_a_name(text: str, birth: Span) -> bool:
    """Whether one word that may be a name stands just before a date of birth: children go by their first name."""
    before = _WORD_BEFORE_BIRTH.search(text, max(0, birth[0] - NEAR_CHARACTERS), birth[0])
    return before is not None and before.group(1).lower() not in _NOT_NAMES


def _near_any(some: Iterable[Span], others: list[Span]) -> bool:
    return any(max(a[0], b[0]) - min(a[1], b[1]) <= NEAR_CHARACTERS for a in some for b in others)
