"""What differs between two versions, said in sentences: rows are known by what they are, not by their place. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from . import labels
from .chapters import place
from .content import ItemContent, LegalBasis, Material, ProcessStep

Row = TypeVar("Row")
LONG = 60  # characters of a value shown in a sentence; the details show all of it
Told = Iterator[tuple[str, str]]
"""(head of the details the sentence stands for, the sentence)."""


def sentences(before: ItemContent, after: ItemContent) -> list[tuple[str, str]]:
    """What is said differently of the elements people ask for first."""
    return [
        *_materials(before, after),
        *_values(before, after),
        *_steps(before, after),
        *_listed("办理地点、时间和电话", "办理地点", [place(w) for w in before.windows], [place(w) for w in after.windows]),
        *_listed("办理地点、时间和电话", "咨询电话", before.consult_phones, after.consult_phones),
        *_listed("办理地点、时间和电话", "监督投诉电话", before.complain_phones, after.complain_phones),
        *_listed("受理条件", "受理条件", before.accept_conditions, after.accept_conditions),
        *_listed("谁能办", "服务对象", _objects(before), _objects(after), also=("谁能办", "事项信息 · 服务对象")),
        *_laws(before, after),
        *_listed("特别程序", "特别程序", [p.type for p in before.special_procedures], [p.type for p in after.special_procedures]),
        *_listed("中介服务", "中介服务", [i.name for i in before.intermediaries], [i.name for i in after.intermediaries]),
        *_listed("收费", "收费项目", [c.name for c in before.charging.items], [c.name for c in after.charging.items]),
        *_listed("业务办理项", "业务办理项", [h.name for h in before.handling_items], [h.name for h in after.handling_items]),
        *_listed("常见问题", "常见问题", [f.question for f in before.faqs], [f.question for f in after.faqs]),
        *_situations(before, after),
    ]  # fmt: skip


def changed(what: str, old: object, new: object) -> str:
    """`承诺时限由 10 个工作日改为 5 个工作日`; what was empty is filled in, what is gone is taken out."""
    if not old:
        return f"新填写{what}：{_short(new)}"
    if not new:
        return f"去掉了{what}（原为{_short(old)}）"
    return f"{what}由{_spaced(old)}改为{_spaced(new, last=True)}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONG else text[:LONG] + "……"


def _spaced(value: object, *, last: bool = False) -> str:
    """Numbers stand apart from the words around them, words stand in quotation marks."""
    text = _short(value)
    if text[:1].isdigit() and len(text) < 20:
        return f" {text}" if last else f" {text} " if text[-1:].isdigit() else f" {text}"
    return text if text in PLAIN else f"“{text}”"


PLAIN = frozenset({"是", "否", "当场办结", "无法定期限", *labels.CASE_TYPES.values()})


def paired(
    before: Iterable[Row], after: Iterable[Row], *keys: Callable[[Row], Hashable]
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Rows that are the same by the first key that tells, those gone, those new; each row is used once."""
    left, right, pairs = list(before), list(after), []
    for key in keys:
        for new in list(right):
            old = next((o for o in left if key(o) and key(o) == key(new)), None)
            if old is not None:
                pairs.append((old, new))
                left.remove(old)
                right.remove(new)
    return pairs, left, right


def _materials(before: ItemContent, after: ItemContent) -> Told:
    pairs, gone, new = paired(
        before.materials, after.materials, lambda m: (m.id, m.name), lambda m: m.grain_id, lambda m: m.name,
        lambda m: m.id,
    )  # fmt: skip
    if gone:
        yield f"材料“{gone[0].name}”", f"材料少 {len(gone)} 份：{'、'.join(m.name for m in gone)}"
    if new:
        yield f"材料“{new[0].name}”", f"材料多 {len(new)} 份：{'、'.join(m.name for m in new)}"
    for material in (*gone, *new):
        yield f"材料“{material.name}”", ""
    for old, now in pairs:
        for what, was, is_ in _of_material(old, now):
            yield f"材料“{now.name}” · {what}", f"材料“{now.name}”的{changed(what, was, is_)}"
        if old.name != now.name:
            yield f"材料“{now.name}”", f"材料“{old.name}”改称“{now.name}”"
            yield f"材料“{old.name}”", ""


def _of_material(old: Material, new: Material) -> Iterator[tuple[str, str, str]]:
    def said(m: Material) -> dict[str, str]:
        return {
            "原件份数": str(m.original_count or 0), "复印件份数": str(m.copy_count or 0),
            "是否必须": labels.NECESSITY.get(m.necessity, ""), "什么情况下提交": m.case_condition or "",
            "原件或者复印件": labels.KINDS.get(m.kind or "", ""), "材料形式": labels.MEDIA.get(m.medium or "", ""),
            "材料来源": labels.SOURCES.get(m.source_type or "", ""), "出具单位": m.issuing_body or "",
            "受理标准": m.accept_standard or "",
        }  # fmt: skip

    was, now = said(old), said(new)
    for what, value in now.items():
        if was[what] != value:
            yield what, f"{was[what]} 份" if "份数" in what else was[what], f"{value} 份" if "份数" in what else value


def _values(before: ItemContent, after: ItemContent) -> Told:
    """Single values, by their chapter and name in the guide."""
    old, new = _single(before), _single(after)
    for where, value in new.items():
        if old[where] != value:
            yield where, changed(where.rpartition(" · ")[2], old[where], value)


