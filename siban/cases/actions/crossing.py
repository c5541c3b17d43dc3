"""跨域通办, step by step: begun with the hand-in, pushed with the acceptance, taken there, sent back, handed out here."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from siban.cases import notices_cross, rules_cross
from siban.cases.flow_cross import CROSS_FLOW, CrossState, here
from siban.cases.models import Case, CaseMaterial
from siban.cases.models_cross import CrossRegion
from siban.catalog import api as catalog
from siban.exchange import api as exchange
from siban.identity.api import Org
from siban.kernel import files, journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from .drafting import material_of

LEGS = {
    "push": "pushed_at", "push_again": "pushed_at", "take": "taken_at", "have_result": "result_at", "send_result": "sent_at",
    "print_here": "back_at", "receive_result": "back_at", "hand_out": "done_at", "end": "done_at",
}  # fmt: skip
NEWS = {
    "push": ("there", "有跨域通办的办件推送过来"), "push_again": ("there", "跨域通办的办件补充后再次推送"),
    "send_back": ("here", "跨域通办的办件被退回"), "have_result": ("there", "请寄回跨域通办的办理结果"),
    "send_result": ("here", "跨域通办的办理结果已经寄出"),
}  # fmt: skip


@transaction.atomic
def begin(*, case_id: UUID, at: datetime) -> CrossRegion | None:
    """What another place's counter took in begins its way; done twice it stands once. None for a case of one place."""
    case = Case.objects.select_related("item").get(pk=case_id)
    if not case.is_cross or case.received_org_id is None:
        return None
    if found := CrossRegion.objects.filter(pk=case_id).first():
        return found
    counter = Org.objects.get(pk=case.received_org_id)
    given = {"decides": case.region_id, "receives": counter.region_id}
    kind = catalog.recognised(case.item.catalog_item_id, **given) or catalog.narrowest(case.item.cross_scope, **given)
    made = CrossRegion(
        case=case, kind=kind or "跨域通办", from_org=counter, from_region_id=counter.region_id, to_org_id=case.org_id,
        region_id=case.region_id, began_at=at, due_on=_due("received", counter.region_id, at),
    )  # fmt: skip
    CROSS_FLOW.begin(made, by=SYSTEM, at=at, law=rules_cross.LAW)
    return made


def _due(state: str, region: str, at: datetime) -> object:
    return rules_cross.due_of(state, local_day(at), calendar_for(region))


@transaction.atomic
def move(*, case_id: UUID, name: str, by: Actor, at: datetime, note: str = "", waybill: str = "") -> CrossRegion:
    """One step of the way. Raises Refused with the sentence for the person."""
    if name == "send_back" and not note.strip():
        raise Refused("请写明为什么退回、要补充什么，收件的窗口会看到。")
    with CROSS_FLOW.step(name, by=by, at=at, note=note, pk=case_id) as step:
        cross = step.subject
        if name == "send_back":
            cross.note = note.strip()[:300]
        if name == "send_result":
            cross.waybill = waybill.strip()[:40]
        if stamp := LEGS.get(name):
            setattr(cross, stamp, at)
        target = str(CROSS_FLOW.moves[name].leads(cross.state))
        place = cross.from_region_id if target in ("received", "returned") else cross.region_id
        cross.due_on, cross.warned_of = _due(target, place, at), None
    if name in ("push", "push_again"):
        notices_cross.cross(cross, by=by, at=at)
    _tell(cross, name, at)
    return cross


def supplement(
    *, case_id: UUID, material_id: str, upload: BinaryIO | None, name: str = "", by: Actor, at: datetime
) -> CaseMaterial:
    """What the deciding place asked for when it sent the case back: a file, or without one the paper taken at the counter.

    Raises:
        FileRefused: too large, not a type we take, damaged.
        Refused: not sent back, not this counter, not a material of this item.
    """
    _supplemented(case_id, by=by)
    seen = Case.objects.visible_to(by).select_related("version").get(pk=case_id)
    material = material_of(seen, material_id)
    stored = upload and files.keep(upload, name=name, at=at, owner_id=by.id, subject=("cases.Case", str(case_id)))
    with transaction.atomic():
        cross = _supplemented(case_id, by=by)
        source = CaseMaterial.Source.UPLOAD if stored else CaseMaterial.Source.PAPER
        row = CaseMaterial.objects.create(
            case_id=case_id,
            material_id=material.id,
            name=material.name,
            source=source,
            file=stored or None,
            added_at=at,
        )
        journal.write(
            subject=cross, move="supplement", by=by, at=at, law=rules_cross.LAW, note=f"{row.name}（{row.get_source_display()}）",
            facts={"material": material.id, "row": row.pk},
        )  # fmt: skip
    return row


