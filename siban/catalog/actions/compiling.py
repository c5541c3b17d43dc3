"""Second stage: the department compiles the elements in a draft, checks them and hands them in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from siban.kernel import clock, journal
from siban.kernel.actor import Actor
from siban.kernel.checks import Finding, Findings
from siban.kernel.flow import Refused

from .. import access, rules
from ..content import ItemContent, read
from ..flow import ITEM_FLOW, STANDARD, ChangeKind, ItemState
from ..linting import lint_content
from ..linting.database import around
from ..linting.running import sentence
from ..models import ImplementationItem, ItemVersion
from ..situations.checks import unknown_materials
from . import requesting

CHANNELS = ("pc", "mobile", "window", "kiosk", "tv")  # 五端同源
NO_LINK = "还没有材料关联电子证照，不能勾选“免证办”。请先在“材料目录”里给材料关联电子证照，或者取消勾选。"  # R26
CHANGED_MEANWHILE = "这份草稿已被别人改过，您的修改还没有保存。请刷新页面，核对后再保存一次。"


def draft_of(item: ImplementationItem) -> ItemVersion:
    """The version that is being worked on. Raises Refused when there is none."""
    found = item.versions.filter(is_published=False).order_by("-number").first()
    if found is None:
        raise Refused("这个事项现在没有草稿。请先“开始编制”或者“申请调整”。")
    return found


def skeleton(item: ImplementationItem) -> dict[str, Any]:
    """What a first draft starts from: the base item's elements (三级N同), or the base list's own."""
    org = item.org
    base = item.base.version.content if item.base and item.base.version else {}
    return {
        **base,
        "id": item.slug,
        "name": item.catalog_item.name,
        "basic_code": item.catalog_item.basic_code,
        "impl_code": item.impl_code,
        "item_type": item.catalog_item.item_type,
        "sub_type": item.catalog_item.sub_type or None,
        "legal_basis": item.catalog_item.legal_basis,
        "dept_id": org.code,
        "dept_name": org.name,
        "dept_uscc": org.uscc,
        "dept_nature": org.nature,
        "exercise_level": item.level,
        "levels": item.catalog_item.exercise_levels,
        "consult_phones": [org.consult_phone] if org.consult_phone else [],
        "complain_phones": [org.complaint_phone] if org.complaint_phone else [],
        "status": "draft",
    }


def _open_draft(
    item: ImplementationItem, content: dict[str, Any], *, by: Actor, at: datetime, reason: str
) -> ItemVersion:
    last = item.versions.order_by("-number").values_list("number", flat=True).first() or 0
    content = {**content, "version": last + 1, "status": "draft"}
    return ItemVersion.objects.create(
        item=item,
        number=last + 1,
        content=content,
        content_hash=rules.content_hash(content),
        created_at=at,
        created_by=by.name,
        reason=reason,
    )


def draft(
    *, item: UUID, kind: str = ChangeKind.NEW, document_number: str = "", reason: str = "", by: Actor, at: datetime
) -> ItemVersion:
    """Begin compiling: a draft with the locked elements taken over from the level above.

    Raises:
        Refused: an item taken over from above (承接) without the number of the document.
    """
    why = reason.strip() or "按基本目录认领后首次编制"
    if kind not in (ChangeKind.NEW, ChangeKind.TAKE_OVER):
        raise Refused("首次编制的事项，调整类型只能是“新增”或者“承接”。")
    requesting.said_rightly(kind=kind, basis="", document_number=document_number, reason=why)
    with ITEM_FLOW.step("draft", by=by, at=at, note=reason.strip(), pk=item) as step:
        version = _open_draft(step.subject, skeleton(step.subject), by=by, at=at, reason=why)
        request = requesting.opened(
            step.subject, kind=kind, document_number=document_number, reason=why, version=version, by=by, at=at
        )
        step.facts.update(version=version.number, request=str(request.pk), kind=kind)
    return version


@transaction.atomic
def save_draft(*, item: UUID, content: Mapping[str, Any], seen: str, by: Actor, at: datetime) -> ItemVersion:
    """Keep the elements as edited; only what differs is journalled.

    Args:
        content: all elements, as of the editor.
        seen: `content_hash` of the draft the editor was opened with, so that nobody's work is overwritten.

    Raises:
        Refused: wrong post or state, somebody saved in between, an element of a wrong shape or a locked one altered.
    """
    subject = ImplementationItem.objects.select_for_update(of=("self",)).select_related("base__version").get(pk=item)
    if not access.item_manager(by, subject):
        raise Refused(f"您当前的岗位不能编辑这个事项。{access.item_manager.__doc__}")
    if subject.state != ItemState.DRAFTING:
        raise Refused(f"现在是“{ITEM_FLOW.label(subject.state)}”，不能编辑。需要修改时请先“申请调整”。")
    version = draft_of(subject)
    if version.content_hash != seen:
        raise Refused(CHANGED_MEANWHILE)
    content = {**content, "version": version.number, "status": "draft"}
    readable(content)
    changed = rules.altered(version.content, content)
    if not changed:
        return version
    if subject.base and subject.base.version:
        locked = [n for n in rules.altered_locked(content, subject.base.version.content) if n in changed]
        if locked:
            raise Refused(f"{'、'.join(locked)} 与上级事项一致，不能在本级修改；需要调整时请向上级事项的部门提出。")
        lax = rules.loosened(content, subject.base.version.content)
        if lax and {"promised_limit", "case_type"} & {*changed}:
            raise Refused(f"{'；'.join(lax)}。本级只能改得更便民，请改正后再保存。")
    if rules.free_without_link(content) and not rules.free_without_link(version.content):
        raise Refused(NO_LINK)
    before = version.content
    version.content, version.content_hash = content, rules.content_hash(content)
    version.save(update_fields=["content", "content_hash"])
    journal.write(
        subject=subject, move="save_draft", by=by, at=at, law=STANDARD,
        changes={name: [before.get(name), content.get(name)] for name in changed}, facts={"version": version.number},
    )  # fmt: skip
    return version


def readable(content: Mapping[str, Any]) -> ItemContent:
    """The typed elements. Raises Refused naming the element of a wrong shape."""
    try:
        return read(dict(content))
    except msgspec.ValidationError as fault:
        where = str(fault).rsplit("`$", 1)
        path = where[1].strip("`.") if len(where) == 2 else "事项要素"
        raise Refused(f"要素“{path or '事项要素'}”缺少或者填写的类型不对，请在编辑页核对这一项。") from fault


def self_check(*, item: UUID, by: Actor, at: datetime) -> ImplementationItem:
    """The department vouches that its draft is complete.

    Raises:
        Refused: an element that must be there is missing, or a rule of the linter finds an error.
    """
    with ITEM_FLOW.step("self_check", by=by, at=at, pk=item) as step:
        version = draft_of(step.subject)
        refuse_unsound(step.subject, version, what="自检没有通过", then="请修改后再自检。")
        step.facts.update(version=version.number, content_hash=version.content_hash)
    return step.subject  # type: ignore[no-any-return]


class Unsound(Refused):
    """A draft with errors in it: `gaps` are clauses about what is missing, `found` what the rules say."""

    def __init__(self, what: str, gaps: list[str], found: tuple[Finding, ...], then: str) -> None:
        self.gaps, self.found = gaps, found
        faults = [*gaps, *(sentence(one) for one in found)]
        super().__init__(f"{what}，共 {len(faults)} 处：{'；'.join(faults)}。{then}")


def refuse_unsound(item: ImplementationItem, version: ItemVersion, *, what: str, then: str) -> None:
    """Raise `Unsound` for a draft that may not go on."""
    gaps, found = gaps_of(item, version), findings_of(item, version, version.content).errors
    if gaps or found:
        raise Unsound(what, gaps, found, then)


def faults_of(item: ImplementationItem, version: ItemVersion) -> list[str]:
    """What keeps a draft from being handed in or published, each as a clause: the linter's errors, as if published."""
    found = findings_of(item, version, version.content)
    return gaps_of(item, version) + [sentence(finding) for finding in found.errors]


