"""The fields of one form, row by row: which data element, what it is called on this form, whether it must be filled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from siban.kernel.ui import forms as ui_forms

from ..elements import elements

MOST = 80
SPARE = 3
NOTHING = ("", "不要这一行")
TWICE = "“{name}”选了两次。同一个数据元在一份表上只问一次，请去掉一行。"
NONE_LEFT = "一份要填写的表格至少要有一个字段；不是表格的，请在编辑页把“是要填写的表格”去掉。"


def choices() -> list[tuple[str, str]]:
    """Every data element by its name."""
    return [NOTHING, *((e.id, e.name) for e in elements().values())]


class FieldForm(ui_forms.Form):
    """One field of the form; the smaller its number, the earlier it is asked."""

    place = forms.IntegerField(label="次序", required=False, min_value=1, max_value=999)
    element = forms.ChoiceField(label="数据元", required=False)
    name = forms.CharField(label="在表上叫什么", required=False, max_length=100, help_text="不填就用数据元的名称")
    required = forms.BooleanField(label="必填", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["element"].choices = choices()  # type: ignore[attr-defined]


class FieldRows(BaseFormSet):  # type: ignore[type-arg]
    """All fields of a form; an element stands in it once."""

    def clean(self) -> None:
        if any(self.errors):
            return
        chosen = [row.cleaned_data.get("element") for row in self if row.cleaned_data.get("element")]
        if not chosen:
            raise forms.ValidationError(NONE_LEFT)
        for one in chosen:
            if chosen.count(one) > 1:
                raise forms.ValidationError(TWICE.format(name=elements()[one].name))

    def fields_in_order(self) -> list[dict[str, Any]]:
        """The fields as the content keeps them."""
        rows = [(row.cleaned_data, at) for at, row in enumerate(self) if row.cleaned_data.get("element")]
        rows.sort(key=lambda pair: (pair[0].get("place") or 999, pair[1]))
        made = []
        for said, _ in rows:
            known = elements()[said["element"]]
            made.append(
                {
                    "name": said.get("name", "").strip() or known.name, "element": known.id, "type": known.type,
                    "required": bool(said.get("required")),
                }
            )  # fmt: skip
        return made


def field_rows(data: Any, fields: Sequence[Mapping[str, Any]]) -> FieldRows:
    """The rows over the fields there are, with some empty ones below."""
    initial = [
        {"place": at, "element": f.get("element"), "name": f.get("name"), "required": bool(f.get("required"))}
        for at, f in enumerate(fields, start=1)
    ]
    make = formset_factory(
        FieldForm, formset=FieldRows, extra=SPARE, max_num=MOST, absolute_max=MOST, validate_max=True
    )
    return make(data, initial=initial, prefix="fields")
