"""A field of an application form: what it asks and, for any answer, the sentence that says what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import answers, hints
from .dictionary import Element, code_lists, element
from .judging import judge

GIVEN_NOW = answers.GIVEN_NOW
LONGEST = {"string": 200, "text": 2000, "address": 200, "phone": 11, "enum": 100, "code": 100, "signature": 50}
WORDED = re.compile("承诺|声明|签名|签字|签章|盖章|同意|授权|保证")
RADIOS = 4  # up to so many choices are shown side by side


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field; the same element in several forms of one application is one field.

    `options` are (value, label); empty for free text. `columns` are the fields of one row of a table, whose answer is
    a list of `{element: value}`. A period is `{"from": day, "to": day}`, several choices are a list, days are ISO
    text, a signature is the signer's name (or `GIVEN_NOW`), consent and commitment are True.
    """

    element: str
    name: str
    type: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    reusable: bool = False
    sensitive: bool = False
    hint: str = ""
    inputmode: str = ""
    autocomplete: str = ""
    max_length: int | None = None
    columns: "tuple[FieldSpec, ...]" = ()
    rule: str = ""
    is_promise: bool = False

    @property
    def control(self) -> str:
        """Which control of the form markup asks for it."""
        match self.type:
            case "text":
                return "textarea"
            case "date":
                return "day"
            case "boolean" | "commitment" | "consent":
                return "checkbox"
            case "date_range" | "table":
                return self.type
            case "multi_enum":
                return "checkboxes" if self.options else "text"
            case "enum" | "code" if self.options:
                return "radios" if len(self.options) <= RADIOS else "select"
        return "text"

    @property
    def is_given_now(self) -> bool:
        """Signatures, commitments and consents hold for this application alone and are never prefilled.

        By the kind of the element first; a field that an item words as one is one as well.
        """
        return self.is_promise or self.type in answers.GIVEN or WORDED.search(self.name) is not None

    def label_of(self, value: Any) -> str:
        """An answer in words, for review pages and papers."""
        return answers.in_words(self, value)

    def check(self, value: Any, *, values: Mapping[str, Any], today: date) -> str | None:
        """The sentence that says what is wrong with this answer and what to do, or None.

        Args:
            value: the answer as the form keeps it.
            values: all answers, for rules that look at another field.
            today: the legal day of the application.
        """
        return judge(self, value, values=values, today=today)


COLUMNS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    # table element: (column, name, type, rule, standard of its codes)
    "family_members": (
        ("name", "姓名", "string", "^.{2,50}$", ""),
        ("relation", "与申请人关系", "code", "非空", "GB/T 4761"),
        ("id_number", "公民身份号码", "string", "GB 11643 校验位", ""),
        ("income", "年收入（元）", "decimal", "≥0", ""),
    ),
    "shareholders": (
        ("name", "股东（投资人）姓名或者名称", "string", "≤100字", ""),
        ("id_number", "证件号码", "string", "证件校验", ""),
        ("amount", "认缴出资额（万元）", "decimal", ">0", ""),
        ("share", "出资比例（%）", "decimal", ">0", ""),
    ),
    "directors_supervisors": (
        ("name", "姓名", "string", "^.{2,50}$", ""),
        ("id_number", "公民身份号码", "string", "GB 11643 校验位", ""),
        ("post", "职务", "string", "≤30字", ""),
    ),
    "vehicle_list": (
        ("plate", "号牌号码", "string", "格式校验", ""),
        ("model", "车型", "string", "≤50字", ""),
        ("grade", "技术等级", "string", "≤20字", ""),
    ),
    "driver_list": (
        ("name", "姓名", "string", "^.{2,50}$", ""),
        ("certificate", "从业资格证号", "string", "≤40字", ""),
    ),
    "performers": (
        ("name", "演员（团体）名称", "string", "≤100字", ""),
        ("id_number", "证件号码", "string", "证件校验", ""),
    ),
    "tax_item": (("item", "项目", "string", "≤100字", ""), ("amount", "金额（元）", "decimal", ">0", "")),
    "military_service": (
        ("joined_on", "入伍时间", "date", "不晚于当日", ""),
        ("left_on", "退役时间", "date", "不晚于当日", ""),
        ("unit", "部队", "string", "≤100字", ""),
    ),
}


def options_of(known: Element) -> tuple[tuple[str, str], ...]:
    """The choices of an element; none where its standard has no list here, so that it is answered in free text."""
    if known.options:
        return tuple((label, label) for label in known.options)
    return code_lists().get(known.code_set, ()) if known.type in ("code", "enum", "multi_enum") else ()


def longest(kind: str, rule: str) -> int | None:
    """The most characters an answer may have."""
    if said := re.fullmatch(r"≤(\d+)字", rule):
        return int(said[1])
    if said := re.fullmatch(r"\^.*\{(?:\d+,)?(\d+)\}\$", rule):
        return int(said[1]) if rule.startswith(("^.{", r"^\d{")) else None
    if said := re.fullmatch(r"(\d+)位(校验位)?", rule):
        return int(said[1])
    return LONGEST.get(kind)


def field(element_id: str, *, name: str = "", required: bool = False) -> FieldSpec:
    """The field of an element. Raises KeyError for an element the dictionary does not know."""
    known = element(element_id)
    kind = "date" if element_id == "deficiency_promise" else known.type  # 容缺补正承诺 states the day of mending
    choices = options_of(known)
    return FieldSpec(
        element=element_id,
        name=name or known.name,
        type=kind,
        required=required,
        options=choices,
        reusable=known.reusable and known.type not in answers.GIVEN,
        sensitive=known.sensitive,
        hint=hints.of(element_id, kind, known.validation, known.code_set, bool(choices)),
        inputmode=hints.inputmode(kind, known.validation),
        autocomplete=hints.AUTOCOMPLETE.get(element_id, "off"),
        max_length=longest(kind, known.validation),
        columns=tuple(_column(*said) for said in COLUMNS[element_id]) if kind == "table" else (),
        rule=known.validation,
        is_promise=known.type in answers.GIVEN,
    )


def _column(column: str, name: str, kind: str, rule: str, standard: str) -> FieldSpec:
    return FieldSpec(
        element=column,
        name=name,
        type=kind,
        required=True,
        options=code_lists().get(standard, ()),
        hint=hints.of(column, kind, rule, standard, bool(standard)),
        inputmode=hints.inputmode(kind, rule),
        autocomplete="off",
        max_length=longest(kind, rule),
        rule=rule,
    )
