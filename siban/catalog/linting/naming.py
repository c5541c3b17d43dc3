"""What a path is called in the words of the office, for pages and sentences."""

from .paths import Step, parse

NAMES = {
    "name": "事项名称", "basic_code": "基本编码", "impl_code": "实施编码", "handling_code": "业务办理项编码",
    "item_type": "事项类型", "sub_type": "事项子类", "dept_uscc": "统一社会信用代码", "exercise_level": "行使层级",
    "legal_basis": "设定依据", "service_objects": "服务对象", "natural_topics": "个人办事主题",
    "legal_topics": "法人办事主题", "case_type": "办件类型", "legal_limit": "法定时限", "promised_limit": "承诺时限",
    "accept_conditions": "受理条件", "online": "网上办理", "is_in_hall": "进驻大厅", "accept_on_receipt": "收件即受理",
    "authorisation_letter": "部门授权书", "is_delayed_service": "延时服务", "delayed_service": "延时服务",
    "has_intermediary": "中介服务", "intermediaries": "中介服务", "materials": "申请材料", "has_situations": "分情形办理",
    "situations": "情形", "is_deficiency": "容缺受理", "deficiency": "容缺受理", "is_commitment": "告知承诺",
    "commitment": "告知承诺", "process_steps": "办理环节", "special_procedures": "特别程序", "charging": "收费",
    "result": "办理结果", "windows": "办理地点", "office_hours": "办理时间", "consult_phones": "咨询电话",
    "complain_phones": "监督投诉电话", "power_list": "权责清单", "faqs": "常见问题", "status": "状态",
    "guide_published_at": "指南发布时间", "guide_versions": "各端指南版本", "department": "部门",
    "public_service_mode": "公共服务方式", "handling_items": "业务办理项",
}  # fmt: skip
PARTS = {
    "value": "天数", "unit": "单位", "note": "说明", "basis": "依据", "law": "名称", "article": "条款", "gist": "内容",
    "name": "名称", "standard": "标准", "result": "结果", "time_limit_value": "时限", "time_limit_unit": "时限单位",
    "handler_org": "办理单位", "handler_role": "办理岗位", "kind": "原件或者复印件", "medium": "材料形式",
    "original_count": "原件份数", "copy_count": "复印件份数", "source_type": "来源渠道", "issuing_body": "出具单位",
    "necessity": "是否必须", "case_condition": "提交情形", "copy_requirement": "复印要求", "blank_form_file": "空白表",
    "sample_form_file": "示范样表", "ecert_type_id": "电子证照", "is_form": "需要填写", "street": "街道",
    "house_no": "门牌号", "room_no": "房间号", "window_no": "窗口号", "url": "链接", "id": "编号",
    "legal_basis": "设定依据", "items": "收费项目", "is_charging": "是否收费", "type": "类型", "sample_file": "样本",
    "online_depth": "网办深度", "is_online": "是否网办", "onsite_visits": "到现场次数", "onsite_reason": "到现场原因",
    "portal_url": "网办地址", "mobile_url": "掌上办地址", "dept_system_url": "部门系统地址", "build_mode": "系统建设方式",
    "is_online_payment": "网上支付", "is_express": "物流", "mail_material": "材料邮寄", "mail_result": "结果邮寄",
    "is_cert_free": "免证办", "is_mobile": "掌上办", "via_dept_system": "部门系统", "leaves": "情形", "materials": "材料",
    "questions": "问题", "options": "选项", "common_materials": "共同材料", "content": "承诺内容",
    "letter_grain": "承诺书", "supervision": "监管细则", "no": "文号", "code": "编码", "scenario_id": "情形", "file": "文件", "pc": "电脑端", "mobile": "移动端",
    "window": "窗口", "kiosk": "自助机", "tv": "电视端",
}  # fmt: skip


def in_words(path: str) -> str:
    """`materials[id=m02].issuing_body` as 申请材料 m02 的出具单位."""
    first, *rest = parse(path)
    said = NAMES.get(str(first), "其他要素")
    for step in rest:
        said += _part(step)
    return said


def _part(step: Step) -> str:
    if isinstance(step, int):
        return f"第 {step + 1} 条"
    if isinstance(step, tuple):
        return f"第 {step[1]} 步" if step[0] == "seq" else f" {step[1]} "
    return f"的{PARTS[step]}" if step in PARTS else ""
