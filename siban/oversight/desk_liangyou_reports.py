"""两优 on the desk: claims, the annex, reports with their statements, the register of internal items."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import ChoiceField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from siban.catalog.api import ImplementationItem
from siban.kernel import clock, files, papers
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Cell, Lamp, Link, Tab, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn
from siban.kernel.web.rowsheets import annex as annex_file

from .desk_liangyou import HOME, NUMBER, actor_of, address, round_of, sees
from .liangyou import actions, annex, forms, queries, rules
from .liangyou.flow import REPORT_FLOW
from .models import InternalItem, LiangyouReport, Statement


def _subjects(by: Actor) -> list[tuple[str, str]]:
    items = ImplementationItem.objects.filter(org_id=by.org_id, version__isnull=False).order_by("name", "pk")[:2000]
    inner = InternalItem.objects.filter(org_id=by.org_id).order_by("number")
    return [
        *((f"item:{i.pk}", i.name) for i in items.only("pk", "name")), *((f"internal:{i.pk}", f"{i.name}（内部）") for i in inner),
    ]  # fmt: skip


@sees
@require_http_methods(["GET", "POST"])
def claims(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Claims with what the versions say; a department claims here, one by one or by the annex."""
    by, found, org = actor_of(request), round_of(request, pk), request.GET.get("org", "")[:60]
    at, deeds = clock.now(), []

    def enter(said: Mapping[str, Any]) -> str:
        sort, _, key = said["subject"].partition(":")
        factor = (
            {"workday": rules.WORK, "natural_day": rules.NATURAL}[said["unit"]] if said["kind"] == "cut_time" else 1
        )
        numbers = {k: None if said[k] is None else said[k] * factor for k in ("before", "after")}
        actions.claim(
            round_id=found.pk, kind=said["kind"], item_id=UUID(key) if sort == "item" else None,
            internal_id=UUID(key) if sort == "internal" else None, document=said["document"], note=said["note"], by=by,
            at=at, **numbers,
        )  # fmt: skip
        return "已填报。版本怎么说，见表格右侧。"

    def take_in(said: Mapping[str, Any]) -> str:
        count = annex.take_in(round_id=found.pk, upload=said["file"], name=said["file"].name, by=by, at=at)
        return f"已导入 {count} 条成果。"

    if rules.department(by):
        deeds.append(Deed("claim", "填报一条成果", "填报", enter, partial(forms.ClaimForm, subjects=_subjects(by))))
    if rules.department(by) or rules.bureau(by):
        note = "按“导出附件4”得到的表格填写附件4-1 至 4-5，有一行不对就全部不导入，并逐行说明。"
        deeds.append(Deed("import", "导入附件4", "导入", take_in, forms.UploadForm, note))
    only_wrong = request.GET.get("wrong") == "1"
    some, page = paged(request, queries.claims(found, by, org=org, only_wrong=only_wrong))
    if rules.department(by):
        mine = [(str(c.pk), f"{(c.item or c.internal).name} · {c.get_kind_display()}") for c in some]

        def take_back(said: Mapping[str, Any]) -> str:
            actions.withdraw_claim(claim_id=UUID(said["claim"]), by=by, at=at)
            return "已撤回。"

        if mine:
            deeds.append(
                Deed(
                    "withdraw",
                    "撤回一条填报",
                    "撤回",
                    take_back,
                    partial(_choose, "claim", "撤回哪一条", mine),
                    danger=True,
                )
            )
    done = turn(request, deeds)
    if done.response:
        return done.response
    body = []
    for c, said in queries.judged(found, some):
        item: Any = c.item or c.internal
        numbers = "" if c.kind in rules.HANDED else f"{rules.shown(c.kind, c.before)} → {rules.shown(c.kind, c.after)}"
        body.append(
            (
                Cell(item.name, note=c.get_scope_display()), c.org.short_name, c.get_kind_display(), numbers,
                Cell(lamp=Lamp(said.tone, said.label), note=said.words), Cell(c.document, note=c.note),
            )
        )  # fmt: skip
    table = Table(
        "填报的成果",
        ["事项", "单位", "类型", "填报的数字", "版本怎么说", "依据"],
        body,
        "还没有填报的成果。",
        caption_hidden=True,
    )
    tabs = [
        Tab("全部", address(found, "claims", org=org), not only_wrong),
        Tab("版本不支持的", address(found, "claims", org=org, wrong="1"), only_wrong),
    ]
    return show(
        request,
        Register(
            f"填报的成果（{found.name}）", crumbs=[HOME, Link(found.name, address(found, "round"))], tabs=tabs,
            buttons=[Link("导出附件4", address(found, "workbook", org=org))], sections=[Section("", table, page=page)],
        ),
        done,
    )  # fmt: skip


