"""The text of a notice with wrapped lines joined and digits made plain, and the way back to where each character stood."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

PLAIN = str.maketrans("０１２３４５６７８９％．（）［］：；，ＡＢＣＤＥＦＧ　", "0123456789%.（）〔〕：；，ABCDEFG ")
PLAIN.update(
    {ord("("): "（", ord(")"): "）", ord(":"): "：", ord(";"): "；", ord(","): "，", ord("﹪"): "%", ord("〇"): "〇"}
)
NUMERAL = "一二三四五六七八九十百"
MARKS = (
    re.compile(rf"[{NUMERAL}]{{1,3}}、"),
    re.compile(rf"（[{NUMERAL}]{{1,3}}）"),
    re.compile(r"\d{1,2}(?:、|[.](?!\d))"),
    re.compile(r"（\d{1,2}）"),
)
LABEL = re.compile(
    r"(?:涉及|责任|牵头|配合|整改|承办)(?:的)?(?:部门|单位|地区|苏木|乡镇)|整改要求|整改措施|整改期限|整改时限|完成时限|存在的?问题|附件|抄送|联系|主送"
)
ENDS = "。！？；："
OPENS_TITLE = re.compile(r"(?:通知|通报|函|意见|方案|督办单|通知书)$")
NUMBER_LINE = re.compile(r"[一-龥]{1,14}[〔\[【（]20\d{2}[〕\]】）]第?\d{1,4}号")
DAY_LINE = re.compile(
    r"[\d〇零一二三四五六七八九十]{2,4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日$"
)


def level_of(line: str) -> int | None:
    """0 for 一、 1 for （一） 2 for 1. 3 for （1）; None for a line without number."""
    return next((n for n, mark in enumerate(MARKS) if mark.match(line)), None)


@dataclass(frozen=True)
class Source:
    """`flat` is read, `places[i]` says where its character i stands in `text`."""

    text: str
    flat: str
    places: tuple[int, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each paragraph of `flat` begins."""
        return (0, *(m.end() for m in re.finditer("\n", self.flat)))

    def paragraphs(self) -> list[tuple[int, str]]:
        """(start in flat, paragraph)."""
        return [(s, line) for s, line in zip(self.starts, self.flat.split("\n"), strict=True) if line]

    def paragraph_at(self, place: int) -> int:
        return self.starts[bisect_right(self.starts, place) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `flat` as a stretch of the text as it was given."""
        if start >= end:
            return (0, 0)
        return self.places[start], self.places[end - 1] + 1


def source(text: str) -> Source:
    """Join what a line break cut apart; keep the breaks between paragraphs."""
    lines: list[tuple[int, str]] = []
    place = 0
    for raw in re.split(r"(\r\n|\n|\r|\v|\f|\u2028|\u2029)", text):
        lines.append((place, raw))
        place += len(raw)
    kept = [(start, line) for start, line in lines[::2]]
    flat: list[str] = []
    places: list[int] = []
    before = ""
    gap = False
    for start, line in kept:
        plain = [(start + i, c.translate(PLAIN)) for i, c in enumerate(line)]
        plain = [(p, c) for p, c in plain if not c.isspace() and c not in "\ufeff\u200b\u200c\u200d"]
        said = "".join(c for _, c in plain)
        if not said:
            gap = gap or bool(before)
            continue
        if before and (_breaks(before, said) or (gap and before[-1] not in "、，")):
            flat.append("\n")
            places.append(start)
            before = said
        else:
            before += said
        gap = False
        for p, c in plain:
            flat.append(c)
            places.append(p)
    return Source(text, "".join(flat), tuple(places))


def _breaks(before: str, after: str) -> bool:
    """Whether a new paragraph begins here, and not just a new line of the same one."""
    if before[-1] in ENDS or level_of(after) is not None:
        return before[-1] not in "、，" or level_of(after) not in (None, 2)
    if before.endswith("文件") or NUMBER_LINE.fullmatch(after):
        return True
    if LABEL.match(after) and before[-1] not in "、，":
        return True
    if DAY_LINE.fullmatch(after) or (DAY_LINE.fullmatch(before)):
        return True
    if OPENS_TITLE.search(before) and len(before) < 80 and "，" not in before and "。" not in before:
        return True
    if re.search(r"〔\d{4}〕\d+号$", before) and len(before) < 40:
        return True
    return level_of(before) is not None and len(before) <= 40 and not re.search(r"[，。；：、]", _unmarked(before))


def _unmarked(line: str) -> str:
    level = level_of(line)
    return line if level is None else MARKS[level].sub("", line, count=1)


def unmarked(line: str) -> str:
    """The line without its number."""
    return _unmarked(line)


def sentences(text: str, start: int) -> list[tuple[int, str]]:
    """(start in flat, sentence with its stop)."""
    found, at = [], 0
    for m in re.finditer(r"[^。！？；\n]*[。！？；\n]?", text):
        if m.group().strip("\n"):
            found.append((start + m.start(), m.group()))
        at = m.end()
    return found if at else []
