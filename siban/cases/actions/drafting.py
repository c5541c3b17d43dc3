"""Filling in: a draft is kept from the first answer on, nothing entered is ever lost."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction

from siban.cases import access
from siban.cases.flow import CASE_FLOW, CaseState
from siban.cases.models import Case, CaseMaterial
from siban.catalog.api import ImplementationItem, OpenItem, elements_of, narrowest, recognised
from siban.certificates import api as certificates
from siban.identity.api import Enterprise, Entrustment, Person
from siban.kernel import files, journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.codes.region import contains
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

NOT_OFFERED = "这个事项目前没有对外办理。请搜索其他事项，或者拨打 12345 咨询。"
EDITABLE = (CaseState.DRAFT, CaseState.CORRECTING)


def start(
    *,
    item: ImplementationItem,
    by: Actor,
    at: datetime,
    person: Person | None = None,
    enterprise: Enterprise | None = None,
    token: UUID | None = None,
    window_id: str = "",
    entrustment: Entrustment | None = None,
) -> Case:
    """A draft for an item's current version; the case stays with this version whatever is published later.

    Args:
        person, enterprise: the applicant; at a counter the visitor, online the person logged in.
        token: the form's own token: the same token gives the same draft.
        entrustment: what lets somebody else than the applicant begin it.

    Raises:
        Refused: the item has no published version, or it is not offered to this kind of applicant.
    """
    if token and (known := Case.objects.visible_to(by).filter(token=token).first()):
        return known
    if item.version_id is None or not ImplementationItem.objects.published().filter(pk=item.pk).exists():
        raise Refused(NOT_OFFERED)
    if entrustment:
        require_entrusted(entrustment, item, by=by, on=local_day(at))
        person, enterprise = entrustment.principal, entrustment.enterprise
    elif by.is_citizen:
        require_own(person, enterprise, by=by)
    case = fresh(item=item, by=by, at=at, person=person, enterprise=enterprise, token=token, window_id=window_id)
    case.entrustment = entrustment
    settle(case, on=local_day(at))
    try:
        with transaction.atomic():
            CASE_FLOW.begin(case, by=by, at=at, law="行政许可法第二十九条")
    except IntegrityError:  # the same page sent twice at once: the other one made the draft
        if known := Case.objects.visible_to(by).filter(token=case.token).first():
            return known
        raise
    return case


def require_own(person: Person | None, enterprise: Enterprise | None, *, by: Actor) -> None:
    """Online one applies for oneself, or for an enterprise one belongs to at this moment. Raises Refused."""
    if person is not None and person.pk != by.person_id:
        raise Refused("只能以本人名义申请。替别人办理的，请先由本人委托您。")
    if enterprise is None:
        return
    if by.person_id is None or not enterprise.members.filter(person_id=by.person_id).exists():
        raise Refused("您不是这个单位的法定代表人或者经办人，不能以单位名义申请。请由单位的人办理，或者先办委托。")


def require_entrusted(entrustment: Entrustment, item: ImplementationItem, *, by: Actor, on: date) -> None:
    """Only the agent named, within the period, for a matter that was listed. Raises Refused."""
    if not Entrustment.objects.of_agent(by.person_id or uuid7(), day=on).filter(pk=entrustment.pk).exists():
        raise Refused("委托已经结束、到期，或者还没有确认，不能代办。请和委托人联系。")
    if not entrustment.covers(item.impl_code):
        raise Refused("委托里没有这个事项，不能代办。请委托人另外委托。")


def fresh(
    *,
    item: ImplementationItem | OpenItem,
    by: Actor,
    at: datetime,
    person: Person | None,
    enterprise: Enterprise | None,
    token: UUID | None = None,
    window_id: str = "",
) -> Case:
    """A case of an item's current version that is not kept yet. Raises Refused: not offered to this applicant."""
    assert item.version_id is not None
    content = elements_of(item.version_id)
    if person is None and enterprise is None:
        raise Refused("请先登录，或者由窗口人员登记申请人。")
    asked = set(content.service_objects)
    if enterprise is None and asked and "1" not in asked:
        raise Refused("这个事项由企业或者其他单位申请。请选择您所代表的单位后再办理。")
    if enterprise is not None and asked == {"1"}:
        raise Refused("这个事项由个人申请，请以个人身份办理。")
    case = Case(
        id=uuid7(),
        item_id=item.pk,
        version_id=item.version_id,
        org_id=item.org_id,
        region_id=item.region_id,
        title=content.name,
        case_type=content.case_type,
        person=person,
        enterprise=enterprise,
        applicant_name=enterprise.name if enterprise else (person.name if person else ""),
        applicant_id_number=enterprise.uscc if enterprise else (person.id_number if person else ""),
        mobile=person.mobile if person else "",
        channel=by.channel,
        token=token or uuid7(),
        created_at=at,
        saved_at=at,
        window_id=window_id,
    )
    if by.is_staff:
        case.received_org_id, case.received_by_id = by.org_id, by.account_id
        case.is_cross = is_elsewhere(item.region_id, by)
        if by.role in access.FRONT and not by.covers(item.region_id):
            listed = ImplementationItem.objects.only(
                "region_id", "is_grassroots", "cross_scope", "catalog_item_id"
            ).get(pk=item.pk)
            if not takes_in(by, listed):
                raise Refused(
                    f"这个窗口不能收“{content.name}”：{takes_in.__doc__}请告诉申请人到{case.org.name}的窗口，或者网上申请。"
                )
        case.used_comprehensive_window = by.role in access.FRONT and by.channel != "api"
    return case