def gaps_of(item: ImplementationItem, version: ItemVersion) -> list[str]:
    """What is missing beside what the rules find, each as a clause."""
    content = readable(version.content)
    faults = []
    if content.impl_code != item.impl_code:
        faults.append("实施编码与清单登记的不一致")
    needed = {
        "受理条件": content.accept_conditions, "服务对象": content.service_objects, "设定依据": content.legal_basis,
    }  # fmt: skip
    faults += [f"{name}没有填写" for name, value in needed.items() if not value]
    return faults + [why.rstrip("。") for why in unknown_materials(content)]


def findings_of(item: ImplementationItem, version: ItemVersion, content: Mapping[str, Any]) -> Findings:
    """What the rules find in a content of a draft, saved or not, as it will stand once it is out."""
    day = clock.local_day(version.created_at)
    return lint_content(
        as_published(content, number=version.number, day=day), around(item, content), region=item.region_id
    )


def as_published(content: Mapping[str, Any], *, number: int, day: date) -> dict[str, Any]:
    """The elements as they stand once this version is out, on all five ends."""
    return {
        **content,
        "status": "published",
        "guide_published_at": str(day),
        "guide_versions": dict.fromkeys(CHANNELS, number),
    }


def submit(*, item: UUID, by: Actor, at: datetime) -> ImplementationItem:
    """Hand the checked draft to the service authority."""
    with ITEM_FLOW.step("submit", by=by, at=at, pk=item) as step:
        step.facts["version"] = draft_of(step.subject).number
    return step.subject  # type: ignore[no-any-return]


