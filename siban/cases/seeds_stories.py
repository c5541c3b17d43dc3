"""One demonstration case in every state a visitor may want to see, told through actions on past working days."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from siban.catalog.api import ImplementationItem
from siban.identity import api as identity
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.calendar.store import calendar_for

from . import actions
from . import seeds_steps as steps
from .actions import automatic
from .models import Case, Mandate
from .queries.promise_offer import latest

MANDATE = "演示授〔2026〕1号"
MARKET, PENSION = "market_regulation", "human_resources_social_security.resident_pension_receive"
RULES = (
    {
        "when": "age >= 60 && !is_repeated", "outcome": "grant", "words": "年满六十周岁，没有在办的同一申请",
        "law": "国务院关于建立统一的城乡居民基本养老保险制度的意见",
    },
    {"when": "", "outcome": "person", "words": "不符合自动准予的条件，由工作人员审批", "law": ""},
)  # fmt: skip


@dataclass(slots=True)
class Teller:
    """One story as it is told: the case, who takes part, and the working day it has come to."""

    key: str
    item: ImplementationItem
    person: identity.Person
    enterprise: identity.Enterprise | None
    applicant: Actor
    clerk: Actor
    reviewer: Actor
    head: Actor
    day: date
    minute: int = 0

    def now(self) -> datetime:
        """The next moment of the day: every step ten minutes after the one before."""
        self.minute += 10
        return steps.moment(self.day, 9 + self.minute // 60, self.minute % 60)

    def later(self, workdays: int) -> None:
        """So many working days pass."""
        self.day, self.minute = calendar_for(self.item.region_id).add_workdays(self.day, workdays), 0

    def filled(
        self, answers: Mapping[str, str] | None = None, *, but: Collection[str] = (), counter: bool = False
    ) -> Case:
        """The application, filled in and not handed in yet."""
        by, at = (self.clerk if counter else self.applicant), self.now()
        case = actions.start(
            item=self.item, by=by, at=at, person=self.person, enterprise=self.enterprise, window_id=self.key
        )
        if answers:
            case = actions.answer(case_id=case.pk, answers=dict(answers), by=by, at=at)
        steps.fill(case, by=by, at=at, but=but)
        return case

    def in_review(self, case: Case, *, seen: bool = True) -> Case:
        """Handed in, accepted, taken up for review; every review point found in order unless left to be seen."""
        case = actions.submit(case_id=case.pk, by=self.applicant, at=self.now())
        case = actions.accept(case_id=case.pk, by=self.clerk, at=self.now())
        return self.taken_up(case, seen=seen)

    def taken_up(self, case: Case, *, seen: bool = True) -> Case:
        """Taken up for review."""
        case = actions.start_review(case_id=case.pk, by=self.reviewer, at=self.now())
        if seen:
            actions.pass_unseen(case_id=case.pk, by=self.reviewer, at=self.now())
        return case

    def granted(self, case: Case) -> Case:
        """Reviewed by one, granted by another, made and delivered."""
        actions.propose(
            case_id=case.pk, outcome="approve", opinion="材料齐全，符合条件，拟同意。", basis="行政许可法第三十八条第一款",
            by=self.reviewer, at=self.now(),
        )  # fmt: skip
        actions.approve(case_id=case.pk, by=self.head, at=self.now(), note="同意。")
        actions.issue(case_id=case.pk, by=self.reviewer, at=self.now())
        return actions.deliver(case_id=case.pk, by=self.clerk, at=self.now())

    def promised(self, answers: Mapping[str, str]) -> Case:
        """Granted on the applicant's written promise (告知承诺); the later check is open."""
        case = self.filled(answers)
        signer = self.applicant.name if self.enterprise else case.signer_name
        actions.choose_promise(case_id=case.pk, signature=signer, agreed=True, by=self.applicant, at=self.now())
        return self.granted(self.in_review(case))


def special(t: Teller) -> None:
    """特别程序中: the applicant was told in writing how many days the visit takes, and the clock stands still."""
    case = t.in_review(t.filled())
    t.later(1)
    reason = "需要到经营场所查看药品陈列、储存和阴凉设施。"
    actions.start_special(case_id=case.pk, kind="现场勘验", days=10, reason=reason, by=t.reviewer, at=t.now())


def deficient(t: Teller) -> None:
    """容缺受理: one paper is promised by a day, the result waits for it."""
    listed = t.item.version.elements.deficiency.materials if t.item.version else ()
    case = t.filled(but=listed)
    at = t.now()
    actions.promise_materials(
        case_id=case.pk, materials=listed, until=latest(case, on=t.day), signature=t.applicant.name, by=t.applicant,
        at=at,
    )  # fmt: skip
    actions.submit(case_id=case.pk, by=t.applicant, at=t.now())
    t.taken_up(actions.accept_deficient(case_id=case.pk, by=t.clerk, at=t.now()))


def promised(t: Teller) -> None:
    """告知承诺: granted on the promise, which is still to be checked."""
    t.promised({"q1": "b"})


def found_false(t: Teller) -> None:
    """承诺不实: the check found the promise false; it is noted against the applicant, and two persons may revoke the grant."""
    case = t.promised({"q1": "a"})
    t.later(8)
    findings = "到采伐地点核查：实际采伐的位置和数量与承诺书写明的不一致。"
    actions.find_false(case_id=case.pk, findings=findings, by=t.reviewer, at=t.now())


def consulted(t: Teller) -> None:
    """征求意见: another unit was asked and has not answered yet."""
    case = t.in_review(t.filled({"q1": "a"}))
    question = "旅馆的公共场所卫生条件是否符合要求，请提出意见。"
    actions.ask_opinion(case_id=case.pk, org_code="health", question=question, by=t.reviewer, at=t.now())


