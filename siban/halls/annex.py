"""附件3《延时服务事项清单》: out as the official table, in with every wrong cell named."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org, org_by_name
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.imports import ImportRefused
from siban.kernel.web import sheetsin
from siban.kernel.web.rowsheets import Sheet
from siban.kernel.web.sheetsin import Line

from . import actions, hours, queries, rules

SHEET = "附件3延时服务"
HEADS = ("序号", "单位", "事项名称", "事项编码", "办件类型", "服务内容", "延时时段", "备注")
CASE_TYPES = {"instant": "即办件", "promised": "承诺件"}


def sheets(actor: Actor, *, region_name: str, org: str = "") -> Iterator[Sheet]:
    """The list, and by unit how far it is complete."""
    names = hours.slot_names()

    def row(n: int, c: Any) -> tuple[object, ...]:
        return (
            n, c.org.short_name, c.name, c.item.impl_code if c.item else "", CASE_TYPES.get(c.item.case_type, "其他") if c.item else "",
            "、".join(rules.SERVICES[s] for s in c.services), "、".join(names.get(s, s) for s in c.slots), c.note,
        )  # fmt: skip

    chosen = queries.claims(actor, org=org)
    yield Sheet(
        SHEET, f"{region_name}延时服务事项清单", HEADS,
        (row(n, c) for n, c in enumerate(chosen.iterator(chunk_size=500), 1)), (6, 22, 40, 36, 10, 18, 22, 24),
        f"服务内容可填：{'、'.join(rules.SERVICES.values())}；延时时段可填：{'、'.join(names.values())}；多项用“、”隔开。",
    )  # fmt: skip
    lines = [line for line in queries.delayed(actor) if not org or line.org.code == org]
    yield Sheet(
        "应纳尽纳情况", f"{region_name}延时服务应纳尽纳情况",
        ("单位", "应纳入", "已列入的应纳事项", "应纳尽纳率", "应纳未纳", "豁免", "认领总数", "待对应事项"),
        (
            (
                x.org.short_name, x.counts["scope"], x.counts["claimed"],
                float(x.figure.value) if x.figure.value is not None else "无数据", x.counts["gap"], x.counts["exempt"],
                x.listed, x.unmatched,
            )
            for x in lines
        ), (24,),
    )  # fmt: skip


@transaction.atomic
def take_in(*, upload: BinaryIO, name: str, by: Actor, at: datetime) -> int:
    """A unit's list, all of it or nothing; rows already claimed stay as they are.

    Raises:
        ImportRefused: every wrong cell by sheet, row, column and value.
    """
    lines = [
        line
        for line in sheetsin.read(upload, sheets={SHEET: HEADS}, name=name)
        if line["事项名称"] or line["事项编码"]
    ]
    if not lines:
        raise ImportRefused(["表里没有填写事项。请填写后再导入。"])
    mine: dict[str, list[ImplementationItem]] = {}
    own = ImplementationItem.objects.published().filter(org_id=by.org_id).order_by("pk")
    for item in own.prefetch_related("delayed_claims"):
        for key in {item.impl_code, item.name}:
            mine.setdefault(key, []).append(item)
    unit, slots, made = Org.objects.get(pk=by.org_id), {v: k for k, v in hours.slot_names().items()}, 0
    services, faults = {v: k for k, v in rules.SERVICES.items()}, []
    seen: set[Any] = set()
    for line in lines:
        try:
            if line["单位"]:
                named = org_by_name(line["单位"], region_prefix=by.region_prefix)
                if named is None or named.pk != unit.pk:
                    raise Refused(line.wrong("单位", "不是本单位，只能填报本单位的事项。"))
            item = _item(line, mine)
            if item.pk in seen:
                raise Refused(line.wrong("事项名称", "表里有重复的事项，请删去一行。"))
            seen.add(item.pk)
            asked = {
                "slots": _listed(line, "延时时段", slots), "services": _listed(line, "服务内容", services, empty=True),
            }  # fmt: skip
            if any(c.state in ("claimed", "listed") for c in item.delayed_claims.all()):
                continue
            try:
                actions.claim(item_id=item.pk, note=line["备注"][:300], by=by, at=at, **asked)
            except Refused as why:
                raise Refused(line.wrong("事项名称", str(why))) from None
            made += 1
        except Refused as why:
            faults.append(str(why))
    if faults:
        raise ImportRefused(faults)
    return made


def _item(line: Line, mine: dict[str, list[ImplementationItem]]) -> ImplementationItem:
    head = "事项编码" if line["事项编码"] else "事项名称"
    found = mine.get(line[head], [])
    if not found:
        raise Refused(line.wrong(head, "本单位已发布的事项里没有它。请核对名称和编码。"))
    if len(found) > 1:
        raise Refused(line.wrong(head, "有多个事项叫这个名称，请填写事项编码。"))
    return found[0]


def _listed(line: Line, head: str, known: dict[str, str], *, empty: bool = False) -> list[str]:
    words = [w for w in line[head].replace(",", "、").replace("，", "、").replace("；", "、").split("、") if w.strip()]
    if not words and not empty:
        raise Refused(line.wrong(head, f"应填以下一项或者几项，用“、”隔开：{'、'.join(known)}。"))
    if strange := [w for w in words if w.strip() not in known]:
        raise Refused(line.wrong(head, f"“{strange[0]}”不在可填的范围：{'、'.join(known)}。"))
    return [known[w.strip()] for w in words]