def request_change(
    *, item: UUID, reason: str, kind: str = ChangeKind.CHANGE, basis: str = "", document_number: str = "", by: Actor,
    at: datetime,
) -> ItemVersion:  # fmt: skip
    """Open the next version; the current one stays in force until the new one is published.

    Raises:
        Refused: no reason, no document number where one is due, or the machine's own sentence.
    """
    requesting.said_rightly(kind=kind, basis=basis, document_number=document_number, reason=reason)
    if kind == ChangeKind.CANCEL:
        raise Refused("取消事项不用编制新版本，请用“申请取消”提出。")
    with ITEM_FLOW.step("request_change", by=by, at=at, note=reason.strip(), pk=item) as step:
        current = step.subject.version
        version = _open_draft(step.subject, current.content, by=by, at=at, reason=reason.strip())
        request = requesting.opened(
            step.subject, kind=kind, basis=basis, document_number=document_number, reason=reason, version=version,
            by=by, at=at,
        )  # fmt: skip
        step.facts.update(
            version=version.number, request=str(request.pk), kind=kind, document_number=request.document_number
        )
    return version


@transaction.atomic
def roll_back(*, item: UUID, number: int, reason: str, by: Actor, at: datetime) -> ItemVersion:
    """Take an old version as the draft of a new one; it goes through every step again (以第 n 版为底稿).

    Elements that have to equal the item above are those of today, whatever the old version had.

    Raises:
        Refused: no such published version, it is the one in force, no reason, or the machine's own sentence.
    """
    subject = ImplementationItem.objects.select_related("base__version", "version").get(pk=item)
    old = subject.versions.filter(number=number, is_published=True).first()
    if old is None:
        raise Refused(f"没有找到已发布的第 {number} 版。请从“版本”列表里选择。")
    if old.pk == subject.version_id:
        raise Refused(f"第 {number} 版就是现行版本，不用再发布一次。")
    if len(reason.strip()) < requesting.SHORTEST:
        raise Refused("请写明恢复旧版的原因（至少 4 个字）。")
    draft = request_change(item=item, reason=f"以第 {number} 版为底稿：{reason.strip()}"[:300], by=by, at=at)
    base = subject.base.version.content if subject.base and subject.base.version else None
    content = {**old.content, **({name: base.get(name) for name in rules.LOCKED} if base else {})}
    for name in (*OF_PUBLICATION, "impl_code", "dept_id", "dept_name", "dept_uscc", "basic_code", "name", "item_type"):
        if name in draft.content:
            content[name] = draft.content[name]  # what the organisation and the list say today
    return save_draft(item=item, content=content, seen=draft.content_hash, by=by, at=at)


OF_PUBLICATION = ("version", "status", "effective_at", "guide_published_at", "guide_versions")
