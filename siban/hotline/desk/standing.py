"""The supervisor's wall, the revisit desk, the ledgers, the list with its trials, and hot spots."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms as plain
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel import clock, journal
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.ui.forms import DateInput, Form
from siban.kernel.ui.parts import Cell, Column, Link, Tab, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn
from siban.kernel.web.rowsheets import exported

from .. import access, rules
from ..actions import categories as listing
from ..flow import OrderState
from ..models import Category, Order, RuleDraft
from ..queries import hotspots, ledgers, standing
from ..queries.orders import line, short
from .acts import pairs
from .orders import DESK

HOME = Link("热线工单", "/desk/hotline/")


def actor_of(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@require_GET
@never_cache
@staff_required(*access.OVERSEERS, "unit_head")
def wall(request: HttpRequest) -> HttpResponse:
    """What runs out, what is late, what comes back; it renews itself."""
    found = standing.wall(actor_of(request), at=clock.now())
    return render(request, "hotline/wall.html", {"wall": found, "crumbs": [HOME]})


@require_GET
@never_cache
@staff_required(*access.OPERATORS, "service_admin")
def callbacks(request: HttpRequest) -> HttpResponse:
    """The revisit desk: who is to be called now; what one handled oneself is left to somebody else."""
    by, at = actor_of(request), clock.now()
    rows = Order.objects.visible_to(by).filter(state=OrderState.REPLIED).select_related("lead", "region").order_by("step_due_at", "id")  # fmt: skip
    if by.id is not None:
        rows = rows.exclude(hands__contains=[str(by.id)])
    shown, page = paged(request, rows, unit="张")
    lines = [
        (
            *line(o, at)[:1], Cell(o.lead.short_name if o.lead else "", note=o.region.name), Cell(short(o.replied_at), note="答复"),
            Cell(short(o.step_due_at), note="超时" if o.step_due_at and o.step_due_at < at else "回访期限"), f"{o.attempts} 次未接通" if o.attempts else "还没有打",
            Cell("去回访", url=reverse("hotline-order", args=[o.number]) + "#acts"),
        )
        for o in shown
    ]  # fmt: skip
    share = rules.setting("counts", "consult_sample_percent")
    intro = (
        f"求助、投诉、举报、建议逐件回访，咨询类按 {share}% 抽样回访（按工单编号确定，未抽中的自动办结）。",
        f"问两个问题：解决了没有，满不满意。连续 {rules.setting('counts', 'callback_attempts')} 次没有接通的，可以按无法接通办结，不计入有效回访。",
        "办理过这张工单的人不能回访，所以这里没有您经手的工单。",
    )
    table = Table("待回访", ["诉求", "承办单位", "答复时间", "回访期限", "已打电话", "办理"], lines, empty="现在没有要回访的工单。", caption_hidden=True)  # fmt: skip
    return show(request, Register("回访台", intro, (HOME,), sections=(Section("", table, page=page),)))


@require_GET
@never_cache
@staff_required(*DESK)
def ledger(request: HttpRequest, which: str) -> HttpResponse:
    """One of the three lists; exported as it stands."""
    by, at = actor_of(request), clock.now()
    if which not in ledgers.WHICH:
        raise Http404
    tabs = tuple(Tab(label, reverse("hotline-ledger", args=[key]), key == which) for key, label in ledgers.WHICH.items())  # fmt: skip
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:40]
    buttons = (Link("导出 Excel", reverse("hotline-ledger-export", args=[which]) + (f"?{urlencode({'q': q})}" if q else "")),)  # fmt: skip
    if which == "hung":
        rows, page = paged(request, ledgers.hung(by))
        table, intro = (
            ledgers.hung_table(rows, at),
            "长期改进类诉求：写明条件、计划、责任人和预计时间，每月更新进展，条件具备就激活办理。",
        )
    elif which == "ended":
        rows, page = paged(request, ledgers.ended(by))
        table, intro = (
            ledgers.ended_table(rows),
            "不合理诉求：写明理由、依据、证据，经审核、批准后告知诉求人，保留申诉。",
        )
    else:
        rows, page = paged(request, ledgers.categories(by.region_code, at=at, q=q))
        table, intro = ledgers.category_table(rows), "派单按这张清单：写明每一类诉求的主责单位、协办单位、级别和时限。"
    narrow = _Words(initial={"q": q}) if which == "categories" else None
    register = Register(
        "三张清单", (intro,), (HOME,), buttons, tabs, sections=(Section(ledgers.WHICH[which], table, page=page),), narrow=narrow,
        clear_url=reverse("hotline-ledger", args=[which]),
    )  # fmt: skip
    return show(request, register)


class _Words(Form):
    q = plain.CharField(label="类别名称或者编码", required=False, max_length=40)


@require_GET
@staff_required(*DESK)
def ledger_export(request: HttpRequest, which: str) -> Any:
    """The ledger as a workbook."""
    by, at = actor_of(request), clock.now()
    if which == "hung":
        return exported(ledgers.WHICH[which], ledgers.HUNG_HEADS, ledgers.hung_sheet(by, at))
    if which == "ended":
        return exported(ledgers.WHICH[which], ledgers.ENDED_HEADS, ledgers.ended_sheet(by))
    if which != "categories":
        raise Http404
    names = dict(Org.objects.values_list("code", "short_name")) | {"territorial": "属地苏木乡镇"}
    heads = (
        "编码",
        "大类",
        "中类",
        "类别",
        "关键词",
        "适用性质",
        "主责单位",
        "协办单位",
        "级别",
        "时限",
        "紧急",
        "予以受理",
        "生效日期",
        "依据",
    )
    rows = (
        (r.code, r.top_name, r.second_name, r.name, "、".join(r.keywords), "、".join(rules.NATURES[n] for n in r.natures),
         names.get(r.lead_unit, r.lead_unit), "、".join(names.get(u, u) for u in r.co_units), rules.LEVELS[r.default_level], ledgers.limit_words(r),
         "是" if r.is_urgent else "否", "是" if r.is_acceptable else "否", r.valid_from, r.basis)
        for r in ledgers.categories(by.region_code, at=at, q=" ".join(request.GET.get("q", "").split())[:40])
    )  # fmt: skip
    return exported(ledgers.WHICH[which], heads, rows)


class ChangeForm(Form):
    """What a row of the list shall become."""

    lead_unit = plain.ChoiceField(label="主责单位")
    co_units = plain.MultipleChoiceField(label="协办单位", required=False, widget=plain.CheckboxSelectMultiple)
    default_level = plain.ChoiceField(label="级别", choices=list(rules.LEVELS.items()))
    natures = plain.MultipleChoiceField(label="适用性质", choices=list(rules.NATURES.items()), widget=plain.CheckboxSelectMultiple)  # fmt: skip
    limit_value = plain.IntegerField(label="时限（工作日）", min_value=1, max_value=365, required=False, help_text="不填的，照时限表")  # fmt: skip
    reason = plain.CharField(label="修改的理由", max_length=300, help_text="哪份文件、为什么改")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(o.code.removeprefix("township-"), o.short_name) for o in Org.objects.filter(is_active=True).exclude(kind="village").order_by("order", "code")]  # fmt: skip
        self.fields["lead_unit"].choices = [("territorial", "属地苏木乡镇"), *named]  # type: ignore[attr-defined]
        self.fields["co_units"].choices = [("territorial", "属地苏木乡镇"), *named]  # type: ignore[attr-defined]


class EnforceForm(Form):
    """From which day."""

    valid_from = plain.DateField(
        label="从哪天起生效", widget=DateInput(), help_text="最早明天；已经派出的工单不受影响"
    )


def _change_of(values: Any) -> dict[str, Any]:
    return {
        "lead_unit": values["lead_unit"], "co_units": sorted(values["co_units"]), "default_level": values["default_level"],
        "natures": [n for n in rules.NATURES if n in values["natures"]], "limit_value": values["limit_value"],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*DESK)
def rule(request: HttpRequest, leaf: str) -> HttpResponse:
    """One row of the list: as it is, as it was, a change on trial over last month's orders, and putting it in force."""
    by, at = actor_of(request), clock.now()
    today, region, code = local_day(at), f"{by.region_code[:6]}000000", leaf
    row = Category.objects.in_force(today).filter(code=code, region_id=region).first()
    if row is None:
        raise Http404
    draft = RuleDraft.objects.filter(code=code, region_id=region, done_at=None).first()
    deeds = _deeds(row, draft, by, at) if access.may_set_rules(by) and by.covers(region) else []
    done = turn(request, deeds)
    if done.response is not None:
        return done.response
    sections = []
    if draft is not None:
        since = today.replace(day=1) - timedelta(days=1)
        since = since.replace(day=1)
        sections = _trial(listing.dry_run({code: draft.change}, region=region, since=since, until=today))
    names = dict(Org.objects.values_list("code", "short_name")) | {"territorial": "属地苏木乡镇"}
    history = Category.objects.filter(code=code, region_id=region).order_by("-valid_from")
    lines = [
        (str(r.valid_from), str(r.valid_to or "至今"), names.get(r.lead_unit, r.lead_unit), rules.LEVELS[r.default_level], ledgers.limit_words(r), r.basis)
        for r in history
    ]  # fmt: skip
    sections.append(
        Section(
            "历次规定",
            Table("历次规定", ["生效", "失效", "主责单位", "级别", "时限", "依据"], lines, caption_hidden=True),
        )
    )
    facts = (
        ("编码", row.code), ("大类、中类", f"{row.top_name} · {row.second_name}"), ("主责单位", names.get(row.lead_unit, row.lead_unit)),
        ("协办单位", "、".join(names.get(u, u) for u in row.co_units) or "无"), ("适用性质", "、".join(rules.NATURES[n] for n in row.natures)),
        ("级别", rules.LEVELS[row.default_level]), ("时限", ledgers.limit_words(row)), ("关键词", "、".join(row.keywords)),
        ("已有工单", ledgers.used(code, by)["orders"]),
    )  # fmt: skip
    notices = (
        [("warning", f"有一个还没有生效的修改（{draft.by_name}）：下面是它在近两个月工单上的试算，派单还照现行规定。")]
        if draft
        else []
    )
    crumbs = (HOME, Link("三张清单", reverse("hotline-ledger", args=["categories"])))
    return show(request, Register(row.name, (), crumbs, facts=facts, notices=notices, sections=sections), done)


