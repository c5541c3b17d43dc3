"""The sheets and their columns: every element of an implementation list, in the order officials read it. Pure data."""

from typing import Any

from .. import content as said
from . import codes as c
from .layout import Column, Kind, Sheet, bound_sheet

DAYS = "只填数字。没有期限的不填。"
PLACES = "材料编号，每行一个，例如 m01。"


def _rest() -> Column:
    """What open mappings hold beyond their known entries; hidden."""
    return Column("", "其他（系统用）", kind=Kind.REST, locked=True)


ITEM = (
    Column("name", "事项名称", required=True, note="与基本目录一致，全区统一。", width=36),
    Column("id", "事项标识", locked=True, note="系统内部使用。", width=28),
    Column("basic_code", "基本编码", required=True, ident=True, note="12 位，与基本目录一致。"),
    Column("handling_code", "业务办理项编码", ident=True, note="33 位；没有拆分业务办理项的不填。"),
    Column("code_status", "编码情况", c.ILLUSTRATIVE, locked=True),
    Column("item_type", "事项类型", c.TYPES, required=True),
    Column("item_type_name", "事项类型名称", locked=True),
    Column("sub_type", "事项子类", c.SUB_TYPES),
    Column("public_service_mode", "公共服务方式", c.MODES),
    Column("dept_name", "实施主体", required=True, locked=True, width=30),
    Column("dept_id", "实施主体标识", locked=True),
    Column("dept_uscc", "实施主体统一社会信用代码", locked=True, ident=True, width=24),
    Column("dept_nature", "实施主体性质", c.NATURES),
    Column("entrust_dept", "委托部门", note="实施主体是受委托组织的必填。"),
    Column("guidance_dept_id", "业务指导部门标识"),
    Column("base_item_id", "上级事项标识", locked=True),
    Column("grassroots_mode", "基层办理方式", c.GRASSROOTS),
    Column("exercise_level", "行使层级", c.LEVELS, required=True),
    Column("levels", "可以行使的层级", c.LEVELS, note="每行一个。"),
    Column("power_source", "权力来源", c.POWER_SOURCES),
    Column("joint_depts", "联办部门标识", note="每行一个。"),
    Column("service_objects", "服务对象", c.OBJECTS, note="每行一个。"),
    Column("natural_topics", "个人办事主题", note="每行一个。"),
    Column("legal_topics", "法人办事主题", note="每行一个。"),
    Column("case_type", "办件类型", c.CASE_TYPES, required=True),
    Column("legal_limit.value", "法定时限", note=DAYS),
    Column("legal_limit.unit", "法定时限单位", c.UNITS),
    Column("legal_limit.note", "法定时限说明", note="没有法定期限的写“无法定期限”。"),
    Column("legal_limit.basis", "法定时限依据", width=30),
    Column("promised_limit.value", "承诺时限", note="当场办结填 0；不能超过法定时限。"),
    Column("promised_limit.unit", "承诺时限单位", c.UNITS),
    Column("promised_limit.note", "承诺时限说明"),
    Column("promised_limit.basis", "承诺时限依据"),
    Column("accept_conditions", "受理条件", note="每行一条。", width=44),
    Column("quantity_limit", "数量限制"),
    Column("online.is_online", "是否网上办理"),
    Column("online.online_depth", "网办深度", c.DEPTHS),
    Column("online.online_stage_codes", "网上办理环节", c.STAGES, note="每行一个。"),
    Column("online.onsite_visits", "到现场次数", note="只填数字，不用到现场填 0。"),
    Column("online.onsite_reason", "必须现场办理原因", note="到现场次数大于 0 的必填。", width=30),
    Column("online.is_mobile", "是否支持掌上办"),
    Column("online.mobile_url", "掌上办地址", width=24),
    Column("online.portal_url", "政务服务网地址", width=24),
    Column("online.via_dept_system", "是否使用部门业务系统"),
    Column("online.dept_system_name", "部门业务系统名称"),
    Column("online.dept_system_url", "部门业务系统地址"),
    Column("online.system_network", "业务系统所在网络", c.NETWORKS),
    Column("online.build_mode", "系统建设方式", note="国垂、省垂、自建或者无。"),
    Column("online.is_sso", "是否对接单点登录"),
    Column("online.is_appointment", "是否支持预约办理"),
    Column("online.is_online_payment", "是否支持网上支付"),
    Column("online.is_express", "是否支持物流快递"),
    Column("online.mail_material", "材料是否可以邮寄"),
    Column("online.mail_result", "结果是否可以邮寄"),
    Column("online.is_self_service", "是否支持自助终端办理"),
    Column("online.is_cert_free", "是否免证办"),
    Column("online.is_cert_reduced", "是否减证办"),
    Column("is_in_hall", "是否进驻政务大厅"),
    Column("cross_region_scope", "通办范围", note="全国、跨省、跨市、跨县、全区或者无。"),
    Column("accept_on_receipt", "是否收件即受理"),
    Column("authorisation_letter.no", "授权书文号"),
    Column("authorisation_letter.file", "授权书文件"),
    Column("is_delayed_service", "是否提供延时服务"),
    Column("delayed_service.kinds", "延时服务时段", c.DELAYED, note="每行一个。", kind=Kind.CODES, empty=()),
    Column("delayed_service.hours", "延时服务时间"),
    Column("delayed_service.content", "延时服务内容"),
    Column("delayed_service.appointment_required", "延时服务是否需要预约", c.YES_NO, kind=Kind.FLAG),
    Column("has_intermediary", "是否有中介服务"),
    Column("has_situations", "是否情形化"),
    Column("situations.root", "情形起始问题编号"),
    Column("situations.common_materials", "各情形共同材料编号", note=PLACES),
    Column("is_deficiency", "是否容缺受理"),
    Column("deficiency.materials", "可以容缺的材料编号", note=PLACES),
    Column("deficiency.days", "容缺补正天数"),
    Column("deficiency.unit", "容缺补正天数单位", c.UNITS),
    Column("deficiency.letter_grain", "容缺承诺书"),
    Column("deficiency.overdue", "容缺逾期处理"),
    Column("is_commitment", "是否告知承诺"),
    Column("commitment.content", "告知承诺内容", width=30),
    Column("commitment.legal_liability", "虚假承诺责任"),
    Column("commitment.supervision", "告知承诺监管措施"),
    Column("commitment.post_check_days", "事后核查天数"),
    Column("commitment.letter_grain", "告知承诺书"),
    Column("charging.is_charging", "是否收费"),
    Column("charging.note", "收费说明"),
    Column("result.type", "结果类型", note="证照、批文、其他或者无。"),
    Column("result.name", "结果名称", width=24),
    Column("result.ecert_type_id", "结果电子证照类型"),
    Column("result.sample_file", "结果样本"),
    Column("office_hours", "办理时间", note="例如：星期一至星期五：08:30-12:00，14:30-17:30（法定节假日除外）", width=36),
    Column("consult_phones", "咨询电话", note="每行一个，带区号。"),
    Column("complain_phones", "监督投诉电话", note="每行一个，带区号。"),
    Column("review_org", "行政复议机关", width=24),
    Column("lawsuit_org", "行政诉讼法院", width=24),
    Column("status", "版本状态", c.STATUS, locked=True),
    Column("version", "版本号", locked=True),
    Column("effective_at", "生效日期", locked=True, kind=Kind.DAY),
    Column("guide_published_at", "指南公布日期", locked=True, kind=Kind.DAY),
    *(
        Column(f"guide_versions.{code}", f"{words}指南版本", locked=True, kind=Kind.NUMBER)
        for code, words in (("pc", "电脑端"), ("mobile", "手机端"), ("window", "窗口"), ("kiosk", "自助机"), ("tv", "电视端"))
    ),
    *(
        Column(f"confidence.{code}", words, c.TRUST, locked=True, kind=Kind.CODE)
        for code, words in (("law", "依据可信程度"), ("limits", "时限可信程度"), ("promised", "承诺可信程度"), ("materials", "材料可信程度"))
    ),
    Column("confidence.verified_by_search", "核对情况", locked=True),
    _rest(),
)  # fmt: skip

