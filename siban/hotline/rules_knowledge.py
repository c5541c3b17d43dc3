"""Law of the knowledge base, pure: how long an article holds, when it is looked at again, what an article must say."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

B53 = "国办发〔2020〕53号：知识库共建共享、及时更新"
BEING_WRITTEN = ("draft", "submitted")
CHANNELS = {"portal": "网站", "operator": "话务员", "line": "命令行"}
FIELDS = {
    "title": "标题", "questions": "群众的问法", "answer": "答复", "basis": "依据", "is_basis_confirmed": "依据已经核实",
    "valid_from": "生效日期", "valid_to": "失效日期",
}  # fmt: skip
LEAST_ANSWER, MOST_ANSWER, MOST_QUESTIONS, LONGEST_QUESTION = 10, 4000, 60, 100
LONGEST_CYCLE = 730
REMIND_AGAIN = 7  # days
ALIKE = 0.34


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a version against the one before."""

    label: str
    before: str
    after: str


def period(valid_from: date, valid_to: date | None) -> str:
    """The validity in words."""
    return f"{valid_from:%Y-%m-%d} 起" + (f"，至 {valid_to:%Y-%m-%d}" if valid_to else "长期有效")


def review_by(reviewed: date, cycle: int) -> date:
    """The last day by which an article is looked at again."""
    return reviewed + timedelta(days=cycle)


def is_overdue(review_due: date | None, on: date) -> bool:
    """The review should have been done by now."""
    return review_due is not None and review_due < on


def questions_of(text: str) -> list[str]:
    """One question a line, each once."""
    return list(dict.fromkeys(q for line in text.replace("\x00", "").splitlines() if (q := " ".join(line.split()))))


def faults(said: Mapping[str, Any]) -> list[str]:
    """What an article lacks before it is submitted, each as a sentence."""
    found = []
    if len(str(said["title"]).strip()) < 4:
        found.append("标题太短。请写成群众会问的一句话，至少 4 个字。")
    if not said["questions"]:
        found.append("还没有写群众的问法。请至少写一句，一行一句。")
    if len(str(said["answer"]).strip()) < LEAST_ANSWER:
        found.append(f"答复太短。请写清办什么、找谁、带什么，至少 {LEAST_ANSWER} 个字。")
    if not str(said["basis"]).strip():
        found.append("还没有写依据。请写法规、文件的名称；还没有核实的，不要勾选“依据已经核实”。")
    return found


def limits(questions: Sequence[str], answer: str) -> list[str]:
    """What is too long to be kept, each as a sentence."""
    found = []
    if len(questions) > MOST_QUESTIONS:
        found.append(f"群众的问法写了 {len(questions)} 句，最多 {MOST_QUESTIONS} 句。")
    found += [
        f"第 {n} 句问法有 {len(q)} 个字，最多 {LONGEST_QUESTION} 个字。"
        for n, q in enumerate(questions, 1)
        if len(q) > LONGEST_QUESTION
    ]
    if len(answer) > MOST_ANSWER:
        found.append(f"答复有 {len(answer)} 个字，最多 {MOST_ANSWER} 个字。")
    return found


def shown(value: Any) -> str:
    """A field as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return "长期有效" if value is None else str(value)


def differences(before: Any, after: Any) -> list[Change]:
    """What a version changes."""
    return [
        Change(label, shown(getattr(before, name)), shown(getattr(after, name)))
        for name, label in FIELDS.items()
        if getattr(before, name) != getattr(after, name)
    ]


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts as pieces: (kept | cut | added, words)."""
    pieces: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("kept", before[a:b]))
            continue
        pieces += [(kind, text) for kind, text in (("cut", before[a:b]), ("added", after[c:d])) if text]
    return pieces


def grouped(asked: Iterable[tuple[Any, frozenset[str]]]) -> list[list[Any]]:
    """Questions about one thing together: each joins the first group it shares enough words with."""
    groups: list[tuple[frozenset[str], list[Any]]] = []
    for row, words in asked:
        for n, (mine, rows) in enumerate(groups):
            both, either = len(words & mine), len(words | mine)
            if either and both / either >= ALIKE:
                rows.append(row)
                groups[n] = (mine, rows)
                break
        else:
            groups.append((words, [row]))
    return [rows for _, rows in sorted(groups, key=lambda g: -len(g[1]))]
