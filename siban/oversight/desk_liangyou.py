"""两优 on the desk: the round by unit, the rows behind each number, one item side by side, claims, reports, internal items."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.ui.parts import Cell, Column, Figure, Lamp, Link, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn

from .desk.figures import SEES_FIGURES
from .liangyou import actions, forms, queries, rules
from .models import LiangyouReport, LiangyouRound, OptimisationRecord

sees = staff_required(*SEES_FIGURES)
HOME = Link("两优", "/desk/reform/liangyou/")
NUMBER = partial(Column, numeric=True)


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def round_of(request: HttpRequest, pk: UUID) -> LiangyouRound:
    found = queries.rounds(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("没有找到这一轮。")
    return found


def address(found: LiangyouRound, name: str, **asked: str) -> str:
    kept = "&".join(f"{k}={v}" for k, v in asked.items() if v)
    return reverse(f"liangyou-{name}", args=[found.pk]) + (f"?{kept}" if kept else "")


@sees
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The rounds; opening the next."""
    by = actor_of(request)
    known = list(queries.rounds(by))
    deeds = []
    if rules.bureau(by):
        orgs = [
            (str(o.pk), o.short_name)
            for o in Org.objects.within(by.region_prefix).filter(kind="government", is_active=True).order_by("order", "code")
        ]  # fmt: skip

        def make(said: Mapping[str, Any]) -> HttpResponse:
            made = actions.open_round(**{**said, "orgs": [UUID(pk) for pk in said["orgs"]]}, by=by, at=clock.now())
            return redirect("liangyou-round", pk=made.pk)

        deeds.append(
            Deed("open", "开始新的一轮", "开始并计算", make, partial(forms.RoundForm, orgs=orgs),
                 initial={"orgs": [pk for pk, _ in orgs]}, fold=bool(known))
        )  # fmt: skip
    done = turn(request, deeds)
    if done.response:
        return done.response
    rows = [
        (
            Cell(r.name, url=address(r, "round"), note=r.document), f"{r.begin_on} 至 {r.end_on}", str(r.due_on),
            Cell(lamp=Lamp("blue", "当前") if r.is_current else Lamp("grey", "以往")),
        )
        for r in known
    ]  # fmt: skip
    return show(
        request,
        Register(
            "“两优”成果", ("材料、环节、时限减了多少，由系统按事项在起止两天执行的版本算出，不靠填报。",),
            buttons=[Link("内部管理事项", reverse("liangyou-internals"))],
            sections=[Section("", Table("轮次", ["轮次", "比较的两天", "报送期限", "状态"], rows, "还没有轮次。", caption_hidden=True))],
        ),
        done,
    )  # fmt: skip