def _choose(name: str, label: str, choices: list[tuple[str, str]], *args: Any, **more: Any) -> Any:
    kind = type("Choose", (forms.Form,), {name: ChoiceField(label=label, choices=choices)})
    return kind(*args, **more)


@sees
@require_GET
def workbook(request: HttpRequest, pk: UUID) -> HttpResponse:
    """附件4 as far as one may see it."""
    found, org = round_of(request, pk), request.GET.get("org", "")[:60]
    region_name = settings.SIBAN_SITE["region_name"]
    sheets = annex.sheets(found, actor_of(request), region_name=region_name, org=org)
    return annex_file(f"附件4 “两优”{found.name}统计表", sheets)


@sees
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What one unit reports in a round: results, or the statement; reviewed here by the bureau."""
    by, at = actor_of(request), clock.now()
    chosen = LiangyouReport.objects.visible_to(by).filter(pk=pk).select_related("org", "round")
    one = chosen.first()
    if one is None:
        raise Http404("没有找到这份报送，或者它不属于您的单位。")

    def results(said: Mapping[str, Any]) -> str:
        actions.submit_results(report_id=one.pk, by=by, at=at)
        return "已报送成果，等政务服务管理机构审定。"

    def explain(said: Mapping[str, Any]) -> str:
        file = said["file"]
        made = actions.explain(
            report_id=one.pk, **{**said, "file": file}, file_name=file.name if file else "", by=by, at=at
        )
        return f"情况说明要件齐全，已收讫，编号 {made.number}。"

    def give_back(said: Mapping[str, Any]) -> str:
        actions.return_report(report_id=one.pk, reason=said["reason"], by=by, at=at)
        return "已退回，单位会看到原因。"

    def qualify(said: Mapping[str, Any]) -> str:
        actions.qualify(report_id=one.pk, by=by, at=at)
        return "已审定。"

    known = {
        "submit_results": Deed("submit_results", "报送成果", "报送填报的成果", results),
        "explain": Deed("explain", "没有成果的，报送情况说明", "报送情况说明", explain, forms.StatementForm, "须经党组会确认、正式行文、主要领导签字，缺一项不收。"),
        "return_report": Deed("return_report", "退回", "退回", give_back, forms.ReasonForm, danger=True),
        "qualify": Deed("qualify", "审定", "审定", qualify),
    }  # fmt: skip
    offered = {c.name for c in REPORT_FLOW.choices(one, by=by, at=at)}
    done = turn(request, [deed for name, deed in known.items() if name in offered])
    if done.response:
        return done.response
    late = one.reported_on and one.reported_on > one.due_on
    facts = [
        ("单位", one.org.name), ("范围", one.get_scope_display()), ("状态", one.get_state_display()),
        ("报送期限", str(one.due_on)),
        ("报送日期", f"{one.reported_on}{'（超过期限）' if late else ''}" if one.reported_on else "还没有报送"),
    ]  # fmt: skip
    filed = [
        (
            s.number, f"{s.meeting_on}　{s.meeting_number}", s.document_number, f"{s.signed_by}　{s.signed_on}",
            Cell(s.file.name, url=reverse("liangyou-statement", args=[s.pk])), s.reason,
        )
        for s in Statement.objects.filter(report=one).select_related("file").order_by("-filed_at")
    ]  # fmt: skip
    heads = ["编号", "党组会确认", "正式文号", "主要领导签字", "文件", "理由"]
    other = LiangyouReport.objects.filter(round=one.round, org=one.org).order_by("scope")
    tabs = [Tab(o.get_scope_display(), reverse("liangyou-report", args=[o.pk]), o.pk == one.pk) for o in other]
    return show(
        request,
        Register(
            f"{one.org.short_name}的报送", crumbs=[HOME, Link(one.round.name, address(one.round, "round"))], tabs=tabs,
            buttons=[Link("填报的成果", address(one.round, "claims", org=one.org.code))], facts=facts,
            sections=[Section("情况说明", Table("情况说明", heads, filed, "没有情况说明。", caption_hidden=True))] if filed else (),
        ),
        done,
    )  # fmt: skip


@sees
@require_GET
def statement(request: HttpRequest, pk: UUID) -> FileResponse:
    """The signed statement itself."""
    mine = LiangyouReport.objects.visible_to(actor_of(request)).order_by().values("pk")
    one = Statement.objects.filter(pk=pk, report_id__in=mine).select_related("file").first()
    if one is None:
        raise Http404("没有找到这份情况说明，或者它不属于您的单位。")
    response = FileResponse(files.open_file(one.file), content_type=one.file.media_type)
    response["Content-Disposition"] = 'inline; filename="statement.pdf"'
    return response


@sees
@require_http_methods(["GET", "POST"])
def internals(request: HttpRequest) -> HttpResponse:
    """内部管理事项: the register of each unit, with versions."""
    by = actor_of(request)
    done = turn(request, [_internal_deed(by)] if rules.department(by) else [])
    if done.response:
        return done.response
    some, page = paged(request, queries.internals(by), unit="项")
    body = [
        (
            Cell(i.name, url=reverse("liangyou-internal", args=[i.pk]), note=i.number), i.org.short_name, str(i.count),
            f"{i.ended_on} 取消" if i.ended_on else "在用",
        )
        for i in some
    ]  # fmt: skip
    table = Table(
        "内部管理事项", ["事项", "单位", NUMBER("版本"), "状态"], body, "还没有登记内部管理事项。", caption_hidden=True
    )
    intro = "机关内部流程的事项，由各单位登记并按日期保留每个版本，只用于“两优”比较，不对外办理。"
    return show(request, Register("内部管理事项", (intro,), [HOME], sections=[Section("", table, page=page)]), done)


def _internal_deed(by: Actor, item: InternalItem | None = None) -> Deed:
    def keep(said: Mapping[str, Any]) -> str:
        assert by.org_id is not None
        lists = {name: said[name].splitlines() for name in ("materials", "steps")}
        made = actions.keep_internal(org_id=by.org_id, **{**said, **lists}, by=by, at=clock.now())
        return f"已登记第 {made.number} 版。"

    last = item.versions.order_by("-effective_on").first() if item else None
    initial: dict[str, Any] = {"limit_unit": "workday"}
    if item and last:
        initial = {
            "number": item.number, "name": item.name, "materials": "\n".join(last.materials), "steps": "\n".join(last.steps),
            "limit_value": last.limit_value, "limit_unit": last.limit_unit,
        }  # fmt: skip
    title = "登记新版本" if item else "登记内部管理事项"
    return Deed("keep", title, "登记", keep, forms.InternalForm, "登记以后不能修改；有变化时登记新版本。", initial)


@sees
@require_http_methods(["GET", "POST"])
def internal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One internal item with its versions."""
    by = actor_of(request)
    item = InternalItem.objects.visible_to(by).filter(pk=pk).select_related("org").first()
    if item is None:
        raise Http404("没有找到这个事项，或者它不属于您的单位。")
    deeds = []
    if rules.department(by) and by.org_id == item.org_id and item.ended_on is None:

        def end(said: Mapping[str, Any]) -> str:
            actions.end_internal(item_id=item.pk, **said, by=by, at=clock.now())
            return "已取消。"

        deeds = [
            _internal_deed(by, item), Deed("end", "取消这个事项", "取消", end, forms.EndForm, danger=True),
        ]  # fmt: skip
    done = turn(request, deeds)
    if done.response:
        return done.response
    body = [
        (
            f"第 {v.number} 版", str(v.effective_on), "；".join(v.materials) or "无", "；".join(v.steps), v.state.limit,
            Cell(v.document, note=v.created_by),
        )
        for v in item.versions.order_by("-effective_on")
    ]  # fmt: skip
    table = Table("版本", ["版本", "开始执行", "材料", "环节", "时限", "依据"], body, caption_hidden=True)
    crumbs = [HOME, Link("内部管理事项", reverse("liangyou-internals"))]
    facts = [
        ("单位", item.org.name),
        ("编号", item.number),
        ("状态", f"{item.ended_on} 取消" if item.ended_on else "在用"),
    ]
    return show(request, Register(item.name, crumbs=crumbs, facts=facts, sections=[Section("版本", table)]), done)


def _sees_receipt(actor: Actor, subject_id: str) -> bool:
    """The receipt of a statement is for its unit and the bureau."""
    return LiangyouReport.objects.visible_to(actor).filter(pk=subject_id).exists()


papers.viewers.register("oversight.LiangyouReport", _sees_receipt)
