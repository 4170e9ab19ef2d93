"""Forms: the renderer that gives every form its look, and the bases that operation forms inherit."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name

from core.web.fields import DateField, MoneyField, WholeNumberField, lower_first
from core.web.widgets import DateInput, MoneyInput, WholeNumberInput

__all__ = [
    "DateField", "DateInput", "GovukBoundField", "GovukForm", "GovukModelForm", "GovukRenderer", "MoneyField",
    "MoneyInput", "OperationForm", "WholeNumberField", "WholeNumberInput", "form_errors",
]  # fmt: skip

# First match wins: a CheckboxSelectMultiple is a RadioSelect to Python.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (DateInput, "date"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
SHOWABLE = "govuk-password-input__input govuk-js-password-input-input"
CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}
INCOMPLETE = "The form did not arrive whole. Reload the page and fill it in again."
PLAIN_KINDS = {"hidden", "checkboxes", "radios", "checkbox", "date"}


class GovukBoundField(BoundField):
    """A field that knows which GOV.UK pattern it is shown in."""

    @property
    def kind(self) -> str:
        """The pattern's name: text, password, select, textarea, radios, checkboxes, checkbox, date, file or hidden."""
        return next((kind for widget, kind in KINDS if isinstance(self.field.widget, widget)), "text")

    @property
    def optional(self) -> bool:
        """Whether to say "(optional)" after the label."""
        mark = getattr(self.form, "mark_optional", True)
        return mark and not self.field.required and self.kind not in {"checkbox", "hidden"}

    @property
    def messages(self) -> list[str]:
        """What is wrong, in words that say what to do; Django's "This field is required" is not used."""
        return [self._words(error) for error in self.errors.as_data()]

    def _words(self, error: Any) -> str:
        if error.code == "required" and error.message == forms.Field.default_error_messages["required"]:
            verb = "Select" if self.kind in {"radios", "checkboxes", "select", "file"} else "Enter"
            label = str(self.label)
            return (
                f"Answer the question “{label}”"
                if label.endswith("?")
                else f"{verb} the {lower_first(label)}"
            )
        return str(error.messages[0])

    @property
    def error_target(self) -> str:
        """The id that the error summary links to: the first box or choice of the field; none for a hidden field."""
        if self.is_hidden:
            return ""
        return f"{self.auto_id}_0" if self.kind in {"radios", "checkboxes", "date"} else self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes with the pattern's classes before the widget's own."""
        attrs = super().build_widget_attrs(attrs, widget)
        kind = self.kind
        if kind in PLAIN_KINDS:
            return attrs
        base = CLASSES.get(kind, "govuk-input")
        own = (widget or self.field.widget).attrs.get("class", "")
        error = f" {base}--error" if self.errors else ""
        showable = f" {SHOWABLE}" if kind == "password" else ""
        attrs["class"] = f"{base}{error} {own}{showable}".strip()
        attrs["placeholder"] = False  # it vanishes on typing and is too pale; hints do its work
        return {**attrs, "spellcheck": "false", "autocapitalize": "none"} if showable else attrs


class GovukRenderer(TemplatesSetting):
    """FORM_RENDERER: every form, ours or a library's, is shown with templates/django/forms/."""

    bound_field_class = GovukBoundField


def form_errors(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    """(message, id of the field to go to, or "") for the error summary, in the order of the page."""
    for error in form.errors.get(NON_FIELD_ERRORS, []):
        yield str(error), ""
    for name in form.fields:
        field = form[name]
        if isinstance(field, GovukBoundField) and field.errors:
            for message in field.messages:
                yield message, field.error_target


class GovukForm(forms.Form):
    """Base of every form: no colon after labels, no browser validation, "(optional)" where it is."""

    mark_optional: ClassVar[bool] = True
    submit_label: str = "Save"
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        name_fields(self)


class OperationForm(GovukForm):
    """Base of a form that runs an operation.

    `request_key` makes a double click one act. Pass `version=record.version` to have the hidden `version` field, which
    the operation compares with the record to refuse a lost update; it is kept as typed when the form comes back.
    """

    request_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": INCOMPLETE, "invalid": INCOMPLETE},
    )

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version)


def name_fields(form: forms.BaseForm) -> None:
    """Give each field its label, which its messages need before the page does."""
    for name, field in form.fields.items():
        if field.label is None:
            field.label = pretty_name(name)


def govuk_formfield(field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """The form field of a model field: our date and money fields, Django's for the rest."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        options["form_class"] = DateField
        options.pop("widget", None)
    elif isinstance(field, models.DecimalField):
        options.setdefault("form_class", MoneyField)
    return field.formfield(**options)


class GovukModelForm(forms.ModelForm):
    """Base for the few forms made from a model; inherit its Meta: `class Meta(GovukModelForm.Meta)`."""

    mark_optional: ClassVar[bool] = True
    submit_label: str = "Save"
    use_required_attribute = False

    class Meta:
        formfield_callback = govuk_formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        name_fields(self)