@sees
@require_http_methods(["GET", "POST"])
def round_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One round by unit."""
    by, found = actor_of(request), round_of(request, pk)
    deeds = []
    if rules.bureau(by):

        def again(said: Mapping[str, Any]) -> str:
            made = actions.compute(round_id=found.pk, by=by, at=clock.now())
            return f"已按现在的版本重新计算，共 {made} 个事项。"

        deeds.append(Deed("compute", "重新计算", "按版本重新计算", again))
    done = turn(request, deeds)
    if done.response:
        return done.response
    lines = queries.units(found, by)
    sums = queries.total(lines)

    def number(line: queries.UnitLine | None, part: str) -> Cell:
        value = (line.counts if line else sums)[part]
        return Cell(str(value), url=address(found, "rows", part=part, org=line.org.code if line else ""))

    def share(figure: Any, part: str, org: str, *, judged: bool = True) -> Cell:
        parts = f"{figure.hits} / {figure.total}"
        short = queries.met_short(figure) if judged else None
        lamp = None if short is None else Lamp("red" if short else "green", f"{figure.percent}")
        return Cell(
            "" if lamp else figure.percent,
            lamp=lamp,
            note=parts,
            url="" if lamp else address(found, "rows", part=part, org=org),
        )

    def row(line: queries.UnitLine) -> tuple[object, ...]:
        return (
            line.org.short_name, number(line, "total"), number(line, "hits"), share(line.figure, "hits", line.org.code),
            *(number(line, part) for part in ("material", "step", "time", "worse")),
        )  # fmt: skip

    def owed(line: queries.UnitLine) -> tuple[object, ...]:
        code = line.org.code
        return (
            line.org.short_name, number(line, "internal"), number(line, "inhits"),
            share(line.figure_internal, "inhits", code, judged=False), Cell(str(line.claims), url=address(found, "claims", org=code)),
            Cell(str(line.unsupported), url=address(found, "claims", org=code, wrong="1")),
            *(_report(line.reports.get(scope)) for scope in ("external", "internal")),
        )  # fmt: skip

    def part_total(hits: str, total: str) -> Any:
        return queries.Figure("", None, sums[hits], sums[total])

    claimed, unsupported = sum(x.claims for x in lines), sum(x.unsupported for x in lines)
    footer: tuple[object, ...] = (
        "合计", number(None, "total"), number(None, "hits"), share(part_total("hits", "total"), "hits", ""),
        *(number(None, part) for part in ("material", "step", "time", "worse")),
    )  # fmt: skip
    owed_footer: tuple[object, ...] = (
        "合计", number(None, "internal"), number(None, "inhits"), share(part_total("inhits", "internal"), "inhits", "", judged=False),
        Cell(str(claimed), url=address(found, "claims")), Cell(str(unsupported), url=address(found, "claims", wrong="1")), "", "",
    )  # fmt: skip
    unit = Column("单位", nowrap=True)
    heads = [
        unit,
        *(NUMBER(x) for x in ("外部权力事项", "有成果的", "优化比例", "减材料", "减环节", "减时限", "有增加的")),
    ]
    owed_heads = [
        unit,
        *(NUMBER(x) for x in ("内部管理事项", "有成果的", "优化比例", "填报成果", "版本不支持")),
        "外部报送",
        "内部报送",
    ]
    services = part_total("allhits", "all")
    stats = [
        Figure("有成果的外部权力事项", sums["hits"], address(found, "rows", part="hits"), unit="项"),
        Figure("含依申请公共服务", sums["allhits"], address(found, "rows", part="allhits"), unit="项", note=f"占 {services.percent}"),
        Figure("本轮新增，无版本可比", sums["new"], address(found, "rows", part="new"), unit="项"),
        Figure("本轮取消", sums["gone"], address(found, "rows", part="gone"), unit="项"),
        Figure("有增加的", sums["worse"], address(found, "rows", part="worse"), unit="项", tone="red" if sums["worse"] else "grey"),
        Figure("填报但版本不支持", sum(x.unsupported for x in lines), address(found, "claims", wrong="1"), unit="条", tone="red" if any(x.unsupported for x in lines) else "grey"),
    ]  # fmt: skip
    intro = (
        f"比较 {found.begin_on} 与 {found.end_on} 两天执行的版本，报送期限 {found.due_on}；外部权力事项优化比例要求不低于 {queries.TARGET}%。依据：{found.document}。",
        "材料按标准材料计，改名不算减少；时限按 1 个工作日合 7/5 个自然日比较；到现场次数只供参考，不算成果。点数字看逐项明细。",
    )
    return show(
        request,
        Register(
            f"“两优”{found.name}", intro, [HOME],
            [Link("填报的成果", address(found, "claims")), Link("导出附件4", address(found, "workbook"))], stats=stats,
            sections=[
                Section("外部权力事项", Table("外部权力事项", heads, [row(x) for x in lines], "这一轮还没有单位的数据。", footer=footer if lines else (), caption_hidden=True)),
                Section("内部管理事项、填报和报送", Table("内部管理事项、填报和报送", owed_heads, [owed(x) for x in lines], "这一轮还没有单位的数据。", footer=owed_footer if lines else (), caption_hidden=True)),
            ],
        ),
        done,
    )  # fmt: skip


@sees
@require_GET
def rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows behind one number."""
    found, part, org = round_of(request, pk), request.GET.get("part", "total"), request.GET.get("org", "")[:60]
    if part not in queries.PARTS:
        raise Http404("没有这个数字。请从“两优”页点击数字进入。")
    some, page = paged(request, queries.rows(found, actor_of(request), part=part, org=org), unit="项")
    table = Table(
        queries.PARTS[part][0], ["事项", "单位", "材料", "环节", "时限", "到现场", "结论"],
        [
            (
                Cell(r.name, url=reverse("liangyou-record", args=[r.pk]), note=r.code), r.org.short_name,
                _pair(r.materials_before, r.materials_after), _pair(r.steps_before, r.steps_after),
                _pair(_days(r, "before"), _days(r, "after")), _pair(r.visits_before, r.visits_after), _conclusion(r),
            )
            for r in some
        ],
        "没有符合的事项，这个数字是 0。", caption_hidden=True,
    )  # fmt: skip
    return show(
        request,
        Register(
            f"{queries.PARTS[part][0]}（{found.name}）", crumbs=[HOME, Link(found.name, address(found, "round"))],
            sections=[Section("", table, page=page)],
        ),
    )  # fmt: skip


