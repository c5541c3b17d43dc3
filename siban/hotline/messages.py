"""Who is told of which step of an order, and in what words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.urls import reverse

from siban.exchange import api as exchange
from siban.exchange.api import Recipient, to_person, to_post
from siban.identity.api import Org, Post
from siban.kernel.actor import SYSTEM
from siban.kernel.clock import local, local_day
from siban.kernel.codes.region import prefix

from . import access
from .flow import ORDER_FLOW, W7, LegState
from .models import Order
from .wording import first_words

Audience = Literal["caller", "lead", "co", "dispatchers", "operators", "bureaus", "units"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: after which step, to whom, with what words. An empty fact drops its sentence."""

    move: str
    to: Audience
    title: str
    body: str
    is_urgent: bool = False

    def __post_init__(self) -> None:
        if self.move not in ORDER_FLOW.moves:
            raise ValueError(f"the procedure of the hotline has no move {self.move}")


ABOUT = "您反映的“{text}”（编号 {number}）"
ORDER = "工单 {number}“{text}”"
NOTICES = (
    Notice("register", "caller", "您的诉求已经登记", ABOUT + "已经登记。办理每走一步都会告诉您。"),
    Notice("answer", "caller", "您的咨询已经答复", ABOUT + "已经答复：{outcome}"),
    Notice("refer", "caller", "您的诉求请走正确的渠道", ABOUT + "：{outcome}"),
    Notice("dispatch", "caller", "您的诉求已经派给承办单位", ABOUT + "已经派给{office}，应在{due}前办结。"),
    Notice("dispatch", "lead", "有新的热线工单", ORDER + "派给本单位主办，请在{step_due}前签收，{due}前办结。"),
    Notice("dispatch", "co", "有热线工单请本单位协办", ORDER + "由{office}主办，请本单位协办，在{due}前反馈。"),
    Notice("rule", "lead", "派单争议已经裁定由本单位办理", ORDER + "经裁定由本单位办理，不能再退单。请在{due}前办结。", is_urgent=True),
    Notice("decide_meeting", "lead", "会商定由本单位办理", ORDER + "经会商由本单位办理，请在{due}前办结。", is_urgent=True),
    Notice("decide_escalated", "lead", "提级办理定由本单位办理", ORDER + "经提级决定由本单位办理，请在{due}前办结。", is_urgent=True),
    Notice("ask_return", "dispatchers", "有工单申请退单", ORDER + "，{office}申请退单：{note}"),
    Notice("accept_return", "dispatchers", "退单以后要重新派单", ORDER + "已经同意退单，请改派。"),
    Notice("refuse_return", "lead", "退单没有同意", ORDER + "的退单没有同意：{note}。请继续办理，{due}前办结。", is_urgent=True),
    Notice("dispute", "bureaus", "派单争议等待裁定", ORDER + "累计退单，请裁定承办单位。", is_urgent=True),
    Notice("whistle", "units", "吹哨报到", ORDER + "吹哨：{note}。请在{step_due}前报到。", is_urgent=True),
    Notice("escalate", "bureaus", "有工单提级督办", ORDER + "提级督办：{note}", is_urgent=True),
    Notice("escalate_difficult", "bureaus", "有工单转为疑难工单", ORDER + "{note}，转为疑难工单，提级督办。", is_urgent=True),
    Notice("ask_extension", "dispatchers", "有工单申请延期", ORDER + "，{office}申请{note}。请在{due}前答复。", is_urgent=True),
    Notice("grant_extension", "caller", "您的诉求延长了办理时间", ABOUT + "经批准延长办理时间，改为{due}前办结。"),
    Notice("grant_extension", "lead", "延期已经同意", ORDER + "的延期已经同意，请在{due}前办结。"),
    Notice("refuse_extension", "lead", "延期没有同意", ORDER + "的延期没有同意：{note}。请在{due}前办结。", is_urgent=True),
    Notice("reply", "caller", "您的诉求已经答复，请看是否解决", ABOUT + "已经由{office}答复。请打开查看，告诉我们解决了没有、满不满意。"),
    Notice("reply", "operators", "有答复等待回访", ORDER + "已经答复，请回访诉求人。"),
    Notice("reply_merged", "caller", "您的诉求已经答复，请看是否解决", ABOUT + "与别人反映的是同一件事，已经由{office}一并办理。请打开查看答复，告诉我们解决了没有、满不满意。"),
    Notice("close_merged", "caller", "您的诉求已经答复", ABOUT + "已经答复：{outcome}"),
    Notice("return_reply", "lead", "答复被退回重写", ORDER + "的答复被退回：{note}。请重写，{due}前办结。", is_urgent=True),
    Notice("redo", "lead", "回访没有解决，重办", ORDER + "回访：{note}。请重办，{due}前办结。", is_urgent=True),
    Notice("redo", "caller", "您的诉求重新办理", ABOUT + "已经退回{office}重新办理，{due}前再答复您。"),
    Notice("confirm", "lead", "诉求人确认已经解决", ORDER + "诉求人确认已经解决，并且满意。"),
    Notice("confirm", "caller", "您的诉求已经办结", ABOUT + "已经办结，谢谢您的反馈。"),
    Notice("close_unsatisfied", "caller", "您的诉求已经办结", ABOUT + "已经依法办理完毕，您的不满意已经如实记录。有新的情况可以再次反映。"),
    Notice("close_unreached", "caller", "没有联系上您，诉求先办结", ABOUT + "已经答复。几次回访没有接通，先办结；没有解决的，请再次反映。"),
    Notice("ask_suspension", "dispatchers", "有工单申请挂单", ORDER + "，{office}申请挂单：{note}"),
    Notice("suspend", "caller", "您的诉求列入长期解决", ABOUT + "一时不能解决，{office}每月报告进展，条件具备就办理。"),
    Notice("suspend", "lead", "挂单已经同意", ORDER + "已经挂单，请在{step_due}前登记第一次进展。"),
    Notice("refuse_suspension", "lead", "挂单没有同意", ORDER + "的挂单没有同意：{note}。请继续办理，{due}前办结。", is_urgent=True),
    Notice("progress", "caller", "您的诉求有新的进展", ABOUT + "的进展：{note}"),
    Notice("reactivate", "caller", "您的诉求开始办理", ABOUT + "条件已经具备，{office}开始办理，{due}前办结。"),
    Notice("ask_termination", "dispatchers", "有工单申请终结", ORDER + "，{office}申请终结：{note}"),
    Notice("review_termination", "bureaus", "有终结等待批准", ORDER + "的终结已经审核，请批准或者退回。"),
    Notice("refuse_termination", "lead", "终结没有同意", ORDER + "的终结没有同意：{note}。请继续办理，{due}前办结。", is_urgent=True),
    Notice("approve_termination", "caller", "您的诉求已经终结，可以申诉", ABOUT + "已经终结。{outcome}不同意的，可以在{step_due}前申诉。"),
    Notice("appeal", "bureaus", "有终结申诉等待复核", ORDER + "的诉求人提出申诉，请复核。", is_urgent=True),
    Notice("reject_appeal", "caller", "申诉维持原来的终结", ABOUT + "的申诉已经复核：{note}"),
    Notice("uphold_appeal", "caller", "申诉有理，恢复办理", ABOUT + "的申诉已经复核，恢复办理，{due}前答复您。"),
    Notice("uphold_appeal", "lead", "终结已经撤销，请继续办理", ORDER + "的终结已经撤销，请继续办理，{due}前办结。", is_urgent=True),
    Notice("merge", "caller", "您的诉求与别人的一并办理", ABOUT + "与别人反映的是同一件事，一并办理，照样逐一答复您。"),
    Notice("unmerge", "dispatchers", "撤销并单，要重新派单", ORDER + "已经撤销并单，请派单。"),
    Notice("comment", "lead", "诉求人补充了情况", ORDER + "诉求人补充：{note}"),
    Notice("withdraw", "lead", "诉求人撤回了诉求", ORDER + "诉求人已经撤回，不用再办理。"),
    Notice("reopen", "caller", "您的诉求重新办理", ABOUT + "经纠正重新办理，{due}前答复您。"),
)  # fmt: skip
BY_MOVE = {move: tuple(n for n in NOTICES if n.move == move) for move in dict.fromkeys(n.move for n in NOTICES)}