def takes_in(actor: Actor, item: Any) -> bool:
    """本地的事项都可以收；上级的事项，基层可以代收的才收；外地的事项，在通办范围里的才收。"""
    if actor.covers(item.region_id):
        return True
    if contains(item.region_id, actor.region_code):
        return bool(item.is_grassroots)
    places = {"decides": item.region_id, "receives": actor.region_code}
    return bool(narrowest(item.cross_scope, **places) or recognised(item.catalog_item_id, **places))


def is_elsewhere(region: str, by: Actor) -> bool:
    """Whether a region neither lies in the counter's territory nor holds it."""
    return bool(by.region_code) and not by.covers(region) and not contains(region, by.region_code)


def with_answers(case: Case, answers: Mapping[str, str], *, on: date) -> None:
    """Put answers to situation questions into a case; what is known of the applicant settles the rest.

    Raises:
        Refused: the guide does not ask this, or an answer contradicts what is known of the applicant.
    """
    tree = case.elements.situations
    known = {q.id: {o.id for o in q.options} for q in tree.questions} if tree else {}
    for question, option in answers.items():
        if option not in known.get(question, ()):
            raise Refused("选择的情形不在办事指南里。请刷新页面后重新选择。")
    case.answers = {**case.answers, **answers}
    settle(case, on=on)


def settle(case: Case, *, on: date) -> None:
    """Evaluate the situation again: what follows from registered facts stands, whatever was sent.

    Raises:
        Refused: an answer contradicts what is known of the applicant on this day.
    """
    tree = case.elements.situations
    if tree is None:
        case.scenario_id = ""
        return
    settled = case.settled(on=on)
    way = tree.walk(case.answers, settled.options)
    for stop in way.stops:
        right = stop.question.option(settled.options.get(stop.question.id))
        if stop.option is not None and right is not None and stop.option.id != right.id:
            raise Refused(
                f"“{stop.question.question}”选的是“{stop.option.label}”，但按登记的{settled.because[stop.question.id]}"
                f"应为“{right.label}”。请改选后再提交；登记的信息有误的，请先到窗口更正。"
            )
    case.answers = {**case.answers, **way.answers}
    case.scenario_id = "" if way.open else way.scenario_id


def with_form(case: Case, values: Mapping[str, Any]) -> None:
    """Put field values into a case, right or wrong; fields the form does not have are dropped."""
    asked = {f.element for m in case.elements.materials for f in m.form_fields}
    case.form = {**case.form, **{name: value for name, value in values.items() if name in asked}}
    if mobile := case.form.get("mobile_phone"):
        case.mobile = str(mobile)[:20]


def editable(*, case_id: UUID, by: Actor, material_id: str = "") -> Case:
    """The case, locked, if this person may still change what is in it. Call inside a transaction.

    Args:
        material_id: the material to be handed in; one that was promised (容缺) may come while the case is in hand.
    """
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("version").get(pk=case_id)
    promised = bool(case.deficiency_due_on) and material_id in case.deficiency.get("materials", ())
    if case.state not in EDITABLE and not promised:
        raise Refused(
            f"申请已经提交（{CASE_FLOW.label(case.state)}），不能再修改。需要改动请先撤回，或者等待补正通知。"
        )
    if not access.applicant_or_counter(by, case):
        raise Refused(f"您不能修改这份申请。{access.applicant_or_counter.__doc__}")
    return case


@transaction.atomic
def answer(*, case_id: UUID, answers: dict[str, str], by: Actor, at: datetime) -> Case:
    """Answer situation questions; unknown questions and options are refused, the path is worked out again."""
    case = editable(case_id=case_id, by=by)
    with_answers(case, answers, on=local_day(at))
    case.saved_at = at
    case.save(update_fields=["answers", "scenario_id", "saved_at"])
    return case


@transaction.atomic
def save_form(*, case_id: UUID, values: dict[str, Any], by: Actor, at: datetime) -> Case:
    """Keep what has been filled in so far, right or wrong; fields the form does not have are dropped."""
    case = editable(case_id=case_id, by=by)
    with_form(case, values)
    case.saved_at = at
    case.save(update_fields=["form", "mobile", "saved_at"])
    return case