def _deeds(row: Category, draft: RuleDraft | None, by: Any, at: Any) -> list[Deed]:
    region = row.region_id

    def keep(values: Any) -> str:
        listing.draft(code=row.code, region=region, change=_change_of(values), reason=values["reason"], by=by, at=at)
        return "修改已经存为草稿，下面是试算结果。确认以后再让它生效。"

    now = {**{f: getattr(row, f) for f in ("lead_unit", "co_units", "default_level", "natures", "limit_value")}, **(draft.change if draft else {}), "reason": draft.reason if draft else ""}  # fmt: skip
    deeds = [
        Deed(
            "keep",
            "试一试修改",
            "存草稿并试算",
            keep,
            ChangeForm,
            initial=now,
            note="先看近两个月的工单会有什么不同，再决定是否生效。",
        )
    ]
    if draft is None:
        return deeds

    def enforce(values: Any) -> str:
        listing.enforce(draft_id=draft.pk, by=by, at=at, valid_from=values["valid_from"])
        return f"新的规定从 {values['valid_from']} 起生效。"

    def drop(values: Any) -> str:
        listing.drop_draft(draft_id=draft.pk, by=by, at=at)
        return "修改已经放弃，派单照现行规定。"

    tomorrow: date = local_day(at) + timedelta(days=1)
    return [
        *deeds, Deed("enforce", "让修改生效", "生效", enforce, EnforceForm, initial={"valid_from": tomorrow}),
        Deed("drop", "放弃修改", "放弃", drop, danger=True, fold=False),
    ]  # fmt: skip


