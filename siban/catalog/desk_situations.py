"""The item manager's page for the tree of situations: questions, options, conditions tried with facts, every way shown."""

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.identity.api import Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.checks import Finding
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Link, Table

from . import access, actions, queries
from .content import ItemContent, Way
from .desk_edit import CHANGED
from .flow import ITEM_FLOW, ItemState
from .linting import linter
from .linting.database import decided
from .models import ImplementationItem
from .situations import deciding, writing
from .situations.facts import facts
from .situations.tree import Situations

RULES = ("R10", "S01", "S02", "S03", "S04")
EMPTY: dict[str, Any] = {"root": "", "common_materials": [], "questions": [], "leaves": []}


@never_cache
@require_http_methods(["GET", "POST"])
@staff_required(Role.DEPT_ADMIN)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Edit the questions; every button keeps what was typed, only “保存” changes the draft."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        page = queries.item_page(pk, by=actor)
    except ImplementationItem.DoesNotExist:
        raise Http404("没有找到这个事项，或者它不属于您的单位。请从事项列表进入。") from None
    if not access.item_manager(actor, page.item):
        raise PermissionDenied(f"您当前的岗位不能编辑这个事项。{access.item_manager.__doc__}")
    if page.item.state != ItemState.DRAFTING or page.draft is None:
        raise Refused(f"现在是“{ITEM_FLOW.label(page.item.state)}”，不能编辑。需要修改时请在事项页面先“申请调整”。")
    if page.item.base and page.item.base.version:
        raise Refused("情形与上级事项一致，不能在本级修改；需要调整时请向上级事项的部门提出。")
    draft = page.draft
    tree, errors, status = draft.content.get("situations") or EMPTY, [], 200
    if request.method == "POST":
        tree, errors = writing.posted(request.POST), writing.faults_of_fields(request.POST)
        verb, _, where = request.POST.get("do", "").partition(":")
        tree = _changed(tree, verb, where)
        if verb == "save" and not errors:
            content = writing.written(draft.content, tree)
            try:
                if request.POST.get("seen") != draft.content_hash:
                    raise Refused(CHANGED)
                actions.save_draft(item=pk, content=content, seen=draft.content_hash, by=actor, at=clock.now())
            except Refused as why:
                errors, status = [(str(why), "#main")], 409
            else:
                messages.success(request, "情形已保存，各个情形的材料已重新列出。")
                return redirect("desk-item-situations", pk=pk)
        status = 422 if errors and status == 200 else status
    content = writing.written(draft.content, tree)
    known = _facts_in(request) if request.method == "POST" else {}
    context = {
        "item": page.item,
        "version": draft,
        "tree": _shown(tree, draft.content),
        "materials": draft.content.get("materials") or [],
        "common": tree.get("common_materials") or [],
        "facts": _asked_facts(tree, known),
        "all_facts": list(facts().values()),
        "tried": _tried(tree, known) if known else None,
        "ways": ways_table(content),
        "findings": findings(content, page.item.region_id),
        "errors": errors,
        "here": reverse("desk-item-situations", args=[pk]),
        "crumbs": [Link("事项管理", reverse("desk-items")), Link(page.item.name, reverse("desk-item", args=[pk]))],
    }
    return render(request, "catalog/desk_situations.html", context, status=status)


def _changed(tree: dict[str, Any], verb: str, where: str) -> dict[str, Any]:
    question, _, option = where.partition("/")
    match verb:
        case "question":
            return writing.with_question(tree)
        case "option":
            return writing.with_option(tree, question)
        case "remove":
            return writing.without(tree, question, option)
    return tree


def findings(content: dict[str, Any], region: str) -> list[Finding]:
    """What the rules of situations find in this tree."""
    return list(linter(region, RULES, stored=decided()).item(content, {})) if content.get("situations") else []


def ways_table(content: dict[str, Any]) -> Table:
    """Every way with its materials, time and cost."""
    rows: list[tuple[object, ...]] = []
    try:
        said = msgspec.convert(content, ItemContent)
    except msgspec.ValidationError:
        said = None  # type: ignore[assignment]
    if said is not None and said.situations:
        names = {m.id: m.name for m in said.materials}
        for way in said.situations.ways():
            wanted = said.situations.materials(way)
            listed = [name for m, name in names.items() if m in wanted]
            rows.append((
                way.label, f"{len(listed)} 份：{'、'.join(listed)}" if listed else "没有材料",
                way.limit(said.promised_limit).words, way.cost(said.charging.words),
            ))  # fmt: skip
    return Table(
        "每种情形的结果", ["情形", "材料", "时限", "费用"], rows, "还没有情形。", "在上面添加问题和选项。",
        caption_hidden=True,
    )  # fmt: skip


def _shown(tree: dict[str, Any], content: dict[str, Any]) -> list[dict[str, Any]]:
    """Questions and options as the page's fields."""
    found = []
    for q in tree.get("questions") or ():
        options = []
        for o in q.get("options") or ():
            options.append({
                **o, "prefix": f"{q['id']}__{o['id']}__", "when": o.get("when") or "", "days": o.get("limit_value"),
                "unit": o.get("limit_unit") or "", "cost": o.get("cost") or "",
            })  # fmt: skip
        others = [(x["id"], x["question"] or x["id"]) for x in tree["questions"] if x["id"] != q["id"]]
        found.append({**q, "options": options, "others": others})
    return found


def _asked_facts(tree: dict[str, Any], known: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts the conditions speak of, as fields to try them with."""
    try:
        names = deciding.wanted(writing.typed(tree))
    except msgspec.ValidationError:
        return []
    return [
        {"fact": facts()[n], "values": _values(facts()[n].domain), "value": _word(known.get(n))}
        for n in facts() if n in names
    ]  # fmt: skip


def _values(domain: Any) -> list[tuple[str, str]]:
    if hasattr(domain, "values"):
        return [("", "不知道"), *((v, v) for v in domain.values)]
    return [] if hasattr(domain, "low") else [("", "不知道"), ("yes", "是"), ("no", "否")]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _facts_in(request: HttpRequest) -> dict[str, Any]:
    """The facts typed to try the conditions with; what is not a value of the fact is not known."""
    found: dict[str, Any] = {}
    for name, fact in facts().items():
        said = request.POST.get(f"fact_{name}", "").strip()
        value: Any = said
        if not _values(fact.domain):
            value = int(said) if said.isascii() and said.isdigit() else None
        elif not hasattr(fact.domain, "values"):
            value = {"yes": True, "no": False}.get(said)
        if value not in (None, "") and fact.domain.fault(value) is None:
            found[name] = value
    return found


def _tried(tree: dict[str, Any], known: dict[str, Any]) -> list[str]:
    """What somebody of whom this is known would be asked, line by line."""
    try:
        said: Situations = writing.typed(tree)
    except msgspec.ValidationError:
        return []
    way: Way = said.walk({}, deciding.settled(said, known))
    lines = []
    for stop in way.stops:
        if stop.option is None:
            lines.append(f"会问：{stop.question.question}")
        elif stop.why == "known":
            lines.append(
                f"不用问“{stop.question.question}”：根据{deciding.because(stop.question, known)}选“{stop.option.label}”"
            )
        else:
            lines.append(f"不用问“{stop.question.question}”：怎么回答结果都一样")
    return lines or ["没有要问的。"]
