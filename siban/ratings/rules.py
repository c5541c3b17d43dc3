"""Pure law of ratings (好差评): levels, what is bad, what a rating may say."""

from collections.abc import Sequence
from dataclasses import dataclass

LEVELS = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}  # GB/T 39046—2020 A.8
BAD = frozenset({4, 5})  # 国办发〔2019〕51号: the last two levels are 差评
GOOD = frozenset({1, 2, 3})
TAGS_GOOD = ("一次就办成", "讲解清楚", "态度热情", "网上就能办", "等候时间短")
TAGS_BAD = ("跑了多次", "材料要求不清楚", "等候时间长", "态度不好", "超过承诺时间", "网上办不了", "收了不该收的材料")
TAGS = TAGS_GOOD + TAGS_BAD
COMMENT_LIMIT = 500
FREEDOM = "评价完全自愿。工作人员不得要求、诱导您怎样评价，也不得打听评价人；如果有人干扰您评价，请拨打 12345。"  # 国办发〔2019〕51号


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, tidied."""

    level: int
    tags: tuple[str, ...]
    comment: str


def is_bad(level: int | None) -> bool:
    """差评; what nobody rated is neither good nor bad."""
    return level in BAD


def faults(level: int | None, tags: Sequence[str], comment: str) -> str | None:
    """Why a rating can't be taken as it is, or None."""
    if level not in LEVELS:
        return "请选择满意程度：非常满意、满意、基本满意、不满意、非常不满意，五选一。"
    if strange := [t for t in tags if t not in TAGS]:
        return f"“{strange[0][:20]}”不在可选的原因里，请刷新页面后重新选择。"
    if len(comment) > COMMENT_LIMIT:
        return f"意见有 {len(comment)} 字，最多 {COMMENT_LIMIT} 字，请精简后再提交。"
    return None


def masked(*, is_real_name: bool, name: str) -> str:
    """The rater as officials see them: never by full name (评价人信息保密)."""
    return f"实名（{name[:1]}*）" if is_real_name and name else "匿名"