def _trial(trial: listing.Trial) -> list[Section]:
    """What would have gone elsewhere."""
    said = f"{trial.since} 至 {trial.until}，这个类别共 {trial.orders} 张工单。"
    if trial.orders and not (trial.moved or trial.shorter or trial.longer or trial.levels):
        said += "照新的规定，派单、时限、级别都没有不同。"
    if trial.shorter or trial.longer:
        said += f"时限缩短的 {trial.shorter} 张，延长的 {trial.longer} 张。"
    if trial.levels:
        said += f"级别改变的 {trial.levels} 张。"
    moved = Table("会改派的", ["原来派给", "会派给", Column("工单", numeric=True)], trial.moved, empty="没有会改派的工单。", caption_hidden=True)  # fmt: skip
    rows = [(Cell(n, url=reverse("hotline-order", args=[n])), words, a, b) for n, words, a, b in trial.examples]
    sections = [Section("试算：会有什么不同", moved, intro=said)]
    if rows:
        sections.append(
            Section(
                "会改派的工单（最多 50 张）",
                Table("工单", ["工单", "诉求", "原来派给", "会派给"], rows, caption_hidden=True),
            )
        )
    return sections


@require_GET
@never_cache
@staff_required(*access.OVERSEERS)
def spots(request: HttpRequest) -> HttpResponse:
    """Hot spots, townships, and who calls again and again."""
    by, at = actor_of(request), clock.now()
    span = request.GET.get("days", "30") if request.GET.get("days", "30") in hotspots.SPANS else "30"
    days = hotspots.SPANS[span]
    towns = hotspots.by_town(by, days=days, at=at)
    since = local_day(at) - timedelta(days=days)
    base = reverse("hotline-orders")
    lines = [(t["name"], Cell(t["count"], url=f"{base}?tab=all&town={t['code']}&since={since}"), t["open"], t["callers"]) for t in towns]  # fmt: skip
    table = Table("按苏木乡镇", ["苏木乡镇", Column("工单", numeric=True), Column("未办结", numeric=True), Column("诉求人次", numeric=True)], lines, empty="这段时间没有工单。", caption_hidden=True)  # fmt: skip
    found = hotspots.hotspots(by, days=days, at=at)
    context = {
        "crumbs": [HOME], "tabs": tuple(Tab(f"近 {n} 天", f"?days={key}", key == span) for key, n in hotspots.SPANS.items()),
        "spots": hotspots.hotspot_table(found, days=days, at=at), "towns": table, "callers": hotspots.repeat_callers(by, days=days, at=at),
        "chart": _bars(towns),
    }  # fmt: skip
    return render(request, "hotline/hotspots.html", context)


