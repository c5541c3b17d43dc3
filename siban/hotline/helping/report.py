"""How good the help is, told honestly: each part of the orders is judged by what was learned without it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .duplicates import Terms, likely, rank
from .shipping import terms_of
from .suggest import suggest
from .training import Helper, confusions, folds, leaves, train

PARTS = 5
SHOWN = 12
Row = Mapping[str, Any]


@dataclass
class Report:
    """How often the help was right on orders it had not learned from."""

    orders: int = 0
    right: Counter[str] = field(default_factory=Counter)
    flags: dict[str, Counter[str]] = field(default_factory=dict)
    mistaken: Counter[tuple[str, str]] = field(default_factory=Counter)
    unseen: int = 0

    def share(self, name: str) -> float:
        """How many of all orders were right, 0 to 1."""
        return self.right[name] / self.orders if self.orders else 0.0


NAMES = {
    "top": "大类第一位", "top_in_three": "大类前三位", "leaf": "叶类第一位", "leaf_in_three": "叶类前三位",
    "unit": "主责单位第一位", "unit_in_three": "主责单位前三位", "nature": "性质", "level": "级别", "out_of_scope": "是否受理及原因",
}  # fmt: skip
FLAGS = {
    "urgent": "紧急",
    "is_long_term": "长期改进类",
    "is_unreasonable": "不合理",
    "demands": "多项诉求",
    "duplicate": "重复",
}


def judged(rows: Sequence[Row], *, parts: int = PARTS, only: int | None = None) -> Report:
    """Leave out one part after the other (`only`: just that one) and judge it. A duplicate goes with the order it repeats."""
    report = Report(flags={name: Counter() for name in FLAGS})
    for number, (taught, unseen) in enumerate(folds(rows, parts)):
        if only is not None and number != only:
            continue
        known = train(taught)
        leaves_taught = {row["gold"]["leaf"] for row in taught}
        for row in unseen:
            report.unseen += row["gold"]["leaf"] not in leaves_taught
            _compare(row, known, report)
        _compare_duplicates(unseen, [terms_of(row, known) for row in unseen], report)
    return report


def _compare(row: Row, known: Helper, report: Report) -> None:
    gold = row["gold"]
    found = suggest(row["text"], place=row.get("place") or "", township_code=row.get("township_code") or "", by=known)
    codes, names, tops = ([r.key for r in ranked] for ranked in (found.leaves, found.units, found.tops))
    leaf, unit = gold["leaf"], gold.get("lead_unit")
    report.orders += 1
    for name, is_right in (
        ("leaf", codes[:1] == [leaf]), ("leaf_in_three", leaf in codes[:3]),
        ("top", tops[:1] == [leaf[:2]]), ("top_in_three", leaf[:2] in tops[:3]),
        ("unit", names[:1] == [unit]), ("unit_in_three", unit in names[:3]),
        ("nature", found.nature == gold["nature"]), ("level", found.level == gold.get("level")),
        ("out_of_scope", (found.out_of_scope or None) == gold.get("out_of_scope")),
    ):  # fmt: skip
        report.right[name] += is_right
    if codes and codes[0] != leaf:
        report.mistaken[leaf, codes[0]] += 1
    for name, said, is_so in (
        ("urgent", found.is_urgent, gold.get("urgent")), ("is_long_term", found.is_long_term, gold.get("is_long_term")),
        ("is_unreasonable", found.is_unreasonable, gold.get("is_unreasonable")),
        ("demands", bool(found.demands), gold.get("multi_demand")),
    ):  # fmt: skip
        _count(report.flags[name], said=said, is_so=bool(is_so))


def _count(flag: Counter[str], *, said: bool, is_so: bool) -> None:
    flag["found" if said and is_so else "false" if said else "missed" if is_so else "quiet"] += 1


def _compare_duplicates(rows: Sequence[Row], terms: Sequence[Terms], report: Report) -> None:
    """Each order against the earlier ones of its part: is one of the same event found first?"""
    events = {str(row.get("id")): row["gold"].get("duplicate_of") or str(row.get("id")) for row in rows}
    earlier: list[Terms] = []
    for row, mine in sorted(zip(rows, terms, strict=True), key=lambda pair: str(pair[0].get("received_at"))):
        found, main = likely(rank(mine, earlier)), row["gold"].get("duplicate_of")
        earlier.append(mine)
        if main is None:
            _count(report.flags["duplicate"], said=bool(found), is_so=False)
        elif main in events:
            _count(report.flags["duplicate"], said=bool(found) and events.get(found[0][0]) == main, is_so=True)


def sentences(report: Report, source: str) -> Iterable[str]:
    """The report in words, one line each."""
    yield f"学习所用的工单：{source}，留出检验 {report.orders} 条（每条都由没有学过它的模型来判）。"
    yield f"其中 {report.unseen} 条的叶类在学习所用的工单里一条也没有，只靠词表和清单认出。"
    for name, words in NAMES.items():
        yield f"{words}：{report.share(name):.1%}（{report.right[name]}/{report.orders}）"
    for name, words in FLAGS.items():
        seen = report.flags[name]
        yield f"{words}：应有 {seen['found'] + seen['missed']} 条，找到 {seen['found']} 条，漏 {seen['missed']} 条，误报 {seen['false']} 条。"
    if report.mistaken:
        yield "最常认错的叶类（应为 → 认成，次数）："
    for should, said, times in confusions(report.mistaken.elements(), SHOWN):
        yield f"  {leaves()[should].name} → {leaves()[said].name}，{times} 次"
    yield "随产品附带的工单是编写的，不是真实来电；用本地已办结的工单再学一次，数字才说明本地的情况。"
