"""Formats, the gallery, and the pages that must show when all else fails."""

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from core.web import formats
from core.web.gallery import sample_context
from core.web.states import state_tag
from tests.core.elements import Elements


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal(18000), "£18,000"),
        (Decimal("18000.00"), "£18,000"),
        (Decimal("4500.50"), "£4,500.50"),
        (Decimal("0.00"), "£0"),
        (Decimal("-500"), "−£500"),
        (None, "not known"),
    ],
)
def test_pounds(amount: Decimal | None, words: str) -> None:
    assert formats.pounds(amount) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 21), "21 November 2026"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=ZoneInfo("UTC")), "1 July 2026"),
        ("2024-04", "April 2024"),
        ("2024", "2024"),
        ("2024-06-09", "9 June 2024"),
        (None, "not known"),
    ],
)
def test_day_keeps_the_precision_of_the_date(value: date | str | None, words: str) -> None:
    assert formats.day(value) == words


@pytest.mark.parametrize("text", ["2024-13", "June", "2024-02-30"])
def test_day_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        formats.day(text)


def test_zero_is_known_and_none_is_not() -> None:
    assert formats.known(0) == 0
    assert formats.known(None) == formats.known("") == "not known"
    assert formats.working_days(0) == "0 working days"
    assert formats.working_days(1) == "1 working day"
    assert formats.counted(1204, "family", "families") == "1,204 families"
    assert formats.counted(None, "family", "families") == "not known"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.12, "12%"),
        (Decimal(0), "0%"),
        (0.001, "less than 1%"),
        (0.999, "over 99%"),
        (1, "100%"),
        (None, "not known"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(value: Any, words: str) -> None:
    assert formats.share(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(44 / 59, "74%"), (0.8999, "89%"), (0.75, "75%"), (0.9, "90%"), (0.7549, "75%"), (0.886, "89%")],
)
def test_a_share_is_not_rounded_up_to_where_something_else_holds(value: float, words: str) -> None:
    assert formats.share(value, below=(75, 90)) == words


def test_a_state_is_said_in_words_and_escaped() -> None:
    assert "govuk-tag--red" in state_tag("critical")
    assert ">critical<" in state_tag("critical")
    assert "<script>" not in state_tag("late", "<script>")


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html", "503.html"])
def test_the_last_resort_pages_need_neither_database_nor_context(name: str) -> None:
    html = render_to_string(name)
    assert "Early Help Funding Tracker" in html
    assert len(list(Elements(html).all("h1"))) == 1


def test_the_gallery_shows_every_component() -> None:
    html = render_to_string("components/gallery.html", sample_context())
    folder = Path(settings.BASE_DIR) / "templates/components"
    whole_pages = {"gallery", "list_page", "form_page", "standalone"}
    inside_others = {
        "chart_head",
        "choices",
        "date_input",
        "field_box",
        "field_error",
        "field_messages",
        "field_set",
        "password_box",
    }
    named = set(re.findall(r"\w+", " ".join(re.findall(r"<h2[^>]*>([^<]*)</h2>", html))))
    listed = named | whole_pages | inside_others
    assert {path.stem for path in folder.glob("*.html")} - listed == set()


def test_no_style_or_script_stands_in_a_page() -> None:
    page = Elements(render_to_string("components/gallery.html", sample_context()))
    assert [attributes for _, attributes in page.found if "style" in attributes] == []
    assert [name for _, attributes in page.found for name in attributes if name.startswith("on")] == []
    assert all(attributes.get("src") for attributes in page.all("script"))


def test_no_government_branding_is_in_the_style_sheet() -> None:
    css = (Path(settings.BASE_DIR) / "static/build/app.css").read_text()
    assert "GDS Transport" not in css
    assert "govuk-footer" not in css
    assert "crest" not in css
    assert ".govuk-header" not in css
