"""Do the parts make the whole, does a growth fit its figures? What does not is said; nothing is mended by itself. Pure.

Source: indicators.yaml ambiguities A07 (增加2倍) and A08 (5796 ≠ 952 + 4777).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .blocks import Block, Number, plain
from .growth import Growth, two

UNIT = "条|件|项|个|人次|人|份|家|宗|户|台|处|篇|次|万元|元"
NUMBER = r"(\d[\d,，]*(?:\.\d+)?)"
COUNTED = re.compile(rf"{NUMBER}\s*(?:余)?({UNIT})")
AMONG = re.compile(r"其中|包括|分别为|分别是")
GROWN = re.compile(
    rf"{NUMBER}\s*({UNIT})[^。；;]*?{NUMBER}\s*({UNIT})[^。；;]*?(增长|增加|上升|下降|减少|降低|提高)(到|至|了)?\s*{NUMBER}\s*(%|％|倍)"
)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """勾稽不符: where, what does not fit, and by how much."""

    block: str
    where: str
    words: str


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("，", ""))


def _show(value: float) -> str:
    return f"{value:g}" if value != int(value) else str(int(value))


def sums_in(text: str) -> Iterator[str]:
    """`共 5796 条，其中甲 952 条、乙 4777 条` → what is missing. One whole before 其中, its parts after it, one unit."""
    for sentence in re.split(r"[。；;\n]", text):
        found = AMONG.search(sentence)
        if not found:
            continue
        before = list(COUNTED.finditer(sentence[: found.start()]))
        if not before:
            continue
        whole, unit = before[-1].group(1), before[-1].group(2)
        parts = [m.group(1) for m in COUNTED.finditer(sentence[found.end() :]) if m.group(2) == unit]
        if len(parts) < 2:
            continue
        total = sum(map(_value, parts))
        if total != _value(whole):
            off = _value(whole) - total
            side = "分项少" if off > 0 else "分项多"
            yield f"合计 {whole}{unit}，分项 {' + '.join(parts)} = {_show(total)}{unit}，{side} {_show(abs(off))}{unit}"


def growths_in(text: str) -> Iterator[str]:
    """`4215 件，2038 件，增加 2 倍` → 增长 106.82%, i.e. 2.07 times as many."""
    for sentence in re.split(r"[。；;\n]", text):
        for m in GROWN.finditer(sentence):
            first, unit, second, other, verb, to, said, kind = m.groups()
            if other != unit:
                continue
            a, b = _value(first), _value(second)
            if not a or not b or a != int(a) or b != int(b):
                continue
            up = verb in ("增长", "增加", "上升", "提高")
            now, before = (max(a, b), min(a, b)) if up else (min(a, b), max(a, b))
            growth = Growth(int(now), int(before))
            rate, multiple = growth.rate, growth.multiple
            assert rate is not None
            assert multiple is not None
            if kind == "倍":
                right = two(multiple) if to in ("到", "至") else two(rate / 100)
            else:
                right = two(multiple * 100) if to in ("到", "至") else two(abs(rate))
            places = len(said.partition(".")[2])
            close = abs(float(right) - _value(said)) <= 0.5 * 10**-places + 0.005  # as it was rounded
            if not close:
                yield (
                    f"{_show(now)} 对 {_show(before)}：{growth.word} {growth.rate_text}，为原来的 {growth.multiple_text} 倍；"
                    f"文中写的是“{verb}{to or ''}{said}{kind}”"
                )


def check_text(text: str, *, block: str = "", where: str = "") -> list[Mismatch]:
    """Everything in a text that does not fit together."""
    return [Mismatch(block, where, words) for words in (*sums_in(text), *growths_in(text))]


def check_table(block: Block, numbers: Sequence[Number]) -> Iterator[Mismatch]:
    """The first row is the sum of the others, column by column: counts as they stand, shares by their two parts."""
    if not block.sum_row or len(block.rows) < 3:
        return
    caption = plain(block.spans, numbers)
    for column, title in enumerate(block.columns):
        cells = [numbers[s] for row in block.rows for s in row[column][:1] if isinstance(s, int)]
        if len(cells) != len(block.rows) or any(c.kind not in ("count", "percent", "gap", "tally") for c in cells):
            continue
        whole, *parts = cells
        for word, field in (("", "hits"), ("全部数", "total")):
            values = [getattr(c, field) for c in parts]
            said = getattr(whole, field)
            if said is None or any(v is None for v in values):
                continue
            if sum(values) != said:
                yield Mismatch(
                    block.id,
                    f"表“{caption}”",
                    f"“{title}”{word}合计 {said}，各行相加 {sum(values)}，相差 {abs(said - sum(values))}",
                )


def check(blocks: Sequence[Block], numbers: Sequence[Number]) -> list[Mismatch]:
    """The whole document."""
    found: list[Mismatch] = []
    for position, block in enumerate(blocks, start=1):
        if block.kind == "table":
            found += check_table(block, numbers)
        else:
            found += check_text(plain(block.spans, numbers), block=block.id, where=f"第 {position} 段")
    return found
