"""审查意见书: what the reviewer found, point by point; a paper of the office, not of the applicant."""

from datetime import datetime

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.models import Paper
from siban.kernel.papers import PaperKind

from . import guards_counter, notices
from .models import Case
from .rules_review import REVIEW

VERDICTS = {"ok": "符合", "not_ok": "不符合", "na": "不适用"}
OPINION = PaperKind("review_opinion", "审查意见书", "审", notices.SHEET, "行政许可法第三十四条", {**notices.COMMON, "opinion": "审查意见", "outcome": "拟办结论", "reviewer": "审查人"})  # fmt: skip


def opinion(case: Case, *, outcome: str, opinion: str, basis: str, by: Actor, at: datetime) -> Paper:
    """Every point with what was found, the opinion, and who says so."""
    lines = []
    for p in guards_counter.points_of(case, REVIEW):
        said = f"{p.material}：{p.text}——{VERDICTS[p.verdict]}"
        said += f"。{p.note}" if p.note else ""
        lines.append(said + (f"（改正办法：{p.remedy}）" if p.remedy else ""))
    extra = {
        "points_found": lines, "opinion": [line.strip() for line in opinion.splitlines() if line.strip()], "outcome": outcome, "basis": basis.strip(),
        "reviewer": by.name, "reviewed_on": notices.words(local_day(at)), "internal": True,
    }  # fmt: skip
    return notices.issue(OPINION, case, extra, at=at)
