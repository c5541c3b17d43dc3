"""The one page of a directive, as a person fills it in: read into a draft, every fault beside its box, nothing lost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from siban.identity.api import Org
from siban.kernel import measures

from . import rules_supervision as rules
from .drafts import MOST_PROBLEMS, DirectiveDraft, ProblemDraft

LONGEST = {"number": 60, "title": 200, "problem": 200}
BLANK_TARGETS = 2
SIGNS = ((">=", "不低于"), ("<=", "不高于"), ("==", "等于"))


@dataclass(slots=True)
class TargetBox:
    """A line for a figure that has to be reached."""

    name: str
    measure: str = ""
    comparison: str = ">="
    value: str = ""
    error: str = ""


@dataclass(slots=True)
class ProblemBox:
    """The boxes of one problem, as typed."""

    number: int
    name: str
    title: str = ""
    finding: str = ""
    requirement: str = ""
    due_on: str = ""
    documents: str = ""
    targets: list[TargetBox] = field(default_factory=list)
    units: set[UUID] = field(default_factory=set)
    read_from: int | None = None
    is_confirmed: bool = True
    errors: dict[str, str] = field(default_factory=lambda: defaultdict(str))

    @property
    def units_summary(self) -> str:
        return f"涉及单位（已选 {len(self.units)} 个）"

    @property
    def is_open(self) -> bool:
        """Units are folded away once some are chosen."""
        return not self.units


@dataclass(slots=True)
class DirectiveForm:
    """All boxes of the page and what is wrong with them."""

    number: str = ""
    title: str = ""
    dated: str = ""
    cadence: list[str] = field(default_factory=list)
    hold_days: str = str(rules.HOLD_DAYS)
    acknowledge_workdays: str = str(rules.ACKNOWLEDGE_WORKDAYS)
    problems: list[ProblemBox] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=lambda: defaultdict(str))

    def faults(self) -> list[tuple[str, str]]:
        """(sentence, anchor) of everything that can't be read."""
        said = [(text, f"#id_{name}") for name, text in self.errors.items() if text]
        for box in self.problems:
            said += [
                (f"第 {box.number} 个问题：{text}", f"#id_{box.name}-{name}")
                for name, text in box.errors.items()
                if text
            ]
            said += [(f"第 {box.number} 个问题：{t.error}", f"#id_{t.name}-value") for t in box.targets if t.error]
        return said


def of_draft(draft: DirectiveDraft, *, more: int = 0) -> DirectiveForm:
    """The boxes of a draft, with so many empty problems behind it."""
    form = DirectiveForm(
        draft.number, draft.title, draft.dated.isoformat() if draft.dated else "", list(draft.cadence), str(draft.hold_days),
        str(draft.acknowledge_workdays),
    )  # fmt: skip
    problems = [*draft.problems, *(ProblemDraft() for _ in range(more if draft.problems else max(more, 1)))]
    form.problems = [_box(n, p) for n, p in enumerate(problems, start=1)]
    return form


def _box(n: int, p: ProblemDraft) -> ProblemBox:
    box = ProblemBox(
        n, f"p{n}", p.title, p.finding, p.requirement, p.due_on.isoformat() if p.due_on else "",
        "\n".join(t.document for t in p.targets if not t.measure), units=set(p.units), read_from=p.read_from,
        is_confirmed=p.is_confirmed,
    )  # fmt: skip
    measured = [t for t in p.targets if t.measure]
    for m, t in enumerate(measured, start=1):
        assert t.value is not None
        measure = measures.REGISTRY.get(t.measure)
        shown = rules.shown(t.value, is_share=measure is None or measure.is_share)
        box.targets.append(TargetBox(f"p{n}-t{m}", label_of(t.measure), t.comparison, shown))
    for m in range(len(measured) + 1, len(measured) + 1 + BLANK_TARGETS):
        box.targets.append(TargetBox(f"p{n}-t{m}"))
    return box


def label_of(slug: str) -> str:
    """How a figure is offered and typed: number, name, and which reading of it."""
    measure = measures.REGISTRY.get(slug)
    if measure is None:
        return slug
    return f"{measure.code} {measure.title}" + (f"（{measure.variant}）" if measure.variant else "")


def offered() -> list[str]:
    """Every figure that can be computed, for the list beside the box."""
    return [label_of(m.slug) for m in sorted(measures.REGISTRY.values(), key=lambda m: m.code) if m.is_computed]


def measure_named(said: str) -> str | None:
    """The slug of what was typed: number and name, number, name or slug; None where unknown or ambiguous."""
    text = " ".join(said.split())
    if text in measures.REGISTRY:
        return text
    known = measures.REGISTRY.values()
    for named in (
        [m for m in known if text in (m.code, label_of(m.slug))],
        [m for m in known if text in (m.title, f"{m.code} {m.title}") and not m.variant_of],
    ):
        counted = [m for m in named if m.is_computed] or named
        if counted:
            return counted[0].slug if len(counted) == 1 else None
    return None


