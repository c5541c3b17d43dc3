"""At the counter: put right, ask for corrections, accept, refuse, let go."""

from datetime import datetime

from siban.cases import actions, rules
from siban.cases.forms import fields_of
from siban.cases.models import Case
from siban.cases.queries import material_checks as checks
from siban.kernel.actor import Actor

from .asking import Act, Ask, Given, number

NOT_BY_HAND = ("table", "commitment", "consent", "signature", "date_range", "multi_enum")


def _correction_asks(case: Case) -> tuple[Ask, ...]:
    """Every material of the situation and the form; after a first notice only what that notice named (V3.3)."""
    named = {p.get("material_id", "") for p in case.correction}
    found = {p["material_id"]: p["what"] for p in checks.proposed_corrections(case)}
    asks = [
        Ask(
            f"what-{m.id}",
            m.name,
            required=False,
            suggest=m.review_points,
            hint="；".join(m.review_points),
            start=found.get(m.id, ""),
        )
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
    days = number({"days": given.get("days", "").strip() or str(rules.CORRECTION_DAYS)}, "days", "补正期限", most=90)
    return actions.request_correction(case_id=case.pk, points=points, days=days, by=by, at=at)


def _slip_asks(case: Case) -> tuple[Ask, ...]:
    """Which field, and what it should say; signatures and promises are not for the clerk to write."""
    fields = tuple((s.element, s.name) for s in fields_of(case) if s.type not in NOT_BY_HAND)
    return (
        Ask("element", "更正哪一项", "select", choices=(("", "请选择"), *fields)),
        Ask("value", "更正为", hint="按申请人当面说明的填写；有选项的写选项名称，日期写 2026-03-02"),
    )


ACTS: dict[str, Act] = {
    "correct_on_the_spot": Act(
        lambda c, g, by, at: actions.correct_on_the_spot(
            case_id=c.pk, element=g.get("element", ""), value=g.get("value", ""), by=by, at=at
        ),
        "申请人在场、可以当场更正的错误，允许当场更正，不用出补正通知。",
        _slip_asks,
        aside=True,
        done="已当场更正。",
    ),
    "accept_deficient": Act(
        lambda c, g, by, at: actions.accept_deficient(case_id=c.pk, by=by, at=at),
        plain=True,
        done="已容缺受理，通知书已出具。",
    ),
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
        remedies=True,
        done="不予受理决定书已出具。",
    ),
    "withdraw": Act(
        lambda c, g, by, at: actions.withdraw(case_id=c.pk, reason=g.get("reason", ""), by=by, at=at),
        "申请人当面要求撤回的，由窗口代为撤回。撤回后不能恢复，申请人可以重新申请。",
        lambda case: (Ask("reason", "撤回原因", required=False, hint="例如：申请人当面提出"),),
        danger=True,
        aside=True,
        done="已撤回。",
    ),
    "terminate": Act(
        lambda c, g, by, at: actions.terminate(case_id=c.pk, by=by, at=at),
        "补正期限已经届满、申请人没有补正的，可以终止办理。申请人可以重新申请。",
        danger=True,
        done="已终止。",
    ),
}
