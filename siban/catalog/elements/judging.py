"""What is wrong with an answer, as one sentence: which field, why, what to do. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from siban.kernel.codes import citizen, phone, uscc
from siban.kernel.codes.errors import tidy

from . import answers

if TYPE_CHECKING:
    from .spec import FieldSpec

Values = Mapping[str, Any]
MOST_DIGITS = 15
TWO_YEARS_DAYS = 731
PLATE = re.compile(r"[\u4e00-\u9fa5][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳]")  # GA 36—2018
VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")  # GB 16735—2019: without I, O, Q
CITIZEN_CARD = "111"  # GA/T 2000.156


def judge(spec: "FieldSpec", value: Any, *, values: Values, today: date) -> str | None:
    """The sentence against an answer, or None. See `FieldSpec.check`."""
    named = f"“{spec.name}”"
    if spec.type in answers.GIVEN:
        return _given(spec, named, value, values)
    if answers.empty(value) or (spec.type == "boolean" and value is False and not spec.required):
        return _missing(spec, named, values)
    if spec.type == "table":
        return _table(spec, named, value, values, today)
    if spec.type == "multi_enum":
        return _several(spec, named, value)
    if isinstance(value, (list, tuple, Mapping)) and spec.type != "date_range":
        return f"{named}只能填写一项，请重新填写。"
    return KINDS[spec.type](spec, named, value, values, today)


def _missing(spec: "FieldSpec", named: str, values: Values) -> str | None:
    by_mail = spec.rule == "邮寄时必填" and values.get("delivery_way") == "邮寄"
    if not spec.required and not by_mail:
        return None
    if by_mail:
        return f"您选择了邮寄，{named}没有填写，请填写能收到邮件的详细地址。"
    if spec.options or spec.type == "boolean":
        return f"{named}没有选择，请选择一项。"
    if spec.type == "table":
        return f"{named}还没有内容，请至少填写一行。"
    return f"{named}没有填写，请填写。"


def _given(spec: "FieldSpec", named: str, value: Any, values: Values) -> str | None:
    if spec.type == "signature":
        signer = str(value or "").strip() if not isinstance(value, (list, tuple, Mapping)) else ""
        if not signer:
            return f"{named}还没有签，请本人核对申请内容后签名。" if spec.required else None
        if signer == answers.GIVEN_NOW:
            return None
        if not 2 <= len(signer) <= 50:
            return f"{named}应为签名人的姓名（2 至 50 个字），请重新签名。"
        expected = {"applicant_signature": "applicant_name", "guardian_signature": "guardian_name"}.get(
            spec.element, ""
        )
        whole = str(values.get(expected) or values.get("org_name") or "").strip()
        if expected in values and whole and signer not in {whole, str(values.get("legal_rep_name") or whole).strip()}:
            return f"{named}“{signer}”与填写的姓名“{whole}”不一致，请由本人签名。"
        return None
    if answers.ticked(value):
        return None
    return f"请阅读并勾选{named}，勾选后才能提交。" if spec.required else None


def _text(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    text = str(value).strip()
    if spec.max_length and len(text) > spec.max_length and spec.rule not in EXACT:
        return f"{named}最多 {spec.max_length} 个字，现有 {len(text)} 个字，请删减。"
    if spec.type == "address" and len(text) < 4:
        return f"{named}太短，请写到苏木乡镇（街道）、嘎查（村、社区）和门牌号。"
    if spec.rule in EXACT:
        return EXACT[spec.rule](spec, named, text, values)
    if spec.rule.startswith("^") and not re.fullmatch(spec.rule, tidy(text) if spec.rule[1] != "." else text):
        return f"{named}“{_seen(spec, text)}”格式不对，{PATTERNS.get(spec.rule, '请核对后重新填写')}。"
    return None


def _seen(spec: "FieldSpec", text: str) -> str:
    return citizen.masked(text) if spec.sensitive else text


def _citizen(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
    if spec.element == "applicant_id_no" and str(values.get("applicant_id_type") or CITIZEN_CARD) != CITIZEN_CARD:
        return _document(named, text)
    wrong = citizen.check(text)
    return f"{named}填写有误：{wrong}" if wrong else None


def _document(named: str, text: str) -> str | None:
    if re.fullmatch(r"[0-9A-Z()（）\-]{5,30}", tidy(text)):
        return None
    return f"{named}应为 5 至 30 位字母和数字，请对照证件原件重新填写。"


def _any_document(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
    if len(tidy(text)) != 18:
        return _document(named, text)
    wrong = citizen.check(text)
    if wrong and uscc.check(text) is None:
        return None
    return f"{named}填写有误：{wrong}" if wrong else None


def _uscc(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
    wrong = uscc.check(text)
    return f"{named}填写有误：{wrong}" if wrong else None


def _email(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
    if re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", tidy(text)):
        return None
    return f"{named}“{text}”不是完整的邮箱地址，请按“名称@邮箱网站”的样子填写。"


def _length(count: int) -> "Callable[[FieldSpec, str, str, Values], str | None]":
    def exact(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
        code = tidy(text).replace("-", "") if count != 24 else tidy(text)
        if len(code) != count or not re.fullmatch(r"[0-9A-Z\-]+", code):
            return f"{named}应为 {count} 位字母和数字，现有 {len(code)} 位，请对照证件重新填写。"
        return None

    return exact


def _vin(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
    if VIN.fullmatch(tidy(text)):
        return None
    return f"{named}应为 17 位数字和字母（不含 I、O、Q），请对照行驶证重新填写。"


def _plate(spec: "FieldSpec", named: str, text: str, values: Values) -> str | None:
    if PLATE.fullmatch(tidy(text)):
        return None
    return f"{named}“{text}”不是完整的号牌，请按“蒙E12345”的样子填写。"


EXACT: dict[str, "Callable[[FieldSpec, str, str, Values], str | None]"] = {
    "GB 11643 校验位": _citizen,
    "证件校验": _any_document,
    "18位校验位": _uscc,
    "含@": _email,
    "20位": _length(20),
    "28位": _length(28),
    "24位": _length(24),
    "12位": _length(12),
    "17位": _vin,
    "格式校验": _plate,
}
PATTERNS = {
    "^.{2,50}$": "应为 2 至 50 个字",
    r"^1[3-9]\d{9}$": "应为 11 位手机号码",
    r"^\d{6}$": "应为 6 位数字",
    r"^[A-Z]\d{9}$": "应为 1 个字母加 9 位数字，请对照出生医学证明填写",
    r"^\d{10,25}$": "应为 10 至 25 位数字，请对照银行卡填写",
}


def _phone(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    wrong = phone.check(value)
    return f"{named}填写有误：{wrong}" if wrong else None


def _choice(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    chosen = str(value).strip()
    if spec.options and chosen not in dict(spec.options):
        return f"{named}没有“{chosen}”这一项，请在列出的选项中选择。"
    if not spec.options and spec.max_length and len(chosen) > spec.max_length:
        return f"{named}最多 {spec.max_length} 个字，请删减。"
    if spec.rule == "父或者母之一" and chosen == str(values.get("ethnic_before") or ""):
        return f"{named}与原民族成份相同，不需要变更，请核对。"
    return None


def _several(spec: "FieldSpec", named: str, value: Any) -> str | None:
    chosen = answers.several(value)
    if not chosen:
        return f"{named}没有选择，请至少选择一项。"
    known = dict(spec.options)
    if known and (strange := [c for c in chosen if c not in known]):
        return f"{named}没有“{'、'.join(strange)}”这一项，请在列出的选项中选择。"
    if any(len(c) > 100 for c in chosen):
        return f"{named}每一项最多 100 个字，请用顿号“、”把各项隔开。"
    return None


def _yes_or_no(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    if answers.ticked(value) or answers.unticked(value):
        return None
    return f"{named}请选择“是”或者“否”。"


def _number(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    found = answers.number(value)
    if found is None:
        return f"{named}“{value}”不是数字，请只填写数字，不要带单位和逗号。"
    if spec.type == "integer" and found != found.to_integral_value():
        return f"{named}应为整数，请去掉小数。"
    if len(found.as_tuple().digits) > MOST_DIGITS:
        return f"{named}位数过多，请核对后重新填写。"
    least = BOUNDS.get(spec.rule)
    if least is None:
        return None
    bound, inclusive = least
    if found < bound or (found == bound and not inclusive):
        return f"{named}应{'不小于' if inclusive else '大于'} {bound}，请核对后重新填写。"
    return None


BOUNDS: dict[str, tuple[Decimal, bool]] = {
    ">0": (Decimal(0), False),
    "≥0": (Decimal(0), True),
    "≥1": (Decimal(1), True),
    "≥50": (Decimal(50), True),  # 社会团体登记管理条例第十条: 50 individual members
    "不超过政策上限": (Decimal(0), False),  # the yearly ceiling is the reviewer's to check
    "不超过自治区规定": (Decimal(0), False),
}


def _day(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    found = answers.day(value)
    if found is None:
        return f"{named}“{value}”不是存在的日期，请按年、月、日填写。"
    if found.year < 1900 or found.year > 2200:
        return f"{named}的年份 {found.year} 不合常理，请核对后重新填写。"
    if spec.rule in ("不晚于当日", "30日冷静期起算") and found > today:
        return f"{named}不能晚于今天（{today}），请核对后重新填写。"
    if spec.rule == "晚于当日" and found <= today:
        return f"{named}应晚于今天（{today}），已经到期的请先续期。"
    if spec.rule == "等于提交日" and found != today:
        return f"{named}应为提交当天（{today}），请改为今天。"
    if spec.rule == "写明补正日期" and found < today:
        return f"{named}不能早于今天（{today}），请填写补齐材料的日期。"
    if spec.rule in ORDER:
        other, before, words = ORDER[spec.rule]
        limit = answers.day(values.get(other))
        if limit and (found > limit if before == "≤" else found >= limit if before == "<" else found <= limit):
            return f"{named}{words}（{limit}），请核对两个日期。"
    return None


ORDER = {
    "早于退休日期": ("retire_date", "<", "应早于拟退休时间"),
    "晚于开工": ("project_start_date", ">", "应晚于拟开工时间"),
    "不晚于出院": ("discharge_date", "≤", "不能晚于出院日期"),
}


def _period(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    first, last = (answers.day(v) for v in answers.period(value))
    if first is None or last is None:
        return f"{named}请填写完整的开始日期和结束日期。"
    if last < first:
        return f"{named}的结束日期（{last}）早于开始日期（{first}），请核对。"
    if spec.rule == "不超过2年" and (last - first).days >= TWO_YEARS_DAYS:
        return f"{named}不能超过 2 年，请缩短期限。"
    return None


def _table(spec: "FieldSpec", named: str, value: Any, values: Values, today: date) -> str | None:
    if not isinstance(value, (list, tuple)) or not all(isinstance(row, Mapping) for row in value):
        return f"{named}的内容读不出来，请重新逐行填写。"
    rows = [(place, row) for place, row in enumerate(value, start=1) if not answers.empty(row)]
    for place, row in rows:
        for column in spec.columns:
            if wrong := judge(column, row.get(column.element), values=row, today=today):
                return f"{named}第 {place} 行：{wrong}"
    if spec.rule == "出资比例合计100%":
        total = sum((answers.number(row.get("share")) or Decimal(0) for _, row in rows), Decimal(0))
        if total != 100:
            return f"{named}各股东出资比例合计应为 100%，现为 {total.normalize():f}%，请调整。"
    if spec.element == "military_service":
        for place, row in rows:
            joined, left = answers.day(row.get("joined_on")), answers.day(row.get("left_on"))
            if joined and left and left < joined:
                return f"{named}第 {place} 行：退役时间早于入伍时间，请核对。"
    return None


KINDS: dict[str, "Callable[[FieldSpec, str, Any, Values, date], str | None]"] = {
    "string": _text,
    "text": _text,
    "address": _text,
    "phone": _phone,
    "enum": _choice,
    "code": _choice,
    "boolean": _yes_or_no,
    "integer": _number,
    "decimal": _number,
    "date": _day,
    "date_range": _period,
}