def _single(c: ItemContent) -> dict[str, str]:
    visits = c.online.onsite_visits
    return {
        "事项信息 · 事项名称": c.name,
        "办理时限 · 办件类型": labels.CASE_TYPES.get(c.case_type, c.case_type),
        "办理时限 · 法定时限": c.legal_limit.words,
        "办理时限 · 承诺时限": c.promised_limit.words,
        "网上办理 · 到现场次数": "" if visits is None else f"{visits} 次",
        "网上办理 · 网办深度": labels.DEPTHS.get(c.online.online_depth, ""),
        "收费 · 是否收费": labels.yes(c.charging.is_charging),
        "办理结果 · 结果名称": c.result.name,
        "办理地点、时间和电话 · 办理时间": c.office_hours or "",
        "办理地点、时间和电话 · 进驻政务服务大厅": labels.yes(c.is_in_hall),
        "便民服务 · 通办范围": c.cross_region_scope or "",
        "便民服务 · 缺材料可以先受理": labels.yes(c.is_deficiency),
        "便民服务 · 告知承诺": labels.yes(c.is_commitment),
        "便民服务 · 延时服务": labels.yes(c.is_delayed_service),
        "便民服务 · 免证办": labels.yes(c.online.is_cert_free),
    }


def _steps(before: ItemContent, after: ItemContent) -> Told:
    pairs, gone, new = paired(
        before.process_steps, after.process_steps, lambda s: (s.name, s.handler_role), lambda s: s.name
    )
    for step in new:
        yield _row(step), f"新增环节：{step.name}"
    for step in gone:
        yield _row(step), f"取消环节：{step.name}"
    for old, now in pairs:
        for what, was, is_ in _of_step(old, now):
            yield _row(now), f"环节“{now.name}”的{changed(what, was, is_)}"
        if old.seq != now.seq:  # where steps were added or taken out the others only move up or down
            moved = f"环节“{now.name}”由第 {old.seq} 步改为第 {now.seq} 步"
            yield _row(now), "" if gone or new else moved
            yield _row(old), ""


def _row(step: ProcessStep) -> str:
    return f"办理流程 · {step.seq}. {step.name}"


def _of_step(old: ProcessStep, new: ProcessStep) -> Iterator[tuple[str, str, str]]:
    def said(s: ProcessStep) -> dict[str, str]:
        return {
            "时限": labels.days(s.time_limit_value, s.time_limit_unit), "审查标准": s.standard or "",
            "结果": s.result or "", "办理单位": s.handler_org or "", "办理岗位": s.handler_role or "",
            "特别程序说明": s.special_note or "",
        }  # fmt: skip

    was, now = said(old), said(new)
    for what, value in now.items():
        if was[what] != value:
            yield what, was[what], value


def _listed(
    chapter: str, what: str, before: Iterable[str], after: Iterable[str], *, also: tuple[str, ...] = ()
) -> Told:
    """A list of plain values: what is gone, what is new. `also`: further places of the details the sentence stands for."""
    old, new = list(before), list(after)
    if old == new:
        return
    gone, fresh = [v for v in old if v not in new], [v for v in new if v not in old]
    where = f"{chapter} · {what}" if chapter != what else what
    if len(old) == len(new) == 1:
        yield where, changed(what, old[0], new[0])
    else:
        if gone:
            yield where, f"去掉{what}：{_short('；'.join(gone))}"
        if fresh:
            yield where, f"新增{what}：{_short('；'.join(fresh))}"
        if not gone and not fresh:
            yield where, f"{what}的次序有调整"
    for head in (*also, *(f"{chapter} · {v}" for v in (*gone, *fresh))):
        yield head, ""


def _laws(before: ItemContent, after: ItemContent) -> Told:
    old, new = ({_law(b): b.law for b in c.legal_basis} for c in (before, after))
    gone, fresh = [v for v in old if v not in new], [v for v in new if v not in old]
    yield from _listed("设定依据", "设定依据", old, new)
    for law in (*(old[v] for v in gone), *(new[v] for v in fresh)):
        yield f"设定依据 · {law}", ""


def _situations(before: ItemContent, after: ItemContent) -> Told:
    def questions(c: ItemContent) -> list[str]:
        return [q.question for q in c.situations.questions] if c.situations else []

    def leaves(c: ItemContent) -> dict[str, frozenset[str]]:
        names = {m.id: m.name for m in c.materials}
        said = c.situations.leaves if c.situations else ()
        return {leaf.path: frozenset(names.get(m, m) for m in leaf.materials) for leaf in said}

    where = "情形和材料"
    yield from _listed(where, "情形问题", questions(before), questions(after), also=(f"{where} · 办理前会问您",))
    old, new = leaves(before), leaves(after)
    yield from _listed(where, "情形", old, new)
    for path in [p for p in new if p in old and old[p] != new[p]]:
        less, more = sorted(old[path] - new[path]), sorted(new[path] - old[path])
        said = [f"少 {len(less)} 份：{'、'.join(less)}"] * bool(less) + [
            f"多 {len(more)} 份：{'、'.join(more)}"
        ] * bool(more)
        yield f"{where} · {path}", f"情形“{path}”的材料{'，'.join(said)}"


def _objects(c: ItemContent) -> list[str]:
    return [labels.OBJECTS.get(o, o) for o in c.service_objects]


def _law(basis: LegalBasis) -> str:
    return f"《{basis.law.strip('《》')}》{basis.article}"


def same_materials(before: ItemContent, after: ItemContent) -> dict[str, str]:
    """Which material of a version is which of another: `{number before: number after}`; what has no like is left out."""
    pairs, _, _ = paired(
        before.materials, after.materials, lambda m: (m.id, m.name), lambda m: m.grain_id, lambda m: m.name
    )
    return {old.id: new.id for old, new in pairs}
