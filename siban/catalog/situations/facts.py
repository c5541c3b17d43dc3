"""What may be known of an applicant: a closed list of facts for the conditions of situations. Pure.

The names stand in the conditions (`age >= 60 && residence == "本旗"`); label and source are what people read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from siban.kernel.conditions import Choice, Domain, Flag, Whole

from .. import wording

OLDEST = 130
RESIDENCES = ("本旗", "本盟市其他旗县", "区内其他盟市", "区外")
ORG_TYPES = ("个人", "企业", "个体工商户", "农民专业合作社", "社会组织", "机关事业单位", "其他单位")
REGISTERED = {  # GB 32100—2015 表 1: registering department and kind
    "91": "企业", "92": "个体工商户", "93": "农民专业合作社", "51": "社会组织", "52": "社会组织", "53": "社会组织",
    "11": "机关事业单位", "12": "机关事业单位", "13": "机关事业单位",
}  # fmt: skip
NUMBER = "身份证号码"
WORD = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be known: its name in conditions, its values, where it comes from."""

    name: str
    domain: Domain
    source: str

    @property
    def label(self) -> str:
        return self.domain.label

    @property
    def values(self) -> str:
        """What it may be, in words."""
        match self.domain:
            case Choice(values=values):
                return "、".join(f"“{v}”" for v in values)
            case Whole(low=low, high=high):
                return f"{low} 至 {high} 的整数"
        return "true（是）或者 false（否）"


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its name; a certificate `ec_marriage` is asked for as `has_marriage`."""
    found = [
        Fact("age", Whole(0, OLDEST, "年龄"), NUMBER),
        Fact("sex", Choice(("男", "女"), "性别"), NUMBER),
        Fact("residence", Choice(RESIDENCES, "户籍或者注册所在地"), "实名信息或者单位登记信息"),
        Fact("is_enterprise", Flag("以单位名义申请"), "申请人"),
        Fact("org_type", Choice(ORG_TYPES, "单位种类"), "统一社会信用代码"),
        *(
            Fact(fact_of(kind), Flag(f"持有有效的“{name}”"), "电子证照库")
            for kind, name in wording.certificate_names().items()
        ),
    ]
    return {fact.name: fact for fact in found}


def fact_of(certificate: str) -> str:
    """`ec_marriage` → `has_marriage`."""
    return "has_" + certificate.removeprefix("ec_")


@cache
def certificates() -> Mapping[str, str]:
    """Certificate type by the name of its fact."""
    return {fact_of(kind): kind for kind in wording.certificate_names()}


def org_type(uscc: str) -> str:
    """What kind of organisation a code was given to."""
    return REGISTERED.get(uscc[:2], "其他单位")


def residence(home: str, here: str) -> str:
    """Where somebody's home lies, seen from the territory of an item; both region codes."""
    for digits, word in ((6, "本旗"), (4, "本盟市其他旗县"), (2, "区内其他盟市")):
        if home[:digits] == here[:digits]:
            return word
    return "区外"
