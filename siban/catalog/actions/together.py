"""One element changed in many items at one sitting, recorded as one and undone as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from .. import access, rules, together
from ..editing.elements import Asked
from ..flow import ITEM_FLOW, STANDARD
from ..models import GroupChange, ImplementationItem
from ..together import ELEMENTS
from ..workbook import changes
from .importing import save_imported
from .judging import EDITABLE

NOTHING = "没有改动。请在表里修改以后再保存。"
UNDONE = "已撤销"
MOST = 200  # items changed at one sitting


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted for one item: `{place: value as typed}`, over the content the page showed."""

    seen: str
    values: Mapping[str, Any]


def refusal(asked: Asked, item: Any, stored: Mapping[str, Any], made: Mapping[str, Any], *, by: Actor) -> str:
    """Why an item cannot be changed so; empty when it can."""
    if not access.manager_or_admin(by, item):
        return "不属于您的单位，不能修改。"
    if item.state not in EDITABLE:
        return f"现在是“{ITEM_FLOW.label(item.state)}”，不能修改。"
    base = item.base.version.content if item.base and item.base.version else None
    if base and asked.top in rules.altered_locked(made, base):
        return "与上级事项一致，不能在本级修改。"
    return next((f"{rule}。" for _, _, rule in changes.unlawful(made, stored)), "")


@transaction.atomic
def change_together(*, element: str, wanted: Mapping[UUID, Wanted], by: Actor, at: datetime) -> GroupChange:
    """Put an element into the drafts of many items; what cannot be changed is left out with the reason.

    Raises:
        Refused: wrong post, or nothing differs.
    """
    if not access.imports_items(by) or by.org_id is None:
        raise Refused(f"您当前的岗位不能集中修改事项。{access.imports_items.__doc__}")
    asked, batch, lines = ELEMENTS[element], uuid7(), []
    found = ImplementationItem.objects.visible_to(by).filter(pk__in=list(wanted)).order_by("name", "slug")
    for item in found.select_related("org", "version", "base__version", "catalog_item").select_for_update(
        of=("self",)
    ):
        stored = item.versions.filter(is_published=False).order_by("-number").first() or item.version
        if stored is None:
            continue
        made, changed = dict(stored.content), []
        for key, value in wanted[item.pk].values.items():
            before = together.value_at(asked, made, key)
            if together.unlike(asked, before, value):
                made = together.put(asked, made, key, value)
                changed.append([key, before, together.value_at(asked, made, key)])
        if not changed:
            continue
        why = refusal(asked, item, stored.content, made, by=by)
        if not why:
            try:
                with transaction.atomic():
                    save_imported(
                        item=item, content=made, seen=wanted[item.pk].seen, reason=f"集中修改“{asked.label}”", batch=str(batch),
                        by=by, at=at,
                    )  # fmt: skip
            except Refused as fault:
                why = str(fault)
        lines.append({"item": str(item.pk), "name": item.name, "changed": changed, "outcome": why})
    if not lines:
        raise Refused(NOTHING)
    made_change = GroupChange.objects.create(
        id=batch,
        org_id=by.org_id,
        role=by.role,
        element=element,
        title=asked.label,
        lines=lines,
        made_at=at,
        made_by=by.name,
    )
    facts = {
        "items": sum(1 for line in lines if not line["outcome"]),
        "left": sum(1 for line in lines if line["outcome"]),
    }
    journal.write(subject=made_change, fresh=True, move="change_together", by=by, at=at, law=STANDARD, facts=facts)
    return made_change


@transaction.atomic
def undo_together(*, change: UUID, by: Actor, at: datetime) -> GroupChange:
    """Put the element back as it was in every item of a change; where it was changed again since, it stays.

    Raises:
        Refused: undone already.
    """
    subject: GroupChange = GroupChange.objects.visible_to(by).select_for_update(of=("self",)).get(pk=change)
    if subject.undone_at:
        raise Refused("这批修改已经撤销过了。")
    asked, lines = ELEMENTS[subject.element], []
    items = ImplementationItem.objects.visible_to(by).filter(pk__in=[line["item"] for line in subject.lines])
    known = {
        str(item.pk): item
        for item in items.select_related("org", "version").select_for_update(of=("self",)).order_by("pk")
    }
    for line in subject.lines:
        lines.append(
            line
            if line["outcome"]
            else {**line, "undone": _put_back(asked, line, known.get(line["item"]), batch=str(change), by=by, at=at)}
        )
    subject.lines, subject.undone_at, subject.undone_by = lines, at, by.name
    subject.save(update_fields=["lines", "undone_at", "undone_by"])
    journal.write(subject=subject, move="undo_together", by=by, at=at, law=STANDARD)
    return subject


def _put_back(asked: Asked, line: Mapping[str, Any], item: Any, *, batch: str, by: Actor, at: datetime) -> str:
    """Put one item's element back; the reason where that is not possible."""
    if item is None:
        return "没有找到这个事项。"
    stored = item.versions.filter(is_published=False).order_by("-number").first() or item.version
    made = dict(stored.content)
    for key, before, after in line["changed"]:
        if together.value_at(asked, made, key) != after:
            return "后来又被改过，没有撤销。"
        made = together.put(asked, made, key, before, typed=False)
    try:
        with transaction.atomic():
            save_imported(
                item=item,
                content=made,
                seen=stored.content_hash,
                reason=f"撤销集中修改“{asked.label}”",
                batch=batch,
                by=by,
                at=at,
            )
    except Refused as why:
        return str(why)
    return UNDONE