MATERIAL = (
    Column("id", "材料编号", required=True, note="同一事项里不重复，例如 m01。", width=10),
    Column("name", "材料名称", required=True, width=36),
    Column("grain_id", "标准材料标识"),
    Column("category", "材料类型", note="证件证书证明、申请表格文书或者其他。"),
    Column("kind", "原件或者复印件", c.KINDS),
    Column("medium", "材料形式", c.MEDIA),
    Column("original_count", "原件份数"),
    Column("copy_count", "复印件份数"),
    Column("source_type", "来源渠道", c.SOURCES),
    Column("issuing_body", "出具单位", note="政府部门核发的必填。"),
    Column("issue_time_req", "出具时间要求"),
    Column("necessity", "材料必要性", c.NECESSITY),
    Column("case_condition", "什么情形下提交", note="符合情形时提交的必填。", width=24),
    Column("paper_spec", "材料规格"),
    Column("copy_requirement", "复印要求"),
    Column("fill_notice", "填报须知", width=24),
    Column("accept_standard", "受理标准", width=30),
    Column("legal_basis", "材料依据", width=24),
    Column("is_form", "是否需要填写的表格"),
    Column("blank_form_file", "空表"),
    Column("sample_form_file", "样表"),
    Column("sign_on_site", "是否本人现场填写"),
    Column("scenario_ids", "所属情形", note="每行一个。"),
    Column("ecert_type_id", "可替代的电子证照"),
    Column("review_points", "审查要点", note="每行一条。", width=36),
)

