"""A notice in the manner of the rectification notice of 2023, in words of our own, and the directory it speaks of."""

from functools import cache
from pathlib import Path
from uuid import NAMESPACE_DNS, UUID, uuid5

import yaml

import siban.identity
from siban.oversight.reading.units import Directory, directory

REFERENCE = Path(siban.identity.__file__).parent / "reference" / "organisations.yaml"
FIGURES = {
    "即办件比率": "instant_item_ratio", "即办件占比": "instant_item_ratio", "承诺时限压减比例": "promised_time_reduction_ratio",
    "网办占比": "online_available_ratio", "按时办结率": "hotline_on_time_close_rate",
}  # fmt: skip
DEPARTMENTS = (
    "旗委办公室（档案局）", "宣传部", "发改委", "教育局", "工信局", "民委", "公安局", "民政局", "司法局", "财政局", "人社局",
    "自然资源局", "住建局", "交通局", "水利局", "农科局", "文体旅游广电局", "卫健委", "退役军人事务局", "应急局", "市监局",
    "统计局", "林草局", "医保局", "残联", "生态环境局", "气象局", "消防救援大队", "税务局", "联通公司", "移动公司", "电信公司",
    "供电公司", "烟草局",
)  # fmt: skip
LIANGYOU = DEPARTMENTS[2:24]
TOWNSHIPS = (
    "巴彦托海镇", "大雁镇", "伊敏河镇", "红花尔基镇", "辉苏木", "伊敏苏木", "锡尼河东苏木", "锡尼河西苏木", "巴彦嵯岗苏木",
    "巴彦塔拉乡",
)  # fmt: skip
NOTICE = f"""鄂温克旗推进政府职能转变和“放管服”改革
协调小组办公室文件
鄂政转办发〔2023〕9号
关于集中整改政务服务
突出问题的通知
各苏木乡镇人民政府，旗直各有关部门：
近期，旗政府督查室对全旗政务服务工作开展了专项督查，现将有关情况通知如下。
一、存在的问题
（一）“一网通办”指标不达标。部分单位即办件比率仅为 45%，网办占比不高。
涉及部门（34个）：{"、".join(DEPARTMENTS)}
涉及地区：各苏木乡镇
（二）延时服务工作迟滞不前。15个部门没有认领事项。
涉及部门：除联通公司、移动公司、电信公司外的其他31个部门
涉及地区：{"、".join(TOWNSHIPS)}
（三）“两优”专项行动力度不够。
涉及部门：{"、".join(LIANGYOU)}
（四）接诉即办推进力度不够。住建局、热力公司、大雁镇、锡尼河东苏木工单逾期未办结，巴彦嵯岗苏木知识库更新不规范。
（五）向基层延伸存在短板。锡尼河东苏木8个嘎查未挂牌。
涉及地区：10个苏木乡镇
二、整改要求
（一）提升“一网通办”指标。各单位即办件比率达到80%以上，承诺时限压减比例达到93%，5月19日前完成。
（二）加快推进延时服务。请各单位于2023年5月12日下班前将《延时服务事项清单》（附件3）报送旗政务服务局。
（三）加大“两优”力度。5月12日前报送附件4统计表，优化比例不低于60%。
（四）规范接诉即办。12345工单按时办结率不低于90%，即日起立即整改。
（五）补齐基层短板。5月底前完成挂牌。
旗政府督查室将开展日调度、周通报，以上问题务必于5月19日前整改到位。
鄂温克旗政务服务中心（代章）
2023年5月10日
"""


@cache
def book() -> Directory:
    """The organisations of the banner without its bureau and its villages."""
    rows = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["organisations"]
    return directory(
        [
            (unit(o["code"]), o["kind"], (o["name"], o["short_name"], *o["aliases"]))
            for o in rows if o["kind"] != "village" and o["code"] != "gov_service"
        ],
        places=("鄂温克族自治旗", "鄂温克旗", "旗"),
    )  # fmt: skip


def unit(code: str) -> UUID:
    return uuid5(NAMESPACE_DNS, code)


def called(name: str) -> UUID:
    """The one organisation that goes by a name."""
    (found,) = book().find(name)
    return found
