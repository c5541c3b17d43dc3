"""What a notice demands in figures and papers: 即办件比率达到80%以上, 不超过3件, 报送《延时服务事项清单》."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .days import number

VALUE = re.compile(
    r"(?P<up>达到?|实现|提升[至到]|提高[至到]|增[至到]|不低于|不少于|不得低于|大于等于|≥|>=|超过|保持在|须达|完成)?"
    r"(?P<down>不超过|不高于|不得高于|降[至到]|压缩[至到]|控制在|≤|<=|少于|低于)?"
    r"(?:了)?(?P<number>\d{1,3}(?:\.\d{1,2})?)(?P<percent>%|个百分点)(?P<tail>以上|以下|以内|及以上)?"
)  # fmt: skip
WHOLE = re.compile(r"(?P<words>全覆盖|应(?:进必进|归尽归|发尽发|纳尽纳)|百分之百|百分百)")
SPOKEN = re.compile(r"百分之(?P<number>[一二三四五六七八九十]{1,4})(?P<tail>以上|以下)?")
IDLE = re.compile(
    r"均|都|请|于|[0-9]{4}年|全部|分别|要|须|应|力争|必须|确保|务必|在|的|以|并|且|等|指标|比例|比率|各单位|年底前|[0-9]+月[0-9]*日?底?前?|[到至前]|达|均须|统一|提升|提高"
)
PAPER = re.compile(
    r"(?:报送|上报|填报|报|提交|报备|汇总)(?:[^，。；：《》]{0,12}?)(?P<paper>《[^》]{2,40}》|附件\s*\d{1,2}(?:[^，。；、]{0,20}?(?:清单|统计表|台账|汇总表))?|[^，。；：、《》的]{0,14}(?:清单|统计表|台账|情况说明|佐证材料|整改报告|工作总结|汇总表))"
)  # fmt: skip

PAPER_FIRST = re.compile(
    r"将(?P<paper>《[^》]{2,40}》|附件\d{1,2}|[^，。；：、《》]{0,14}(?:清单|统计表|台账|情况说明|汇总表))[^，。；]{0,12}?(?:报送|上报|报至|报|提交)"
)


@dataclass(frozen=True, slots=True)
class TargetRead:
    """One demand: a figure by its slug (empty where unknown), or a paper."""

    words: str
    start: int
    end: int
    slug: str = ""
    comparison: str = ">="
    value: Decimal | None = None
    paper: str = ""


def targets(sentence: str, start: int, words: Mapping[str, str]) -> Iterator[TargetRead]:
    """The demands of one sentence.

    Args:
        start: where the sentence begins in the whole text.
        words: what figures are called → slug.
    """
    named = _named(sentence, words)
    for m in VALUE.finditer(sentence):
        if m["percent"] == "个百分点":
            continue
        value = Decimal(m["number"]) / 100
        if value > 1:
            continue
        down = bool(m["down"]) or m["tail"] in ("以下", "以内")
        if not (m["up"] or m["down"] or m["tail"]) and not _demands(sentence, m.start()):
            continue  # a figure that tells how it is, not how it shall be
        yield from _meant(named, sentence, m, start, "<=" if down else ">=", value)
    for m in SPOKEN.finditer(sentence):
        if (spoken := number(m["number"])) <= 100:
            yield from _meant(named, sentence, m, start, "<=" if m["tail"] == "以下" else ">=", Decimal(spoken) / 100)
    for m in WHOLE.finditer(sentence):
        near = _before(named, m.start()) or next(((s, e, w) for s, e, w in named if s == m.end()), None)
        if near is not None and m.start() - near[1] <= 6:
            yield TargetRead(sentence[near[0] : m.end()], start + near[0], start + m.end(), near[2], ">=", Decimal(1))
    seen: set[str] = set()
    for m in (*PAPER_FIRST.finditer(sentence), *PAPER.finditer(sentence)):
        paper = m["paper"].strip("《》")
        if any(paper in other for other in seen):
            continue
        seen.add(paper)
        yield TargetRead(m.group(), start + m.start(), start + m.end(), paper=paper)


def _meant(
    named: list[tuple[int, int, str]], sentence: str, m: "re.Match[str]", start: int, sign: str, value: Decimal
) -> Iterator[TargetRead]:
    """The figures that a value is about: those of its own clause, with those that stand in a row before it."""
    clause = max(sentence.rfind(c, 0, m.start()) for c in "，。；：、") + 1
    near = _before(named, m.start())
    own_words = IDLE.sub("", re.sub(r"（[^）]*）", "", sentence[clause : m.start()]))
    if near is None or (near[1] <= clause and own_words):
        yield TargetRead(sentence[clause : m.end()], start + clause, start + m.end(), "", sign, value)
        return
    row = [near]
    for earlier in reversed([n for n in named if n[1] <= near[0]]):
        if not re.fullmatch(r"[、和及与以]+", sentence[earlier[1] : row[-1][0]]):
            break
        row.append(earlier)
    for begin, end, slug in reversed(row):
        words = sentence[begin : m.end()] if (begin, end, slug) == near else sentence[begin:end]
        yield TargetRead(words, start + begin, start + begin + len(words), slug, sign, value)


def _demands(sentence: str, at: int) -> bool:
    """Whether what stands before is the language of a demand, and not of how things are."""
    clause = sentence[max(sentence.rfind(c, 0, at) for c in "，。；：、") + 1 : at]
    if re.search(r"仅|只有|只占|目前|现|才|均?未|不足", clause):
        return False
    return bool(re.search(r"要|须|应|必须|确保|力争|务必|目标", sentence[:at]))


def _named(sentence: str, words: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """(start, end, slug) of every figure named, the longest name at each place."""
    found: list[tuple[int, int, str]] = []
    for name in sorted(words, key=len, reverse=True):
        for m in re.finditer(re.escape(name), sentence):
            if not any(s < m.end() and m.start() < e for s, e, _ in found):
                found.append((m.start(), m.end(), words[name]))
    return sorted(found)


def _before(named: list[tuple[int, int, str]], at: int) -> tuple[int, int, str] | None:
    """The nearest figure named before a place, not further than a clause away."""
    near = [n for n in named if n[1] <= at]
    return near[-1] if near and at - near[-1][1] <= 24 else None
