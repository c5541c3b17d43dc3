"""What the knowledge base lacks: stale articles by unit, and what was asked in vain."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.flow import Refused
from siban.kernel.ui.parts import Cell, Column, Figure, Lamp, Link, Table
from siban.kernel.ui.register import Register, Section, paged, show

from .. import access_knowledge as access
from ..access import BUREAU, OPERATORS
from ..actions import knowledge_asking
from ..models_knowledge import Question
from ..queries import knowledge_lists as lists
from .knowledge import uuids

HEARING = tuple(dict.fromkeys((*OPERATORS, *BUREAU)))
SHOWN = 30


@require_GET
@never_cache
@staff_required(*access.DESK)
def stale(request: HttpRequest) -> HttpResponse:
    """Articles that ended or whose review is overdue, by unit."""
    actor, today = request.actor, clock.local_day(clock.now())  # type: ignore[attr-defined]
    unit = lists.key(request.GET.get("unit", ""))
    lines = lists.stale(actor, today=today)
    rows, page = paged(request, lists.stale_rows(actor, today=today, unit=unit))
    here = reverse("knowledge-stale")
    units = [
        (
            Cell(x.org.short_name, url=f"{here}?unit={x.org.pk}"), str(x.published), str(x.overdue), str(x.expired),
            Cell(lamp=Lamp("red", "要处理") if x.overdue + x.expired else Lamp("green", "都有效")),
        )
        for x in lines
    ]  # fmt: skip
    body = [
        (
            Cell(r.title, url=reverse("knowledge-article", args=[r.article.number]), note=r.article.number), r.article.owner.short_name,
            Cell(lamp=Lamp(lists.TONES[lists.S(r.state)], r.state_label), note=r.period), lists.review(r, today),
        )
        for r in rows
    ]  # fmt: skip
    overdue, expired = sum(x.overdue for x in lines), sum(x.expired for x in lines)
    stats = [
        Figure("已发布", sum(x.published for x in lines), reverse("knowledge"), unit="条"),
        Figure(
            "复核超期", overdue, reverse("knowledge") + "?tab=overdue", unit="条", tone="red" if overdue else "green"
        ),
        Figure(
            "已过期、没有新版",
            expired,
            reverse("knowledge") + "?tab=expired",
            unit="条",
            tone="red" if expired else "green",
        ),
    ]
    number = [Column(x, numeric=True) for x in ("已发布", "复核超期", "已过期")]
    sections = [
        Section("要处理的条目", Table("要处理的条目", ["条目", "归属单位", "状态", "复核"], body, "没有过期或者复核超期的条目。", caption_hidden=True), page=page),
        Section("按单位", Table("按单位", [Column("归属单位", nowrap=True), *number, "情况"], units, "还没有条目。", caption_hidden=True)),
    ]  # fmt: skip
    chosen = next((x.org.short_name for x in lines if x.org.pk == unit), "")
    buttons = [Link("看全部单位", here)] if unit else []
    intro = ("过期的条目不再用来答复，复核超期的条目要重新核对。系统每周提醒归属单位。",)
    return show(
        request,
        Register(
            f"{chosen}的过期清单" if chosen else "知识库过期清单", intro, crumbs=[Link("知识库", reverse("knowledge"))],
            buttons=buttons, stats=stats, sections=sections,
        ),
    )  # fmt: skip


@require_GET
@never_cache
@staff_required(*HEARING)
def gaps(request: HttpRequest) -> HttpResponse:
    """Questions without an answer, put together by what they are about."""
    return _gaps(request)


def _gaps(request: HttpRequest, *, said: str = "", status: int = 200) -> HttpResponse:
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found, today = lists.gaps(actor, at=at), clock.local_day(at)
    context = {
        "gaps": found[:SHOWN], "more": max(len(found) - SHOWN, 0), "total": sum(len(g.rows) for g in found), "said": said,
        "may_draft": access.may_publish(actor), "units": [("", "请选择归属单位"), *lists.units_for(actor)],
        "leaves": [("", "请选择类别"), *lists.leaves_for(actor.region_code, on=today)], "days": lists.GAP_DAYS,
        "typed": request.POST, "crumbs": [("知识库", reverse("knowledge"))],
    }  # fmt: skip
    return render(request, "hotline/knowledge_gaps.html", context, status=status)


@require_POST
@staff_required(*HEARING)
def settle(request: HttpRequest) -> Any:
    """A group of questions becomes a draft of a unit, is set aside, or one left by a citizen becomes an order."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    keys, do = uuids(request.POST.getlist("question")), request.POST.get("do", "")
    try:
        if do == "draft":
            owner = Org.objects.filter(pk=lists.key(request.POST.get("unit", ""))).first()
            if owner is None:
                raise Refused("请选择由哪个单位写这一条。")
            made = knowledge_asking.draft_for(
                by=actor, at=at, question_ids=keys, owner=owner, leaf=request.POST.get("leaf", "")
            )
            messages.success(request, f"已经建好草稿 {made.article.number}，{owner.short_name}收到了通知。")
        elif do == "aside":
            messages.success(
                request, f"{knowledge_asking.set_aside(by=actor, at=at, question_ids=keys)} 个问题不再列出。"
            )
        elif do == "order" and keys:
            number = knowledge_asking.make_order(by=actor, at=at, question_id=keys[0])
            messages.success(request, f"已经登记为工单 {number}，请分类派单。")
            return redirect("hotline-order", number=number)
        else:
            raise Refused("请按页面上的按钮操作。")
    except Refused as why:
        return _gaps(request, said=str(why), status=409)
    except Question.DoesNotExist:
        return _gaps(request, said="这个问题已经不在了，请刷新页面。", status=409)
    return redirect("knowledge-gaps")
