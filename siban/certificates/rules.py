"""Pure law of certificates: periods, standing on a day, what is printed, what is shown to strangers."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

PURPOSE_LIMIT = 200  # GB/T 36906—2018 使用事由 ≤200 字
YEARS = re.compile(r"^(?:一般)?(\d{1,2})年(?!内)")
TIED = re.compile(r"逐年|按|内开工|；|或|、")

HOLDER = (
    "姓名", "名称", "单位名称", "企业名称", "机构名称", "经营者名称", "业户名称", "户主姓名", "持证人", "权利人", "所有人",
    "使用单位", "建设单位", "建设单位（个人）", "用地单位", "开发企业", "纳税人名称", "学校名称", "取水权人", "承运人", "车辆所有人",
)  # fmt: skip
NUMBER = ("证号", "证书编号", "证书编码", "证书号码", "编号", "登记号", "许可证编号", "登记证编号", "代码编号", "优待证号",
          "结婚证字号", "离婚证字号", "执业证书编码")  # fmt: skip
ISSUED = ("发证日期", "签发日期", "发卡日期", "登记日期")
UNTIL = ("有效期", "有效期限", "有效期至")
ISSUER = ("签发机关", "签发机构", "发证机关")

Tone = Literal["green", "amber", "red", "stopped", "grey"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate is worth on a day, in a word, a tone and a sentence."""

    state: str
    label: str
    tone: Tone
    sentence: str

    @property
    def is_valid(self) -> bool:
        return self.state == "valid"


STANDINGS: dict[str, Standing] = {
    "valid": Standing("valid", "有效", "green", "这是一份有效的电子证照，与纸质证照具有同等法律效力。"),
    "not_yet": Standing("not_yet", "尚未生效", "amber", "这份证照还没有到生效日期，现在不能作为有效证照使用。"),
    "suspended": Standing("suspended", "暂扣", "stopped", "这份证照处于暂扣期间，现在不能使用。"),
    "disputed": Standing(
        "disputed", "异议核实中", "amber", "持证人对证照内容提出了异议，发证机关正在核实，核实前请不要使用。"
    ),
    "expired": Standing("expired", "已过期", "red", "这份证照的有效期已经届满，不能再作为有效证照使用。"),
    "withdrawn": Standing("withdrawn", "已撤回", "red", "发证机关已经依法撤回这份证照，不能再使用。"),
    "revoked": Standing("revoked", "已撤销", "red", "发证机关已经依法撤销这份证照，不能再使用。"),
    "cancelled": Standing("cancelled", "已注销", "red", "这份证照已经注销，不能再使用。"),
    "replaced": Standing("replaced", "已更正换发", "grey", "这份证照的内容已经更正，并换发了新版本。请使用新版本。"),
}


def standing(certificate: Any, on: date) -> Standing:
    """The standing on a day; a period that has run out counts even before the register is brought up to date."""
    state = str(certificate.state)
    if state == "cancelled" and certificate.replaced_by_id is not None:
        return STANDINGS["replaced"]
    if state in ("valid", "suspended", "disputed") and certificate.valid_to is not None and on >= certificate.valid_to:
        return STANDINGS["expired"]
    if state == "valid" and on < certificate.valid_from:
        return STANDINGS["not_yet"]
    return STANDINGS[state]


def period_end(validity: str, start: date) -> date | None:
    """The first day a certificate is no longer valid (half-open); None for 长期 and where each certificate says its own.

    Only a plain `5年` is worked out; a validity with conditions (`1年，逐年签注`) is left to the certificate's fields.
    """
    found = YEARS.match(validity.strip())
    if found is None or TIED.search(validity):
        return None
    year = start.year + int(found[1])
    try:
        return start.replace(year=year)
    except ValueError:  # issued on 29 February
        return date(year, 3, 1)


def last_day(valid_to: date | None) -> str:
    """`2031年11月21日`, the last valid day, or 长期."""
    return "长期" if valid_to is None else words(valid_to - timedelta(days=1))


def words(day: date) -> str:
    """`2026年3月2日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def filled(
    fields: Sequence[str],
    given: Mapping[str, str],
    *,
    holder: str,
    issuer: str,
    number: str,
    on: date,
    valid_to: date | None,
) -> dict[str, str]:
    """What is printed on the certificate, in the order of its type: given values first, then what the office knows."""
    known = dict.fromkeys(HOLDER, holder) | dict.fromkeys(NUMBER, number) | dict.fromkeys(ISSUED, words(on))
    known |= dict.fromkeys(UNTIL, f"{words(on)}至{last_day(valid_to)}" if valid_to else "长期") | dict.fromkeys(
        ISSUER, issuer
    )
    return {name: value for name in fields if (value := str(given.get(name) or known.get(name, "")).strip())}


def masked(name: str, *, is_person: bool) -> str:
    """How strangers see the holder: a person's name but for the first character is hidden, an organisation's is public."""
    return name[:1] + "*" * max(len(name) - 1, 1) if is_person else name


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a certificate says, independent of the order of its fields."""
    body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def within_period(certificate: Any, at: datetime) -> str | None:
    """Only a certificate whose period runs can be suspended, resumed or corrected."""
    if certificate.valid_to is not None and _day(at) >= certificate.valid_to:
        return f"证照的有效期到{last_day(certificate.valid_to)}为止，已经届满。请由持证人申请延续或者重新申请。"
    return None


def period_over(certificate: Any, at: datetime) -> str | None:
    """A certificate expires only after its last valid day (行政许可法第七十条第一项)."""
    if certificate.valid_to is None or _day(at) < certificate.valid_to:
        return f"证照的有效期到{last_day(certificate.valid_to)}，尚未届满。"
    return None


def _day(at: datetime) -> date:
    """The legal day in Asia/Shanghai, without the framework's settings."""
    return at.astimezone(_SHANGHAI).date()


_SHANGHAI = ZoneInfo("Asia/Shanghai")
