"""Every component with its name, on one page; in the demo and in tests only."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables2
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.web.charts import BarValue, Point, bar_chart, stacked_bar, step_chart
from core.web.fields import DateField, MoneyField, WholeNumberField
from core.web.forms import GovukForm, OperationForm
from core.web.states import COLOURS
from core.web.tables import DateColumn, MoneyColumn, NumberColumn, StateColumn, Table
from core.web.timeline import Progress, Step


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up row for the table."""

    title: str
    provider: str
    awarded: Decimal | None
    ends: date | None
    families: int | None
    state: str


ROWS = [
    Sample(
        "Caring in the Garden", "Meadow Lane Primary School", Decimal(18000), date(2027, 8, 31), 26, "late"
    ),
    Sample("Saturday Kitchen", "Orchard Youth Trust", Decimal("4500.50"), date(2027, 3, 31), 9, "watch"),
    Sample("Walking Together", "Hill Street Family Centre", None, None, None, "unknown"),
]

STEPS = [
    Step("Announced", date(2026, 7, 2), Progress.DONE, gap="70 working days"),
    Step("Decided", date(2026, 10, 9), Progress.DONE, gap="council 5 working days"),
    Step("Agreement issued", date(2026, 10, 16), Progress.DONE, gap="provider 6 working days"),
    Step("Signed", None, Progress.WAITING, note="safeguarding policy not seen"),
    Step("First payment", date(2026, 11, 9), Progress.MISSED),
    Step("Second payment", None, Progress.UNKNOWN, note="not recorded"),
    Step("Ends", date(2027, 8, 31), Progress.DUE),
]

PAID = [Point(4, 0.1), Point(9, 0.3), Point(16, 0.45), Point(24, 0.55), Point(31, 0.7), Point(40, 0.7)]
OWN_TIME = [Point(2, 0.1), Point(7, 0.3), Point(12, 0.5), Point(19, 0.7), Point(33, 0.7)]
ENDINGS = [
    BarValue("Mar", 118, "March 2027: 118 families", above="2027"),
    BarValue("Apr", 0, "April 2027: 0 families"),
    BarValue("May", None, "c"),
    BarValue("Jun", 41, "June 2027: 41 families"),
]
TIME = [
    ("Council", 612, "612 working days"),
    ("Provider", 204, "204 working days"),
    ("Funder", 40, "40 working days"),
]


class SampleTable(Table):
    """A table with each kind of column."""

    caption = "Grants"
    title = tables2.Column()
    provider = tables2.Column()
    awarded = MoneyColumn(verbose_name="Awarded")
    ends = DateColumn(verbose_name="Ends")
    families = NumberColumn(verbose_name="Families")
    state = StateColumn(verbose_name="Level")


class SampleForm(OperationForm):
    """A form with each kind of field."""

    submit_label = "Record payment of £4,500"

    amount = MoneyField(label="Amount", help_text="In pounds, for example 4,500.")
    date_paid = DateField(label="Date paid", help_text="For example, 27 3 2026.")
    families = WholeNumberField(label="Families being supported", required=False)
    route = forms.ChoiceField(
        label="Route",
        choices=[("bacs", "BACS"), ("journal", "Journal"), ("other", "Other")],
        widget=forms.RadioSelect,
    )
    checks = forms.MultipleChoiceField(
        label="Checks seen",
        choices=[("policy", "Safeguarding policy"), ("accounts", "Accounts")],
        widget=forms.CheckboxSelectMultiple,
    )
    fund = forms.ChoiceField(label="Fund", choices=[("", "Choose"), ("riverside", "Riverside Fund 2026")])
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 3}), help_text="Kept in the history."
    )
    confirmed = forms.BooleanField(label="The provider confirmed receipt", required=False)


class SampleFilter(GovukForm):
    """A filter panel's form."""

    mark_optional = False
    search = forms.CharField(required=False)
    locality = forms.ChoiceField(choices=[("", "Any"), ("ledbury", "Ledbury")], required=False)


def sample_context() -> dict[str, Any]:
    """What the gallery shows."""
    wrong = {"request_key": str(uuid.UUID(int=1)), "amount": "lots"}
    wrong.update(date_paid_day="31", date_paid_month="2", date_paid_year="2026")
    return {
        "title": "Components",
        "states": sorted(COLOURS),
        "steps": STEPS,
        "step_chart": step_chart(
            "paid",
            "Share of grants paid",
            "Half were paid within 24 working days.",
            [("Total wait", PAID), ("Council’s time", OWN_TIME)],
            lines=[15, 21],
            unit="Working days since the decision",
        ),
        "stacked_bar": stacked_bar("whose", "Whose time it was", "Most was the council’s.", TIME),
        "bar_chart": bar_chart("endings", "Endings by month", "Most in March.", ENDINGS, unit="Families"),
        "table": SampleTable(ROWS, orderable=False),
        "empty_table": SampleTable([], orderable=False, caption="A table without rows", identity="empty"),
        "sample_form": SampleForm(version=3, auto_id="good_%s"),
        "wrong_form": SampleForm(wrong),
        "filterset": {"form": SampleFilter(auto_id="filter_%s")},
        "money": [Decimal(18000), Decimal("4500.50"), Decimal(0), None],
        "dates": [date(2026, 11, 21), "2024-04", "2024", None],
        "figures": [
            ("24 working days", "half of grants were paid within"),
            ("9 of 47", "still waiting"),
            ("not known", "families affected"),
        ],
        "facts": [("Awarded", "£18,000"), ("Lead officer", "A. Officer", "#facts", "Change"), ("Paid", None)],
        "cards": [
            {
                "title": "Orchard Youth Trust: extension decision by 2 December 2026",
                "text": "26 families uncovered when it ends on 31 March 2027.",
                "detail": "In 7 working days",
                "action": "Decide",
                "action_url": "#cards",
            }
        ],
        "pages": {
            "links": [
                ("1", "?page=1", False),
                ("…", "", False),
                ("7", "?page=7", True),
                ("8", "?page=8", False),
            ],
            "previous": "?page=6",
            "next": "?page=8",
        },
        "actions": [
            {"label": "Record the payment", "url": "#actions"},
            {"label": "Stop the clock", "url": "#actions"},
        ],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "components/gallery.html", sample_context())
