"""Several cases with one press, where the law lets them be handled so: each by itself, all of it or nothing of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from siban.cases import access, messages
from siban.cases.models import Case
from siban.exchange import api as exchange
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .assigning import assign
from .decision import approve, issue
from .reviewing import start_review

MOST = 50
LONGEST = 300
VERBS = {"assign": "分办", "start_review": "开始审查", "issue": "制证", "approve": "准予", "tell": "给申请人发消息"}
"""What may be done to several at once. A refusal and a grant of what wants weighing are decided one by one."""
TOLD_LAW = "平台办件规则（办件消息）"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one case; `before` is who handled it before an assignment."""

    number: str
    title: str
    is_done: bool
    said: str
    case_id: UUID
    before: UUID | None = None


def together(
    *, verb: str, numbers: Sequence[str], by: Actor, at: datetime, handler_id: UUID | None = None, note: str = "",
    confirmed: Collection[str] = (), text: str = "", token: str = "",
) -> list[Outcome]:  # fmt: skip
    """Do the same to each of these cases, one after the other, each in a transaction of its own.

    Args:
        confirmed: for a grant the numbers of the cases the decider confirmed one by one.
        token: of a message, so that the same press twice tells nobody twice.

    Raises:
        Refused: no such act, nothing chosen, too many, a message without words.
    """
    if verb not in VERBS:
        raise Refused("这件事不能成批办理，请逐件办理。")
    if not numbers:
        raise Refused("请先勾选办件。")
    if len(set(numbers)) > MOST:
        raise Refused(f"一次最多办理 {MOST} 件，请分几次勾选。")
    if verb == "tell" and not 5 <= len(text.strip()) <= LONGEST:
        raise Refused(f"请写明要告诉申请人的内容（5 至 {LONGEST} 个字）。")
    if verb == "assign" and handler_id is None:
        raise Refused("请选择由谁承办。")
    doing: Mapping[str, Callable[..., object]] = {
        "assign": partial(assign, handler_id=handler_id), "start_review": start_review, "issue": issue,
        "approve": partial(_grant, confirmed=set(confirmed), note=note), "tell": partial(tell, text=text, token=token),
    }  # fmt: skip
    rows = Case.objects.visible_to(by).filter(number__in=set(numbers)).order_by("due_on", "id")
    found = list(rows.values_list("pk", "number", "title", "handler_id"))
    done = []
    for pk, number, title, before in found:
        try:
            doing[verb](case_id=pk, by=by, at=at)
        except Refused as why:
            done.append(Outcome(number or "", title, False, str(why), pk))
        else:
            done.append(Outcome(number or "", title, True, f"已{VERBS[verb]}", pk, before))
    missing = set(numbers) - {number for _, number, _, _ in found}
    return done + [
        Outcome(number[:40], "", False, "没有找到这个办件，或者不归您办理。", UUID(int=0))
        for number in sorted(missing)
    ]


@transaction.atomic
def _grant(*, case_id: UUID, confirmed: set[str], note: str, by: Actor, at: datetime) -> Case:
    """A grant among several: only what asks for no weighing, and only what the decider confirmed by itself (第三十四条)."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if why := case.decided_alone():
        raise Refused(why)
    if case.number not in confirmed:
        raise Refused("没有勾选“已审查”，没有作出决定。")
    return approve(case_id=case_id, by=by, at=at, note=note)


@transaction.atomic
def tell(*, case_id: UUID, text: str, token: str, by: Actor, at: datetime) -> Case:
    """Tell the applicant something about the case, in the site and by the channels the applicant wishes."""
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).select_related("org").get(pk=case_id)
    if not access.decider(by, case):
        raise Refused("给申请人发消息由实施部门办理。")
    if case.submitted_at is None:
        raise Refused("申请还没有提交，不能发消息。")
    told = exchange.tell(
        to=messages.applicants(case), event=f"word:{token[:40]}:{case.pk}", kind="case.word", title=f"关于“{case.title}”",
        body=f"{case.org.name}就您申请的“{case.title}”（编号 {case.number}）告诉您：{text.strip()}",
        link=reverse("my-case", args=[case.number]), subject=("cases.Case", str(case.pk)), region_code=case.region_id,
        by=by, at=at, law=TOLD_LAW,
    )  # fmt: skip
    if told:
        journal.write(subject=case, move="tell_applicant", by=by, at=at, law=TOLD_LAW, note=text.strip())
    return case
