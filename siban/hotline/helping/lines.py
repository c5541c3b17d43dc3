"""Orders and replies in a file, one JSON object a line, and what the help says to each in the same manner."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from siban.kernel import clock

from .. import rules
from . import duplicates
from .reply_check import check
from .suggest import Suggestion, suggest
from .training import Helper, leaves

LONGEST_LINE = 100_000
EXAMPLE = '{"text": "暖气不热", "place": "大雁镇雁北社区"}'


class BadLine(Exception):
    """A line that cannot be read; the sentence says what is wrong and how to write it."""


def row_of(line: str, number: int, *, wanted: str, example: str) -> dict[str, Any]:
    """The object of one line, with a text in `wanted`."""
    if len(line) > LONGEST_LINE:
        raise BadLine(f"第 {number} 行有 {len(line)} 个字，太长了，已跳过。一行写一件。")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(f"第 {number} 行不是 JSON，已跳过。应写成 {example}。") from None
    if not isinstance(row, dict):
        raise BadLine(f"第 {number} 行不是一个对象，已跳过。应写成 {example}。")
    if not isinstance(row.get(wanted), str) or not row[wanted].strip():
        raise BadLine(f"第 {number} 行没有写内容，已跳过。内容写在 {wanted} 里。")
    return row


def suggestions(
    lines: Iterable[str], known: Helper, *, bad: list[str], earlier: Iterable[duplicates.Terms] = ()
) -> Iterator[dict[str, Any]]:
    """What is proposed for each order of a file; what is wrong with a line goes to `bad`, and the rest goes on."""
    seen: defaultdict[str, list[duplicates.Terms]] = defaultdict(list)
    for terms in earlier:
        seen[terms.town].append(terms)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = row_of(line, number, wanted="text", example=EXAMPLE)
            at = _at(row.get("received_at"), number, bad)
        except BadLine as error:
            bad.append(str(error))
            continue
        key = row.get("id", number)
        place, code = _text(row, "place"), _text(row, "township_code")
        proposed = suggest(row["text"], place=place, township_code=code, by=known)
        order = duplicates.fingerprint(
            row["text"], number=str(key), place=place, township_code=code, received_at=at, caller=_text(row, "caller_key"),
            helper=known,
        )  # fmt: skip
        towns = {order.town, ""} if order.town else set(seen) | {""}
        beside = {t.id: t for town in sorted(towns) for t in seen[town] if t.id != order.id}
        same = duplicates.likely(duplicates.rank(order, beside.values()))
        seen[order.town].append(order)
        yield {"id": key} | as_data(proposed) | {
            "duplicate_of": same[0][0] if same else None,
            "duplicates": [{"id": i, "score": s, "why": list(why)} for i, s, why in same[:5]] or None,
        }  # fmt: skip


def remarks(lines: Iterable[str], *, bad: list[str]) -> Iterator[dict[str, Any]]:
    """What is to be mended in each reply of a file."""
    example = '{"order_text": "暖气不热", "text": "答复……"}'
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = row_of(line, number, wanted="text", example=example)
        except BadLine as error:
            bad.append(str(error))
            continue
        asked = row.get("demands") or row.get("multi_demand") or [_text(row, "order_leaf")]
        demands = [d for d in asked if isinstance(d, str) and d] if isinstance(asked, list) else []
        found = check(_text(row, "order_text"), demands, row["text"])
        kinds = list(dict.fromkeys(r.kind for r in found))
        yield {
            "id": row.get("id", number),
            "quality": "bad" if found else "good",
            "answers_all_demands": "misses_demand" not in kinds,
            "has_contact_trace": "no_contact_trace" not in kinds,
            "has_date_or_measure": "no_date_or_measure" not in kinds,
            "has_placeholder": "placeholder" in kinds,
            "evasive": "evasive_transfer" in kinds,
            "banned_wording": [row["text"][r.where[0] : r.where[1]] for r in found if r.kind == "banned_wording" and r.where],
            "off_topic": "off_topic" in kinds,
            "bad_reasons": sorted(kinds),
            "remarks": [
                {"kind": r.kind, "where": list(r.where) if r.where else None, "words": r.words, "mend": r.mend} for r in found
            ],
        }  # fmt: skip


def decided(lines: Iterable[str], *, bad: list[str]) -> list[dict[str, Any]]:
    """Orders of a file as people decided them, to learn from."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = row_of(line, number, wanted="text", example=EXAMPLE)
            gold = row.get("gold")
            if not isinstance(gold, dict) or gold.get("leaf") not in leaves():
                raise BadLine(f"第 {number} 行的 gold.leaf 不是清单里的叶类代码，已跳过。应是六位数字，例如 010101。")
            if gold.get("nature") not in rules.NATURES:
                raise BadLine(f"第 {number} 行的 gold.nature 不是五种性质之一（{'、'.join(rules.NATURES)}），已跳过。")
        except BadLine as error:
            bad.append(str(error))
            continue
        found.append({"id": str(number)} | row)
    return found


def as_data(found: Suggestion) -> dict[str, Any]:
    """A suggestion as it is written out, with the field names of a decided order."""
    first, unit = next(iter(found.leaves), None), next(iter(found.units), None)
    return {
        "leaf": first.key if first else None, "leaf_name": first.name if first else None,
        "top": found.tops[0].key if found.tops else None,
        "lead_unit": unit.key if unit else None, "lead_unit_name": unit.name if unit else None,
        "nature": found.nature or None, "nature_words": list(found.nature_words), "level": found.level or None,
        "urgent": found.is_urgent, "urgent_words": list(found.urgent_words),
        "is_emergency": found.is_emergency, "emergency_line": found.emergency_line or None,
        "out_of_scope": found.out_of_scope or None, "is_long_term": found.is_long_term,
        "is_unreasonable": found.is_unreasonable, "demands": list(found.demands), "multi_demand": list(found.demands),
    } | {
        name: [{"code": r.key, "name": r.name, "score": r.score, "words": list(r.words)} for r in ranked]
        for name, ranked in (("leaves", found.leaves), ("tops", found.tops[:3]), ("units", found.units))
    }  # fmt: skip


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _at(value: Any, number: int, bad: list[str]) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        bad.append(f"第 {number} 行的 received_at 不是时间，当作没写。应写成 2026-11-22T08:30:00+08:00。")
        return None
    return at if at.tzinfo else at.replace(tzinfo=clock.CHINA)