def workers(org_id: UUID, *, on: date) -> list[Recipient]:
    """Who works on orders in a unit: every post that may; where nobody holds one, the post of the undertaker."""
    held = Post.objects.held_on(on).filter(org_id=org_id, role__in=access.HANDLERS).order_by("role")
    roles = set(held.values_list("role", flat=True))
    return [to_post(role, org_id) for role in sorted(roles - {"unit_head"} or roles or {"undertaker"})]


def is_manned(org_id: UUID, *, on: date) -> bool:
    """Whether anybody in a unit could work on an order."""
    return Post.objects.held_on(on).filter(org_id=org_id, role__in=access.HANDLERS).exists()


def hotline_posts(role: str, region: str, *, on: date) -> list[Recipient]:
    """The posts of the hotline or the bureau whose territory a region lies in."""
    posts = Post.objects.held_on(on).filter(role=role).order_by("org_id", "region_id")
    orgs = dict.fromkeys(
        org for org, code in posts.values_list("org_id", "region_id") if region.startswith(prefix(code))
    )
    return [to_post(role, org) for org in orgs]


def recipients(to: Audience, order: Order, *, at: datetime) -> Iterable[Recipient]:
    """Who is meant, for this order."""
    today = local_day(at)
    if to == "caller":
        return [to_person(order.person_id, mobile=order.caller_phone)] if order.person_id else []
    if to == "lead":
        return workers(order.lead_id, on=today) if order.lead_id else []
    if to == "co":
        helping = order.legs.filter(role="co", state=LegState.SENT).order_by("org_id").values_list("org_id", flat=True)
        return [r for org in helping for r in workers(org, on=today)]
    if to == "units":
        meeting = order.meetings.filter(held_at=None).first()
        called = Org.objects.filter(code__in=meeting.units if meeting else []).order_by("code")
        return [r for org in called.values_list("pk", flat=True) for r in workers(org, on=today)]
    role = {"dispatchers": "hotline_dispatcher", "operators": "hotline_operator", "bureaus": "service_admin"}[to]
    return hotline_posts(role, order.region_id, on=today)


def day(at: datetime | None) -> str:
    """An instant as people say it."""
    return f"{local(at):%Y年%-m月%-d日 %H:%M}" if at else ""


def send(notice: Notice, order: Order, *, event: str, note: str, at: datetime) -> int:
    """Tell everybody this notice is for, once."""
    told = list(recipients(notice.to, order, at=at))
    if not told:
        return 0
    facts = {
        "text": first_words(order.text), "number": order.number, "office": order.lead.name if order.lead else "热线",
        "due": day(order.due_at) or "规定的时间", "step_due": day(order.step_due_at) or day(order.due_at),
        "outcome": order.outcome, "note": note.rstrip("。"),
    }  # fmt: skip
    mine = notice.to == "caller"
    return exchange.tell(
        to=told, event=event, kind=f"hotline.{notice.move}.{notice.to}", title=notice.title,
        body=notice.body.format(**facts), subject=("hotline.Order", str(order.pk)), region_code=order.region_id, by=SYSTEM,
        at=at, link=reverse("my-order" if mine else "hotline-order", args=[order.number]),
        channels=("email", "sms") if mine else (), law=W7, is_urgent=notice.is_urgent or (order.is_emergency and not mine),
    )  # fmt: skip
