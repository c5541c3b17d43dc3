"""事项质量: the score of one's items and its trend, findings by rule, unit and level with the rows behind them; switched rules."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siban.identity.api import Role
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Lamp, Link, Page, Table
from siban.kernel.web.rowsheets import exported

from . import access, actions, queries
from . import queries_checks as checks
from .desk import ROLES
from .desk_changes import CRUMBS, PAGE, address
from .linting import naming
from .models import CheckResult, RuleSwitch
from .queries_checks import LEVELS, SEVERITIES, SINCE, Score, Sought

UNITS = 200  # organisations on the page, the worst first; the others are found by the filter of the rows
WORST = 12
TONES = {"E": "red", "W": "amber"}
HERE = [*CRUMBS, Link("事项质量", "/desk/items/quality/")]
EXPORT = [
    "单位",
    "事项",
    "实施编码",
    "规则",
    "规则名称",
    "级别",
    "要素",
    "现值",
    "问题",
    "怎样改",
    "发现日期",
    "解决日期",
]


def _rows(**said: object) -> str:
    return f"{reverse('desk-quality-rows')}?{urlencode({k: v for k, v in said.items() if v})}"


@staff_required(*ROLES)
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """Score, trend, and what was found, by rule, unit and level."""
    actor = request.actor  # type: ignore[attr-defined]
    run = checks.last_run()
    context: dict[str, Any] = {"run": run, "crumbs": CRUMBS, "may_switch": actor.has_role(Role.SERVICE_ADMIN)}
    if run is not None:
        score, (new, gone), days = (
            checks.overall(run, by=actor),
            checks.changed(run, by=actor),
            checks.trend(run, by=actor),
        )
        context |= {
            "score": score,
            "ended": timezone.localtime(run.ended_at),
            "figures": [
                ("得分", score.words, "", "分", "没有错误的事项占全部事项的比例", _tone(score)),
                ("检查的事项", score.items, "", "项", f"没有错误的 {score.sound} 项", "grey"),
                ("错误", score.errors, _rows(severity="E"), "处", "不改好不能发布新版本", "red" if score.errors else "green"),
                ("提醒", score.warnings, _rows(severity="W"), "处", "应当核对，不扣分", "amber" if score.warnings else "green"),
                ("今日新增", new, _rows(since="new"), "处", "与前一次检查相比", "grey"),
                ("今日解决", gone, _rows(since="gone"), "处", "与前一次检查相比", "grey"),
            ],
            "chart": _chart(days),
            "days": _days(days),
            "rules": _rules(run, actor),
            **_units(run, actor),
            "levels": _levels(run, actor),
            "is_wide": access.sees_territory(actor),
        }  # fmt: skip
    return render(request, "catalog/desk_quality.html", context)


def _tone(score: Score) -> str:
    return "grey" if not score.items else "green" if score.sound == score.items else "amber"


def _chart(days: list[tuple[Any, Score]]) -> dict[str, Any]:
    return {
        "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day, _ in days]},
        "yAxis": [
            {"type": "value", "name": "得分", "max": 100, "min": _floor(days)},
            {"type": "value", "name": "错误（处）", "minInterval": 1, "min": 0},
        ],
        "series": [
            {"name": "得分", "type": "line", "data": [score.points for _, score in days], "symbolSize": 8},
            {"name": "错误", "type": "bar", "yAxisIndex": 1, "data": [score.errors for _, score in days], "barMaxWidth": 18},
        ],
    }  # fmt: skip


def _floor(days: list[tuple[Any, Score]]) -> int:
    least = min((score.points for _, score in days), default=0)
    return max(0, int(least) - 5) // 5 * 5


def _days(days: list[tuple[Any, Score]]) -> Table:
    rows = [(f"{day:%Y-%m-%d}", s.words, s.items, s.errors, s.warnings) for day, s in reversed(days)]
    heads = [Column("日期", nowrap=True), *(Column(name, numeric=True) for name in ("得分", "事项", "错误", "提醒"))]
    return Table("近 30 天得分", heads, rows, caption_hidden=True)


def _rules(run: Any, actor: Any) -> Table:
    rows = [
        (
            Cell(f"{r['rule']} {checks.title_of(r['rule'])}", url=_rows(rule=r["rule"], severity=r["severity"])),
            Cell(lamp=Lamp(TONES[r["severity"]], SEVERITIES[r["severity"]])), r["n"], r["units"], r["new"],
        )
        for r in checks.by_rule(run, by=actor)
    ]  # fmt: skip
    heads = [
        "规则",
        Column("级别", nowrap=True),
        *(Column(name, numeric=True) for name in ("处数", "单位", "最近一次新发现")),
    ]
    return Table("按规则", heads, rows, "没有发现问题。", caption_hidden=True)


def _units(run: Any, actor: Any) -> dict[str, Table]:
    """The worst organisations in one table, the others folded below it."""
    rows: list[Any] = []
    for code, name, score, before in checks.by_unit(run, by=actor, most=UNITS):
        moved = score.points - before.points if before else 0
        rows.append((
            Cell(name, url=_rows(unit=code)), score.words, f"{moved:+.2f}" if moved else "持平" if before else "—",
            score.items, score.items - score.sound, Cell(score.errors, url=_rows(unit=code, severity="E") if score.errors else ""),
            Cell(score.warnings, url=_rows(unit=code, severity="W") if score.warnings else ""),
        ))  # fmt: skip
    heads = [
        "单位",
        *(Column(name, numeric=True) for name in ("得分", "比 30 天前", "事项", "有错误的事项", "错误", "提醒")),
    ]
    return {
        "units": Table("按单位", heads, rows[:WORST], "没有事项。", caption_hidden=True),
        "other_units": Table("其他单位", heads, rows[WORST:], caption_hidden=True),
    }


def _levels(run: Any, actor: Any) -> Table:
    rows = [
        (Cell(LEVELS.get(level, f"{level} 级"), url=_rows(level=level)), s.words, s.items, s.errors, s.warnings)
        for level, s in checks.by_level(run, by=actor)
    ]
    heads = ["层级", *(Column(name, numeric=True) for name in ("得分", "事项", "错误", "提醒"))]
    return Table("按层级", heads, rows, "没有事项。", caption_hidden=True)


def _sought(request: HttpRequest) -> Sought:
    names = ("rule", "unit", "level", "severity", "since", "q")
    return Sought(*(request.GET.get(name, "")[:60].replace("\x00", "") for name in names))


@staff_required(*ROLES)
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The findings behind a number: as many rows as the number says."""
    actor, sought, run = request.actor, _sought(request), checks.last_run()  # type: ignore[attr-defined]
    if run is None:
        raise Http404("还没有做过每日检查。系统每天零点后自动检查一次，请明天再看。")
    found = checks.found(sought, run, by=actor)
    if request.GET.get("export"):
        return exported("事项质量问题", EXPORT, map(_exported, found.iterator(chunk_size=500)))
    pages = Paginator(found, PAGE)
    page = pages.get_page(request.GET.get("page"))
    lines = [_line(one) for one in page]
    heads = ["事项", Column("规则", nowrap=True), "问题和改法", Column("发现", nowrap=True)]
    context = {
        "sought": sought,
        "rules": [("", "全部规则"), *checks.rules()],
        "departments": [("", "全部单位"), *queries.departments_of(actor)],
        "levels": [("", "全部层级"), *((str(k), v) for k, v in LEVELS.items())],
        "severities": [("", "错误和提醒"), *SEVERITIES.items()],
        "sinces": [("", "现有全部"), *SINCE.items()],
        "table": Table("问题", heads, lines, "没有符合条件的问题。", "放宽条件再查，或者清空条件。", caption_hidden=True),
        "page": Page(
            len(page.object_list), address(request, page=page.previous_page_number()) if page.has_previous() else "",
            address(request, page=page.next_page_number()) if page.has_next() else "", pages.count, "处",
        ),
        "total": pages.count, "run": run, "crumbs": HERE, "clear_url": request.path,
        "export_url": address(request, export="1"),
    }  # fmt: skip
    return render(request, "catalog/desk_quality_rows.html", context)


