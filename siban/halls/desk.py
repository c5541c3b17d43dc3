"""Extended hours on the desk: by unit, by item with its reason, claims, exemptions, annex 3."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Cell, Column, Figure, Lamp, Link, Tab, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn
from siban.kernel.web.rowsheets import annex as annex_file

from . import access, actions, annex, forms, hours, queries, rules
from .models import DelayedExemption

sees = staff_required(*access.SEES)
HOME = Link("延时服务", "/desk/halls/delayed/")
NUMBER = partial(Column, numeric=True)
TONES = {
    "claimed": "amber",
    "listed": "green",
    "asked": "amber",
    "granted": "blue",
    "refused": "grey",
    "ended": "grey",
}
SHORT = {
    "scope": "应纳入",
    "claimed": "已列入",
    "gap": "应纳未纳",
    "exempt": "豁免",
    "out": "不在范围",
    "unmarked": "指南没有标明",
}
MOST = 1000  # choices in one select box


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def address(name: str, **asked: str) -> str:
    kept = "&".join(f"{k}={v}" for k, v in asked.items() if v)
    return reverse(name) + (f"?{kept}" if kept else "")


def share(figure: Any, url: str = "") -> Cell:
    """A ratio with its parts; a lamp would judge, here nothing is judged but the whole."""
    return Cell(figure.percent, note=f"{figure.hits} / {figure.total}", url=url)


@sees
@require_GET
def delayed(request: HttpRequest) -> HttpResponse:
    """Every unit, also those with nothing."""
    by = actor_of(request)
    lines = queries.delayed(by)

    def number(value: int, part: str, org: str) -> Cell:
        return Cell(str(value), url=address("delayed-items", part=part, org=org))

    def row(
        name: str, code: str, counts: Mapping[str, int], listed: int, waiting: int, unmatched: int
    ) -> tuple[object, ...]:
        total = queries.Figure("", code, counts["claimed"], counts["scope"])
        claimed = Cell(
            str(listed),
            url=address("delayed-claims", org=code, state="listed"),
            note=f"其中待对应 {unmatched}" if unmatched else "",
        )
        return (
            name, number(counts["scope"], "scope", code), number(counts["claimed"], "claimed", code), share(total),
            number(counts["gap"], "gap", code), number(counts["exempt"], "exempt", code), claimed,
            Cell(str(waiting), url=address("delayed-claims", org=code, state="claimed")),
        )  # fmt: skip

    body = [row(x.org.short_name, x.org.code, x.counts, x.listed, x.waiting, x.unmatched) for x in lines]
    sums = {key: sum(x.counts[key] for x in lines) for key in queries.PARTS}
    listed, waiting, unmatched = (sum(getattr(x, k) for x in lines) for k in ("listed", "waiting", "unmatched"))
    heads = [
        Column("单位", nowrap=True),
        *(NUMBER(x) for x in ("应纳入", "已列入的应纳事项", "应纳尽纳率", "应纳未纳", "豁免", "认领总数", "待确认")),
    ]
    units = sum(1 for x in lines if x.listed)
    lacking = [name for name, n in queries.domains(by).items() if n == 0] if access.sees_territory(by) else []
    notices = [("warning", f"六个重点领域里还没有延时服务事项的：{'、'.join(lacking)}。")] if lacking else []
    stats = [
        Figure("认领总数", listed, address("delayed-claims", state="listed"), unit="项", note=f"{units} 个单位有认领"),
        Figure("应纳未纳", sums["gap"], address("delayed-items", part="gap"), unit="项", tone="red" if sums["gap"] else "green"),
        Figure("待确认的认领", waiting, address("delayed-claims", state="claimed"), unit="项", tone="amber" if waiting else "grey"),
        Figure("指南没有标明的", sums["unmarked"], address("delayed-items", part="unmarked"), unit="项"),
    ]  # fmt: skip
    slots = [
        (s["name"], f"{s['days']} {'、'.join('—'.join(t) for t in s['times'])}", s["booking"], s["source"])
        for s in hours.said()["slots"].values()
    ]
    footer = row("合计", "", sums, listed, waiting, unmatched) if len(lines) > 1 else ()
    return show(
        request,
        Register(
            "延时服务", ("依申请的行政权力和公共服务都应纳入，主动服务的除外；即办、全程网办、热点高频、咨询类提供服务，承诺件接收材料、提供咨询和受理。",),
            buttons=[Link("认领清单", reverse("delayed-claims")), Link("豁免", reverse("delayed-exemptions")), Link("导出附件3", reverse("delayed-annex"))],
            notices=notices, stats=stats,
            sections=[
                Section("按单位", Table("按单位", heads, body, "还没有单位。", footer=footer, caption_hidden=True)),
                Section("延时时段", Table("延时时段", ["类型", "时间", "预约", "来源"], slots, caption_hidden=True)),
            ],
        ),
    )  # fmt: skip


@sees
@require_http_methods(["GET", "POST"])
def items(request: HttpRequest) -> HttpResponse:
    """The items behind one number, each with the reason it belongs in or not; a unit claims here."""
    by, at = actor_of(request), clock.now()
    part, org = request.GET.get("part", "gap"), request.GET.get("org", "")[:60]
    if part not in queries.PARTS:
        raise Http404("没有这个数字。请从“延时服务”页点击数字进入。")
    some, page = paged(request, queries.rows(by, queries.PARTS, part=part, org=org), unit="项")
    deeds = []
    if access.of_a_unit(by) and part in ("gap", "scope"):
        gap = queries.rows(by, queries.PARTS, part="gap").exclude(delayed_claims__state="claimed")[:MOST]
        choices = [(str(i.pk), i.name) for i in gap]

        def claim(said: Mapping[str, Any]) -> str:
            made = actions.claim(
                item_id=UUID(said["item"]), slots=said["slots"], services=said["services"], note=said["note"], by=by, at=at
            )  # fmt: skip
            return f"已认领“{made.name}”，等政务服务管理机构确认。"

        def exempt(said: Mapping[str, Any]) -> str:
            actions.ask_exemption(
                item_id=UUID(said["item"]), ground=said["ground"], reason=said["reason"], by=by, at=at
            )
            return "已申请不纳入，等政务服务管理机构审核。"

        deeds = [
            Deed("claim", "认领一个事项", "认领", claim, partial(forms.ClaimForm, items=choices)),
            Deed("exempt", "申请不纳入", "申请", exempt, partial(forms.ExemptForm, items=choices)),
        ]  # fmt: skip
    done = turn(request, deeds)
    if done.response:
        return done.response
    why = queries.scopes(some, on=clock.local_day(at))
    body = [
        (
            Cell(i.name, note=i.impl_code), i.org.short_name, annex.CASE_TYPES.get(i.case_type, "其他"),
            Cell("；".join(why[i.pk].reasons)), why[i.pk].words or "—",
        )
        for i in some
    ]  # fmt: skip
    tabs = [Tab(SHORT[key], address("delayed-items", part=key, org=org), key == part) for key in queries.PARTS]
    table = Table(
        queries.PARTS[part][0],
        ["事项", "单位", "办件类型", "理由", "应提供的服务"],
        body,
        "没有这样的事项，这个数字是 0。",
        caption_hidden=True,
    )
    return show(
        request, Register(queries.PARTS[part][0], crumbs=[HOME], tabs=tabs, sections=[Section("", table, page=page)]), done
    )  # fmt: skip


@sees
@require_http_methods(["GET", "POST"])
def claims(request: HttpRequest) -> HttpResponse:
    """Claims: confirmed or returned by the bureau, matched or withdrawn by the unit, brought in by annex 3."""
    by, at = actor_of(request), clock.now()
    state, org = request.GET.get("state", ""), request.GET.get("org", "")[:60]
    state = state if state in ("claimed", "listed") else ""
    some, page = paged(request, queries.claims(by, state=state, org=org))
    named = [(str(c.pk), f"{c.name}（{c.org.short_name}）") for c in some]
    waiting = [(str(c.pk), f"{c.name}（{c.org.short_name}）") for c in some if c.state == "claimed"]
    deeds = []
    if access.is_bureau(by) and waiting:

        def confirm(said: Mapping[str, Any]) -> str:
            return f"已确认 {actions.confirm(claim_ids=[UUID(pk) for pk, _ in waiting], by=by, at=at)} 项，列入延时服务清单。"

        def give_back(said: Mapping[str, Any]) -> str:
            actions.return_claim(claim_id=UUID(said["row"]), reason=said["reason"], by=by, at=at)
            return "已退回。"

        deeds = [
            Deed("confirm", "确认", f"确认本页待确认的 {len(waiting)} 项", confirm),
            Deed("return", "退回一项", "退回", give_back, partial(forms.ChosenForm, rows=waiting), danger=True),
        ]  # fmt: skip
    if access.of_a_unit(by):

        def take_in(said: Mapping[str, Any]) -> str:
            return f"已导入，新认领 {annex.take_in(upload=said['file'], name=said['file'].name, by=by, at=at)} 项。"

        deeds.append(
            Deed(
                "import",
                "导入附件3",
                "导入",
                take_in,
                forms.UploadForm,
                "有一行不对就全部不导入，并逐行说明；已经认领的不重复。",
            )
        )
    if access.of_a_unit(by) and named:
        loose = [(str(c.pk), c.name) for c in some if c.item_id is None]
        own = [(str(i.pk), i.name) for i in queries.rows(by, queries.PARTS, part="gap")[:MOST]]

        def withdraw(said: Mapping[str, Any]) -> str:
            actions.withdraw(claim_id=UUID(said["row"]), reason=said["reason"], by=by, at=at)
            return "已撤回。"

        def match(said: Mapping[str, Any]) -> str:
            made = actions.match(claim_id=UUID(said["row"]), item_id=UUID(said["item"]), by=by, at=at)
            return f"已对应到“{made.name}”。"

        if loose:
            deeds.append(
                Deed(
                    "match",
                    "对应到事项",
                    "对应",
                    match,
                    partial(forms.MatchForm, rows=loose, items=own),
                    "原清单只列了数量的，逐条对应到本单位的事项。",
                )
            )
        deeds.append(
            Deed("withdraw", "撤回一项认领", "撤回", withdraw, partial(forms.ChosenForm, rows=named), danger=True)
        )
    done = turn(request, deeds)
    if done.response:
        return done.response
    names = hours.slot_names()
    body = [
        (
            Cell(c.name, note=c.item.impl_code if c.item else "待对应到事项"), c.org.short_name,
            "、".join(rules.SERVICES[s] for s in c.services) or "—", "、".join(names.get(s, s) for s in c.slots) or "—",
            Cell(lamp=Lamp(TONES[c.state], c.get_state_display())), Cell(c.claimed_by, note=f"{clock.local_day(c.claimed_at)}"),
        )
        for c in some
    ]  # fmt: skip
    tabs = [
        Tab(words, address("delayed-claims", state=key, org=org), key == state)
        for key, words in (("", "全部"), ("claimed", "待确认"), ("listed", "已列入"))
    ]
    table = Table(
        "认领清单",
        ["事项", "单位", "服务", "时段", "状态", "认领"],
        body,
        "还没有认领，显示为 0。",
        caption_hidden=True,
    )
    return show(
        request,
        Register("延时服务认领清单", crumbs=[HOME], tabs=tabs, buttons=[Link("导出附件3", address("delayed-annex", org=org))], sections=[Section("", table, page=page)]),
        done,
    )  # fmt: skip


@sees
@require_http_methods(["GET", "POST"])
def exemptions(request: HttpRequest) -> HttpResponse:
    """Who asked to leave an item out, why, and what was answered."""
    by, at = actor_of(request), clock.now()
    shown = DelayedExemption.objects.visible_to(by).select_related("org", "item").order_by("-asked_at", "pk")
    some, page = paged(request, shown)
    deeds = []
    if access.is_bureau(by):
        asked = [(str(e.pk), f"{e.item.name}（{e.org.short_name}）") for e in some if e.state == "asked"]
        granted = [(str(e.pk), f"{e.item.name}（{e.org.short_name}）") for e in some if e.state == "granted"]

        def answer(is_granted: bool, said: Mapping[str, Any]) -> str:
            actions.answer_exemption(
                exemption_id=UUID(said["row"]), is_granted=is_granted, answer=said["reason"], by=by, at=at
            )
            return "已答复。"

        def end(said: Mapping[str, Any]) -> str:
            actions.end_exemption(exemption_id=UUID(said["row"]), answer=said["reason"], by=by, at=at)
            return "已恢复纳入。"

        if asked:
            rows = partial(forms.ChosenForm, rows=asked)
            deeds += [
                Deed("grant", "同意不纳入", "同意", partial(answer, True), rows),
                Deed("refuse", "不同意", "不同意", partial(answer, False), rows),
            ]
        if granted:
            deeds.append(Deed("end", "恢复纳入", "恢复纳入", end, partial(forms.ChosenForm, rows=granted)))
    done = turn(request, deeds)
    if done.response:
        return done.response
    body = [
        (
            Cell(e.item.name, note=e.item.impl_code), e.org.short_name, Cell(rules.GROUNDS.get(e.ground, e.ground), note=e.reason),
            Cell(lamp=Lamp(TONES[e.state], e.get_state_display()), note=e.answer), Cell(e.answered_by or "—", note=f"申请 {clock.local_day(e.asked_at)}"),
        )
        for e in some
    ]  # fmt: skip
    table = Table(
        "豁免", ["事项", "单位", "理由", "结果", "审批人"], body, "没有申请豁免的事项。", caption_hidden=True
    )
    return show(request, Register("延时服务豁免", crumbs=[HOME], sections=[Section("", table, page=page)]), done)


@sees
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """附件3 as far as one may see it."""
    sheets = annex.sheets(
        actor_of(request), region_name=settings.SIBAN_SITE["region_name"], org=request.GET.get("org", "")[:60]
    )
    return annex_file("附件3 延时服务事项清单", sheets)
