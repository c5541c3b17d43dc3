"""A draft whose version was replaced: until its day it may be handed in as it is, afterwards it moves to the new version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases.flow import CaseState
from siban.cases.models import Case
from siban.catalog.api import ImplementationItem, ItemContent, elements_of, same_materials
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

from .drafting import NOT_OFFERED, editable

LAW = "国发〔2022〕5号"  # 办事指南更新以后按新的标准办理，已经受理的按受理时的版本


@dataclass(frozen=True, slots=True)
class Renewed:
    """What could not be taken over; the files themselves are kept with the draft."""

    case: Case
    left: tuple[str, ...]


@transaction.atomic
def renew(*, case_id: UUID, by: Actor, at: datetime) -> Renewed:
    """Move a draft to the version in force, with everything that still fits; what does not fit is named and kept.

    Raises:
        Refused: already handed in, not this person's, or the item is not offered any more.
    """
    case = editable(case_id=case_id, by=by)
    if case.state != CaseState.DRAFT:
        raise Refused("这份申请已经提交过，按提交时的版本办理，不用更换。")
    item = ImplementationItem.objects.published().filter(pk=case.item_id).first()
    if item is None or item.version_id is None:
        raise Refused(NOT_OFFERED)
    if case.version_id == item.version_id:
        return Renewed(case, ())
    old, new, before = case.elements, elements_of(item.version_id), case.version_id
    same, left = same_materials(old, new), []
    for row in case.materials.all():
        if row.material_id in same:
            row.material_id = same[row.material_id]
            row.name = new.material(row.material_id).name
        else:
            left.append(row.name)
            row.material_id = f"old-{uuid7().hex[-12:]}"  # its old number may mean another paper now
        row.save(update_fields=["material_id", "name"])
    case.answers = _answers(case.answers, old, new)
    case.version_id, case.title, case.case_type, case.saved_at = item.version_id, new.name, new.case_type, at
    case.scenario_id = "" if case.open_question() else new.scenario_id(case.answers)
    case.save(update_fields=["answers", "version", "title", "case_type", "scenario_id", "saved_at"])
    journal.write(
        subject=case, move="renew", by=by, at=at, law=LAW, note="；".join(left)[:300],
        facts={"from": str(before), "to": str(item.version_id)},
    )  # fmt: skip
    return Renewed(case, tuple(dict.fromkeys(left)))


def _answers(given: dict[str, str], old: ItemContent, new: ItemContent) -> dict[str, str]:
    """Answers whose question and option are still asked in the same words."""
    asked = {q.question: q for q in (new.situations.questions if new.situations else ())}
    found = {}
    for question in old.situations.questions if old.situations else ():
        chosen = next((o.label for o in question.options if o.id == given.get(question.id)), None)
        now = asked.get(question.question)
        option = next((o.id for o in now.options if o.label == chosen), None) if now else None
        if now and option:
            found[now.id] = option
    return found


def require_current(case: Case, *, at: datetime) -> None:
    """Raises Refused when a draft may not be handed in on its version any more."""
    from siban.kernel.clock import local_day

    if case.item.is_closed:
        raise Refused(
            f"“{case.title}”已经{case.item.get_state_display().removeprefix('已')}办理，现在不能提交。您填写的内容都还在草稿里；有疑问请拨打 12345 咨询。"
        )
    until = case.version.drafts_until
    if until is not None and local_day(at) > until:
        raise Refused(
            f"这个事项的办事指南已经更新，按旧指南填写的草稿只能提交到 {until:%Y年%m月%d日}。请按“改用新版指南”，已经填写的内容会带过去，再核对提交。"
        )
