"""接待: receive a visitor, several items at once, set aside, take up, hand in what is ready, end."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from siban.cases import guards_counter, rules_counter
from siban.cases.forms import FormInvalid
from siban.cases.models import Case
from siban.cases.models_counter import CounterVisit, VisitCase
from siban.cases.visiting import RULE, VISIT_FLOW, VisitState, colleague
from siban.catalog.api import ImplementationItem
from siban.identity.api import Enterprise, Person
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import CHINA, local_day
from siban.kernel.flow import Refused

from . import card_reader, drafting, intake, submission

CLEARED = "当日没有办完，系统清理；没有提交的留作本人的草稿"
OVER = "这次接待已经结束或者由同事接着办。请重新接待。"


@transaction.atomic
def receive(*, person: Person, enterprise: Enterprise | None = None, by: Actor, at: datetime) -> CounterVisit:
    """Somebody sits down: the visit begins; whoever sat here before is set aside, nothing of theirs is lost."""
    before = CounterVisit.objects.served_by(by).select_for_update(of=("self",)).first()
    if before is not None:
        if (before.person_id, before.enterprise_id) == (person.pk, enterprise.pk if enterprise else None):
            return before
        park(visit_id=before.pk, by=by, at=at)
    visit = CounterVisit(
        org_id=by.org_id, region_id=by.region_code, window_id=rules_counter.window_of(by), clerk_id=by.account_id,
        person=person, enterprise=enterprise, began_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            VISIT_FLOW.begin(visit, by=by, at=at, law=RULE)
    except IntegrityError:
        raise Refused("您在另一个窗口页面里正在接待别人。请先结束或者挂起那一次接待。") from None
    return visit


@transaction.atomic
def begin_item(
    *, visit_id: UUID, item: ImplementationItem, by: Actor, at: datetime, token: UUID | None = None
) -> Case:
    """One more item for the person at the counter; the same form sent twice begins one."""
    visit = _mine(visit_id, by)
    case = drafting.start(
        item=item, by=by, at=at, person=visit.person, enterprise=visit.enterprise, token=token,
        window_id=visit.window_id,
    )  # fmt: skip
    VisitCase.objects.get_or_create(visit=visit, case=case, defaults={"added_at": at})
    return case


@transaction.atomic
def take_up(*, case_id: UUID, by: Actor, at: datetime) -> CounterVisit:
    """Go on with a draft or a correction of a person who is (again) here: in the visit it was set aside in, or a new one."""
    case = Case.objects.visible_to(by).select_related("person", "enterprise").get(pk=case_id)
    line = (
        VisitCase.objects.filter(case=case, visit__org_id=by.org_id, visit__state__in=("open", "parked"))
        .select_related("visit")
        .order_by("-added_at", "-id")
        .first()
    )
    if line is not None and line.visit.state == VisitState.PARKED:
        return resume(visit_id=line.visit_id, by=by, at=at)
    if line is not None and line.visit.clerk_id == by.account_id:
        return line.visit
    if line is not None:
        raise Refused("同事正在接待这位办事人。请等同事挂起或者结束以后再接着办。")
    if case.person is None:
        raise Refused("这份申请没有登记经办人，请在办件页面办理。")
    visit = receive(person=case.person, enterprise=case.enterprise, by=by, at=at)
    VisitCase.objects.get_or_create(visit=visit, case=case, defaults={"added_at": at})
    return visit


@transaction.atomic
def park(*, visit_id: UUID, by: Actor, at: datetime) -> CounterVisit:
    """Set the visit aside, for oneself or a colleague of the same counter."""
    with VISIT_FLOW.step("park", by=by, at=at, pk=visit_id) as step:
        step.subject.parked_at, step.subject.parked_by_id = at, by.account_id
    card_reader.forget(by=by)
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def resume(*, visit_id: UUID, by: Actor, at: datetime) -> CounterVisit:
    """Take up a visit that was set aside; the one under way is set aside instead."""
    before = CounterVisit.objects.served_by(by).exclude(pk=visit_id).first()
    if before is not None:
        park(visit_id=before.pk, by=by, at=at)
    with VISIT_FLOW.step("resume", by=by, at=at, pk=visit_id) as step:
        step.subject.clerk_id, step.subject.window_id = by.account_id, rules_counter.window_of(by)
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def end(*, visit_id: UUID, by: Actor, at: datetime) -> CounterVisit:
    """The visitor leaves. What was not handed in stays the person's own draft."""
    with VISIT_FLOW.step("end", by=by, at=at, pk=visit_id) as step:
        step.subject.ended_at = at
    card_reader.forget(by=by)
    return step.subject  # type: ignore[no-any-return]


