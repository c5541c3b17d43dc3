"""集中办公: one element of many items in one table, filled down, previewed, saved as one change and undone as one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui import forms as ui_forms
from siban.kernel.ui.parts import Cell, Column, Lamp, Link, Table

from . import actions, queries, together
from .actions.together import MOST, NOTHING, UNDONE, Wanted, refusal
from .desk import sought_in
from .desk_workbook import MANAGERS
from .editing.elements import PHONE, Asked, field, kept, shown
from .models import GroupChange, ImplementationItem, ItemVersion
from .together import ELEMENTS, Spot

GONE = "没有找到这批修改，或者它不属于您的单位。请从“集中修改”进入。"
SHOWN = 60  # items in the table; more are narrowed by the filter
FILL = "fill"


@dataclass(slots=True)
class Line:
    """One row of the table: an item, a place in it, and the box for the new value."""

    item: ImplementationItem
    version: ItemVersion
    spot: Spot
    name: str

    @property
    def seen(self) -> str:
        return f"seen-{self.item.pk.hex}"


def lines_of(asked: Asked, rows: list[tuple[ImplementationItem, ItemVersion]]) -> list[Line]:
    """Every place of the element in the items."""
    return [
        Line(item, version, spot, f"v-{item.pk.hex}-{spot.key}")
        for item, version in rows
        for spot in together.spots(asked, version.content)
    ]


class Grid(ui_forms.Form):
    """A box for each place of the element, and one to fill them all from."""

    def __init__(self, data: Any, asked: Asked, lines: list[Line]) -> None:
        self.base_fields = {FILL: field(asked), **{line.name: self._box(asked, line) for line in lines}}
        self.asked = asked
        super().__init__(data, initial={line.name: shown(asked.kind, line.spot.value) for line in lines})
        self.fields[FILL].label = "全部填成"

    @staticmethod
    def _box(asked: Asked, line: Line) -> forms.Field:
        made = field(asked)
        made.label = f"{line.item.name}{f'（{line.spot.words}）' if line.spot.words else ''}"
        made.help_text = ""
        made.required = False
        return made

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.asked.kind == "phones":
            for name in list(said):
                wrong = [one for one in kept("phones", said[name]) if not PHONE.match(one)]
                if wrong:
                    self.add_error(name, f"“{wrong[0][:30]}”不是电话号码，只能填数字和“-”，每行一个。")
        return said


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(*MANAGERS)
def grid(request: HttpRequest) -> HttpResponse:
    """Choose items and an element, change it in a table, look at what would change, save."""
    actor, sought = request.actor, sought_in(request)  # type: ignore[attr-defined]
    name = request.GET.get("element", "")
    asked = ELEMENTS.get(name) or ELEMENTS["office_hours"]
    found = queries.managed(sought, by=actor)
    if only := [pk for key in request.POST if key.startswith("seen-") and (pk := _uuid(key[5:]))]:
        found = found.filter(pk__in=only[:MOST])
    rows = queries.with_drafts(found, MOST if only else SHOWN + 1)
    more, rows = not only and len(rows) > SHOWN, rows[:SHOWN] if not only else rows
    lines = lines_of(asked, rows)
    data: Any
    data, do = (request.POST, request.POST.get("do", "")) if request.method == "POST" else (None, "")
    if data is not None and do == FILL:
        data = data.copy()
        for line in lines:
            data[line.name] = data.get(FILL, "")
    form = Grid(data, asked, lines)
    refusal_of_all, preview, status = "", None, 200
    if data is not None and do != FILL:
        if not form.is_valid():
            status = 422
        elif do == "save":
            try:
                change = actions.change_together(
                    element=asked.name, wanted=_wanted(form, lines, data), by=actor, at=clock.now()
                )
            except Refused as why:
                refusal_of_all, status = str(why), 422
            else:
                return redirect("desk-together-made", pk=change.pk)
        else:
            preview = _preview(asked, form, lines, by=actor)
            if not preview.rows:
                refusal_of_all, status, preview = NOTHING, 422, None
    context = {
        "asked": asked,
        "form": form,
        "errors": [*((str(e), f"#id_{key}") for key, es in form.errors.items() for e in es), *([(refusal_of_all, "#main")] if refusal_of_all else [])],
        "rows": [(line, form[line.name], line.seen, _seen(line, data)) for line in lines],
        "fill": form[FILL],
        "preview": preview,
        "more": more,
        "shown": SHOWN,
        "sought": sought,
        "elements": [(key, one.label) for key, one in ELEMENTS.items()],
        "departments": [("", "全部单位"), *queries.departments_of(actor)],
        "here": request.get_full_path(),
        "address": reverse("desk-together"),
        "recent": _recent(actor),
        "crumbs": [Link("事项管理", reverse("desk-items"))],
    }  # fmt: skip
    return render(request, "catalog/desk_together.html", context, status=status)


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(hex=said)
    except ValueError:
        return None


def _seen(line: Line, data: Any) -> str:
    """The draft the table was opened over: what was posted, so that a change in between is noticed."""
    return str(data.get(line.seen) or line.version.content_hash) if data is not None else line.version.content_hash


def _wanted(form: Grid, lines: list[Line], data: Any) -> dict[UUID, Wanted]:
    found: dict[UUID, dict[str, Any]] = {}
    for line in lines:
        found.setdefault(line.item.pk, {})[line.spot.key] = form.cleaned_data.get(line.name)
    seen = {line.item.pk: _seen(line, data) for line in lines}
    return {pk: Wanted(seen[pk], values) for pk, values in found.items()}


def _preview(asked: Asked, form: Grid, lines: list[Line], *, by: Any) -> Table:
    """What saving would change."""
    rows = []
    for line in lines:
        value = form.cleaned_data.get(line.name)
        if not together.unlike(asked, line.spot.value, value):
            continue
        made = together.put(asked, line.version.content, line.spot.key, value)
        why = refusal(asked, line.item, line.version.content, made, by=by)
        rows.append((
            Cell(line.item.name, note=line.spot.words or line.item.org.short_name),
            together.words_of(asked, line.spot.value) or "（没有）",
            together.words_of(asked, together.value_at(asked, made, line.spot.key)) or "（去掉了）",
            Cell(lamp=Lamp("red", "不能改"), note=why) if why else Cell(lamp=Lamp("green", "可以改")),
        ))  # fmt: skip
    return Table("将要改动", ["事项", "现在", "改为", Column("结果", nowrap=True)], rows, caption_hidden=True)


def _recent(actor: Any) -> Table:
    rows = [
        (
            Cell(change.title, url=reverse("desk-together-made", args=[change.pk])),
            f"{sum(1 for line in change.lines if not line['outcome'])} 项",
            f"{timezone.localtime(change.made_at):%Y-%m-%d %H:%M}",
            change.made_by,
            Cell(lamp=Lamp("grey", "已撤销") if change.undone_at else Lamp("green", "已保存")),
        )
        for change in queries.recent_changes(actor)
    ]
    return Table(
        "最近的集中修改", ["要素", "事项数", "时间", "修改人", "情况"], rows, "还没有集中修改过。", caption_hidden=True
    )


def _change(request: HttpRequest, pk: UUID) -> GroupChange:
    try:
        return GroupChange.objects.visible_to(request.actor).get(pk=pk)  # type: ignore[attr-defined]
    except GroupChange.DoesNotExist:
        raise Http404(GONE) from None


def _outcome(line: dict[str, Any]) -> Cell:
    """What became of one item: done, or the reason why not."""
    if line["outcome"]:
        return Cell(lamp=Lamp("red", "没有改"), note=line["outcome"])
    if (undone := line.get("undone")) and undone != UNDONE:
        return Cell(lamp=Lamp("amber", "没有撤销"), note=undone)
    return Cell(lamp=Lamp("grey", UNDONE) if undone else Lamp("green", "已存为草稿"))


@never_cache
@require_safe
@staff_required(*MANAGERS)
def made(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a change did in each item."""
    change = _change(request, pk)
    asked = ELEMENTS[change.element]
    rows = [
        (
            Cell(line["name"], url=reverse("desk-item", args=[line["item"]])),
            together.words_of(asked, before) or "（没有）",
            together.words_of(asked, after) or "（去掉了）",
            _outcome(line),
        )
        for line in change.lines
        for _, before, after in line["changed"]
    ]
    context = {
        "change": change,
        "table": Table("改动", ["事项", "原来", "改为", "结果"], rows, caption_hidden=True),
        "lamp": Lamp("grey", "已撤销") if change.undone_at else Lamp("green", "已保存"),
        "undo_url": "" if change.undone_at else reverse("desk-together-undo", args=[pk]),
        "back": reverse("desk-together"),
        "crumbs": [Link("事项管理", reverse("desk-items")), Link("集中修改", reverse("desk-together"))],
    }
    return render(request, "catalog/desk_together_made.html", context)


@require_POST
@staff_required(*MANAGERS)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put everything back as it was before the change."""
    change = _change(request, pk)
    try:
        actions.undo_together(change=change.pk, by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已经整批撤销，逐项结果见下。")
    return redirect("desk-together-made", pk=pk)
