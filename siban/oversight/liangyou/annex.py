"""附件4《“两优”统计表》: a total and five tables, out with what the versions say, in with every wrong cell named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from siban.catalog.api import ImplementationItem
from siban.identity.api import Org, org_by_name
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.imports import ImportRefused
from siban.kernel.web import sheetsin
from siban.kernel.web.rowsheets import Sheet
from siban.kernel.web.sheetsin import Line

from ..models import InternalItem, LiangyouRound, OptimisationClaim
from . import actions, queries, rules

UNITS = {"工作日": rules.WORK, "自然日": rules.NATURAL}
FIRST = ("序号", "单位", "事项名称", "事项编码")
LAST = ("依据文件", "备注")
CHECKED = ("版本怎么说", "核对结果")


@dataclass(frozen=True, slots=True)
class Table:
    """One of the five tables: its sheet, its title, the kinds it takes, its own columns."""

    sheet: str
    title: str
    scope: str
    kinds: tuple[str, ...]
    columns: tuple[str, ...]


TABLES = (
    Table("附件4-1减材料", "减材料统计表（外部权力事项）", "external", ("cut_material",), ("优化前", "优化后")),
    Table("附件4-2减环节", "减环节统计表（外部权力事项）", "external", ("cut_step",), ("优化前", "优化后")),
    Table("附件4-3减时限", "减时限统计表（外部权力事项）", "external", ("cut_time",), ("优化前", "优化后", "时限单位")),
    Table("附件4-4承接下放取消", "承接、下放、取消事项统计表", "external", tuple(rules.HANDED), ("类型",)),
    Table(
        "附件4-5内部管理事项", "内部管理事项优化统计表", "internal", tuple(rules.KINDS),
        ("类型", "优化前", "优化后", "时限单位"),
    ),
)  # fmt: skip


def heads(table: Table) -> tuple[str, ...]:
    return (*FIRST, *table.columns, *LAST)


def days_pair(value: int | None) -> tuple[object, str]:
    """A limit in fifths as a number with its unit."""
    if value is None:
        return "", ""
    if value % rules.WORK == 0:
        return value // rules.WORK, "工作日"
    return f"{value / rules.NATURAL:g}", "自然日"


def _cells(table: Table, claim: OptimisationClaim) -> Iterator[object]:
    timed = claim.kind == "cut_time"
    before, after = days_pair(claim.before), days_pair(claim.after)
    if timed and before[1] != after[1]:  # one column says the unit of both
        before, after = ((f"{v / rules.NATURAL:g}", "自然日") for v in (claim.before or 0, claim.after or 0))
    said = {
        "类型": rules.KINDS[claim.kind],
        "优化前": before[0] if timed else claim.before,
        "优化后": after[0] if timed else claim.after,
        "时限单位": before[1] if timed else "",
    }
    yield from (said[column] for column in table.columns)


def sheets(found: LiangyouRound, actor: Actor, *, region_name: str, org: str = "") -> Iterator[Sheet]:
    """The whole annex as far as an actor may see it."""
    lines = [line for line in queries.units(found, actor) if not org or line.org.code == org]
    yield Sheet(
        "附件4总表", f"{region_name}“两优”{found.name}外部权力事项、内部管理事项统计表",
        (
            "序号", "单位", "外部权力事项数", "有优化成果的", "优化比例", "目标", "减材料", "减环节", "减时限", "有增加的",
            "内部管理事项数", "内部有成果的", "内部优化比例", "填报成果", "版本不支持的", "外部报送", "内部报送", "情况说明编号",
        ),
        (_total_row(n, line) for n, line in enumerate(lines, 1)), (6, 24),
        f"起始日 {found.begin_on}，截止日 {found.end_on}，报送期限 {found.due_on}，依据 {found.document}",
    )  # fmt: skip
    for table in TABLES:
        chosen = queries.claims(found, actor, org=org).filter(scope=table.scope, kind__in=table.kinds)
        yield Sheet(
            table.sheet, f"{region_name}“两优”{found.name}{table.title}", (*heads(table), *CHECKED),
            (_row(table, n, c, v) for n, (c, v) in enumerate(queries.judged_all(found, chosen), 1)),
            (6, 22, 36, 36), "“版本怎么说”“核对结果”由系统按事项版本算出，导入时不读。",
        )  # fmt: skip
    results = queries.rows(found, actor, part="all", org=org) | queries.rows(found, actor, part="internal", org=org)
    yield Sheet(
        "按版本计算", f"{region_name}“两优”{found.name}逐项计算结果",
        (
            "单位", "范围", "事项名称", "事项编码", "比较", "材料（前）", "材料（后）", "环节（前）", "环节（后）", "时限（前）", "时限（后）",
            "到现场（前）", "到现场（后）", "减去的材料", "新增的材料", "减去的环节", "新增的环节",
        ),
        (_result(r) for r in results.iterator(chunk_size=500)), (22, 14, 36, 36),
    )  # fmt: skip


def _total_row(n: int, line: queries.UnitLine) -> tuple[object, ...]:
    def share(figure: Any) -> object:
        return float(figure.value) if figure.value is not None else "无数据"

    said = {scope: report.get_state_display() for scope, report in line.reports.items()}
    c = line.counts
    return (
        n, line.org.short_name, c["total"], c["hits"], share(line.figure), queries.TARGET / 100, c["material"],
        c["step"], c["time"], c["worse"], c["internal"], c["inhits"], share(line.figure_internal), line.claims,
        line.unsupported, said.get("external", "不需报送"), said.get("internal", "不需报送"), "；".join(line.statements),
    )  # fmt: skip


def _row(table: Table, n: int, claim: OptimisationClaim, said: rules.Verdict) -> tuple[object, ...]:
    item: Any = claim.item or claim.internal
    code = claim.item.impl_code if claim.item else item.number
    return (
        n, claim.org.short_name, item.name, code, *_cells(table, claim), claim.document, claim.note, said.words,
        said.label,
    )  # fmt: skip


def _result(r: Any) -> tuple[object, ...]:
    said = r.gone or {}
    return (
        r.org.short_name, r.get_scope_display(), r.name, r.code, r.get_standing_display(), r.materials_before,
        r.materials_after, r.steps_before, r.steps_after, _days(r.days_before, r.standing == "new"),
        _days(r.days_after, r.standing == "gone"), r.visits_before, r.visits_after,
        *("、".join(said.get(key, ())) for key in ("gone_papers", "new_papers", "gone_steps", "new_steps")),
    )  # fmt: skip


def _days(value: int | None, is_absent: bool) -> str:
    return "" if is_absent else rules.days_words(value)


@transaction.atomic
def take_in(*, round_id: UUID, upload: BinaryIO, name: str, by: Actor, at: datetime) -> int:
    """Take the claims of a workbook in, all of them or none.

    Raises:
        ImportRefused: every wrong cell by sheet, row, column and value.
    """
    found = LiangyouRound.objects.get(pk=round_id)
    by_sheet = {table.sheet: table for table in TABLES}
    lines = [
        line
        for line in sheetsin.read(upload, sheets={t.sheet: heads(t) for t in TABLES}, name=name)
        if any(line[head] for head in heads(by_sheet[line.sheet]) if head not in ("序号", "单位"))
    ]
    if not lines:
        raise ImportRefused(["表里没有填报的行。请在附件4-1 至 4-5 里填写后再导入。"])
    known, faults, ready = _items(lines, by), [], []
    for line in lines:
        try:
            ready.append(_read(by_sheet[line.sheet], line, known, by))
        except Refused as why:
            faults.append(str(why))
    seen: dict[tuple[Any, ...], Line] = {}
    for said, line in zip(ready, lines, strict=False) if not faults else ():
        key = (said["item_id"], said["internal_id"], said["kind"])
        if key in seen:
            faults.append(line.wrong("事项编码", f"与第 {seen[key].number} 行重复填报了同一项成果。请删去一行。"))
        seen[key] = line
    if faults:
        raise ImportRefused(faults)
    for said in ready:
        actions.claim(round_id=found.pk, by=by, at=at, **said)
    journal.write(subject=found, move="take_in_annex", by=by, at=at, law=rules.LAW, facts={"rows": len(ready)})
    return len(ready)


Known = dict[tuple[str, str], list[Any]]


def _items(lines: list[Line], by: Actor) -> Known:
    """The items the workbook names, by code and by name, in two statements."""
    codes, names = {line["事项编码"] for line in lines}, {line["事项名称"] for line in lines}
    found: Known = {}
    seen = Q(region_id__startswith=by.region_prefix) if rules.bureau(by) else Q(org_id=by.org_id)
    for item in ImplementationItem.objects.filter(seen, Q(impl_code__in=codes) | Q(name__in=names)).order_by("pk"):
        for key in (("external", item.impl_code), ("external", item.name)):
            found.setdefault(key, []).append(item)
    for one in InternalItem.objects.filter(seen, Q(number__in=codes) | Q(name__in=names)).order_by("pk"):
        for key in (("internal", one.number), ("internal", one.name)):
            found.setdefault(key, []).append(one)
    return found


def _read(table: Table, line: Line, known: Known, by: Actor) -> dict[str, Any]:
    org = _org(line, by)
    asked = line["事项编码"] or line["事项名称"]
    head = "事项编码" if line["事项编码"] else "事项名称"
    found = [i for i in dict.fromkeys(known.get((table.scope, asked), ())) if org is None or i.org_id == org.pk]
    if not found:
        where = "事项库" if table.scope == "external" else "内部管理事项登记表"
        raise Refused(line.wrong(head, f"本单位的{where}里没有这个事项。请核对名称和编码。"))
    if len(found) > 1:
        raise Refused(line.wrong(head, "有多个事项叫这个名称，请填写事项编码。"))
    kind = _kind(table, line)
    said: dict[str, Any] = {
        "kind": kind, "item_id": None, "internal_id": None, "before": None, "after": None, "org_id": found[0].org_id,
        "document": line["依据文件"][:120], "note": line["备注"][:300],
    }  # fmt: skip
    said["item_id" if table.scope == "external" else "internal_id"] = found[0].pk
    if kind in rules.CUTS:
        factor = 1
        if kind == "cut_time":
            if line["时限单位"] not in UNITS:
                raise Refused(line.wrong("时限单位", "应填“工作日”或者“自然日”。"))
            factor = UNITS[line["时限单位"]]
        for key, column in (("before", "优化前"), ("after", "优化后")):
            value = line[column]
            if not (value.isascii() and value.isdecimal() and len(value) < 5):
                raise Refused(line.wrong(column, "应填不小于 0 的整数。"))
            said[key] = int(value) * factor
        if said["after"] >= said["before"]:
            raise Refused(line.wrong("优化后", f"没有比优化前（{line['优化前']}）少，不是优化成果。请核对数字。"))
    return said


def _kind(table: Table, line: Line) -> str:
    if len(table.kinds) == 1:
        return table.kinds[0]
    by_words = {rules.KINDS[kind]: kind for kind in table.kinds}
    if line["类型"] not in by_words:
        raise Refused(line.wrong("类型", f"应填以下之一：{'、'.join(by_words)}。"))
    return by_words[line["类型"]]


def _org(line: Line, by: Actor) -> Org | None:
    """The unit a row is about: one's own, or for the bureau the one named; None where the bureau left it out."""
    if not line["单位"]:
        return None if rules.bureau(by) else Org.objects.get(pk=by.org_id)
    found = org_by_name(line["单位"], region_prefix=by.region_prefix or by.region_code[:6])
    if found is None:
        raise Refused(line.wrong("单位", "没有这个单位，或者这个名称对应多个单位。请填写单位全称。"))
    if not rules.bureau(by) and found.pk != by.org_id:
        raise Refused(line.wrong("单位", "不是本单位，只能填报本单位的成果。"))
    return found
