"""Which items belong in extended hours and for what, and what is a department in the hall by name only. Pure."""

from dataclasses import dataclass

SERVICES = {"consult": "咨询", "receive": "受理", "handle": "办理", "assist": "帮办代办"}
GROUNDS = {"system": "系统限制（延时时段业务系统不能使用）", "other": "其他"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule asks of an item."""

    is_applied: bool
    is_power: bool
    case_type: str
    is_full_online: bool
    cases: int


@dataclass(frozen=True, slots=True)
class Scope:
    """Whether an item belongs in, by which rules, for which services."""

    is_in: bool
    reasons: tuple[str, ...]
    services: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """`咨询、受理`."""
        return "、".join(SERVICES[s] for s in self.services)


def scope(facts: Facts, *, hot_cases: int) -> Scope:
    """The rule of 000: applied for, and instant, fully online, in demand, consulting, or promised (then received only)."""
    if not facts.is_applied:
        why = "不是依申请办理的事项" if facts.is_power else "主动服务的公共服务事项，不纳入"
        return Scope(False, (why,))
    reasons = []
    if facts.case_type == "instant":
        reasons.append("即办类：除系统限制外全部纳入")
    if facts.is_full_online:
        reasons.append("全程网办类：全部纳入")
    if facts.cases >= hot_cases:
        reasons.append(f"热点高频：近 12 个月受理 {facts.cases} 件")
    if facts.case_type == "promised":
        reasons.append("承诺办理类：接收材料，提供咨询、受理")
    if facts.case_type not in ("instant", "promised"):
        reasons.append("咨询类：提供咨询")
    services = {"instant": ("consult", "receive", "handle"), "promised": ("consult", "receive")}
    return Scope(True, tuple(reasons), services.get(facts.case_type, ("consult",)))


def in_name_only(*, in_hall: bool, hall_accepted: int, own_accepted: int) -> bool:
    """明进暗不进: entered, yet nothing accepted in the hall while the department's own counter accepts."""
    return in_hall and hall_accepted == 0 and own_accepted > 0
