"""The elements said in rows: windows, materials, steps, charges, questions. One empty row stands ready below each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from siban.kernel.ui import forms as ui_forms

from .. import labels
from .elements import UNITS, Asked, _choices, field, shown

MOST_ROWS = 60
ROW = "row"


@dataclass(frozen=True, slots=True)
class RowSet:
    """A list of the content that is edited row by row.

    Args:
        name: the element (path of one step or two).
        title: what the rows are called, singular in the legend.
        must: the field without which a row is not one.
    """

    name: str
    title: str
    must: str
    asked: tuple[Asked, ...]

    @property
    def prefix(self) -> str:
        return self.name.replace(".", "__")

    @property
    def top(self) -> str:
        return self.name.split(".")[0]


ROWS = (
    RowSet("windows", "办理地点", "street", (
        Asked("street", "街道"), Asked("house_no", "门牌"), Asked("building", "楼"), Asked("floor", "层"),
        Asked("room_no", "房间"), Asked("window_no", "窗口"),
        Asked("windows_type", "窗口种类", "choice", choices=(("", "没有写明"), *_choices(labels.WINDOWS))),
    )),
    RowSet("materials", "申请材料", "name", (
        Asked("name", "材料名称", "word"),
        Asked("necessity", "是否必须", "choice", choices=_choices(labels.NECESSITY)),
        Asked("case_condition", "什么情况下提交"),
        Asked("original_count", "原件份数", "count", most=99), Asked("copy_count", "复印件份数", "count", most=99),
        Asked("kind", "原件或者复印件", "choice", choices=(("", "没有写明"), *_choices(labels.KINDS))),
        Asked("medium", "材料形式", "choice", choices=(("", "没有写明"), *_choices(labels.MEDIA))),
        Asked("source_type", "材料来源", "choice", choices=(("", "没有写明"), *_choices(labels.SOURCES))),
        Asked("issuing_body", "出具单位"), Asked("paper_spec", "规格"),
        Asked("copy_requirement", "复印要求"), Asked("fill_notice", "填写须知"),
        Asked("accept_standard", "受理标准", "note"),
        Asked("category", "材料类型", "choice", choices=tuple((c, c) for c in labels.CATEGORIES)),
        Asked("issue_time_req", "出具时间要求"), Asked("legal_basis", "依据"),
        Asked("is_form", "是要填写的表格", "flag"), Asked("sign_on_site", "须本人现场填写", "flag"),
        Asked("review_points", "审查要点", "lines", "每行一条"),
    )),
    RowSet("process_steps", "办理环节", "name", (
        Asked("name", "环节", "word"), Asked("handler_org", "办理单位"), Asked("handler_role", "办理岗位"),
        Asked("time_limit_value", "时限（天数）", "count", most=3650),
        Asked("time_limit_unit", "时限单位", "choice", choices=UNITS),
        Asked("standard", "审查标准", "note"), Asked("result", "环节结果"),
        Asked("has_special", "有特别程序", "flag"), Asked("special_note", "特别程序说明"),
    )),
    RowSet("special_procedures", "特别程序", "type", (
        Asked("type", "种类", "word", f"只能是{'、'.join(labels.SPECIAL)}；其他的写明名称"),
        Asked("time_limit", "所需天数", "count", most=3650), Asked("unit", "天数单位", "choice", choices=UNITS),
        Asked("legal_basis", "依据"),
    )),
    RowSet("power_list", "权责清单", "id", (
        Asked("id", "条目编号", "word"), Asked("url", "办理链接", "address"),
    )),
    RowSet("charging.items", "收费项目", "name", (
        Asked("name", "项目", "word"), Asked("standard", "标准"), Asked("legal_basis", "依据"),
        Asked("reducible", "可以减免", "flag"),
    )),
    RowSet("intermediaries", "中介服务", "name", (
        Asked("name", "名称", "word"), Asked("legal_basis", "设定依据"),
    )),
    RowSet("handling_items", "业务办理项", "name", (
        Asked("name", "名称", "word"), Asked("code", "编码（33 位：实施编码加两位顺序号）", "word"),
        Asked("scenario_id", "对应的情形编号", "word"),
        Asked("materials", "需要的材料编号", "lines", "每行一个，例如 m01；不写就是全部材料"),
    )),
    RowSet("legal_basis", "设定依据", "law", (
        Asked("law", "名称", "word"), Asked("article", "条款", "word"), Asked("gist", "内容", "words"),
    )),
    RowSet("faqs", "常见问题", "question", (
        Asked("question", "问题", "word"), Asked("answer", "回答", "words"),
    )),
)  # fmt: skip


class RowForm(ui_forms.Form):
    """One row; a blank one is no row, a struck-out one goes."""

    row_set: RowSet

    @property
    def heading(self) -> str:
        """What tells this row from the others."""
        return str(self.initial.get(self.row_set.must) or "")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        filled = any(said.get(a.name) for a in self.row_set.asked if a.kind not in ("choice", "code"))
        if filled and not said.get("DELETE") and not said.get(self.row_set.must):
            words = next(a.label for a in self.row_set.asked if a.name == self.row_set.must)
            self.add_error(self.row_set.must, f"请填写{words}；不要这一行的，勾选“去掉这一行”。")
        return said


def _form(kind: RowSet) -> type[RowForm]:
    fields: dict[str, forms.Field] = {ROW: forms.CharField(required=False, widget=forms.HiddenInput)}
    fields |= {a.name: field(a) for a in kind.asked}
    return type("Row", (RowForm,), {**fields, "row_set": kind})


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """Rows with a way to strike one out."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "去掉这一行"


def listed(content: Mapping[str, Any], kind: RowSet) -> list[dict[str, Any]]:
    """The rows of a content."""
    found: Any = content
    for step in kind.name.split("."):
        found = (found or {}).get(step)
    return list(found or ())


def key_of(kind: RowSet, row: Mapping[str, Any], place: int) -> str:
    """How a row is known again: materials by their id, others by their place."""
    return str(row.get("id") or place) if kind.name == "materials" else str(place)


def row_sets(
    data: Any = None, *, content: Mapping[str, Any], locked: Collection[str] = ()
) -> list[tuple[RowSet, Rows | None]]:
    """Each list with its rows as forms; None for a list that the level above fixes."""
    found: list[tuple[RowSet, Rows | None]] = []
    for kind in ROWS:
        if kind.top in locked:
            found.append((kind, None))
            continue
        initial = [
            {ROW: key_of(kind, row, place), **{a.name: shown(a.kind, row.get(a.name)) for a in kind.asked}}
            for place, row in enumerate(listed(content, kind))
        ]
        make = formset_factory(
            _form(kind), formset=Rows, extra=1, can_delete=True, can_delete_extra=False, max_num=MOST_ROWS,
            absolute_max=MOST_ROWS, validate_max=True,
        )  # fmt: skip
        found.append((kind, cast(Rows, make(data, initial=initial, prefix=kind.prefix))))
    return found