def _line(one: CheckResult) -> tuple[Cell, ...]:
    item = one.item
    return (
        Cell(item.name, url=reverse("desk-item", args=[item.pk]), note=one.org.name) if item else Cell(one.org.name, note="整个单位的清单"),
        Cell(lamp=Lamp(TONES[one.severity], f"{one.rule} {SEVERITIES[one.severity]}"), note=checks.title_of(one.rule)),
        Cell(f"{naming.in_words(one.path).strip()}：{one.message}", note=f"改法：{one.mend}"),
        Cell(f"{one.found_on:%Y-%m-%d}", note=f"{one.gone_on:%Y-%m-%d} 解决" if one.gone_on else ""),
    )  # fmt: skip


def _exported(one: CheckResult) -> tuple[object, ...]:
    return (
        one.org.name, one.item.name if one.item else "（整个单位的清单）", one.item.impl_code if one.item else "", one.rule,
        checks.title_of(one.rule), SEVERITIES[one.severity], naming.in_words(one.path).strip(), one.value, one.message,
        one.mend, f"{one.found_on:%Y-%m-%d}", f"{one.gone_on:%Y-%m-%d}" if one.gone_on else "",
    )  # fmt: skip


@staff_required(Role.SERVICE_ADMIN)
@require_http_methods(["GET", "POST"])
def switches(request: HttpRequest) -> HttpResponse:
    """Rules switched off or changed in one's territory: who decided it, why; and a form for another decision."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    said = {
        name: request.POST.get(name, "")[:300].replace("\x00", "") for name in ("rule", "region", "severity", "reason")
    }
    refusal = ""
    if request.method == "POST":
        try:
            made = actions.switch_rule(**said, by=actor, at=clock.now())
        except Refused as why:
            refusal = str(why)
        else:
            messages.success(request, f"已调整规则 {made.rule}：{made.get_severity_display()}。下一次检查起按新的办。")
            return redirect("desk-rule-switches")
    return _switches(request, said, refusal)


def _switches(request: HttpRequest, said: dict[str, str], refusal: str) -> HttpResponse:
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = checks.switches(actor)
    context = {
        "said": said, "errors": [(refusal, "#id_reason")] if refusal else [],
        "rules": [("", "请选择"), *checks.rules()], "regions": checks.regions_of(actor),
        "severities": [("", "请选择"), *RuleSwitch.Level.choices],
        "open": [s for s in found if s.ended_at is None],
        "mine": {s.pk for s in found if access.switches_rules(actor, s.region_id)},
        "past": Table(
            "以前的调整", ["规则", "地区", "怎样处理", "原因", "期间", "经办人"],
            [
                (f"{s.rule} {checks.title_of(s.rule)}", s.region.name, s.get_severity_display(), s.reason,
                 f"{timezone.localtime(s.set_at):%Y-%m-%d} 至 {timezone.localtime(s.ended_at):%Y-%m-%d}", f"{s.set_by}；{s.ended_by}")
                for s in found if s.ended_at
            ],
            "没有恢复过的调整。", caption_hidden=True,
        ),
        "probe": checks.probe_of(actor.region_code), "crumbs": HERE,
    }  # fmt: skip
    for one in context["open"]:
        one.title, one.may_end, one.prefix = checks.title_of(one.rule), one.pk in context["mine"], f"end_{one.pk}_"
    return render(request, "catalog/desk_rule_switches.html", context, status=422 if refusal else 200)


@staff_required(Role.SERVICE_ADMIN)
@require_POST
def end_switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a decision about a rule back."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    if pk not in {s.pk for s in checks.switches(actor)}:
        raise Http404("没有找到这一条调整，请从“规则开关”页面进入。")
    try:
        actions.end_switch(switch=pk, reason=request.POST.get("reason", "")[:300], by=actor, at=clock.now())
    except Refused as why:
        return _switches(request, dict.fromkeys(("rule", "region", "severity", "reason"), ""), str(why))
    messages.success(request, "已恢复，规则按原来的规定检查。")
    return redirect("desk-rule-switches")


@staff_required(Role.SERVICE_ADMIN)
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Have addresses of this platform followed in one's region, or no longer."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    on = request.POST.get("on") == "yes"
    try:
        actions.follow_addresses(
            region=actor.region_code, on=on, reason=request.POST.get("reason", "")[:300], by=actor, at=clock.now()
        )
    except Refused as why:
        return _switches(request, dict.fromkeys(("rule", "region", "severity", "reason"), ""), str(why))
    messages.success(request, "下一次检查起核对地址。" if on else "不再核对地址。")
    return redirect("desk-rule-switches")