def _days(r: OptimisationRecord, side: str) -> str | None:
    absent = {"before": "new", "after": "gone"}[side] == r.standing
    return None if absent else rules.days_words(getattr(r, f"days_{side}"))


def _report(one: LiangyouReport | None) -> Cell:
    return Cell(one.get_state_display(), url=reverse("liangyou-report", args=[one.pk])) if one else Cell("不需报送")


def _pair(before: object, after: object) -> str:
    if before is None and after is None:
        return "—"
    old, new = ("—" if v is None else str(v) for v in (before, after))
    return old if old == new else f"{old} → {new}"


def _conclusion(r: OptimisationRecord) -> Cell:
    cuts = [words for key, words in rules.CUTS.items() if getattr(r, key)]
    if r.standing != "compared":
        return Cell(lamp=Lamp("grey", r.get_standing_display()))
    if cuts and r.is_worse:
        return Cell(lamp=Lamp("amber", "有减有增"), note="、".join(cuts))
    if cuts:
        return Cell(lamp=Lamp("green", "、".join(cuts)))
    return Cell(lamp=Lamp("red", "有增加") if r.is_worse else Lamp("grey", "没有变化"))


@sees
@require_GET
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item with both versions side by side and what went."""
    chosen = OptimisationRecord.objects.visible_to(actor_of(request)).filter(pk=pk)
    r = chosen.select_related("org", "round", "before", "after", "internal_before", "internal_after").first()
    if r is None:
        raise Http404("没有找到这一行，或者它不属于您的单位。")
    states = [_state(r.before, r.internal_before), _state(r.after, r.internal_after)]
    change = rules.compare(*states) if all(states) else None  # type: ignore[arg-type]
    gone = set(change.gone_papers) | set(change.gone_steps) if change else set()
    new = set(change.new_papers) | set(change.new_steps) if change else set()

    def marked(names: Any, marks: set[str], word: str) -> str:
        return "；".join(f"{n}（{word}）" if n in marks else n for n in names) or "无"

    def side(state: rules.State | None, marks: set[str], word: str) -> tuple[str, ...]:
        if state is None:
            return ("这一天没有版本",) * 4
        visits = "未填" if state.visits is None else f"{state.visits} 次"
        return (
            marked([p.name for p in state.papers], marks, word), marked(state.steps, marks, word),
            state.limit or rules.days_words(state.days), visits,
        )  # fmt: skip

    names = ("材料", "环节", "时限", "到现场次数（参考）")
    body = list(zip(names, side(states[0], gone, "减去"), side(states[1], new, "新增"), strict=True))
    heads = [Column("内容", nowrap=True), _version(r, "before"), _version(r, "after")]
    conclusion = _conclusion(r)
    facts = [("单位", r.org.name), ("编码", r.code), ("结论", conclusion.lamp.label if conclusion.lamp else "")]
    if change:
        facts += [
            ("材料", _pair(*change.papers)),
            ("环节", _pair(*change.steps)),
            ("时限", _pair(*(rules.days_words(d) for d in change.days))),
        ]
    return show(
        request,
        Register(
            r.name, crumbs=[HOME, Link(r.round.name, address(r.round, "round"))], facts=facts,
            sections=[Section("前后两版对照", Table("前后两版对照", heads, body, caption_hidden=True))],
        ),
    )  # fmt: skip


def _state(version: Any, internal: Any) -> rules.State | None:
    return rules.of_item(version.elements) if version else internal.state if internal else None


def _version(r: OptimisationRecord, side: str) -> str:
    version = getattr(r, side) or getattr(r, f"internal_{side}")
    day = r.round.begin_on if side == "before" else r.round.end_on
    when = f"{day}" if day <= clock.local_day(clock.now()) else f"现在（截止日 {day} 还没有到）"
    return f"{when}执行的" + (f"第 {version.number} 版" if version else "版本")
