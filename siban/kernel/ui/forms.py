"""How forms look: every `{{ field.as_field_group }}` and `{{ form }}` becomes accessible markup with label, hint and error."""

import datetime as dt
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as TemplateBackend
from django.utils.functional import cached_property

KERNEL_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
DJANGO_TEMPLATES = Path(forms.__file__).resolve().parent / "templates"

# What a browser or a phone keyboard should offer, by field name.
BROWSER_HINTS: dict[str, dict[str, str]] = {
    "name": {"autocomplete": "name"},
    "phone": {"autocomplete": "tel", "inputmode": "tel"},
    "mobile": {"autocomplete": "tel", "inputmode": "tel"},
    "email": {"autocomplete": "email", "inputmode": "email"},
    "address": {"autocomplete": "street-address"},
    "id_number": {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    "code": {"autocomplete": "one-time-code", "inputmode": "numeric"},
    "username": {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
}

NUMBER_WRONG = "{label}应填数字，请检查。"


def sentences(field: forms.Field) -> dict[str, str]:
    """Chinese sentences for the commonest complaints about a kind of field."""
    if isinstance(field, forms.BooleanField):
        return {"required": "请勾选“{label}”。"}
    if isinstance(field, forms.ChoiceField):
        return {"required": "请选择{label}。", "invalid_choice": "{label}只能从列出的选项中选择，请重新选择。"}
    if isinstance(field, forms.FileField):
        return {"required": "请上传{label}。", "empty": "{label}是空文件，请重新选择。"}
    if isinstance(field, forms.IntegerField):
        return {"required": "请填写{label}。", "invalid": NUMBER_WRONG}
    if isinstance(field, forms.DateField):
        return {"required": "请填写{label}。", "invalid": "{label}应是日历上有的一天，例如 2024-06-03，请检查。"}
    return {"required": "请填写{label}。"}


def widget_class(widget: forms.Widget) -> str:
    """The style class of a widget, by its kind."""
    if isinstance(widget, forms.CheckboxInput):
        return "govuk-checkboxes__input"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return ""
    if isinstance(widget, forms.Select):
        return "govuk-select"
    if isinstance(widget, forms.Textarea):
        return "govuk-textarea"
    if isinstance(widget, forms.FileInput):
        return "sb-upload__input"
    return "govuk-input"


class SibanBoundField(BoundField):
    """A field on its form: adds the style class, the error state and what the browser may offer."""

    @property
    def kind(self) -> str:
        """Which frame the field template draws: checkbox, group, upload, hidden or plain."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.FileInput):
            return "upload"
        return "group" if widget.use_fieldset else "plain"

    @property
    def optional(self) -> bool:
        """Whether the label carries 选填: only optional fields are marked."""
        return not self.field.required and self.kind not in ("checkbox", "hidden")

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_helptext"

    @property
    def error_text(self) -> str:
        return "".join(str(error) for error in self.errors)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        offered = BROWSER_HINTS.get(self.name.rsplit("-", 1)[-1], {}) if not widget.use_fieldset else {}
        built = {**{key: value for key, value in offered.items() if key not in widget.attrs}, **(attrs or {})}
        built = super().build_widget_attrs(built, widget)
        built.pop("required", None) if isinstance(widget, forms.FileInput) else None
        style = widget_class(widget)
        if style:
            error = f" {style}--error" if self.errors and style.startswith("govuk-") else ""
            built["class"] = " ".join(
                str(name) for name in (style + error, built.get("class"), widget.attrs.get("class")) if name
            )
        described = [self.hint_id] if self.help_text else []
        described += [self.error_id] if self.errors else []
        if described and "aria-describedby" not in widget.attrs and self.auto_id:
            built["aria-describedby"] = " ".join(described)
        if isinstance(self.field, forms.IntegerField | forms.DecimalField) and isinstance(widget, forms.NumberInput):
            built.setdefault("inputmode", "decimal" if isinstance(self.field, forms.DecimalField) else "numeric")
        return built


class SibanRenderer(DjangoTemplates):
    """Form renderer of the house; set FORM_RENDERER to its dotted path."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"
    bound_field_class = SibanBoundField

    @cached_property
    def engine(self) -> TemplateBackend:
        """Our templates first, then Django's own, whatever the order of the applications."""
        options = {"libraries": {"ui": "siban.kernel.templatetags.ui"}, "builtins": ["siban.kernel.templatetags.ui"]}
        for configured in settings.TEMPLATES:
            given: dict[str, Any] = configured.get("OPTIONS", {})  # type: ignore[assignment]
            strict = given.get("string_if_invalid")
            if strict is not None:
                options["string_if_invalid"] = strict
        return TemplateBackend(
            {"APP_DIRS": True, "DIRS": [KERNEL_TEMPLATES, DJANGO_TEMPLATES], "NAME": "siban", "OPTIONS": options}
        )


class DayWidget(forms.MultiWidget):
    """年、月、日 in three boxes: quicker than a calendar for a day one knows by heart."""

    template_name = "ui/forms/day.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput({"inputmode": "numeric"}) for part in ("year", "month", "day")
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: dt.date | str | None) -> list[Any]:
        if isinstance(value, str) and value:
            value = dt.date.fromisoformat(value)
        return [value.year, value.month, value.day] if isinstance(value, dt.date) else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, label, width in zip(context["widget"]["subwidgets"], "年月日", "422", strict=True):
            box["label"] = label
            box["attrs"]["class"] = f"{box['attrs'].get('class', 'govuk-input')} govuk-input--width-{width}"
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else ""


class DayField(forms.MultiValueField):
    """A day typed in three boxes; says which box is wrong."""

    widget = DayWidget

    def __init__(self, **options: Any) -> None:
        options.setdefault("require_all_fields", False)
        boxes = tuple(forms.CharField(required=False, max_length=4) for _ in range(3))
        super().__init__(boxes, **options)

    def clean(self, value: Any) -> dt.date | None:
        typed = [str(part or "").strip() for part in (value or ["", "", ""])]
        name = self.label or "日期"
        if not any(typed):
            if self.required:
                raise ValidationError(f"请填写{name}。", code="required")
            return None
        missing = [part for part, text in zip("年月日", typed, strict=True) if not text]
        if missing:
            raise ValidationError(f"{name}还缺“{'、'.join(missing)}”，请补上。", code="incomplete")
        try:
            year, month, day = (int(text) for text in typed)
            return dt.date(year, month, day)
        except ValueError:
            shown = "{} 年 {} 月 {} 日".format(*typed)
            raise ValidationError(f"{name}“{shown}”不是日历上有的一天，请检查。", code="invalid") from None


class UploadInput(forms.ClearableFileInput):
    """A file box that says its limits, checks them before sending and accepts a dropped file."""

    def __init__(self, *, max_bytes: int = 0, accept: str = "", kinds: str = "", attrs: dict[str, Any] | None = None):
        limits = {"data-max-bytes": str(max_bytes) if max_bytes else "", "accept": accept, "data-kinds": kinds}
        super().__init__({**{key: value for key, value in limits.items() if value}, **(attrs or {})})


class DateInput(forms.DateInput):
    """The browser's own calendar, for days near now."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FormMixin:
    """Chinese sentences for Django's commonest complaints, naming the field; put it before forms.Form."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            for code, sentence in sentences(field).items():
                inherited = [
                    kind.default_error_messages.get(code)
                    for kind in type(field).__mro__
                    if hasattr(kind, "default_error_messages")
                ]
                if field.error_messages.get(code) in inherited:
                    field.error_messages[code] = sentence.format(label=field.label or name)


class Form(FormMixin, forms.Form):
    """The house's form."""


class ModelForm(FormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """The house's form over a model."""
