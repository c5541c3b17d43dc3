"""The code sets of the drop-downs: what a cell shows for each code, and which code a cell means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .. import labels


@dataclass(frozen=True)
class CodeSet:
    """A code set by the name it has on the sheet of codes.

    Args:
        name: what the set is called.
        words: `{code: what it is called}`.
        also: other words for a code that are understood when read, such as the codes of other provinces' systems.
    """

    name: str
    words: Mapping[Any, str]
    also: Mapping[Any, Any] = field(default_factory=dict)

    @property
    def meant(self) -> dict[Any, Any]:
        """Every spelling that is understood, with its code: the word, the code, the code as a number."""
        found: dict[Any, Any] = {**self.also}
        for code in self.words:
            found[code] = found[str(code)] = code
            if isinstance(code, str) and code.isdigit():
                found[int(code)] = code
        return {**found, **{words: code for code, words in self.words.items()}}

    def shown(self, code: Any) -> Any:
        """The word for a code; a code that is not in the set stands for itself."""
        return self.words.get(code, code)


ITEM_TYPES = {
    "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查",
    "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务",
}  # fmt: skip
"""GB/T 39046—2020 A.1."""

YES_NO = CodeSet(
    "是否", {True: "是", False: "否"},
    {"有": True, "无": False, "√": True, "×": False, "Y": True, "N": False, "y": True, "n": False, "TRUE": True,
     "FALSE": False, "1": True, "0": False},
)  # fmt: skip
TYPES = CodeSet("事项类型", ITEM_TYPES)
SUB_TYPES = CodeSet("事项子类", labels.SUB_TYPES)
MODES = CodeSet("公共服务方式", labels.MODES)
LEVELS = CodeSet(
    "行使层级", labels.LEVELS, {"县级": 4, "旗县级": 4, "乡镇级": 5, "苏木乡镇级": 5, "村级": 6, "嘎查村级": 6}
)
POWER_SOURCES = CodeSet("权力来源", labels.POWER_SOURCES)
NATURES = CodeSet("实施主体性质", labels.NATURES)
OBJECTS = CodeSet(
    "服务对象", labels.OBJECTS,
    {"自然人": "1", "企业法人": "2", "事业法人": "3", "社会组织法人": "4", "其他组织": "6", "个体工商户": "6"},
)  # fmt: skip
GRASSROOTS = CodeSet("基层办理方式", labels.GRASSROOTS)
CASE_TYPES = CodeSet("办件类型", labels.CASE_TYPES, {"1": "instant", "2": "promised", "9": "other", 1: "instant", 2: "promised", 9: "other", "即办": "instant", "承诺": "promised"})  # fmt: skip
UNITS = CodeSet(
    "时限单位", {"workday": "工作日", "natural_day": "自然日"}, {"个工作日": "workday", "个自然日": "natural_day", "日历日": "natural_day"}
)  # fmt: skip
DEPTHS = CodeSet(
    "网办深度", labels.DEPTHS,
    {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "I": 1, "II": 2, "III": 3, "IV": 4, "Ⅰ级": 1, "Ⅱ级": 2, "Ⅲ级": 3, "Ⅳ级": 4},
)  # fmt: skip
STAGES = CodeSet("网上办理环节", labels.STAGES)
NETWORKS = CodeSet("业务系统网络", labels.NETWORKS)
KINDS = CodeSet("原件或者复印件", labels.KINDS)
MEDIA = CodeSet(
    "材料形式",
    labels.MEDIA,
    {"电子化": "electronic", "纸质/电子化": "both", "纸质或电子": "both", "纸质、电子": "both"},
)
SOURCES = CodeSet("材料来源", labels.SOURCES)
NECESSITY = CodeSet(
    "材料必要性", labels.NECESSITY, {"必要": "required", "非必要": "optional", "容缺后补": "deferrable"}
)
WINDOWS = CodeSet("窗口种类", labels.WINDOWS)
DELAYED = CodeSet("延时服务时段", labels.DELAYED)
ILLUSTRATIVE = CodeSet("编码情况", labels.ILLUSTRATIVE)
ADDRESS = CodeSet("地址情况", labels.ADDRESS)
STATUS = CodeSet("版本状态", {"draft": "草稿", "published": "已发布"})
TRUST = CodeSet("可信程度", {"high": "高", "medium": "中", "low": "低", "illustrative": "示例"})
FIELD_TYPES = CodeSet(
    "字段类型",
    {
        "string": "文字", "text": "多行文字", "integer": "整数", "decimal": "小数", "date": "日期", "date_range": "起止日期",
        "boolean": "是否", "enum": "单选", "multi_enum": "多选", "code": "代码", "address": "地址", "phone": "电话",
        "table": "表格", "signature": "签名", "commitment": "承诺", "consent": "同意",
    },
)  # fmt: skip