FIELD = (
    Column("name", "字段名称", required=True, width=24),
    Column("element", "数据元", required=True, note="数据元字典里的标识。", width=24),
    Column("type", "字段类型", c.FIELD_TYPES),
    Column("required", "是否必填"),
)

BASIS = (
    Column("law", "法律法规名称", required=True, width=36),
    Column("article", "条款"),
    Column("gist", "依据内容", width=50),
    Column("confidence", "可信程度", c.TRUST, locked=True),
)

STEP = (
    Column("seq", "环节序号", required=True, width=10),
    Column("name", "环节名称", required=True),
    Column("handler_org", "办理单位", width=24),
    Column("handler_role", "办理岗位"),
    Column("time_limit_value", "环节时限", note=DAYS),
    Column("time_limit_unit", "环节时限单位", c.UNITS),
    Column("standard", "审查标准", width=36),
    Column("result", "环节结果"),
    Column("has_special", "是否有特别程序"),
    Column("special_note", "特别程序说明"),
)

SPECIAL = (
    Column(
        "type",
        "特别程序名称",
        required=True,
        note="现场勘验、听证、检验、检测、检疫、鉴定、专家评审、公示等。",
        width=24,
    ),
    Column("time_limit", "特别程序时限", note=DAYS),
    Column("unit", "特别程序时限单位", c.UNITS),
    Column("legal_basis", "特别程序依据", width=30),
    Column("stop_clock", "是否停止计时"),
)

WINDOW = (
    Column("venue_id", "场所标识"),
    Column("street", "街道"),
    Column("house_no", "门牌"),
    Column("building", "楼"),
    Column("floor", "层"),
    Column("room_no", "房间"),
    Column("window_no", "窗口"),
    Column("windows_type", "窗口种类", c.WINDOWS),
    Column("lat", "纬度"),
    Column("lng", "经度"),
    Column("address_status", "地址情况", c.ADDRESS),
)

QUESTION = (
    Column("id", "问题编号", required=True, width=10),
    Column("question", "问题", required=True, width=50),
)

