"""Figures of the rhythm of supervision: were the tables and bulletins that were owed drawn up in time."""

from typing import Any

from django.db.models import F, Q, QuerySet

from siban.kernel import clock
from siban.kernel.measures import Pending, Ratio, Several

from .measures_pending import S000, S003
from .models_documents import DueDocument

IN_TIME = Q(done_on__lte=F("due_on"))


def due_documents() -> QuerySet[Any]:
    """What was owed until today; what is owed later counts once it is there."""
    return DueDocument.objects.filter(Q(due_on__lt=clock.local_day(clock.now())) | Q(done_on__isnull=False))


COMMON: dict[str, Any] = {"rows": due_documents, "counts": IN_TIME, "level": ("county",), "unit": "应出的文件"}

DAYS = Ratio(
    slug="bulletin_cadence_days", code="SUP-110", title="日调度按时率", category="督查", source=S000,
    words="督查通知要求日调度期间，当天印发了日调度表的工作日 ÷ 应调度的工作日", out_of=Q(kind="daily"), **COMMON,
)  # fmt: skip
WEEKS = Ratio(
    slug="bulletin_cadence_weeks", code="SUP-111", title="周通报按时率", category="督查", source=S000,
    words="督查通知要求周通报期间，当周印发了周通报的周 ÷ 应通报的周", out_of=Q(kind="weekly"), **COMMON,
)  # fmt: skip
MONTHS = Ratio(
    slug="monthly_bulletin_ratio", code="SUP-112", title="月通报按时率", category="接诉即办", source=S003,
    words="20 日前印发了月通报的月 ÷ 应通报的月", out_of=Q(kind="monthly"), **COMMON,
)  # fmt: skip
REVIEWS = Pending(
    slug="monthly_review_meeting_ratio", code="SUP-113", title="按月点评会召开率", category="接诉即办", source=S003,
    words="召开了点评会的月 ÷ 应召开的月", numerator="召开了点评会的月数", denominator="应召开的月数", level=("county",),
    needs="热线月度点评会的记录", room="12345 热线",
)  # fmt: skip
CADENCE = Several(
    slug="bulletin_cadence", code="SUP-100", title="督查调度频次", category="督查", source=S000,
    words="专项督查期内每日调度、每周通报", level=("county",), parts=("bulletin_cadence_days", "bulletin_cadence_weeks"),
)  # fmt: skip
RHYTHM = Several(
    slug="weekly_dispatch_monthly_bulletin", code="SUP-102", title="每周一调度、每月一通报、按月点评会", category="接诉即办",
    source=S003, words="已调度的周 ÷ 周，已通报的月 ÷ 月，已开点评会的月 ÷ 月", level=("county",),
    parts=("bulletin_cadence_weeks", "monthly_bulletin_ratio", "monthly_review_meeting_ratio"),
)  # fmt: skip