def _supplemented(case_id: UUID, *, by: Actor) -> CrossRegion:
    """The hand-over that waits for what is wanting, held while it is added. Raises Refused."""
    with transaction.atomic():
        cross = CrossRegion.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case_id)
    if cross.state != CrossState.RETURNED:
        raise Refused(f"办理地退回以后才能补充材料，现在是“{cross.at_word}”。")
    if not here(by, cross):
        raise Refused("只有收件的窗口可以补充材料。")
    return cross


def follow(*, case_id: UUID, at: datetime) -> None:
    """What happened to the case carries its hand-over along; done twice, or late, it comes to the same."""
    if begin(case_id=case_id, at=at) is None:
        return
    case = Case.objects.only("state", "accepted_at", "delivered_at").get(pk=case_id)
    is_over = case.state in ("not_accepted", "withdrawn", "terminated", "revoked", "cancelled")
    reached = {
        "push": case.accepted_at is not None and not is_over, "have_result": case.state in ("issued", "rejected", "delivered", "closed"),
        "hand_out": case.delivered_at is not None, "end": is_over,
    }  # fmt: skip
    for name, is_so in reached.items():
        if is_so and CrossRegion.objects.get(pk=case_id).state in CROSS_FLOW.moves[name].sources:
            move(case_id=case_id, name=name, by=SYSTEM, at=at)


def _tell(cross: CrossRegion, name: str, at: datetime) -> None:
    if name not in NEWS:
        return
    side, title = NEWS[name]
    case = cross.case
    to = [exchange.to_post("approver", cross.to_org_id)] if side == "there" else [
        exchange.to_post(role, cross.from_org_id) for role in ("window_clerk", "township_clerk")
    ]  # fmt: skip
    exchange.tell(
        to=to, event=f"cross:{case.pk}:{name}:{at.isoformat()}", kind=f"case.cross.{name}", title=title,
        body=f"办件 {case.number}“{case.title}”，{cross.kind}，收件：{cross.from_org.name}，办理：{cross.to_org.name}。"
        + (f"退回原因：{cross.note}" if name == "send_back" else ""),
        link=reverse("cross-way", args=[case.number]), subject=("cases.Case", str(case.pk)), region_code=cross.region_id, by=SYSTEM,
        at=at, channels=(), law=rules_cross.LAW,
    )  # fmt: skip


def warn(*, at: datetime) -> int:
    """Legs whose last day has passed: the side that owes the step and the bureau hear it, once a limit."""
    from siban.cases import messages

    told, today = 0, local_day(at)
    late = (
        CrossRegion.objects.filter(due_on__lt=today)
        .exclude(warned_of=F("due_on"))
        .select_related("case", "from_org", "to_org")
    )
    for cross in late.order_by("due_on", "case_id")[:500]:
        here = cross.state in ("received", "returned")
        org, region = (cross.from_org_id, cross.from_region_id) if here else (cross.to_org_id, cross.region_id)
        to = [
            exchange.to_post(role, org)
            for role in (("window_clerk", "township_clerk") if here else ("approver", "unit_head"))
        ]
        to += [exchange.to_post("service_admin", one) for one in messages.bureaus(region, on=today)]
        told += exchange.tell(
            to=to, event=f"cross:{cross.pk}:late:{cross.due_on}", kind="case.cross.late", title="跨域通办超过期限",
            body=f"办件 {cross.case.number}：{rules_cross.NAMES[cross.state]}，应在 {cross.due_on} 前完成。",
            link=reverse("cross-way", args=[cross.case.number]), subject=("cases.Case", str(cross.pk)), region_code=region, by=SYSTEM,
            at=at, channels=(), law=rules_cross.LAW, is_urgent=True,
        )  # fmt: skip
        CrossRegion.objects.filter(pk=cross.pk).update(warned_of=cross.due_on)
    return told