OPTION = (
    Column("id", "选项编号", required=True, width=10),
    Column("label", "选项", required=True, width=36),
    Column("materials", "选项需要的材料编号", note=PLACES),
    Column("next", "下一个问题编号"),
    Column("when", "自动选择的条件", width=30),
    Column("limit_value", "情形承诺时限"),
    Column("limit_unit", "情形承诺时限单位", c.UNITS),
    Column("cost", "情形费用"),
)

LEAF = (
    Column("scenario_id", "情形编号", required=True),
    Column("path", "选择路径", required=True, width=44),
    Column("materials", "情形需要的材料编号", note=PLACES),
)

CHARGE = (
    Column("name", "收费项目", required=True, width=30),
    Column("standard", "收费标准", width=30),
    Column("legal_basis", "收费依据", width=30),
    Column("reducible", "是否可以减免"),
)

INTERMEDIARY = (
    Column("name", "中介服务名称", required=True, width=30),
    Column("legal_basis", "中介服务依据", width=36),
    Column("provider_selectable", "是否可以自选机构"),
)

HANDLING = (
    Column("code", "业务办理项编码（33位）", required=True, width=38),
    Column("name", "业务办理项名称", required=True, width=40),
    Column("scenario_id", "业务办理项情形编号"),
    Column("materials", "业务办理项材料编号", note=PLACES),
)

FAQ = (
    Column("question", "常见问题", required=True, width=44),
    Column("answer", "解答", required=True, width=60),
)

POWER = (
    Column("id", "权责清单条目", required=True, width=24),
    Column("url", "权责清单地址", width=40),
)

ITEMS = bound_sheet(Sheet("事项", "", ITEM, key="impl_code"), said.ItemContent)
MATERIALS = bound_sheet(Sheet("材料", "materials", MATERIAL, key="id"), said.Material)
FIELDS = bound_sheet(Sheet("表单字段", "form_fields", FIELD, parent="材料", parent_title="材料编号"), said.FormField)
QUESTIONS = bound_sheet(Sheet("情形问题", "situations.questions", QUESTION, key="id"), said.Question)
OPTIONS = bound_sheet(
    Sheet("情形选项", "options", OPTION, parent="情形问题", parent_title="问题编号", key="id"), said.Option
)
SHEETS: tuple[Sheet, ...] = (
    ITEMS,
    bound_sheet(Sheet("设定依据", "legal_basis", BASIS), said.LegalBasis),
    MATERIALS,
    FIELDS,
    bound_sheet(Sheet("环节", "process_steps", STEP, key="seq"), said.ProcessStep),
    bound_sheet(Sheet("特别程序", "special_procedures", SPECIAL), said.SpecialProcedure),
    bound_sheet(Sheet("窗口", "windows", WINDOW), said.Window),
    QUESTIONS,
    OPTIONS,
    bound_sheet(Sheet("情形组合", "situations.leaves", LEAF, key="scenario_id"), said.Leaf),
    bound_sheet(Sheet("业务办理项", "handling_items", HANDLING, key="code"), said.HandlingItem),
    bound_sheet(Sheet("收费", "charging.items", CHARGE), said.Charge),
    bound_sheet(Sheet("中介服务", "intermediaries", INTERMEDIARY), said.Intermediary),
    bound_sheet(Sheet("常见问题", "faqs", FAQ), said.Faq),
    bound_sheet(Sheet("权责清单", "power_list", POWER, key="id"), said.PowerLink),
)
BY_NAME: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
CODES_SHEET, NOTES_SHEET = "代码", "说明"
OPEN = ("authorisation_letter", "delayed_service", "guide_versions", "confidence")  # open mappings of the content


def known_entries(holder: str) -> frozenset[str]:
    """The entries of an open mapping that have a column."""
    return frozenset(column.steps[1] for column in ITEMS.columns if column.steps[0] == holder)


KNOWN: dict[str, Any] = {holder: known_entries(holder) for holder in OPEN}