@transaction.atomic
def choose_delivery(*, case_id: UUID, delivery: str, address: str = "", by: Actor, at: datetime) -> Case:
    """How the result is to reach the applicant."""
    case = editable(case_id=case_id, by=by)
    if delivery not in Case.Delivery.values:
        raise Refused("请选择领取方式：电子送达、窗口领取或者邮寄。")
    if delivery == Case.Delivery.MAIL and len(address.strip()) < 6:
        raise Refused("选择邮寄时请填写完整的收件地址（旗县、街道、门牌）。")
    case.delivery, case.mail_address, case.saved_at = delivery, address.strip(), at
    case.save(update_fields=["delivery", "mail_address", "saved_at"])
    return case


def add_file(*, case_id: UUID, material_id: str, upload: BinaryIO, name: str, by: Actor, at: datetime) -> CaseMaterial:
    """Hand in a file for a material. The bytes are kept before the row; a refused file changes nothing.

    Raises:
        FileRefused: too large, not a type we take, damaged.
        Refused: not a material of this item, or the case can't be changed now.
    """
    material = material_of(Case.objects.visible_to(by).select_related("version").get(pk=case_id), material_id)
    stored = files.keep(upload, name=name, at=at, owner_id=by.id, subject=("cases.Case", str(case_id)))
    with transaction.atomic():
        case = editable(case_id=case_id, by=by, material_id=material.id)
        return CaseMaterial.objects.create(
            case=case,
            material_id=material.id,
            name=material.name,
            source=CaseMaterial.Source.UPLOAD,
            file=stored,
            added_at=at,
        )


@transaction.atomic
def remove_material(*, case_id: UUID, row_id: UUID, by: Actor, at: datetime) -> None:
    """Take a material out again before it is submitted."""
    case = editable(case_id=case_id, by=by)
    case.materials.get(pk=row_id).delete()


@transaction.atomic
def use_certificate(
    *, case_id: UUID, material_id: str, certificate_id: UUID, consent: bool, by: Actor, at: datetime
) -> CaseMaterial:
    """Let a held certificate stand in for a paper, with the holder's consent and a trace of the use (国务院令第716号).

    Raises:
        Refused: no consent, not this applicant's certificate, not valid, or not the type the material asks for.
    """
    case = editable(case_id=case_id, by=by, material_id=material_id)
    material = material_of(case, material_id)
    if not consent:
        raise Refused("调用电子证照需要持证人同意。请勾选同意后再试，或者改为上传材料。")
    if (given := case.entrustment) and given.agent_id == by.person_id and not given.may_use_certificates:
        raise Refused("委托人没有同意代办人使用电子证照。请上传材料，或者请委托人本人登录后调用。")
    if not material.ecert_type_id:
        raise Refused(f"“{material.name}”没有可以替代的电子证照，请上传材料。")
    certificate = certificates.use(
        certificate_id=certificate_id,
        type_id=material.ecert_type_id,
        holder_person_id=case.person_id,
        holder_enterprise_id=case.enterprise_id,
        purpose=f"办理“{case.title}”，替代材料“{material.name}”",
        subject=("cases.Case", str(case.pk)),
        by=by,
        at=at,
    )
    case.materials.filter(material_id=material_id, source=CaseMaterial.Source.CERTIFICATE).delete()
    row = CaseMaterial.objects.create(
        case=case, material_id=material.id, name=material.name, source=CaseMaterial.Source.CERTIFICATE,
        certificate_id=certificate.pk, consented_at=at, added_at=at,
    )  # fmt: skip
    journal.write(
        subject=case, move="use_certificate", by=by, at=at, law="国务院令第716号", note=material.name,
        facts={"certificate": certificate.pk, "material": material.id},
    )  # fmt: skip
    return row


@transaction.atomic
def note_paper(*, case_id: UUID, material_id: str, by: Actor, at: datetime) -> CaseMaterial:
    """The counter saw and took the paper original."""
    case = editable(case_id=case_id, by=by, material_id=material_id)
    if not access.counter(by, case):
        raise Refused("只有窗口人员可以登记收取的纸质材料。")
    material = material_of(case, material_id)
    row, _ = CaseMaterial.objects.get_or_create(
        case=case, material_id=material.id, source=CaseMaterial.Source.PAPER, is_rejected=False,
        defaults={"name": material.name, "added_at": at},
    )  # fmt: skip
    return row


def material_of(case: Case, material_id: str) -> Any:
    """The material on the list of the locked version. Raises Refused for one that is not on it."""
    try:
        return case.elements.material(material_id)
    except KeyError:
        raise Refused("这份材料不在办事指南的材料清单里（清单之外不得收取）。请刷新页面。") from None
