"""What the entries of a workbook would do, compared with what is stored: new, changed in words, unchanged, or refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from siban.identity.api import Org, Role
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, differences, rules
from ..differences import Difference
from ..flow import ITEM_FLOW, ItemState
from ..models import CatalogItem, ImplementationItem, ItemVersion, WorkbookLine
from ..workbook import changes
from ..workbook.assembling import Entry
from ..workbook.places import Fault
from . import compiling

Verdict = WorkbookLine.Verdict
EDITABLE = frozenset(
    {ItemState.TO_CLAIM, ItemState.CLAIMED, ItemState.DRAFTING, ItemState.PUBLISHED, ItemState.SUSPENDED}
)


@dataclass(slots=True)
class Judged:
    """What an entry of a workbook would do."""

    entry: Entry
    verdict: str
    item: ImplementationItem | None = None
    content: dict[str, Any] | None = None
    seen: str = ""
    unlike: list[Difference] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def judge(entries: Sequence[Entry], *, absent: Any, by: Actor) -> Iterator[Judged]:
    """What each of some entries would do, compared with what is stored in a few statements for all of them."""
    codes = [entry.code for entry in entries]
    items = {
        item.impl_code: item
        for item in ImplementationItem.objects.filter(impl_code__in=codes)
        .select_related("org", "version", "base__version", "catalog_item")
        .order_by()
    }
    drafts = {
        version.item_id: version
        for version in ItemVersion.objects.filter(item__in=items.values(), is_published=False).order_by("number")
    }
    missing = [entry for entry in entries if entry.code not in items]
    listed = {c.pk: c for c in CatalogItem.objects.filter(pk__in={e.content.get("basic_code") for e in missing})}
    orgs = {
        (org.uscc, org.region.level): org
        for org in Org.objects.filter(uscc__in={e.code[:18] for e in missing}).select_related("region")
    }
    for entry in entries:
        item = items.get(entry.code)
        if item is None:
            yield _judge_new(entry, listed, orgs, by=by)
        elif not access.manager_or_admin(by, item):
            yield _refused(entry, NOT_YOURS)
        else:
            yield _judge_known(entry, item, drafts.get(item.pk) or item.version, absent)


NOT_YOURS = "没有找到这个实施编码的事项，或者它不属于您的单位"


def _refused(entry: Entry, rule: str, item: ImplementationItem | None = None) -> Judged:
    return Judged(
        entry, Verdict.REFUSED, item, faults=[Fault(entry.locate("impl_code"), entry.code, rule), *entry.faults]
    )


def _judge_new(entry: Entry, listed: dict[str, CatalogItem], orgs: dict[Any, Org], *, by: Actor) -> Judged:
    if not by.has_role(Role.SERVICE_ADMIN):
        return _refused(entry, f"{NOT_YOURS}；新的事项由政务服务管理机构下达认领")
    level = entry.code[18:19]
    org = orgs.get((entry.code[:18], int(level) if level.isdigit() else 0))
    if org is None or not by.covers(org.region_id):
        return _refused(entry, "编码前 18 位不是本地区实施机构的统一社会信用代码，或者第 19 位与机构的层级不符")
    known = listed.get(str(entry.content.get("basic_code") or ""))
    if known is None or known.status != CatalogItem.Status.ACTIVE or not known.is_handleable:
        fault = Fault(
            entry.locate("basic_code"), entry.content.get("basic_code"), "基本目录里没有这个在用的事项，不能新增"
        )
        return Judged(entry, Verdict.REFUSED, faults=[fault, *entry.faults])
    if entry.code != rules.impl_code(org.uscc or "", org.region.level, known.pk):
        return _refused(entry, f"实施编码应为 {rules.impl_code(org.uscc or '', org.region.level, known.pk)}")
    made = {
        **changes.merged(None, entry, {}), "id": slug_of(org, known), "dept_id": org.code, "dept_name": org.name,
        "dept_uscc": org.uscc, "exercise_level": org.region.level, "version": 1,
    }  # fmt: skip
    faults = [*entry.faults]
    faults += (
        changes.faults_of(entry, made, stored=None, base=None, listed=(known.pk, known.name)) if not faults else []
    )
    return Judged(entry, Verdict.REFUSED if faults else Verdict.NEW, content=made, faults=faults)


def slug_of(org: Org, known: CatalogItem) -> str:
    """How a new item is called inside: organisation and basic code."""
    return f"{org.code}.{known.pk}"[:120]


def _judge_known(entry: Entry, item: ImplementationItem, stored: ItemVersion | None, absent: Any) -> Judged:
    before = stored.content if stored else compiling.skeleton(item)
    faults = [*entry.faults, *changes.system_faults(entry, before)]
    if faults:
        return Judged(entry, Verdict.REFUSED, item, faults=faults)
    made = changes.merged(before, entry, absent)
    if not changes.altered(before, made):
        return Judged(entry, Verdict.UNCHANGED, item)
    if item.state not in EDITABLE:
        return _refused(
            entry, f"这个事项现在是“{ITEM_FLOW.label(item.state)}”，不能改；请等办完或者退回修改以后再导入", item
        )
    base = item.base.version.content if item.base and item.base.version else None
    faults = changes.faults_of(
        entry, made, stored=before, base=base, listed=(item.catalog_item_id, item.catalog_item.name)
    )
    try:
        unlike = differences.between(compiling.readable(before), compiling.readable(made)) if not faults else []
    except Refused as why:
        faults, unlike = [Fault(entry.locate("impl_code"), entry.code, str(why))], []
    except KeyError as lacking:  # situations or deferral speak of a material that is not listed
        said = f"情形或者容缺里用到的材料“{lacking.args[0]}”不在“材料”表里，请补上这份材料，或者改用表里有的材料编号"
        faults, unlike = [Fault(entry.locate("materials"), entry.code, said)], []
    seen = stored.content_hash if stored else ""
    return Judged(entry, Verdict.REFUSED if faults else Verdict.CHANGED, item, made, seen, unlike, faults)
