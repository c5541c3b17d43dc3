"""What each act on a case asks of the person: the fields of its page, and the call of its one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from siban.cases import actions, rules
from siban.cases.models import Case
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

Given = Mapping[str, str]
Call = Callable[[Case, Given, Actor, datetime], Case]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to write down for an act."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    suggest: tuple[str, ...] = ()
    start: str = ""

    @property
    def list_id(self) -> str:
        return f"suggest-{self.name}" if self.suggest else ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its heading sentence, what it asks, and what it calls."""

    call: Call
    lead: str = ""
    asks: Callable[[Case], tuple[Ask, ...]] = lambda case: ()
    danger: bool = False
    dense: bool = False
    plain: bool = False
    done: str = "已办理。"


def _correction_asks(case: Case) -> tuple[Ask, ...]:
    """Every material of the situation and the form; after a first notice only what that notice named (V3.3)."""
    named = {p.get("material_id", "") for p in case.correction}
    asks = [
        Ask(f"what-{m.id}", m.name, required=False, suggest=m.review_points, hint="；".join(m.review_points))
        for m in case.wanted()
        if not case.correction or m.id in named
    ]
    if not case.correction or "" in named:
        asks.append(Ask("what-", "申请表内容", required=False, hint="哪一项、哪里不对、怎样改"))
    asks.append(
        Ask("days", "补正期限（工作日）", hint="申请人应当在几个工作日内补正", start=str(rules.CORRECTION_DAYS))
    )
    return tuple(asks)


def _request_correction(case: Case, given: Given, by: Actor, at: datetime) -> Case:
    names = {m.id: m.name for m in case.wanted()}
    points = [
        {"material_id": key[5:], "name": names.get(key[5:], "申请表"), "what": what.strip()}
        for key, what in given.items()
        if key.startswith("what-") and what.strip() and (key == "what-" or key[5:] in names)
    ]
    days = given.get("days", "").strip() or str(rules.CORRECTION_DAYS)
    if not days.isdecimal() or not 1 <= int(days) <= 90:
        raise Refused(f"补正期限“{days[:10]}”应为 1 至 90 之间的整数，例如 {rules.CORRECTION_DAYS}。")
    return actions.request_correction(case_id=case.pk, points=points, days=int(days), by=by, at=at)


def _basis(case: Case) -> tuple[str, ...]:
    return tuple(f"《{b.law}》{b.article}" for b in case.elements.legal_basis)


def _deliver_asks(case: Case) -> tuple[Ask, ...]:
    asks = [Ask("receiver", "签收人", required=False, hint=f"留空表示由申请人“{case.applicant_name}”签收")]
    if case.delivery == Case.Delivery.MAIL:
        asks.append(Ask("tracking", "邮寄单号", hint=f"寄往：{case.mail_address}"))
    return tuple(asks)


ACTS: dict[str, Act] = {
    "accept": Act(
        lambda c, g, by, at: actions.accept(case_id=c.pk, by=by, at=at), plain=True, done="已受理，受理通知书已出具。"
    ),
    "request_correction": Act(
        _request_correction,
        "逐份写明哪里不对、怎样改。没有问题的留空。全部补正内容应当一次告知，以后不能再新增。",
        _correction_asks,
        dense=True,
        done="一次性补正告知书已出具。",
    ),
    "refuse_acceptance": Act(
        lambda c, g, by, at: actions.refuse_acceptance(
            case_id=c.pk, reason=g.get("reason", ""), ask_instead=g.get("ask_instead", ""), by=by, at=at
        ),
        "依法不需要许可，或者不属于本机关职权的，即时作出不予受理决定，并告诉申请人应当向哪里申请。",
        lambda case: (
            Ask("reason", "不予受理的理由", "textarea", "写明事实和依据，申请人会在决定书上看到"),
            Ask(
                "ask_instead",
                "应当向哪里申请",
                hint="机关名称、地址或者电话；依法不需要许可的可以留空",
                required=False,
            ),
        ),
        danger=True,
        done="不予受理决定书已出具。",
    ),
    "start_review": Act(
        lambda c, g, by, at: actions.start_review(case_id=c.pk, by=by, at=at), plain=True, done="已开始审查。"
    ),
    "approve": Act(
        lambda c, g, by, at: actions.approve(case_id=c.pk, note=g.get("note", ""), by=by, at=at),
        "准予后两个办结期限停止，十个工作日内制证并送达。",
        lambda case: (Ask("note", "审查意见", "textarea", "例如：材料齐全，符合受理条件", required=False),),
        done="已准予，决定书已出具。",
    ),
    "reject": Act(
        lambda c, g, by, at: actions.reject(
            case_id=c.pk, reason=g.get("reason", ""), basis=g.get("basis", ""), by=by, at=at
        ),
        "应当说明理由，并告知申请复议、提起诉讼的权利。",
        lambda case: (
            Ask("reason", "不予许可的理由", "textarea", "逐项写，每行一项"),
            Ask("basis", "依据条款", hint="可以从设定依据里选，也可以直接填写", suggest=_basis(case)),
        ),
        danger=True,
        done="不予许可决定书已出具，请送达申请人。",
    ),
    "issue": Act(lambda c, g, by, at: actions.issue(case_id=c.pk, by=by, at=at), plain=True, done="已制证。"),
    "deliver": Act(
        lambda c, g, by, at: actions.deliver(
            case_id=c.pk, receiver=g.get("receiver", ""), tracking=g.get("tracking", ""), by=by, at=at
        ),
        "送达后办件办结，并邀请申请人评价。",
        _deliver_asks,
        done="已送达并办结。",
    ),
    "withdraw": Act(
        lambda c, g, by, at: actions.withdraw(case_id=c.pk, reason=g.get("reason", ""), by=by, at=at),
        "申请人当面要求撤回的，由窗口代为撤回。撤回后不能恢复，申请人可以重新申请。",
        lambda case: (Ask("reason", "撤回原因", required=False, hint="例如：申请人当面提出"),),
        danger=True,
        done="已撤回。",
    ),
    "terminate": Act(
        lambda c, g, by, at: actions.terminate(case_id=c.pk, by=by, at=at),
        "补正期限已经届满、申请人没有补正的，可以终止办理。申请人可以重新申请。",
        danger=True,
        done="已终止。",
    ),
    "conclude": Act(
        lambda c, g, by, at: actions.conclude(
            case_id=c.pk,
            note=g.get("note", ""),
            receiver=g.get("receiver", ""),
            tracking=g.get("tracking", ""),
            by=by,
            at=at,
        ),
        plain=True,
        done="已当场办结。",
    ),
}
DANGER = " ".join(name for name, act in ACTS.items() if act.danger)
