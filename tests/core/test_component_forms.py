"""Fields and forms: what is typed, what is said about it, and pages that run an operation."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from core.errors import ActionRefused
from core.models import User
from core.web.fields import DateField, MoneyField, WholeNumberField
from core.web.forms import GovukBoundField, OperationForm, form_errors
from core.web.gallery import SampleForm
from core.web.views import FormPage
from tests.core.elements import Elements, prepare
from tests.factories.people import People

KEY = "00000000-0000-0000-0000-000000000001"


class Dated(OperationForm):
    """One date, one amount, one count."""

    date_paid = DateField(label="Date paid")
    amount = MoneyField(label="Amount", required=False)
    families = WholeNumberField(label="Families", required=False)


def dated(**data: str) -> Dated:
    """The form as somebody sent it."""
    return Dated({"request_key": KEY, **data})


def parts(day: str, month: str, year: str) -> dict[str, str]:
    """A date as its three boxes send it."""
    return {"date_paid_day": day, "date_paid_month": month, "date_paid_year": year}


@pytest.mark.parametrize(
    "data",
    [
        parts("27", "3", "2026"),
        parts("27", "03", " 2026 "),
        {"date_paid": "2026-03-27"},
        parts("2026-03-27", "", ""),
    ],
)
def test_a_date_in_three_boxes_or_as_iso(data: dict[str, str]) -> None:
    form = dated(**data)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["date_paid"] == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (parts("31", "2", "2026"), "Date paid must be a real date, like 27 3 2026"),
        (parts("x", "3", "2026"), "Date paid must be a real date, like 27 3 2026"),
        (parts("27", "", "2026"), "Date paid must include a month"),
        (parts("27", "", ""), "Date paid must include a month and year"),
        (
            parts("27", "3", "26"),
            "Date paid must have a year of four figures, between 1980 and 2100, like 2026",
        ),
        (
            parts("1", "11", "1926"),
            "Date paid must have a year of four figures, between 1980 and 2100, like 2026",
        ),
        (
            parts("1", "3", "2206"),
            "Date paid must have a year of four figures, between 1980 and 2100, like 2026",
        ),
        (parts("", "", ""), "Enter the date paid"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(data: dict[str, str], message: str) -> None:
    form = dated(**data)
    assert not form.is_valid()
    assert list(form_errors(form)) == [(message, "id_date_paid_0")]


def test_what_was_typed_comes_back() -> None:
    html = str(dated(**parts("31", "2", "2026"), amount="lots", families="many"))
    values = [attributes.get("value") for attributes in Elements(html).all("input")]
    assert values == ["31", "2", "2026", "lots", "many", KEY]


def test_a_date_shows_its_initial_value_and_knows_whether_it_changed() -> None:
    form = Dated(initial={"date_paid": date(2026, 3, 27)})
    assert 'value="27"' in str(form["date_paid"])
    field = form.fields["date_paid"]
    assert not field.has_changed(date(2026, 3, 27), ["27", "3", "2026"])
    assert field.has_changed(date(2026, 3, 27), ["28", "3", "2026"])
    assert field.has_changed(date(2026, 3, 27), ["31", "2", "2026"])


def test_money_and_counts_as_people_type_them() -> None:
    form = dated(**parts("27", "3", "2026"), amount="£ 4,500.50", families="1,204")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == Decimal("4500.50")
    assert form.cleaned_data["families"] == 1204


@pytest.mark.parametrize(
    ("typed", "pounds"),
    [
        ("4500", "4500"),
        ("£1,234,567.5", "1234567.50"),
        ("1 234 567", "1234567"),
        ("1\u00a0234.", "1234"),
        (" .50 ", "0.50"),
        ("007", "7"),
    ],
)
def test_an_amount_as_people_write_it(typed: str, pounds: str) -> None:
    assert MoneyField().clean(typed) == Decimal(pounds)
    assert MoneyField(required=False).clean("  ") is None


@pytest.mark.parametrize(
    "typed",
    [
        "12,50", "3,8", "1e3", "4,5000", "12 50", "1,234 567", "12 345,678", "0,500", ",500", "4,500,", "1.234,50",
        "4500.505", "4500 p", "5 £", "NaN", "inf", "٣", ".", "£", "--5",
    ],
)  # fmt: skip
def test_an_amount_that_could_mean_another_is_refused_and_says_how_to_write_it(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)
    assert refused.value.messages == ["Enter an amount in pounds, like 4,500 or 4,500.50"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (MoneyField(), "-5", "Enter an amount in pounds, like 4,500 or 4,500.50, without a minus"),
        (MoneyField(), "−£5", "Enter an amount in pounds, like 4,500 or 4,500.50, without a minus"),
        (MoneyField(), "1,000,000,000,000", "Enter an amount below £1,000,000,000,000"),
        (MoneyField(), "9" * 400, "Enter an amount below £1,000,000,000,000"),
        (WholeNumberField(), "-5", "Enter a whole number, like 26, without a minus"),
        (WholeNumberField(), "2147483648", "Enter a whole number up to 2,147,483,647"),
        *(
            (WholeNumberField(), typed, "Enter a whole number, like 26")
            for typed in ("1,2", "1e3", "1.000", "2 6")
        ),
    ],
)
def test_a_number_out_of_bounds_says_so_in_plain_words(field: forms.Field, typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [sentence]


def test_a_form_without_its_key_asks_for_a_reload() -> None:
    form = Dated(parts("27", "3", "2026"))
    assert [message for message, _ in form_errors(form)] == [
        "The form did not arrive whole. Reload the page and fill it in again."
    ]


def test_each_form_has_its_own_key_and_the_version_it_was_opened_on() -> None:
    first, second = Dated(version=3), Dated(version=3)
    assert first["request_key"].value() != second["request_key"].value()
    assert first["version"].value() == 3
    assert "version" not in Dated().fields


def test_labels_hints_and_errors_are_tied_to_their_fields() -> None:
    form = SampleForm({"request_key": KEY})
    page = Elements(str(form))
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for _, attributes in page.found:
        for target in (attributes.get("aria-describedby") or "").split():
            assert target in ids
    for label in page.all("label"):
        assert label["for"] in ids
    for _, target in form_errors(form):
        assert target in ids


def test_every_field_of_any_form_has_its_pattern() -> None:
    kinds = {name: SampleForm()[name] for name in SampleForm().fields}
    assert {name: field.kind for name, field in kinds.items() if isinstance(field, GovukBoundField)} == {
        "request_key": "hidden",
        "amount": "text",
        "date_paid": "date",
        "families": "text",
        "route": "radios",
        "checks": "checkboxes",
        "fund": "select",
        "reason": "textarea",
        "confirmed": "checkbox",
    }


def test_a_question_that_was_not_answered() -> None:
    class Question(forms.Form):
        why = forms.CharField(label="Why was it late?")

    assert [message for message, _ in form_errors(Question({}))] == ["Answer the question “Why was it late?”"]


# --- form pages ------------------------------------------------------------------------------------------------------


class Pay(FormPage):
    """A form whose operation refuses large amounts."""

    title, form_class, success_url = "Record a payment", Dated, "/grants/"
    success_message = "Payment recorded."
    back_label = "Back to the grant"

    def operate(self, form: Any) -> None:
        """Refuses in each of the ways that operations refuse."""
        amount = form.cleaned_data["amount"]
        if amount == 9000:
            raise ActionRefused("This is more than the award. Vary the award first.", "amount")
        if amount == 8000:
            raise ActionRefused("Somebody else has paid this.", "no_such_field")
        if amount == 7000:
            raise ValidationError({"amount": "Too round.", "payee": "Not the provider."})


def post(amount: str, user: User) -> Any:
    """The answer to the form sent with this amount."""
    request = RequestFactory().post("/x/", {"request_key": KEY, "amount": amount, **parts("27", "3", "2026")})
    prepare(request, user)
    response = Pay.as_view()(request)
    return response.render() if hasattr(response, "render") else response


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "errors"),
    [
        ("9000", {"amount": ["This is more than the award. Vary the award first."]}),
        ("8000", {"__all__": ["Somebody else has paid this."]}),
        ("7000", {"amount": ["Too round."], "__all__": ["Not the provider."]}),
    ],
)
def test_a_refusal_is_shown_and_nothing_is_lost(amount: str, errors: dict[str, Any], people: People) -> None:
    response = post(amount, people.finance)
    html = response.content.decode()
    assert response.context_data["form"].errors == errors
    assert "<title>Error: Record a payment" in html
    assert f'value="{amount}"' in html
    assert KEY in html


@pytest.mark.django_db
def test_a_done_operation_moves_on(people: People) -> None:
    response = post("4500", people.finance)
    assert (response.status_code, response["Location"]) == (302, "/grants/")
