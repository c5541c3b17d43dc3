"""The common materials: linked to a certificate that stands for them, and what follows for the items that ask for them."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, wording
from ..flow import ITEM_FLOW, STANDARD, ItemState
from ..models import ImplementationItem, MaterialGrain
from .compiling import draft_of, request_change, save_draft

MOST = 100  # items changed at one sitting


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; `why` is empty when its draft now follows the catalogue."""

    item: UUID
    name: str
    why: str


@transaction.atomic
def link_material(*, grain: str, certificate: str, by: Actor, at: datetime) -> MaterialGrain:
    """Say that a certificate stands for a common material. What is published stays as it is until it is changed.

    Raises:
        Refused: wrong post, a certificate that may not be called, or linked so already.
    """
    subject = _locked(grain, by)
    if certificate not in wording.callable_certificates():
        raise Refused("这种电子证照不在可调用电子证照清单里，不能关联。请从列表里选择。")
    if subject.ecert_type_id == certificate:
        raise Refused(f"“{subject.name}”已经关联“{wording.certificate_names()[certificate]}”，没有改动。")
    return _relink(subject, certificate, "link_material", by=by, at=at)


@transaction.atomic
def unlink_material(*, grain: str, by: Actor, at: datetime) -> MaterialGrain:
    """Take the link away again. Raises Refused: wrong post, or there is none."""
    subject = _locked(grain, by)
    if not subject.ecert_type_id:
        raise Refused(f"“{subject.name}”没有关联电子证照，不用取消。")
    return _relink(subject, "", "unlink_material", by=by, at=at)


def _locked(grain: str, by: Actor) -> MaterialGrain:
    if not access.links_materials(by):
        raise Refused(f"您当前的岗位不能修改关联。{access.links_materials.__doc__}")
    return MaterialGrain.objects.select_for_update().get(pk=grain)


def _relink(subject: MaterialGrain, certificate: str, move: str, *, by: Actor, at: datetime) -> MaterialGrain:
    before, subject.ecert_type_id = subject.ecert_type_id, certificate
    subject.content = {**subject.content, "ecert_type_id": certificate or None, "linked_by": by.name}
    subject.save(update_fields=["ecert_type_id", "content"])
    journal.write(
        subject=subject, move=move, by=by, at=at, law=STANDARD, changes={"ecert_type_id": [before, certificate]}
    )
    return subject


def follow_material(*, grain: str, items: Iterable[UUID], by: Actor, at: datetime) -> list[Outcome]:
    """Open a change for each item that says otherwise than the catalogue, with the link put right in its draft.

    Each item is done for itself: one that cannot be changed stands in the outcome with the reason.
    """
    subject = MaterialGrain.objects.get(pk=grain)
    found = ImplementationItem.objects.visible_to(by).filter(pk__in=list(items)[:MOST])
    outcomes = []
    for item in found.select_related("base").order_by("name", "slug"):
        try:
            with transaction.atomic():
                _follow(item, subject, by=by, at=at)
        except Refused as why:
            outcomes.append(Outcome(item.pk, item.name, str(why)))
        else:
            outcomes.append(Outcome(item.pk, item.name, ""))
    return outcomes


def _follow(item: ImplementationItem, grain: MaterialGrain, *, by: Actor, at: datetime) -> None:
    if item.base_id:
        raise Refused("材料与上级事项一致，上级事项更新后随之更新。")
    if not access.item_manager(by, item):
        raise Refused(f"不能由您发起调整。{access.item_manager.__doc__}")
    if item.state == ItemState.DRAFTING:
        draft = draft_of(item)
    elif item.state == ItemState.PUBLISHED:
        draft = request_change(item=item.pk, reason=f"按材料目录更新“{grain.name}”的电子证照关联", by=by, at=at)
    else:
        raise Refused(f"现在是“{ITEM_FLOW.label(item.state)}”，不能调整。")
    content: dict[str, Any] = copy.deepcopy(draft.content)
    for row in content.get("materials") or ():
        if row.get("grain_id") == grain.pk:
            row["ecert_type_id"] = grain.ecert_type_id or None
    save_draft(item=item.pk, content=content, seen=draft.content_hash, by=by, at=at)
