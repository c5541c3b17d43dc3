"""Pure law of supervision: when a target is met, when a task closes or comes back, what treatment is proposed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

REFERENCE = Path(__file__).parent / "reference" / "supervision.yaml"
SAID: dict[str, Any] = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))
ACKNOWLEDGE_WORKDAYS = int(SAID["acknowledge_workdays"]["value"])
HOLD_DAYS = int(SAID["hold_days"]["value"])
REMIND_BEFORE = tuple(int(n) for n in SAID["remind_before_days"]["value"])
CADENCES = {str(c["key"]): str(c["label"]) for c in SAID["cadences"]}
COMPARISONS = {">=": "达到", "<=": "不超过", "==": "等于"}
TREATMENTS = {"remind": "提醒", "bulletin": "通报", "interview": "约谈", "accountability": "问责"}
MOST_TARGETS = 12


@dataclass(frozen=True, slots=True)
class Target:
    """What a task must reach: a figure, or a document that is handed in."""

    measure: str = ""
    comparison: str = ">="
    value: Decimal | None = None
    document: str = ""

    @property
    def is_measured(self) -> bool:
        return bool(self.measure)

    def as_json(self) -> dict[str, str]:
        if self.measure:
            return {"measure": self.measure, "comparison": self.comparison, "value": str(self.value)}
        return {"document": self.document}


def targets_of(said: Iterable[Mapping[str, str]]) -> tuple[Target, ...]:
    """Targets as they are kept."""
    return tuple(
        Target(t["measure"], t["comparison"], Decimal(t["value"])) if t.get("measure") else Target(document=t["document"])
        for t in said
    )  # fmt: skip


def amount(said: str, *, ratio: bool) -> Decimal:
    """A target as a person writes it: 80%, ８０％, 0.8 for a share; 3 for a count.

    Raises:
        ValueError: with the sentence.
    """
    text = said.strip().translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%")).replace(" ", "")
    percent = text.endswith("%")
    try:
        value = Decimal(text.rstrip("%"))
    except InvalidOperation:
        raise ValueError(f"目标“{said[:20]}”应是数字，例如 80% 或者 3。") from None
    if not value.is_finite() or value < 0:
        raise ValueError(f"目标“{said[:20]}”应是不小于 0 的数字。")
    if percent:
        value /= 100
    elif ratio and value > 1:
        value /= 100  # 80 of a share means 80 %
    if ratio and value > 1:
        raise ValueError(f"目标“{said[:20]}”超过了 100%，比率最多是 100%。")
    if value >= 10**9:
        raise ValueError(f"目标“{said[:20]}”太大，请检查。")
    return value.quantize(Decimal("0.0001")).normalize() if value else Decimal(0)


def shown(value: str | Decimal, *, is_share: bool) -> str:
    """A target as people read it: 80% of a share, 3 of a count."""
    number = Decimal(value)
    return f"{(number * 100).normalize():f}%" if is_share else f"{number.normalize():f}"


def met(value: Decimal | None, target: Target) -> bool | None:
    """Whether a figure reaches its target; None when there is no figure to compare."""
    if value is None or target.value is None:
        return None
    match target.comparison:
        case ">=":
            return value >= target.value
        case "<=":
            return value <= target.value
    return value == target.value


def all_met(found: Sequence[bool | None]) -> bool | None:
    """Whether all targets hold: one that fails decides; without failure, one that is unknown leaves it open."""
    if not found:
        return None
    if False in found:
        return False
    return None if None in found else True


@dataclass(frozen=True, slots=True)
class Watch:
    """How long the targets have held: `base` recorded days before `on`, `held` with it."""

    on: date | None = None
    base: int = 0
    held: int = 0


def watched(before: Watch, day: date, holds: bool | None) -> Watch:
    """The watch after one recorded day. The same day again replaces what was seen of it; an older one changes nothing.

    A day whose figures are unknown neither counts nor breaks the row.
    """
    if before.on is not None and day < before.on:
        return before
    base = before.base if day == before.on else before.held
    if holds is None:
        return Watch(day, base, base)
    return Watch(day, base, base + 1 if holds else 0)


def restarted(before: Watch) -> Watch:
    """After a task came back, days are counted anew."""
    return replace(before, base=0, held=0)


def closes(watch: Watch, hold_days: int) -> bool:
    """Whether the targets have held on as many recorded days one after another as the directive asks."""
    return watch.held >= max(hold_days, 1)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the treatment and what brings its proposal about: either limit is enough."""

    kind: str
    overdue_workdays: int
    returns: int


LADDER = tuple(
    Rung(str(r["kind"]), int(r["overdue_workdays"]), int(r["returns"])) for r in SAID["treatments"]["steps"]
)
if [r.kind for r in LADDER] != list(TREATMENTS):
    raise ValueError("the treatments of supervision.yaml are 提醒、通报、约谈、问责 in this order")


def proposed(*, overdue_workdays: int, returns: int, considered: Iterable[str]) -> Rung | None:
    """The next treatment to propose: one rung at a time, never one that was considered already (处置递进)."""
    done = set(considered)
    above = max((n for n, rung in enumerate(LADDER) if rung.kind in done), default=-1) + 1
    if above >= len(LADDER):
        return None
    rung = LADDER[above]
    return rung if overdue_workdays >= rung.overdue_workdays or returns >= rung.returns else None


def why_proposed(rung: Rung, *, overdue_workdays: int, returns: int) -> str:
    """The reason of a proposal in words, with the limit it passed."""
    said = []
    if overdue_workdays >= rung.overdue_workdays:
        said.append(
            f"逾期 {overdue_workdays} 个工作日（满 {rung.overdue_workdays} 个工作日建议{TREATMENTS[rung.kind]}）"
        )
    if returns >= rung.returns:
        said.append(f"被退回 {returns} 次（满 {rung.returns} 次建议{TREATMENTS[rung.kind]}）")
    return "，".join(said)


VIOLATIONS = {
    "V11.1": "逾期未完成",
    "V11.2": "证据不足或者不实",
    "V11.3": "月报超过20日",
    "V11.4": "未按时确认接收",
    "V11.5": "整改反弹",
}


def violations(
    *, due_on: date, done_on: date | None, acknowledge_by: date | None, acknowledged_on: date | None, returns: int,
    rebounds: int, today: date, is_over: bool = False,
) -> tuple[str, ...]:  # fmt: skip
    """Which of V11.1, V11.2, V11.4 and V11.5 a task shows on a day (`is_over`: withdrawn, only what was is shown)."""
    found = []
    if (done_on or (due_on if is_over else today)) > due_on:
        found.append("V11.1")
    if returns:
        found.append("V11.2")
    if acknowledge_by is not None:
        late = acknowledged_on or (acknowledge_by if is_over or done_on else today)
        if late > acknowledge_by:
            found.append("V11.4")
    if rebounds:
        found.append("V11.5")
    return tuple(found)


def reminder_on(due_on: date, today: date, already: int | None, before: Sequence[int] = REMIND_BEFORE) -> int | None:
    """Which reminder is due today: the days left of the nearest one that was not sent yet; None for nothing."""
    left = (due_on - today).days
    if left < 0:
        return None
    due = min((n for n in before if left <= n), default=None)
    return due if due is not None and (already is None or due < already) else None


def next_due(due_on: date, *, day_of_month: int) -> date:
    """The day on which the report of the following month is due; a short month ends with its last day."""
    first = (due_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day_of_month, last.day))
