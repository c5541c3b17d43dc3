"""The reckoning: what the clients were told against what the database holds."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bench.chaos.ledger import Ledger

AT_MOST_ONCE = (
    "create",
    "submit",
    "request_correction",
    "resubmit",
    "start_review",
    "propose",
    "reject",
    "issue",
    "deliver",
    "close",
)


@dataclass
class Found:
    """Faults by kind; none is the only good answer."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


def wait_for_outbox(patience: float = 180) -> int:
    """Rows still to be heard after the worker had its time."""
    from django.db import connection

    from siban.kernel.models import OutboxRow

    until, left = time.monotonic() + patience, -1
    while time.monotonic() < until:
        connection.close()
        left = OutboxRow.objects.count()
        if not left:
            return 0
        time.sleep(0.5)
    return left


def audit(ledger: Ledger, client_id: UUID) -> Found:
    """Everything that must hold."""
    found = Found()
    if left := wait_for_outbox():
        found.wrong.append(f"还有 {left} 条没有分发的通知")
    journal = _journal()
    found.wrong += [f"日志：{line}" for line in _verify()]
    found.wrong += list(_walked(journal))
    found.wrong += list(_series())
    _against(ledger, journal, client_id, found)
    found.doubled += list(_effects())
    return found


def _journal() -> dict[str, list[tuple[str, str, str]]]:
    """Moves of every case in their order: (move, source, target)."""
    from siban.kernel.models import JournalEntry

    rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    said = JournalEntry.objects.filter(subject_type="cases.Case").order_by("subject_id", "seq")
    for pk, move, source, target in said.values_list("subject_id", "move", "source", "target").iterator():
        rows[pk].append((move, source, target))
    return rows


def _verify() -> Iterator[str]:
    from siban.kernel import journal

    for broken in journal.verify():
        yield f"{broken.subject} {broken.why}"


def _walked(journal: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    """Every case walked through the table: each step legal, the last one where the case stands."""
    from siban.cases.flow import CASE_FLOW
    from siban.cases.models import Case

    for pk, number, state in Case.objects.values_list("pk", "number", "state").iterator():
        here, name = "", number or str(pk)
        for move, source, target in journal.get(str(pk), ()):
            if move == "create":
                here = target
            elif move in CASE_FLOW.moves:
                legal = CASE_FLOW.moves[move]
                if source != here or source not in legal.sources or target != legal.leads(source):
                    yield f"{name}：{move} 从 {source} 到 {target}，之前是 {here}"
                here = target
        if state not in CASE_FLOW.states.values or state != here:
            yield f"{name}：现在是 {state}，日志走到 {here or '（没有日志）'}"


def _series() -> Iterator[str]:
    """Paper numbers unique and without gaps in kind × issuer × year; nothing numbered beyond what was issued."""
    from django.db.models import Count, Max, Min

    from siban.kernel.models import Paper, PaperSeries

    kept = {
        row["series"]: row
        for row in Paper.objects.values("series")
        .annotate(n=Count("id"), top=Max("serial"), low=Min("serial"))
        .order_by("series")
    }
    for series in PaperSeries.objects.order_by("pk"):
        row = kept.get(series.pk, {"n": 0, "top": 0, "low": 1})
        if not row["n"] == row["top"] == series.last or (row["n"] and row["low"] != 1):
            yield f"文书编号 {series}：{row['n']} 份，最大 {row['top']}，记到 {series.last}"
    twice = Paper.objects.values("number").annotate(n=Count("id")).filter(n__gt=1).order_by("number")
    yield from (f"文书编号 {row['number']} 有 {row['n']} 份" for row in twice)


def _against(ledger: Ledger, journal: dict[str, list[tuple[str, str, str]]], client_id: UUID, found: Found) -> None:
    from siban.cases.models import Case

    cases: dict[str, str] = {n: str(pk) for pk, n in Case.objects.exclude(number=None).values_list("pk", "number")}
    numbers: dict[str, set[str]] = defaultdict(set)
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in ledger.rows:
        pk = row["case"] if row["act"] == "create" else cases.get(row["number"])
        if pk is None or pk not in journal:
            found.lost.append(f"{row['act']} {row.get('number', row.get('case'))}：办件不存在")
            continue
        if "key" in row:
            numbers[row["key"]].add(row["number"])
        if row["act"] != "repeated":
            wanted[pk][row["act"]] += 1
    for pk, acts in wanted.items():
        made = Counter(move for move, _, _ in journal[pk])
        for act, times in acts.items():
            if made[act] < min(times, 1) or (act == "accept" and made[act] < 1):
                found.lost.append(f"{act}：{pk}")
    for pk in wanted:
        made = Counter(move for move, _, _ in journal[pk])
        found.doubled += [f"{act} × {made[act]}：{pk}" for act in AT_MOST_ONCE if made[act] > 1]
    tokens = {str(t): n for t, n in Case.objects.exclude(token=None).values_list("token", "number")}
    for key, said in numbers.items():
        if len(said) > 1:
            found.doubled.append(f"幂等键 {key} 得到 {len(said)} 个编号")
        if tokens.get(str(uuid5(NAMESPACE_URL, f"{client_id}:{key}"))) not in said:
            found.lost.append(f"幂等键 {key} 的办件不是 {said}")


def _effects() -> Iterator[str]:
    """What follows a step by itself happened once: one receipt a case, one paper of a kind, one message a recipient."""
    from django.db.models import Count

    from siban.cases.models import Case
    from siban.exchange.models import Message
    from siban.kernel.models import Paper

    once = ("receipt", "acceptance", "correction", "approval", "rejection", "delivery")
    papers: Any = Paper.objects.filter(kind__in=once, subject_type="cases.Case")
    for row in papers.values("subject_id", "kind").annotate(n=Count("id")).filter(n__gt=1).order_by("subject_id"):
        yield f"办件 {row['subject_id']} 有 {row['n']} 份 {row['kind']}"
    got = set(papers.filter(kind="receipt").values_list("subject_id", flat=True))
    handed = Case.objects.exclude(submitted_at=None).values_list("pk", flat=True)
    yield from (f"办件 {pk} 没有收件凭证" for pk in handed if str(pk) not in got)
    told = Message.objects.values("subject_id", "kind", "person", "account", "role", "org").annotate(n=Count("id"))
    for row in told.filter(n__gt=1, subject_type="cases.Case").order_by("subject_id"):
        yield f"办件 {row['subject_id']} 的 {row['kind']} 告知了 {row['n']} 次"
