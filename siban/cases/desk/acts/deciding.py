"""Deciding, making, handing over; and what undoes a decision."""

from siban.cases import actions, rules, rules_review
from siban.cases.models import Case

from .asking import Act, Ask


def _basis(case: Case) -> tuple[str, ...]:
    return tuple(f"《{b.law}》{b.article}" for b in case.elements.legal_basis)


def _deliver_asks(case: Case) -> tuple[Ask, ...]:
    asks = [Ask("receiver", "签收人", required=False, hint=f"留空表示由申请人“{case.applicant_name}”签收")]
    if case.delivery == Case.Delivery.MAIL:
        asks.append(Ask("tracking", "邮寄单号", hint=f"寄往：{case.mail_address}"))
    return tuple(asks)


def _proposed(case: Case, name: str) -> str:
    """What the reviewer proposed for a refusal; without a proposal, the points found wanting."""
    if case.proposal.get("outcome") == "reject":
        return str(case.proposal.get(name, ""))
    return rules_review.reasons(case.reviewed_points()) if name == "opinion" else ""


def _override_asks(case: Case) -> tuple[Ask, ...]:
    return (
        Ask("reason", "理由", "textarea", "写明事实和依据"),
        Ask("document", "依据的文书", hint="名称和文号，例如：某人民法院（2026）某行初 1 号行政判决书"),
    )


def _cancel_asks(case: Case) -> tuple[Ask, ...]:
    return (
        Ask("ground", "注销的情形", "radios", choices=tuple(rules.CANCEL_GROUNDS.items())),
        Ask("basis", "其他情形的法律条款", hint="选择“其他情形”时填写法律、法规的名称和条款", required=False),
        Ask("reason", "理由", "textarea", "写明事实和依据"),
        Ask("document", "依据的文书", hint="名称和文号，例如：注销申请书，或者撤回、吊销决定书的文号"),
    )


LEADS = {
    "revoke": "撤销要由两个人办理：您提出，另一名有权的人核对确认后生效。证照随决定一并撤销。",
    "cancel": "注销要由两个人办理：您提出，另一名有权的人核对确认后生效。证照一并注销，出具注销决定书并告知申请人。",
    "reopen": "依生效的复议决定或者裁判重新办理，要由两个人办理：您提出，另一名有权的人核对确认后，两个办结期限重新起算。",
}


def _override(move: str) -> Act:
    return Act(
        lambda c, g, by, at: actions.ask_override(
            case_id=c.pk,
            move=move,
            reason=g.get("reason", ""),
            document=g.get("document", ""),
            ground=g.get("ground", ""),
            basis=g.get("basis", ""),
            by=by,
            at=at,
        ),
        LEADS[move],
        _cancel_asks if move == "cancel" else _override_asks,
        danger=move != "reopen",
        aside=True,
        done="已提出，等待另一人确认。",
    )


ACTS: dict[str, Act] = {
    "approve": Act(
        lambda c, g, by, at: actions.approve(case_id=c.pk, note=g.get("note", ""), by=by, at=at),
        "准予后两个办结期限停止，十个工作日内制证并送达。",
        lambda case: (
            Ask(
                "note",
                "决定意见",
                "textarea",
                "例如：材料齐全，符合条件",
                required=False,
                start=case.proposal.get("opinion", ""),
            ),
        ),
        done="已准予，决定书已出具。",
    ),
    "reject": Act(
        lambda c, g, by, at: actions.reject(
            case_id=c.pk, reason=g.get("reason", ""), basis=g.get("basis", ""), by=by, at=at
        ),
        "应当说明理由，并告知申请复议、提起诉讼的权利。",
        lambda case: (
            Ask("reason", "不予的理由", "textarea", "逐项写，每行一项", start=_proposed(case, "opinion")),
            Ask(
                "basis",
                "依据条款",
                hint="可以从设定依据里选，也可以直接填写",
                suggest=_basis(case),
                start=_proposed(case, "basis"),
            ),
        ),
        danger=True,
        remedies=True,
        done="决定书已出具，请送达申请人。",
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
    **{move: _override(move) for move in actions.IRREGULAR},
}
