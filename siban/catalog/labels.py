"""What the codes of the elements are called (GB/T 39046—2020 annex A and the codes of item_elements)."""

LEVELS = {
    1: "国家级",
    2: "省级",
    3: "市级",
    4: "县级（旗县市区）",
    5: "乡镇级（苏木乡镇街道）",
    6: "村级（嘎查村社区）",
    7: "分级管理",
}
POWER_SOURCES = {1: "法定本级行使", 2: "上级下放", 3: "上级授权", 4: "同级授权", 5: "上级委托", 6: "同级委托"}
NATURES = {"1": "法定机关", "2": "授权组织", "3": "受委托组织", "9": "其他"}
OBJECTS = {
    "1": "个人",
    "2": "企业",
    "3": "事业单位",
    "4": "社会组织",
    "5": "行政机关",
    "6": "其他组织（含个体工商户）",
}
ITEM_TYPES = {
    "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查",
    "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "11": "行政备案", "20": "公共服务",
}  # GB/T 39046—2020 A.1  # fmt: skip
POWER_TYPES = {code: name for code, name in ITEM_TYPES.items() if code != "20"}
ELEMENTS = {
    "name": "事项名称", "basic_code": "基本编码", "item_type": "事项类型", "sub_type": "事项子类", "legal_basis": "设定依据",
    "accept_conditions": "受理条件", "materials": "申请材料", "process_steps": "办理流程", "special_procedures": "特别程序",
    "legal_limit": "法定时限", "result": "办理结果", "has_situations": "是否情形化", "situations": "情形",
}  # the elements that are the same at all levels, see `rules.LOCKED`  # fmt: skip
CASE_TYPES = {"instant": "即办件", "promised": "承诺件", "other": "其他"}
KINDS = {"original": "原件", "copy": "复印件", "both": "原件和复印件"}
MEDIA = {"paper": "纸质", "electronic": "电子", "both": "纸质或者电子"}
SOURCES = {"self": "申请人自备", "gov_issued": "政府部门核发", "other": "其他"}
NECESSITY = {"required": "必须提交", "optional": "符合情形时提交", "deferrable": "可以后补"}
DEPTHS = {1: "网上查指南", 2: "网上预审", 3: "网上核验", 4: "全程网办"}
STAGES = {1: "咨询", 2: "收件", 3: "预审", 4: "受理", 5: "办理", 6: "结果信息反馈", 7: "电子证照反馈", 8: "其他"}
NETWORKS = {
    "gov_extranet": "电子政务外网", "internet": "互联网", "private_line": "业务专网", "classified": "涉密网",
}  # fmt: skip
WINDOWS = {"comprehensive": "综合窗口", "professional": "专业窗口", "assist": "帮办代办窗口"}
DELAYED = {"noon": "午间", "weekend": "周末", "evening": "晚间", "holiday": "节假日"}
SUB_TYPES = {"filing": "行政备案"}
MODES = {"applied": "依申请办理", "proactive": "主动服务"}
GRASSROOTS = {"entrust_or_accept": "委托下放或者受理", "agency": "帮办代办"}
ILLUSTRATIVE = {
    "illustrative": "示例编码，以正式赋码为准",
    "inferred_from_mof_spec": "按公布的规范推算，以正式赋码为准",
}
BUILT = ("国垂", "省垂", "自建", "无")
RESULTS = ("证照", "批文", "其他", "无")
CATEGORIES = ("证件证书证明", "申请表格文书", "其他")
SPECIAL = ("现场勘验", "听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审", "公示", "其他")
UNITS = {"workday": "个工作日", "natural_day": "个自然日"}
CHANNELS = {"pc": "电脑", "mobile": "手机", "window": "窗口", "kiosk": "自助机", "tv": "电视"}
ADDRESS = {"illustrative": "示例地址"}


def yes(value: "bool | None") -> str:
    """是, 否, or nothing where it is not said."""
    return "" if value is None else "是" if value else "否"


def days(value: "int | None", unit: "str | None") -> str:
    """`5 个工作日`; nothing where there is no number."""
    return "" if value is None else f"{value} {UNITS.get(unit or '', '')}".strip()