def _bars(towns: list[dict[str, Any]]) -> dict[str, Any]:
    shown = towns[::-1]
    return {
        "grid": {"left": 130, "right": 40, "top": 10, "bottom": 30}, "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": [t["name"] for t in shown]},
        "series": [{"type": "bar", "data": [t["count"] for t in shown], "label": {"show": True, "position": "right"}}],
    }  # fmt: skip


class ProposeForm(Form):
    """What shall be done about it."""

    kind = plain.ChoiceField(label="建议怎么办", choices=pairs({"directive": "起草督查通知，限期整治", "item": "改进办事事项（流程、材料、指南）", "watch": "先列入关注"}))  # fmt: skip
    words = plain.CharField(label="问题和建议", widget=plain.Textarea({"rows": 4}), max_length=1000)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.BUREAU)
def propose(request: HttpRequest, leaf: str, town: str) -> HttpResponse:
    """未诉先办: out of a hot spot a proposal, which supervision takes up."""
    by, at = actor_of(request), clock.now()
    spot = next(
        (s for s in hotspots.hotspots(by, days=30, at=at, limit=500) if (s.leaf, s.town) == (leaf, town)), None
    )
    if spot is None:
        raise Http404

    def keep(values: Any) -> str:
        if len(values["words"].strip()) < rules.LEAST_WORDS:
            raise Refused(f"请写明问题和建议（至少 {rules.LEAST_WORDS} 个字）。")
        journal.write(
            subject=("hotline.HotSpot", f"{town}:{leaf}"), move=f"propose_{values['kind']}", by=by, at=at, law="接诉即办：主动治理、未诉先办",
            note=values["words"].strip(), facts={"leaf": leaf, "leaf_name": spot.leaf_name, "town": town, "town_name": spot.town_name, "now": spot.now, "before": spot.before},
        )  # fmt: skip
        return {
            "directive": "建议已经提出，督查通知的草稿会出现在“督查通知”里。",
            "item": "建议已经提出。",
            "watch": "已经列入关注。",
        }[values["kind"]]

    start = f"近 30 天，{spot.town_name}有 {spot.now} 人反映“{spot.leaf_name}”，上一个 30 天 {spot.before} 人，现在还有 {spot.open} 张没有办结。"
    done = turn(
        request, [Deed("propose", "提出治理建议", "提出", keep, ProposeForm, initial={"words": start}, fold=False)]
    )
    if done.response is not None:
        return done.response
    past = journal.timeline(("hotline.HotSpot", f"{town}:{leaf}")).order_by("-seq")[:20]
    lines = [(short(e.at), e.actor_name, e.note) for e in past]
    sections = (
        Section(
            "提过的建议",
            Table("提过的建议", ["时间", "提出人", "内容"], lines, empty="还没有提过。", caption_hidden=True),
        ),
    )
    facts = (("类别", spot.leaf_name), ("地点", spot.town_name), ("近 30 天", f"{spot.now} 人"), ("上一个 30 天", f"{spot.before} 人"), ("未办结", f"{spot.open} 张"))  # fmt: skip
    crumbs = (HOME, Link("高频问题", reverse("hotline-hotspots")))
    return show(request, Register(f"{spot.town_name}：{spot.leaf_name}", (), crumbs, facts=facts, sections=sections, act_first=True), done)  # fmt: skip