def proposed(t: Teller) -> None:
    """待决定: one person has reviewed, another has to decide."""
    case = t.in_review(t.filled({"q1": "a", "q2": "a"}))
    actions.propose(
        case_id=case.pk, outcome="approve", opinion="逐项审查，全部符合，拟同意。", basis="食品安全法第三十五条",
        by=t.reviewer, at=t.now(),
    )  # fmt: skip


def automatically(t: Teller) -> None:
    """秒批: the department's signed rules granted it at once, and say why."""
    table = automatic.draft_rules(item_id=t.item.pk, by=t.reviewer, at=t.now())
    automatic.save_rules(table_id=table.pk, rows=RULES, sample_percent=5, by=t.reviewer, at=t.now())
    automatic.sign_rules(table_id=table.pk, by=t.head, at=t.now())
    actions.submit(case_id=t.filled().pk, by=t.applicant, at=t.now())


def archived(t: Teller) -> None:
    """已归档: closed long enough ago to be filed away."""
    case = actions.submit(case_id=t.filled(counter=True).pk, by=t.clerk, at=t.now())
    if case.state == "submitted":
        actions.accept(case_id=case.pk, by=t.clerk, at=t.now())
    actions.approve(case_id=case.pk, by=t.reviewer, at=t.now(), note="同意。")
    actions.issue(case_id=case.pk, by=t.reviewer, at=t.now())
    actions.deliver(case_id=case.pk, by=t.clerk, at=t.now())
    filed_at = t.now() + timedelta(days=settings.SIBAN_ARCHIVE_AFTER_DAYS)
    if filed_at <= clock.now():  # a house that waits longer has none yet
        actions.archive(case_id=case.pk, at=filed_at)


def found_wanting(t: Teller) -> None:
    """审查要点不符合: one review point was found wanting, with what to do about it."""
    case = t.in_review(t.filled({"q1": "a"}), seen=False)
    case = Case.objects.select_related("version").get(pk=case.pk)
    points = case.unseen_points()
    wanting = next((p for p in points if p.material == "居民户口簿"), points[0])
    found = {
        wanting.key: actions.Finding("not_ok", "缺少最近一次变更的登记页", "请补拍首页、本人页和变更登记页后重新上传")
    }
    actions.review_points(case_id=case.pk, findings=found, by=t.reviewer, at=t.now())
    actions.pass_unseen(case_id=case.pk, by=t.reviewer, at=t.now())


@dataclass(frozen=True, slots=True)
class Scene:
    """Which story, of which item, whose, beginning how many working days ago."""

    key: str
    item: str
    who: str
    days_ago: int
    tell: Callable[[Teller], None]


SCENES = (
    Scene("demo-special", "market_regulation.drug_retail", "firm", 4, special),
    Scene("demo-deficient", "market_regulation.food_workshop", "firm", 1, deficient),
    Scene("demo-promised", "health.public_place_hygiene", "firm", 8, promised),
    Scene("demo-false", "forestry_grassland.tree_cutting", "stranger", 14, found_false),
    Scene("demo-consulted", "public_security.hotel_licence", "firm", 2, consulted),
    Scene("demo-proposed", "market_regulation.food_business", "firm", 3, proposed),
    Scene("demo-automatic", PENSION, "elder", 6, automatically),
    Scene("demo-archived", "human_resources_social_security.social_card", "stranger", 45, archived),
    Scene("demo-wanting", "civil_affairs.temporary_assistance", "citizen", 2, found_wanting),
)


def build(
    *,
    staff: Callable[[str, str], Actor],
    person: Callable[[str], identity.Person],
    firm: identity.Enterprise,
    today: date,
) -> int:
    """Tell the stories that are not there yet, each whole or not at all. Returns how many were told."""
    told = 0
    _mandate(staff, today=today)
    slugs = [s.item for s in SCENES]
    items = {
        i.slug: i
        for i in ImplementationItem.objects.filter(slug__in=slugs, version__isnull=False)
        .select_related("version", "org")
        .order_by("slug")
    }
    there = set(
        Case.objects.filter(window_id__in=[s.key for s in SCENES]).order_by("pk").values_list("window_id", flat=True)
    )
    for scene in SCENES:
        item = items.get(scene.item)
        if item is None or scene.key in there:
            continue
        who = person("citizen" if scene.who == "firm" else scene.who)
        with transaction.atomic():
            scene.tell(
                Teller(
                    key=scene.key, item=item, person=who, enterprise=firm if scene.who == "firm" else None,
                    applicant=Actor(kind="citizen", name=who.name, person_id=who.pk, assurance=3, role="applicant"),
                    clerk=staff("window_clerk", "gov_service").through("window"),
                    reviewer=staff("approver", item.org.code), head=staff("unit_head", item.org.code),
                    day=workday_before(today, scene.days_ago),
                )
            )  # fmt: skip
        told += 1
    return told


def workday_before(today: date, count: int) -> date:
    """The working day so many working days before."""
    calendar, day = calendar_for("000000000000"), today
    for _ in range(count):
        day -= timedelta(days=1)
        while not calendar.is_workday(day):
            day -= timedelta(days=1)
    return day


def _mandate(staff: Callable[[str, str], Actor], *, today: date) -> None:
    """The mandate of the chief representative of the market regulation bureau, all its items, for a year."""
    head, chief = staff("unit_head", MARKET), staff("chief_rep", MARKET)
    if chief.account_id is None or Mandate.objects.filter(account_id=chief.account_id).exists():
        return
    since = today - timedelta(days=90)
    actions.give_mandate(
        account_id=chief.account_id, number=MANDATE, valid_from=since, valid_to=since + timedelta(days=365), by=head,
        at=steps.moment(since, 9),
    )  # fmt: skip
