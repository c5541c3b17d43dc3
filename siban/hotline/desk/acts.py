"""What may be done with an order on the desk: each act with its boxes, in the words of the procedure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ui.acting import Act, Ask, Given, chosen, day

from .. import rules
from ..actions import callbacks, dispatching, handling, intake, ledgers, merging
from ..models import Order

AT_LEAST = f"至少 {rules.LEAST_WORDS} 个字"
YES_NO = (("yes", "是"), ("no", "否"))


def pairs(of: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Choices of a select out of a table of words."""
    return (("", "请选择"), *((k, v[0] if isinstance(v, tuple) else v) for k, v in of.items()))


def unit(given: Given, name: str = "unit", label: str = "单位") -> Org:
    """Raises Refused with the sentence."""
    found = Org.objects.filter(pk=chosen(given, name, label), is_active=True).first()
    if found is None:
        raise Refused(f"请重新选择{label}，原来选的已经不在机构名录里。")
    return found


def units(given: Given, name: str) -> list[Org]:
    """The organisations ticked, in the order of the directory."""
    keys = []
    for text in given.get(name, "").split(","):
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return list(Org.objects.filter(pk__in=keys, is_active=True).order_by("order", "code"))


def yes(given: Given, name: str, label: str) -> bool:
    """Raises Refused where neither is chosen."""
    said = given.get(name, "")
    if said not in ("yes", "no"):
        raise Refused(f"请选择{label}。")
    return said == "yes"


def number(given: Given, name: str, label: str) -> int:
    """Raises Refused where no number stands."""
    said = given.get(name, "").strip()
    if not said.isdigit() or len(said) > 4:
        raise Refused(f"{label}“{said[:10]}”应是整数，例如 3。")
    return int(said)


def _dispatch(o: Order, g: Given, by: Actor, at: datetime) -> object:
    lead = unit(g, "unit", "承办单位") if g.get("unit") else None
    co = units(g, "co") if lead is not None or g.get("co") else None
    return dispatching.dispatch(order_id=o.pk, by=by, at=at, lead=lead, co=co, words=g.get("words", ""))


def _return(o: Order, g: Given, by: Actor, at: datetime) -> object:
    to = unit(g, "unit", "建议的承办单位") if g.get("unit") else None
    return dispatching.ask_return(order_id=o.pk, by=by, at=at, reason=g.get("reason", ""), words=g.get("words", ""), suggested=to)  # fmt: skip


def _merge(o: Order, g: Given, by: Actor, at: datetime) -> object:
    text = g.get("main", "").strip().upper()
    main = Order.objects.visible_to(by).filter(number=text).first()
    if main is None:
        raise Refused(f"没有编号是“{text[:20]}”的工单。请填写主单的编号，例如 RX2026000123。")
    return merging.merge(main_id=main.pk, order_ids=[o.pk], by=by, at=at, words=g.get("words", ""))


def _words(call: Any, label: str, **about: Any) -> Act:
    """An act that asks for one text."""
    hint = about.pop("hint", AT_LEAST)
    return Act(
        lambda o, g, by, at: call(order_id=o.pk, by=by, at=at, words=g.get("words", "")),
        (Ask("words", label, hint=hint),),
        **about,
    )


def _plain(call: Any, **about: Any) -> Act:
    """An act of a single press."""
    return Act(lambda o, g, by, at: call(order_id=o.pk, by=by, at=at), plain=True, **about)


UNIT = Ask("unit", "承办单位", "select")
CO = Ask("co", "协办单位", "checkboxes", "不需要的，不用选", required=False)
TWO = (Ask("solved", "是否解决", "radios", choices=YES_NO), Ask("satisfied", "是否满意", "radios", choices=YES_NO))

