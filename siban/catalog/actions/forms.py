"""The unit's own blank form or sample in place of the drawn one, and back."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from siban.kernel import files
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, blanks
from ..flow import ITEM_FLOW, ItemState
from ..models import ImplementationItem, ItemVersion
from .compiling import draft_of, save_draft

TAKEN = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)


@transaction.atomic
def replace_form(
    *, item: UUID, material_id: str, kind: str, file: BinaryIO, name: str, by: Actor, at: datetime
) -> ItemVersion:
    """Put the unit's own file in place of the drawn form, in the draft.

    Raises:
        Refused: wrong post or state, the material is no form, locked by the level above, or not a document.
        FileRefused: too large or not a type we take.
    """
    _may(item, by)
    kept = files.keep(file, name=name, at=at, owner_id=by.id, subject=("catalog.ImplementationItem", str(item)))
    if kept.media_type not in TAKEN:
        raise Refused(f"“{kept.name}”不是表格文档。空表和样表请用 PDF、Word 或者 Excel 文件。")
    return _say(item, material_id, kind, f"{blanks.OWN}{kept.pk}", by=by, at=at)


@transaction.atomic
def restore_form(*, item: UUID, material_id: str, kind: str, by: Actor, at: datetime) -> ItemVersion:
    """Offer the drawn form again. Raises Refused as `replace_form`."""
    _may(item, by)
    return _say(item, material_id, kind, "", by=by, at=at)


@transaction.atomic
def ask_fields(
    *, item: UUID, material_id: str, fields: Sequence[Mapping[str, Any]], seen: str, by: Actor, at: datetime
) -> ItemVersion:
    """Say which data elements a form of the draft asks for; blank form, sample and online form follow from them.

    Args:
        fields: `{"name", "element", "type", "required"}` each, in the order of the form.
        seen: `content_hash` of the draft the fields were edited on.

    Raises:
        Refused: as `replace_form`, or somebody changed the draft in between.
    """
    _may(item, by)
    version = draft_of(ImplementationItem.objects.get(pk=item))
    content = copy.deepcopy(version.content)
    material = next((m for m in content.get("materials") or () if m.get("id") == material_id), None)
    if material is None or not material.get("is_form"):
        raise Refused("草稿里没有这份表格，请刷新页面后再试。")
    material["form_fields"] = [dict(f) for f in fields]
    return save_draft(item=item, content=content, seen=seen, by=by, at=at)


def _may(item: UUID, by: Actor) -> None:
    """Asked before anything is stored."""
    subject = ImplementationItem.objects.visible_to(by).get(pk=item)
    if not access.item_manager(by, subject):
        raise Refused(f"您当前的岗位不能编辑这个事项。{access.item_manager.__doc__}")
    if subject.state != ItemState.DRAFTING:
        raise Refused(f"现在是“{ITEM_FLOW.label(subject.state)}”，不能编辑。需要修改时请先“申请调整”。")


def _say(item: UUID, material_id: str, kind: str, value: str, *, by: Actor, at: datetime) -> ItemVersion:
    version = draft_of(ImplementationItem.objects.get(pk=item))
    content = copy.deepcopy(version.content)
    material = next((m for m in content.get("materials") or () if m.get("id") == material_id), None)
    if material is None or not material.get("is_form") or kind not in blanks.KINDS:
        raise Refused("草稿里没有这份表格，请刷新页面后再试。")
    material[blanks.FIELDS[kind]] = value or blanks.drawn_name(material.get("grain_id") or material_id, kind)
    return save_draft(item=item, content=content, seen=version.content_hash, by=by, at=at)