def read(post: Any, *, orgs: Sequence[Org], issuer: UUID | None = None) -> tuple[DirectiveForm, DirectiveDraft]:
    """The boxes as sent, and the draft they make; what can't be read is in the form's errors and left out of the draft."""

    def text(name: str, most: int = 5000) -> str:
        return str(post.get(name, "")).replace("\x00", "").strip()[:most]

    form = DirectiveForm(
        text("number"), text("title"), text("dated"), [k for k in post.getlist("cadence") if k in rules.CADENCES],
        text("hold_days", 10), text("acknowledge_workdays", 10),
    )  # fmt: skip
    for name in ("number", "title"):
        if len(getattr(form, name)) > LONGEST[name]:
            form.errors[name] = f"{'文号' if name == 'number' else '标题'}最多 {LONGEST[name]} 个字，请精简。"
    dated = _day(form.dated, form.errors, "dated", "日期")
    holds = _whole(form.hold_days, form.errors, "hold_days", "连续达标天数", 1, 60)
    within = _whole(form.acknowledge_workdays, form.errors, "acknowledge_workdays", "接收确认期限", 1, 30)
    groups = {
        "departments": {o.pk for o in orgs if o.kind not in ("township", "village") and o.pk != issuer},
        "townships": {o.pk for o in orgs if o.kind == "township"},
    }
    known = {str(o.pk): o.pk for o in orgs}
    problems: list[ProblemDraft] = []
    count = int(post.get("problems", "0")) if str(post.get("problems", "0")).isdecimal() else 0
    for n in range(1, min(count, MOST_PROBLEMS) + 1):
        if post.get(f"p{n}-drop"):
            continue
        box, made = _problem(post, n, len(form.problems) + 1, text, groups, known)
        form.problems.append(box)
        if not made.is_empty:
            problems.append(made)
    draft = DirectiveDraft(
        form.number[:60], form.title[:200], dated, tuple(form.cadence), holds or rules.HOLD_DAYS,
        within or rules.ACKNOWLEDGE_WORKDAYS, tuple(problems),
    )  # fmt: skip
    return form, draft


def _problem(
    post: Any, n: int, place: int, text: Any, groups: Mapping[str, set[UUID]], known: Mapping[str, UUID]
) -> tuple[ProblemBox, ProblemDraft]:
    box = ProblemBox(
        place, f"p{place}", text(f"p{n}-title"), text(f"p{n}-finding", 20000), text(f"p{n}-requirement", 20000),
        text(f"p{n}-due_on", 20), text(f"p{n}-documents"),
    )  # fmt: skip
    if len(box.title) > LONGEST["problem"]:
        box.errors["title"] = f"问题名称最多 {LONGEST['problem']} 个字，详细情况写在“存在的问题”里。"
    origin = text(f"p{n}-from", 3)
    if origin.isascii() and origin.isdecimal():
        box.read_from, box.is_confirmed = int(origin), bool(post.get(f"p{n}-confirmed"))
    due = _day(box.due_on, box.errors, "due_on", "整改期限")
    box.units = {known[u] for u in post.getlist(f"p{n}-units") if u in known}
    for group, members in groups.items():
        if post.get(f"p{n}-all-{group}"):
            box.units |= members
    targets: list[rules.Target] = []
    m = 1
    while f"p{n}-t{m}-measure" in post and m <= 40:
        t = TargetBox(
            f"p{place}-t{m}",
            text(f"p{n}-t{m}-measure", 200),
            text(f"p{n}-t{m}-comparison", 2),
            text(f"p{n}-t{m}-value", 20),
        )
        m += 1
        t.comparison = t.comparison if t.comparison in rules.COMPARISONS else ">="
        box.targets.append(t)
        if not (t.measure or t.value):
            continue
        slug = measure_named(t.measure)
        if slug is None:
            t.error = (
                f"没有叫“{t.measure[:30]}”的指标，请从列表里选择。" if t.measure else "写了目标值，请选择是哪个指标。"
            )
        elif not measures.REGISTRY[slug].is_computed:
            t.error = f"“{measures.REGISTRY[slug].title}”的数据还没有接入，不能绑定任务，请改用报送材料的目标。"
        else:
            try:
                targets.append(
                    rules.Target(slug, t.comparison, rules.amount(t.value, ratio=measures.REGISTRY[slug].is_share))
                )
            except ValueError as why:
                t.error = str(why)
    if len([t for t in box.targets if not t.measure and not t.value]) < BLANK_TARGETS:
        box.targets += [TargetBox(f"p{place}-t{len(box.targets) + 1 + k}") for k in range(BLANK_TARGETS)]
    targets += [rules.Target(document=line.strip()[:100]) for line in box.documents.splitlines() if line.strip()]
    order = list(known.values())
    units = tuple(sorted(box.units, key=order.index))
    made = ProblemDraft(
        box.title[:200], box.finding, box.requirement, due, tuple(targets), units, box.read_from, box.is_confirmed
    )
    return box, made


def _day(said: str, errors: dict[str, str], name: str, label: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        errors[name] = f"{label}“{said[:20]}”应是日历上有的一天，例如 2026-05-19，请检查。"
        return None


def _whole(said: str, errors: dict[str, str], name: str, label: str, least: int, most: int) -> int | None:
    if said.isascii() and said.isdecimal() and least <= int(said) <= most:
        return int(said)
    errors[name] = f"{label}“{said[:10]}”应是 {least} 到 {most} 之间的整数。"
    return None


def with_blank(form: DirectiveForm) -> DirectiveForm:
    """One more empty problem at the end."""
    return replace(form, problems=[*form.problems, _box(len(form.problems) + 1, ProblemDraft())])
