"""Questions in a file, one JSON object a line, and answers in the same manner."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from .answering import Asked, answer
from .shelf import Paper, Shelf

LONGEST_LINE = 100_000


class BadLine(Exception):
    """A line that is no question; the sentence says what is wrong and how to write it."""


def asked_of(line: str, number: int) -> tuple[Any, str]:
    """(id, question) of one line; `id` is the line number where none is written."""
    if len(line) > LONGEST_LINE:
        raise BadLine(f"第 {number} 行有 {len(line)} 个字，太长了，已跳过。一行写一个问题。")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(f'第 {number} 行不是 JSON，已跳过。应写成 {{"id": "1", "question": "停电了找谁"}}。') from None
    if isinstance(row, str):
        row = {"question": row}
    if not isinstance(row, dict):
        raise BadLine(f'第 {number} 行不是一个对象，已跳过。应写成 {{"id": "1", "question": "停电了找谁"}}。')
    text = row.get("question", row.get("text"))
    if not isinstance(text, str) or not text.strip():
        raise BadLine(f"第 {number} 行没有写问题，已跳过。问题写在 question（或者 text）里。")
    return row.get("id", number), text.strip()


def answers(lines: Iterable[str], known: Shelf, *, on: date, bad: list[str]) -> Iterator[dict[str, Any]]:
    """The answer to each line; what is wrong with a line goes to `bad`, and the rest goes on."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            key, question = asked_of(line, number)
        except BadLine as error:
            bad.append(str(error))
            continue
        yield as_data(key, answer(question, known, on=on), on=on)


def as_data(key: Any, asked: Asked, *, on: date) -> dict[str, Any]:
    """An answer as it is written out."""
    return {
        "id": key,
        "question": asked.question,
        "answered": asked.is_answered,
        "why": asked.why,
        "answer": _paper(asked.answer) if asked.answer else None,
        "ranked": [
            {
                "id": r.paper.number, "title": r.paper.title, "score": r.score, "words": list(r.words),
                "valid": r.is_valid, "validity": r.paper.validity() + ("" if r.is_valid else _not_in_force(r.paper, on)),
            }
            for r in asked.ranked
        ],
    }  # fmt: skip


def _not_in_force(paper: Paper, on: date) -> str:
    return "（尚未生效）" if paper.valid_from > on else "（已过期）"


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.number, "title": paper.title, "text": paper.answer, "owner": paper.owner, "owner_name": paper.owner_name,
        "basis": paper.basis, "basis_confirmed": paper.is_basis_confirmed,
        "valid_from": paper.valid_from.isoformat(), "valid_to": paper.valid_to.isoformat() if paper.valid_to else None,
    }  # fmt: skip
