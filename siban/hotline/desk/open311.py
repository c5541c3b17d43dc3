"""开放接口 on the desk: keys are issued, shown once, and revoked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.clock import local
from siban.kernel.ui.forms import Form
from siban.kernel.ui.parts import Cell, Column, Lamp, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn

from ..access import BUREAU
from ..actions import opening
from ..models_open311 import InterfaceKey

INTRO = (
    "按国际通用的 Open311（GeoReport v2）标准，让社区小程序、合作平台直接提交诉求、查询公开的办理进度。查询不需要密钥，提交要密钥。",
    "对外只公开类别、苏木乡镇、进度和时间，不公开诉求人和诉求原文；举报类和要求保密的诉求不公开。",
)


class IssueForm(Form):
    """一个密钥."""

    name = forms.CharField(label="使用单位", max_length=60, help_text="哪个平台、哪个单位用。")


class RevokeForm(Form):
    """停用哪一个."""

    key_id = forms.ChoiceField(label="密钥")

    def __init__(self, *args: Any, keys: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key_id"].choices = [("", "请选择"), *keys]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*BUREAU)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the territory, and what may be done."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rows = InterfaceKey.objects.filter(region_id__startswith=actor.region_prefix).order_by("-issued_at", "-pk")
    alive = [(str(k.pk), f"{k.name}（末四位 {k.ending}）") for k in rows.filter(revoked_at=None)[:200]]
    shown: list[tuple[str, str]] = []

    def issue(said: Mapping[str, Any]) -> str | HttpResponse:
        key, text = opening.issue(by=actor, at=at, name=said["name"])
        shown.append(("success", f"发给“{key.name}”的密钥：{text}　请现在抄下交给对方，离开本页以后不再显示。"))
        return _page(request, rows, None, shown)

    def revoke(said: Mapping[str, Any]) -> str:
        return f"已经停用“{opening.revoke(by=actor, at=at, key_id=UUID(said['key_id'])).name}”的密钥。"

    deeds = [Deed("issue", "发放密钥", "发放", issue, IssueForm, "密钥只显示一次，系统里只留摘要。")]
    if alive:
        deeds.append(
            Deed(
                "revoke",
                "停用密钥",
                "停用",
                revoke,
                lambda *a, **k: RevokeForm(*a, keys=alive, **k),
                "停用以后马上不能再提交。",
                danger=True,
            )
        )
    done = turn(request, deeds)
    return done.response or _page(request, rows, done, shown)


def _page(request: HttpRequest, rows: Any, done: Any, notices: list[tuple[str, str]]) -> HttpResponse:
    some, page = paged(request, rows, unit="个")
    body = [
        (
            Cell(k.name, note=f"末四位 {k.ending}"), Cell(lamp=Lamp("grey", "已停用") if k.revoked_at else Lamp("green", "在用")),
            Cell(f"{local(k.issued_at):%Y-%m-%d}", note=k.issued_by), f"{local(k.last_used_at):%Y-%m-%d %H:%M}" if k.last_used_at else "没有用过", str(k.uses),
        )
        for k in some
    ]  # fmt: skip
    table = Table(
        "密钥",
        ["使用单位", "状态", "发放", "最近使用", Column("提交次数", numeric=True)],
        body,
        "还没有发放过密钥。",
        caption_hidden=True,
    )
    address = request.build_absolute_uri(reverse("open311-root"))
    register = Register(
        "开放接口", INTRO, facts=[("接口地址", address)], notices=notices, sections=[Section("密钥", table, page=page)]
    )
    return show(request, register, done)
