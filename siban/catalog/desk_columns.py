"""A workbook of another layout: which column says what, proposed by likeness, corrected by a person, kept for next time."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Link

from . import actions
from .actions.importing import path_of
from .desk_workbook import AT_ONCE, MANAGERS, found
from .workbook import mapping
from .workbook.headings import WorkbookRefused, spelled
from .workbook.layout import ECHO
from .workbook.mapping import Foreign, ForeignSheet
from .workbook.sheets import BY_NAME, SHEETS

UNREAD = ("", "不读取")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(*MANAGERS)
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which column of the uploaded workbook is which."""
    workbook = found(request, pk)
    back = reverse("desk-workbook-page", args=[pk])
    if workbook.confirmed_at:
        raise Refused("这份表格已经确认导入，不能再改列的对应。需要时请重新上传。")
    try:
        foreign = mapping.foreign_sheets(path_of(workbook.file))
    except WorkbookRefused as why:
        raise Refused(str(why)) from None
    data = request.POST if request.method == "POST" else None
    kept = workbook.mapping.sheets if workbook.mapping else None
    sheets = [_sheet(at, sheet, data, kept) for at, sheet in enumerate(foreign)]
    errors: list[tuple[str, str]] = []
    if data is not None:
        said = {one["name"]: one["mapped"] for one in sheets if one["mapped"]}
        errors = [(sentence, "#main") for sentence in mapping.faults_of(said)]
        open_values = [v for one in sheets for c in one["columns"] for v in c["values"] if not v["asked"]]
        if not errors and not open_values:
            try:
                actions.map_columns(workbook=pk, sheets=said, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
            except Refused as why:
                errors = [(str(why), "#main")]
            else:
                if workbook.file.size <= AT_ONCE:
                    actions.check_workbook(workbook=pk, at=clock.now())
                return redirect("desk-workbook-page", pk=pk)
        if not errors:
            errors = [("有的列里是代码，请在下面核对每个代码的意思，再保存一次。", "#" + open_values[0]["id"])]
    context = {
        "workbook": workbook,
        "sheets": sheets,
        "errors": errors,
        "back": back,
        "crumbs": [
            Link("事项管理", reverse("desk-items")), Link("导入表格", reverse("desk-workbook")), Link(workbook.file.name, back),
        ],
    }  # fmt: skip
    return render(request, "catalog/desk_columns.html", context, status=422 if errors else 200)


def _sheet(at: int, sheet: ForeignSheet, data: Any, kept: dict[str, Any] | None) -> dict[str, Any]:
    """A sheet as the page shows it: what is posted, else what was kept, else what is proposed."""
    name = f"s-{at}"
    before = (kept or {}).get(sheet.name)
    if data is not None:
        chosen = data.get(name, "")
    else:
        chosen = before["sheet"] if before else "" if kept else mapping.proposed_sheet(sheet)
    shown: dict[str, Any] = {
        "name": sheet.name, "field": name, "chosen": chosen if chosen in BY_NAME else "",
        "choices": [UNREAD, *((s.name, s.name) for s in SHEETS)], "columns": [], "titles": [], "mapped": None,
    }  # fmt: skip
    known = BY_NAME.get(chosen)
    if known is None:
        return shown
    shown["titles"] = [UNREAD, *((title, title) for title in known.titles if title != ECHO)]
    posted = data is not None and any(f"c-{at}-{c.at}" in data for c in sheet.columns)
    proposed = {} if posted or before else mapping.proposed_columns(known, sheet)
    columns_of: dict[str, str] = {}
    values_of: dict[str, dict[str, str]] = {}
    for column in sheet.columns:
        field = f"c-{at}-{column.at}"
        if posted:
            title = data.get(field, "")
        elif before:
            title = before["columns"].get(spelled(column.heading), "")
        else:
            title = proposed.get(column.at, "")
        title = title if title in known.titles and title != ECHO else ""
        hint = f"例如：{'、'.join(column.samples)}" if column.samples else "这一列是空的"
        one: dict[str, Any] = {
            "heading": column.heading,
            "field": field,
            "chosen": title,
            "hint": hint,
            "values": [],
            "words": [],
        }
        if title:
            columns_of[spelled(column.heading)] = title
            one |= _values(field, known, title, column, data, before)
            if one["values"]:
                values_of[title] = {v["said"]: v["chosen"] for v in one["values"] if v["chosen"]}
        shown["columns"].append(one)
    shown["mapped"] = {"sheet": chosen, "columns": columns_of, "values": values_of}
    return shown


def _values(
    field: str, known: Any, title: str, column: Foreign, data: Any, before: dict[str, Any] | None
) -> dict[str, Any]:
    """The codes of a column with the word each stands for; none when every value is a word of the list already."""
    words = mapping.choices_of(known, title)
    values = mapping.values_of(known, title, column) if words else []
    if not values or all(value in words for value in values):
        return {"values": [], "words": []}
    shown = []
    for at, value in enumerate(values):
        name = f"v{field[1:]}-{at}"
        asked = data is not None and name in data
        if asked:
            chosen = data[name]
        elif before and title in before["values"]:
            chosen = before["values"][title].get(value, "")
        else:
            chosen = mapping.proposed_value(known, title, value)
        shown.append(
            {
                "said": value,
                "field": name,
                "id": f"id_{name}",
                "chosen": chosen if chosen in words else "",
                "asked": asked,
            }
        )
    return {"values": shown, "words": [("", "不对应（会列为问题）"), *((word, word) for word in words)]}