@transaction.atomic
def clear(*, visit_id: UUID, at: datetime) -> CounterVisit:
    """A visit of an earlier day that nobody ended: it is over, with a note; drafts stay the person's."""
    with VISIT_FLOW.step("clear", by=SYSTEM, at=at, pk=visit_id, note=CLEARED) as step:
        step.subject.ended_at, step.subject.note = at, CLEARED
    return step.subject  # type: ignore[no-any-return]


def clear_before_today(*, at: datetime, most: int = 500) -> int:
    """Clear what began before today (the legal day of the region's clock). Returns how many."""
    dawn = timezone.make_aware(datetime.combine(local_day(at), time.min), CHINA)
    left = CounterVisit.objects.filter(state__in=(VisitState.OPEN, VisitState.PARKED), began_at__lt=dawn)
    found = list(left.order_by("began_at", "id").values_list("pk", flat=True)[:most])
    for pk in found:
        clear(visit_id=pk, at=at)
    return len(found)


@transaction.atomic
def hand_in(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Hand in at the counter. A point found wanting stands in the way of what is accepted with the hand-in.

    Raises:
        Refused, FormInvalid: with what is still to be done; nothing has changed then.
    """
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("version").get(pk=case_id)
    if why := guards_counter.points_passed(case, at):
        raise Refused(why)
    if case.state == "correcting":
        return submission.resubmit(case_id=case_id, by=by, at=at)
    return submission.submit(case_id=case_id, by=by, at=at)


@transaction.atomic
def hand_in_and_accept(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Hand in and accept in one breath, where everything is here and fits (行政许可法第三十二条第一款第五项)."""
    case = hand_in(case_id=case_id, by=by, at=at)
    return case if case.state != "submitted" else intake.accept(case_id=case_id, by=by, at=at)


@transaction.atomic
def hand_in_and_tell(*, case_id: UUID, by: Actor, at: datetime) -> Case:
    """Take the papers in and tell at once everything that has to be corrected, as marked (行政许可法第三十二条第一款第四项)."""
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("version").get(pk=case_id)
    points = rules_counter.corrections(guards_counter.points_of(case))
    if not points:
        raise Refused("没有标为不符合的审查要点，可以直接提交。")
    if case.state == "correcting":
        submission.resubmit(case_id=case_id, by=by, at=at)
    else:
        submission.submit(case_id=case_id, by=by, at=at, only_receive=True)
    return intake.request_correction(case_id=case_id, points=points, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one item of a visit fared when all that is ready was handed in."""

    case_id: UUID
    title: str
    number: str = ""
    refusal: str = ""


def hand_in_ready(*, visit_id: UUID, ready: list[UUID], by: Actor, at: datetime) -> list[Outcome]:
    """Hand in every item that is ready, each by itself: one that is refused keeps none of the others back."""
    visit = _mine(visit_id, by)
    mine = dict(visit.lines.order_by("added_at", "id").values_list("case_id", "case__title"))
    done = []
    for pk in ready:
        if pk not in mine:
            continue
        try:
            case = hand_in(case_id=pk, by=by, at=at)
            done.append(Outcome(pk, mine[pk], number=case.number or ""))
        except (Refused, FormInvalid) as why:
            done.append(Outcome(pk, mine[pk], refusal=str(why)))
    return done


def _mine(visit_id: UUID, by: Actor) -> CounterVisit:
    visit = CounterVisit.objects.served_by(by).select_related("person", "enterprise").filter(pk=visit_id).first()
    if visit is None:
        raise Refused(OVER)
    return visit


def may_take_up(by: Actor, visit: CounterVisit) -> bool:
    """Whether this clerk may go on with a visit set aside."""
    return visit.state == VisitState.PARKED and colleague(by, visit)
