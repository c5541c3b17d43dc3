"""What stands on a form, as an official table: sections of labelled cells, lists, what is declared, who signs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..content import ItemContent, Material
from ..elements import FieldSpec
from ..elements import field as field_of
from ..elements.answers import several, ticked
from ..elements.samples import filled
from ..forms import form_fields

LETTERS = Path(__file__).resolve().parent.parent / "reference" / "letters.yaml"
BOXES = 12  # up to so many choices are printed to be ticked; of longer lists the answer is written
LINES = 3  # empty rows of a list
LONG_NAME = 14  # a label of more characters takes a row of its own
SIGNED = frozenset({"signature", "commitment", "consent"})
SIGNING_DAY = "application_date"  # stands beside the signature
SAMPLE_NAME = "演示甲"
SAMPLE_NUMBER = "999999199001010104"
SAID = {  # what a ticked box means, in full
    "truth_commitment": "以上填写的内容和提交的材料真实、合法、有效，如有不实，愿意承担相应的法律责任。",
    "notice_commitment": "已经知晓告知承诺的全部内容，逐项确认并自愿作出承诺。",
    "data_query_consent": "同意办理单位为本次办理查询、核对本人（本单位）的有关信息。",
    "family_check_consent": "全体成年家庭成员同意为本次办理核对家庭的经济状况。",
    "electronic_delivery_consent": "同意以电子方式送达文书和办理结果。",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A choice to be ticked."""

    label: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A labelled place to write in: `value` on a sample, `boxes` where one ticks instead of writing."""

    label: str
    value: str = ""
    boxes: tuple[Box, ...] = ()
    required: bool = False
    wide: bool = False
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A list with a head: rows of a sample, or empty ones to be written in."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the table under one heading."""

    title: str
    lines: tuple[tuple[Cell, ...], ...] = ()  # one wide cell or two narrow ones in each
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form of one item."""

    title: str
    item: str
    org: str
    sample: bool
    sections: tuple[Section, ...]
    says: tuple[Box, ...] = ()
    text: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    signed: tuple[str, ...] = field(default=())
    day: str = ""
    notes: tuple[str, ...] = ()


@cache
def letters() -> dict[str, Any]:
    """How forms without fields of their own are worded, by standard material; `other` for any not named."""
    text = LETTERS.read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return]


def sheet_of(content: ItemContent, material: Material, *, sample: bool, today: date) -> Sheet:
    """The form of a material.

    Args:
        sample: filled in with plainly invented answers that pass every check of the online form.
        today: the day a sample is dated; of no effect on a blank one.
    """
    letter = None if material.form_fields else letters()["letters"].get(material.grain_id, letters()["other"])
    specs = [field_of(e) for e in letter["fields"]] if letter else form_fields(content, [material.id])
    answers = _answers(specs, today) if sample else {}
    written = [s for s in specs if s.type not in SIGNED and s.element != SIGNING_DAY]
    facts = [s for s in written if s.reusable]
    asked = [s for s in written if not s.reusable]
    parts = (("基本情况", facts), ("申请内容", asked)) if facts and asked else (("填写内容", written),)
    signatures = [s for s in specs if s.type == "signature"]
    signs = tuple(s.name for s in signatures) or ("申请人签名（盖章）",)
    if letter:
        signs = (letter["signs"], *([letter["second"]] if "second" in letter else []))
    return Sheet(
        title=material.name,
        item=content.name,
        org=content.dept_name,
        sample=sample,
        sections=tuple(_section(title, group, answers) for title, group in parts if group),
        says=tuple(_declared(s, answers) for s in specs if s.type in ("commitment", "consent")),
        text=tuple(_worded(letter["says"], content)) if letter else (),
        signs=signs,
        signed=tuple(SAMPLE_NAME for _ in signs) if sample else (),
        day=f"{today.year}年{today.month}月{today.day}日" if sample else "",
        notes=tuple(_notes(content, material)),
    )


def _answers(specs: Sequence[FieldSpec], today: date) -> dict[str, Any]:
    known = {"applicant_name": SAMPLE_NAME, "applicant_id_no": SAMPLE_NUMBER, "applicant_id_type": "111"}
    asked = {s.element for s in specs}
    return filled(specs, today=today, known={k: v for k, v in known.items() if k in asked})


def _section(title: str, specs: Iterable[FieldSpec], answers: Mapping[str, Any]) -> Section:
    lines: list[tuple[Cell, ...]] = []
    grids: list[Grid] = []
    waiting: list[Cell] = []
    for spec in specs:
        if spec.type == "table":
            grids.append(_grid(spec, answers))
            continue
        cell = _cell(spec, answers)
        if cell.wide:
            if waiting:
                lines.append(tuple(waiting))
                waiting = []
            lines.append((cell,))
            continue
        waiting.append(cell)
        if len(waiting) == 2:
            lines.append(tuple(waiting))
            waiting = []
    if waiting:
        lines.append(tuple(waiting))
    return Section(title, tuple(lines), tuple(grids))


def _cell(spec: FieldSpec, answers: Mapping[str, Any]) -> Cell:
    given = answers.get(spec.element)
    chosen = set(several(given)) if spec.type == "multi_enum" else {str(given)} if given is not None else set()
    if spec.type == "boolean":
        boxes: tuple[Box, ...] = (
            Box("是", spec.element in answers and ticked(given)),
            Box("否", spec.element in answers and not ticked(given)),
        )
    else:
        short = 0 < len(spec.options) <= BOXES
        boxes = tuple(Box(label, value in chosen) for value, label in spec.options) if short else ()
    many = len(boxes) > 2 or sum(len(b.label) for b in boxes) > 10
    wide = spec.type in ("address", "text", "date_range") or many or len(spec.name) > LONG_NAME
    value = "" if boxes or given is None else spec.label_of(given)
    return Cell(spec.name, value, boxes, spec.required, wide or len(value) > 16, spec.type == "text")


def _grid(spec: FieldSpec, answers: Mapping[str, Any]) -> Grid:
    given = answers.get(spec.element) or ()
    rows = [tuple(c.label_of(row.get(c.element)) for c in spec.columns) for row in given]
    empty = tuple("" for _ in spec.columns)
    return Grid(spec.name, tuple(c.name for c in spec.columns), (*rows, *([empty] * (LINES - len(rows)))))


def _declared(spec: FieldSpec, answers: Mapping[str, Any]) -> Box:
    return Box(SAID.get(spec.element, spec.name), spec.element in answers and ticked(answers[spec.element]))


def _worded(lines: Iterable[str], content: ItemContent) -> Iterable[str]:
    """The sentences of a letter; one that would speak of what the item does not say is left out."""
    promise = content.commitment
    known = {
        "item": content.name, "org": content.dept_name, "content": promise.content if promise else "",
        "liability": promise.legal_liability if promise else "", "supervision": promise.supervision if promise else "",
    }  # fmt: skip
    for line in lines:
        if all(known[name] for name in known if "{" + name + "}" in line):
            yield line.format(**known)


def _notes(content: ItemContent, material: Material) -> Iterable[str]:
    if material.fill_notice:
        yield material.fill_notice
    if material.sign_on_site:
        yield "由本人到现场当面签名。"
    if material.review_points:
        yield f"审查时看：{'；'.join(material.review_points)}。"
    copies = material.original_count or 0
    if copies > 1:
        yield f"一式 {copies} 份。"
    if content.consult_phones:
        yield f"咨询电话：{'、'.join(content.consult_phones)}。"