ACTS: dict[str, Act] = {
    "dispatch": Act(_dispatch, (Ask("unit", "承办单位", "select", "不选的，派给清单上的主责单位", required=False), CO, Ask("words", "改派的理由", hint="派给清单以外的单位时要写，" + AT_LEAST, required=False)), done="已经派单。"),
    "recall": _words(dispatching.recall, "收回的原因", done="已经收回，请改派。"),
    "sign": _plain(dispatching.sign, done="已经签收，请尽快联系诉求人。"),
    "ask_return": Act(_return, (Ask("reason", "退单理由", "select", choices=pairs(rules.RETURN_REASONS)), Ask("unit", "建议的承办单位", "select", "不属于本单位职责的，要写明应由谁办", required=False), Ask("words", "具体说明", hint=AT_LEAST)), "首接负责：退单要写明理由。第二次退单由热线管理机构裁定，裁定以后不能再退。", done="退单申请已经提交。"),
    "accept_return": Act(lambda o, g, by, at: dispatching.accept_return(order_id=o.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "意见", required=False),), done="已经同意退单，请改派。"),
    "refuse_return": _words(dispatching.refuse_return, "不同意的理由", lead="不同意的，记为不当退单一次。", done="已经退回承办单位继续办理。"),
    "dispute": Act(lambda o, g, by, at: dispatching.dispute(order_id=o.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "说明", required=False),), done="已经转为派单争议，等待裁定。"),
    "rule": Act(lambda o, g, by, at: dispatching.rule(order_id=o.pk, by=by, at=at, lead=unit(g, "unit", "承办单位"), co=units(g, "co"), words=g.get("words", "")), (UNIT, CO, Ask("words", "裁定的理由", hint=AT_LEAST)), "裁定以后不能再退单。", done="已经裁定。"),
    "whistle": Act(lambda o, g, by, at: dispatching.whistle(order_id=o.pk, by=by, at=at, units=units(g, "co"), reason=g.get("words", "")), (Ask("co", "应到单位", "checkboxes"), Ask("words", "事由", hint=AT_LEAST)), "吹哨以后，各单位应在规定时间内报到，会商的结果写成纪要入单。", done="哨已经吹响，应到单位收到了通知。"),
    "attend": Act(lambda o, g, by, at: dispatching.attend(order_id=o.pk, by=by, at=at, unit=unit(g, "unit", "报到的单位")), (Ask("unit", "报到的单位", "select"),), done="报到已经登记。"),
    "decide_meeting": Act(lambda o, g, by, at: dispatching.decide(order_id=o.pk, by=by, at=at, lead=unit(g, "unit", "承办单位"), co=units(g, "co"), minutes=g.get("minutes", "")), (UNIT, CO, Ask("minutes", "会议纪要", hint="时间、参加的单位、议定的事项")), done="会商结果已经入单，承办单位收到了通知。"),
    "escalate": _words(dispatching.escalate, "提级的理由", done="已经提级督办。"),
    "decide_escalated": Act(lambda o, g, by, at: dispatching.decide(order_id=o.pk, by=by, at=at, lead=unit(g, "unit", "承办单位"), co=units(g, "co"), minutes=g.get("minutes", "")), (UNIT, CO, Ask("minutes", "会议纪要", hint="时间、参加的单位、议定的事项")), done="提级办理的决定已经入单。"),
    "contact": _words(handling.contact, "联系情况", hint="什么时间、怎样联系的、诉求人怎么说，" + AT_LEAST, done="联系情况已经登记。"),
    "skip_visit": _words(handling.skip_visit, "不用上门的原因", done="已经登记。"),
    "note": _words(handling.note, "进展", done="进展已经登记。"),
    "ask_extension": Act(lambda o, g, by, at: handling.ask_extension(order_id=o.pk, by=by, at=at, workdays=number(g, "workdays", "延长的工作日"), reason=g.get("words", "")), (Ask("workdays", "延长几个工作日", "text", "1 到 15"), Ask("words", "理由", hint=AT_LEAST)), "要在期限届满以前申请。批准以前，原来的期限不变。", done="延期申请已经提交。"),
    "grant_extension": Act(lambda o, g, by, at: handling.grant_extension(order_id=o.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "意见", required=False),), done="已经同意延期，期限已经改好，诉求人会收到通知。"),
    "refuse_extension": _words(handling.refuse_extension, "不同意的理由", done="已经答复不同意延期。"),
    "return_reply": _words(handling.return_reply, "退回的理由", lead="写明哪一项诉求没有回应、哪里不实。时钟照原来的期限继续计算。", danger=True, done="答复已经退回重写。"),
    "attempt": Act(lambda o, g, by, at: callbacks.attempt(order_id=o.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "情况", "text", "例如：无人接听、关机、占线", required=False),), done="已经登记一次未接通。"),
    "confirm": Act(lambda o, g, by, at: callbacks.confirm(order_id=o.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "诉求人的话", required=False),), "诉求人认为已经解决，并且满意。", done="已经办结。"),
    "redo": Act(lambda o, g, by, at: callbacks.redo(order_id=o.pk, by=by, at=at, solved=yes(g, "solved", "是否解决"), satisfied=yes(g, "satisfied", "是否满意"), words=g.get("words", "")), (*TWO, Ask("words", "没有解决或者不满意的原因", hint=AT_LEAST)), "退回承办单位重新办理，重新计时。", done="已经退回重办。"),
    "close_unsatisfied": Act(lambda o, g, by, at: callbacks.close_unsatisfied(order_id=o.pk, by=by, at=at, solved=yes(g, "solved", "是否解决"), words=g.get("words", "")), (TWO[0], Ask("words", "为什么不再重办", hint="已经怎样依法办理的，" + AT_LEAST)), "如实计入不满意。", danger=True, done="已经按不满意办结。"),
    "close_unreached": _plain(callbacks.close_unreached, done="已经办结，不计入有效回访。"),
    "ask_suspension": Act(lambda o, g, by, at: ledgers.ask_suspension(order_id=o.pk, by=by, at=at, ground=g.get("ground", ""), reason=g.get("words", ""), measure=g.get("measure", ""), responsible=g.get("responsible", ""), expected_on=day(g, "expected_on", "预计完成日期")), (Ask("ground", "挂单条件", "select", choices=pairs(rules.SUSPEND_GROUNDS)), Ask("words", "现在不能办结的原因", hint=AT_LEAST), Ask("measure", "措施和计划", hint="分几步、每步做什么，" + AT_LEAST), Ask("responsible", "责任人", "text", "姓名和职务"), Ask("expected_on", "预计完成日期", "date")), "不能以挂代办。挂单以后每月更新一次进展，条件具备就激活。", done="挂单申请已经提交。"),
    "suspend": Act(lambda o, g, by, at: ledgers.suspend(order_id=o.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "意见", required=False),), done="已经同意挂单，办理时钟停止计算。"),
    "refuse_suspension": _words(ledgers.refuse_suspension, "不同意的理由", done="已经退回继续办理。"),
    "progress": Act(lambda o, g, by, at: ledgers.progress(order_id=o.pk, by=by, at=at, words=g.get("words", ""), expected_on=day(g, "expected_on", "预计完成日期") if g.get("expected_on") else None), (Ask("words", "本月的进展", hint=AT_LEAST), Ask("expected_on", "新的预计完成日期", "date", "没有变化的不填", required=False)), done="进展已经登记，诉求人可以看到。"),
    "reactivate": _words(ledgers.reactivate, "激活的理由", done="已经激活，时钟恢复计算。"),
    "ask_termination": Act(lambda o, g, by, at: ledgers.ask_termination(order_id=o.pk, by=by, at=at, ground=g.get("ground", ""), reason=g.get("words", ""), basis=g.get("basis", ""), evidence=g.get("evidence", "")), (Ask("ground", "终结理由", "select", choices=pairs(rules.TERMINATE_GROUNDS)), Ask("words", "理由说明", hint=AT_LEAST), Ask("basis", "依据", "text", "法规、文件的名称和条款"), Ask("evidence", "证据", hint="哪次答复、哪份材料，" + AT_LEAST)), "终结要经热线审核、政务服务管理机构批准，并告知诉求人可以申诉。", danger=True, done="终结申请已经提交。"),
    "review_termination": _words(ledgers.review_termination, "审核意见", done="已经审核，等待批准。"),
    "refuse_termination": _words(ledgers.refuse_termination, "不同意的理由", done="已经退回继续办理。"),
    "approve_termination": Act(lambda o, g, by, at: ledgers.approve_termination(order_id=o.pk, by=by, at=at, told_how=g.get("told_how", ""), told_on=day(g, "told_on", "告知日期")), (Ask("told_how", "怎样告知诉求人的", "text", "例如：电话告知，并寄送《终结告知书》"), Ask("told_on", "告知日期", "date")), "请先告知诉求人理由、依据和申诉的期限，再登记。", danger=True, done="已经批准终结，诉求人可以申诉。"),
    "appeal": _words(ledgers.appeal, "申诉的理由", done="申诉已经登记。"),
    "reject_appeal": _words(ledgers.reject_appeal, "维持的理由", danger=True, done="已经维持终结。"),
    "uphold_appeal": _words(ledgers.uphold_appeal, "撤销终结的理由", done="终结已经撤销，恢复办理。"),
    "merge": Act(_merge, (Ask("main", "主单的编号", "text", "例如 RX2026000123"), Ask("words", "说明", "text", required=False)), "并单以后随主单办理，诉求人照样逐一答复、回访。并错的可以撤销。", done="已经并单。"),
    "unmerge": _words(merging.unmerge, "撤销并单的理由", done="已经撤销并单，请派单。"),
    "withdraw": _words(intake.withdraw, "撤回的原因", danger=True, done="已经撤回。"),
}  # fmt: skip
DANGER = {name for name, act in ACTS.items() if act.danger}
UNIT_BOXES = ("unit", "co")
LEG_ACTS: dict[str, Act] = {
    "sign": Act(lambda leg, g, by, at: dispatching.sign_leg(leg_id=leg.pk, by=by, at=at), plain=True, done="协办已经签收。"),
    "feed_back": Act(lambda leg, g, by, at: dispatching.feed_back(leg_id=leg.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "协办反馈", hint=AT_LEAST),), done="协办情况已经反馈。"),
    "recall": Act(lambda leg, g, by, at: dispatching.recall_leg(leg_id=leg.pk, by=by, at=at, words=g.get("words", "")), (Ask("words", "撤回的原因", hint=AT_LEAST),), done="协办已经撤回。"),
}  # fmt: skip
ADD_LEG = Act(
    lambda o, g, by, at: dispatching.add_co_handler(order_id=o.pk, by=by, at=at, org=unit(g, "unit", "协办单位"), ask=g.get("words", "")),
    (Ask("unit", "协办单位", "select"), Ask("words", "请它做什么", hint=AT_LEAST)), done="协办单位已经增加，并收到了通知。",
)  # fmt: skip
"""One more unit helps."""
