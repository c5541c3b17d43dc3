"""What a document is made of: blocks of spans. A span is a word or a number that knows where it comes from. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from siban.kernel import measures

Span = str | int  # a text, or the position of a number in `Draft.numbers`
MARK = re.compile(r"〔(\d{1,4})〕")
FREE = re.compile(r"(?<![〔\d.])\d[\d,]*(?:\.\d+)?\s*(?:%|％|个百分点|倍)?(?![\d〕])")
# Years, days, clauses, document numbers and ordinals name things; they are no figures.
NAMES = re.compile(
    r"〔\d{4}〕\d*号?|\d{4}\s*年(?:\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|第?[一二三四]季度|上半年|度)?|\d{1,2}\s*月\s*\d{1,2}\s*日|"
    r"\d{1,2}\s*月(?:份)?|\d{1,2}\s*日|第\s*\d+\s*(?:条|款|项|号|次|周|期|批|个)?|附件\s*\d+|\d+号|12345|\d{4}-\d{2}-\d{2}|"
    r"[（(]\d+[）)]|^\d+[.．、]|文件\s*\d{3}"
)


@dataclass(frozen=True, slots=True)
class Number:
    """数字: one figure in a document with everything needed to check it by hand.

    `hits` over `total` is the figure itself; `base_*` is the earlier figure of a growth or difference.
    """

    text: str
    kind: str  # percent · count · total · gap · difference · growth · multiple · rank · target · tally
    title: str
    unit: str
    unit_key: str = "all"
    slug: str = ""
    day: str = ""
    hits: int | None = None
    total: int | None = None
    base_day: str = ""
    base_hits: int | None = None
    base_total: int | None = None
    words: str = ""
    source: str = ""
    href: str = ""

    @property
    def working(self) -> str:
        """The calculation, written out."""
        now = f"{self.hits} ÷ {self.total}" if self.total is not None else f"{self.hits}"
        if self.base_day:
            base = f"{self.base_hits} ÷ {self.base_total}" if self.base_total is not None else f"{self.base_hits}"
            return f"{self.day}：{now}；{self.base_day}：{base}"
        return now if self.hits is not None else self.text


Cell = str | Number | None | Sequence[str | Number]


@dataclass(slots=True)
class Block:
    """One paragraph, heading or table."""

    id: str
    kind: str  # heading · subheading · para · table · list
    spans: list[Span] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[list[Span]]] = field(default_factory=list)
    sum_row: bool = False  # the first row is the sum of the rest


@dataclass(slots=True)
class Draft:
    """草稿: a document while it is written. Its methods read like the document."""

    title: str
    addressed_to: str = ""
    blocks: list[Block] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    annexes: list[str] = field(default_factory=list)

    def n(self, number: Number) -> int:
        """Enter a number and return its place; the same number twice is one."""
        if number in self.numbers:
            return self.numbers.index(number)
        self.numbers.append(number)
        return len(self.numbers) - 1

    def _add(self, kind: str, parts: Iterable[Span | Number | None]) -> Block:
        spans: list[Span] = []
        for part in parts:
            if part is None or part == "":
                continue
            span = self.n(part) if isinstance(part, Number) else part
            if isinstance(span, str) and spans and isinstance(spans[-1], str):
                spans[-1] += span
            else:
                spans.append(span)
        block = Block(f"b{len(self.blocks) + 1}", kind, spans)
        self.blocks.append(block)
        return block

    def heading(self, text: str) -> None:
        """一、 level."""
        self._add("heading", [text])

    def subheading(self, text: str) -> None:
        """（一） level."""
        self._add("subheading", [text])

    def para(self, *parts: Span | Number | None) -> None:
        """A paragraph; numbers stand where they are said."""
        self._add("para", parts)

    def table(
        self, caption: str, columns: Sequence[str], rows: Iterable[Sequence["Cell"]], *, sum_row: bool = False
    ) -> None:
        """A table with a caption; an empty cell is a dash; `sum_row`: its first row is the sum of the others."""
        block = self._add("table", [caption])
        block.columns, block.sum_row = list(columns), sum_row
        block.rows = [[self._cell(cell) for cell in row] for row in rows]

    def _cell(self, cell: "Cell") -> list[Span]:
        parts = list(cell) if isinstance(cell, list | tuple) else [cell]
        spans: list[Span] = [self.n(p) if isinstance(p, Number) else p for p in parts if p not in (None, "")]  # type: ignore[misc]
        return spans or ["—"]

    def as_json(self) -> dict[str, Any]:
        """What is stored."""
        return {
            "title": self.title, "addressed_to": self.addressed_to, "annexes": self.annexes,
            "blocks": [asdict(b) for b in self.blocks], "numbers": [asdict(n) for n in self.numbers],
        }  # fmt: skip


def numbers_of(content: Mapping[str, Any]) -> list[Number]:
    """The numbers of a stored document."""
    return [Number(**said) for said in content["numbers"]]


def blocks_of(content: Mapping[str, Any]) -> list[Block]:
    """The blocks of a stored document."""
    return [Block(**said) for said in content["blocks"]]


def plain(spans: Sequence[Span], numbers: Sequence[Number]) -> str:
    """As it is read."""
    return "".join(s if isinstance(s, str) else numbers[s].text for s in spans)


def marked(spans: Sequence[Span], numbers: Sequence[Number]) -> str:
    """As it is edited: each number with its mark, `98.65%〔3〕`."""
    return "".join(s if isinstance(s, str) else f"{numbers[s].text}〔{s + 1}〕" for s in spans)


def spans_from(text: str, numbers: Sequence[Number]) -> list[Span]:
    """Read an edited text back.

    Raises:
        ValueError: a mark without its number before it; the sentence says which and what to do.
    """
    spans: list[Span] = []
    rest = " ".join(text.split())
    while found := MARK.search(rest):
        place, before = int(found.group(1)) - 1, rest[: found.start()]
        if len(found.group(1)) == 4:  # the year of a document number stands in the same brackets
            spans.append(rest[: found.end()])
            rest = rest[found.end() :]
            continue
        if not 0 <= place < len(numbers):
            raise ValueError(f"没有编号〔{place + 1}〕的数字。请照原文的编号写，或者删去这个标记。")
        said = numbers[place].text
        if not before.endswith(said):
            raise ValueError(
                f"数字〔{place + 1}〕是 {said}，取自快照，不能手改。要改请先更正数据再重新起草；"
                f"或者连同〔{place + 1}〕标记一起删去，另写的数字会注明“人工填写”。"
            )
        if head := before[: len(before) - len(said)]:
            spans.append(head)
        spans.append(place)
        rest = rest[found.end() :]
    if rest:
        spans.append(rest)
    joined: list[Span] = []
    for span in spans:
        if isinstance(span, str) and joined and isinstance(joined[-1], str):
            joined[-1] += span
        else:
            joined.append(span)
    return joined


def free_numbers(spans: Sequence[Span]) -> list[str]:
    """Figures written by hand, without a source.

    Years, days, clauses, document numbers and the titles of measures (跑动0次比率) are names, not figures.
    """
    titles = [m.title for m in measures.REGISTRY.values() if any(c.isdigit() for c in m.title)]
    found: list[str] = []
    for span in spans:
        if isinstance(span, str):
            for title in titles:
                span = span.replace(title, "")
            found += [m.group().strip() for m in FREE.finditer(NAMES.sub("", span))]
    return found
