"""跨域通办: the legs of a case that one place receives and another decides, and the day each leg is due. Pure."""

from datetime import date
from typing import Any, Protocol

LAW = "内政办发〔2023〕39号（线下全区通办）"
DAYS = {"received": 1, "sent": 1, "returned": 1, "result": 1}
"""Working days of each leg (glossary `cross_region_sla`): receive and push, check again, mend, send the result back."""
PAPER_DAYS = 2
"""Working days in which originals are posted after the push, where the deciding place needs paper."""
NAMES = {
    "received": "受理并推送", "sent": "办理地复核接收", "returned": "补充后再次推送", "result": "寄回办理结果",
}  # fmt: skip


class Calendar(Protocol):
    """The working days of a region."""

    def add_workdays(self, start: date, count: int) -> date: ...


def due_of(state: str, since: date, calendar: Calendar) -> date | None:
    """Last day of a leg that began on a day; None for legs that have no day of their own."""
    days = DAYS.get(state)
    return None if days is None else calendar.add_workdays(since, days)


def papers_due(pushed: date, calendar: Calendar) -> date:
    """Last day on which originals are posted to the deciding place."""
    return calendar.add_workdays(pushed, PAPER_DAYS)


def taken_over(cross: Any | None) -> str | None:
    """Before the deciding place has checked and taken what was handed over, nobody there decides."""
    if cross is None or cross.state not in ("received", "sent", "returned"):
        return None
    said = {
        "received": "收件的窗口还没有推送。", "returned": f"已经退回收件的窗口：{cross.note}",
        "sent": "请先核对推送的材料，在“跨域通办”里接收或者退回。",
    }  # fmt: skip
    return f"这是跨域通办的办件，由{cross.from_org.name}收件。{said[cross.state]}"


def result_here(cross: Any | None, *, on_paper: bool) -> str | None:
    """A result on paper is handed out where it is."""
    if cross is None or not on_paper or cross.state not in ("result", "coming"):
        return None
    return "办理结果还没有到收件的窗口。办理地寄出、这里登记收到以后，才能交给申请人。"
