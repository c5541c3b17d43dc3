"""Single fields without a form class: the field tags build them, so that markup has one source."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.safestring import SafeString

from .forms import DateInput, DayField, SibanRenderer, UploadInput

RENDERER = SibanRenderer()


class _Loose(forms.Form):
    default_renderer = RENDERER
    use_required_attribute = False

    def __init__(self, name: str, field: forms.Field, value: Any, error: str, prefix: str) -> None:
        super().__init__(initial={name: value}, renderer=RENDERER, auto_id=f"{prefix}%s")
        self.fields[name] = field
        self._errors = ErrorDict(renderer=RENDERER)
        if error:
            self._errors[name] = ErrorList([error], renderer=RENDERER)


def field_html(
    name: str, field: forms.Field, *, value: Any = "", error: str = "", prefix: str = "id_", disabled: bool = False
) -> SafeString:
    """One field as HTML: label, hint, error and widget."""
    field.disabled = disabled
    return _Loose(name, field, value, error, prefix)[name].as_field_group()


def attributes(given: dict[str, Any]) -> dict[str, Any]:
    """Template keyword arguments as HTML attributes: hx_post becomes hx-post; false ones are left out."""
    return {key.rstrip("_").replace("_", "-"): value for key, value in given.items() if value not in (None, False, "")}


def make(kind: str, label: str, *, hint: str, required: bool, choices: Any = (), **attrs: Any) -> forms.Field:
    """The Django field behind a field tag."""
    about: dict[str, Any] = {"label": label, "help_text": hint, "required": required}
    extra = attributes(attrs)
    if kind in ("select", "radios"):
        widget: forms.Widget = forms.Select(extra) if kind == "select" else forms.RadioSelect(extra)
        return forms.ChoiceField(choices=choices, widget=widget, **about)
    if kind == "checkboxes":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple(extra), **about)
    if kind == "checkbox":
        return forms.BooleanField(widget=forms.CheckboxInput(extra), **about)
    if kind == "day":
        return DayField(**about)
    if kind == "date":
        return forms.DateField(widget=DateInput(extra), **about)
    if kind == "upload":
        limits = {key: extra.pop(key, default) for key, default in (("accept", ""), ("kinds", ""))}
        size = int(extra.pop("max-bytes", 0))
        return forms.FileField(widget=UploadInput(max_bytes=size, attrs=extra, **limits), **about)
    if kind == "textarea":
        return forms.CharField(widget=forms.Textarea({"rows": 5, **extra}), **about)
    widget = forms.TextInput(extra)
    widget.input_type = str(extra.pop("type", "text"))
    widget.attrs.pop("type", None)
    return forms.CharField(widget=widget, **about)
