"""W13: the life of an electronic certificate after it was issued. Diagram: docs/flows/certificates.md (generated)."""

from django.db.models import TextChoices

from siban.kernel.flow import Machine, Move

from . import access, rules


class ECertState(TextChoices):
    VALID = "valid", "有效"
    SUSPENDED = "suspended", "暂扣"
    DISPUTED = "disputed", "异议核实中"
    EXPIRED = "expired", "已过期"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "已撤销"
    CANCELLED = "cancelled", "已注销"


S = ECertState

ECERT_FLOW = Machine(
    name="certificates",
    title="电子证照",
    model="certificates.ECert",
    states=ECertState,
    start=S.VALID,
    ends={S.CANCELLED},
    owners={
        S.VALID: "持证人",
        S.SUSPENDED: "发证机关",
        S.DISPUTED: "发证机关",
        S.EXPIRED: "发证机关（办理注销）",
        S.WITHDRAWN: "发证机关（办理注销）",
        S.REVOKED: "发证机关（办理注销）",
    },
    moves=(
        Move("suspend", "暂扣", (S.VALID,), S.SUSPENDED, access.issuer, "行政处罚法第九条第三项",
             needs=(rules.within_period,)),
        Move("resume", "恢复使用", (S.SUSPENDED,), S.VALID, access.issuer, "行政处罚法第九条第三项（暂扣期满）",
             needs=(rules.within_period,)),
        Move("dispute", "提出异议", (S.VALID,), S.DISPUTED, access.holder, "个人信息保护法第四十六条第一款"),
        Move("uphold", "核实无误，恢复使用", (S.DISPUTED,), S.VALID, access.issuer, "个人信息保护法第四十六条第二款"),
        Move("correct", "更正并重新签发", (S.DISPUTED,), S.CANCELLED, access.issuer, "个人信息保护法第四十六条第二款",
             needs=(rules.within_period,)),
        Move("withdraw", "撤回", (S.VALID, S.SUSPENDED, S.DISPUTED), S.WITHDRAWN, access.issuer,
             "行政许可法第八条第二款"),
        Move("revoke", "撤销", (S.VALID, S.SUSPENDED, S.DISPUTED), S.REVOKED, access.issuer, "行政许可法第六十九条"),
        Move("cancel", "注销", (S.VALID, S.SUSPENDED, S.EXPIRED, S.WITHDRAWN, S.REVOKED), S.CANCELLED, access.issuer,
             "行政许可法第七十条"),
        Move("expire", "有效期届满", (S.VALID, S.SUSPENDED, S.DISPUTED), S.EXPIRED, access.system,
             "行政许可法第七十条第一项", needs=(rules.period_over,), deemed=True),
    ),
)  # fmt: skip
