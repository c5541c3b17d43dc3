"""Demonstration cases in every stage, made through actions on past working days, so that they are lawful."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from siban.catalog.api import ImplementationItem
from siban.identity import api as identity
from siban.kernel import clock
from siban.kernel.actor import Actor

from . import actions, seeds_stories
from . import seeds_steps as steps
from .models import Case


@dataclass(frozen=True, slots=True)
class Story:
    """One demonstration case: which item, whose, where it was received, how far it got, how many working days ago."""

    item: str
    who: str
    until: str
    days_ago: int
    at_counter: bool = False
    counter: str = "gov_service"


STORIES = (
    Story("public_security.id_card_apply", "citizen", "close", 40),
    Story("market_regulation.food_business", "firm", "close", 30),
    Story("human_resources_social_security.social_card", "citizen", "close", 12, at_counter=True),
    Story("civil_affairs.minimum_living", "elder", "in_review", 16),
    Story("civil_affairs.temporary_assistance", "stranger", "accepted", 2),
    Story("civil_affairs.elderly_allowance", "elder", "submitted", 1),
    Story("market_regulation.drug_retail", "firm", "correcting", 3),
    Story("market_regulation.food_workshop", "firm", "rejected", 20),
    Story("market_regulation.food_business", "firm", "in_review", 5),
    Story("forestry_grassland.tree_cutting", "citizen", "submitted", 0),
    Story("civil_affairs.disabled_two_allowances", "stranger", "withdrawn", 6),
    Story("housing_construction.public_rental", "citizen", "draft", 1),
    Story("human_resources_social_security.resident_pension_receive", "citizen", "accepted", 0, True, "demo_hailaer"),
    Story(
        "human_resources_social_security.resident_pension_receive", "stranger", "submitted", 1, True, "demo_hailaer"
    ),
)


def build(
    *,
    staff: Callable[[str, str], Actor],
    person: Callable[[str], identity.Person],
    firm: identity.Enterprise,
    today: date,
) -> int:
    """Make the stories that are not there yet. Returns how many were made.

    Args:
        staff: (role, organisation code) → the actor who does the office's part.
        person: part of the cast → the person.
    """
    made = 0
    for n, story in enumerate(STORIES):
        item = (
            ImplementationItem.objects.filter(slug=story.item, version__isnull=False)
            .select_related("version", "org")
            .first()
        )
        if item is None or Case.objects.filter(item=item, window_id=f"demo-{n}").exists():
            continue
        day = seeds_stories.workday_before(today, story.days_ago)
        _tell(story, n, item, day, staff, person, firm)
        made += 1
    return made + seeds_stories.build(staff=staff, person=person, firm=firm, today=today)


def _tell(
    story: Story, n: int, item: ImplementationItem, day: date, staff: Callable[[str, str], Actor],
    person: Callable[[str], identity.Person], firm: identity.Enterprise,
) -> None:  # fmt: skip
    who = person("citizen" if story.who == "firm" else story.who)
    enterprise = firm if story.who == "firm" else None
    citizen = Actor(kind="citizen", name=who.name, person_id=who.pk, assurance=3, role="applicant")
    counter, reviewer = staff("window_clerk", story.counter).through("window"), staff("approver", item.org.code)
    head = staff("unit_head", item.org.code)
    by = counter if story.at_counter else citizen
    at = steps.moment(day, 9, n)
    case = actions.start(item=item, by=by, at=at, person=who, enterprise=enterprise, window_id=f"demo-{n}")
    steps.fill(case, by=by, at=at)
    if story.until == "draft":
        return
    case = actions.submit(case_id=case.pk, by=by, at=at)
    plan = _steps(story.until, already=case.state)
    for k, step in enumerate(plan):
        moment = at + timedelta(minutes=20 * (k + 1))
        moment = min(moment, clock.now())
        match step:
            case "accept":
                actions.accept(case_id=case.pk, by=counter, at=moment)
            case "correct":
                asked = case.elements.materials[0]
                points = [{"material_id": asked.id, "name": asked.name, "what": "缺少签名和日期，请补签后重新上传。"}]
                actions.request_correction(case_id=case.pk, points=points, by=counter, at=moment)
            case "withdraw":
                actions.withdraw(case_id=case.pk, reason="家庭情况有变化", by=citizen, at=moment)
            case "review":
                actions.start_review(case_id=case.pk, by=reviewer, at=moment)
                if story.until != "in_review":
                    actions.pass_unseen(case_id=case.pk, by=reviewer, at=moment)
            case "approve":
                if case.is_four_eyes:
                    steps.propose(case, "approve", "材料齐全，符合条件。", by=reviewer, second=head, at=moment)
                actions.approve(case_id=case.pk, by=head if case.is_four_eyes else reviewer, at=moment, note="同意。")
            case "reject":
                reason = "经营场所与有毒、有害场所的距离不符合规定。\n操作间没有防蝇防尘设施。"
                if case.is_four_eyes:
                    steps.propose(case, "reject", reason, by=reviewer, second=head, at=moment)
                actions.reject(case_id=case.pk, reason=reason, basis="食品安全法第三十三条", by=head, at=moment)
            case "issue":
                steps.pay(case, reviewer=reviewer, counter=counter, at=moment)
                actions.issue(case_id=case.pk, by=reviewer, at=moment)
            case "deliver":
                actions.deliver(case_id=case.pk, by=counter, at=moment)


def _steps(until: str, *, already: str) -> list[str]:
    whole = ["accept", "review", "approve", "issue", "deliver"]
    plan = {
        "submitted": [], "correcting": ["correct"], "withdrawn": ["withdraw"], "accepted": whole[:1],
        "in_review": whole[:2], "rejected": ["accept", "review", "reject"], "close": whole,
    }[until]  # fmt: skip
    return plan[1:] if already == "accepted" and plan and plan[0] == "accept" else plan
