"""When a column has to be renewed, and whether counts add up. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from siban.kernel.actor import Actor

LAW = "政府信息公开条例第二十条、第二十六条"  # 主动公开的内容；形成或者变更之日起 20 个工作日内公开


def due(*, since: date, last_on: date | None, cycle_days: int | None) -> date | None:
    """The last day for the next update: a cycle after the last one; None where it is renewed when something changes."""
    return None if cycle_days is None else (last_on or since) + timedelta(days=cycle_days)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A total beside the sum of its parts."""

    total: int
    parts: int

    @property
    def difference(self) -> int:
        return self.total - self.parts

    @property
    def words(self) -> str:
        if not self.difference:
            return f"分项合计 {self.parts}，与总数一致"
        more = "多" if self.difference > 0 else "少"
        return (
            f"分项合计 {self.parts}，总数 {self.total}，总数{more} {abs(self.difference)}；请核对，系统不改动填报的数"
        )


def reconcile(total: int, *parts: int) -> Reconciled:
    """Flag, never correct: 5796 ≠ 952 + 4777."""
    return Reconciled(total, sum(parts))


def publisher(actor: Actor) -> bool:
    """由本单位的事项管理员、主要负责人或者苏木镇便民中心办理。"""
    return actor.has_role("dept_admin", "unit_head", "township_clerk") and actor.org_id is not None
