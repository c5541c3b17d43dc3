"""What stands under a field before anything is typed, and which keyboard a phone shows."""

AUTOCOMPLETE = {
    "applicant_name": "name",
    "mobile_phone": "tel",
    "email": "email",
    "postal_code": "postal-code",
    "residence_address": "street-address",
    "org_name": "organization",
}

BY_ELEMENT = {
    "application_date": "提交当天的日期。",
    "deficiency_promise": "承诺补齐所缺材料的日期。",
    "family_check_consent": "全体成年家庭成员都已同意并签署后再勾选。",
    "economic_industry": "按营业执照填写行业名称或者代码，例如：餐饮业。",
    "vehicle_type": "按行驶证填写，例如：小型轿车。",
    "mail_address": "选择邮寄时填写，写到门牌号。",
    "loan_amount": "单位是万元，不超过当年政策规定的最高额度。",
    "homestead_area": "不超过自治区规定的标准。",
    "border_area": "例如：呼伦贝尔市新巴尔虎右旗。",
    "route_plan": "写明起点、终点和途经路线。",
    "proposed_name": "填写已经自主申报通过的名称。",
}

BY_RULE = {
    "GB 11643 校验位": "身份证上的 18 位号码。",
    "18位校验位": "营业执照上的 18 位代码。",
    "≥50": "不少于 50。",
    "20位": "残疾人证上的 20 位号码。",
    "28位": "不动产权证书上的 28 位号码。",
    "24位": "投资项目在线平台赋予的 24 位代码。",
    "17位": "行驶证上的 17 位代号。",
    "12位": "驾驶证副页上的 12 位编号。",
    "格式校验": "例如：蒙E12345。",
    "^[A-Z]\\d{9}$": "1 个字母加 9 位数字，例如：A150000000。",
    "一般不超过2年": "起止日期，一般不超过 2 年。",
    "不超过2年": "起止日期，不超过 2 年。",
    "二乙以上": "二级乙等以上。",
}


def of(element_id: str, kind: str, rule: str, standard: str, has_choices: bool) -> str:
    """The hint of a field; free text in place of a missing code list says what to write."""
    if said := BY_ELEMENT.get(element_id) or BY_RULE.get(rule):
        return said
    if kind == "address":
        return "写到苏木乡镇（街道）、嘎查（村、社区）和门牌号。"
    if kind == "phone":
        return "11 位手机号码。"
    if kind == "signature":
        return "请本人输入姓名，表示本次签署。"
    if kind == "multi_enum" and not has_choices:
        return "可以填写多项，用顿号“、”隔开。"
    if kind in ("enum", "code") and standard and not has_choices:
        return "按实际情况填写名称。"
    return ""


def inputmode(kind: str, rule: str) -> str:
    if kind == "integer" or rule.startswith("^\\d{"):
        return "numeric"
    return {"decimal": "decimal", "phone": "tel"}.get(kind, "email" if rule == "含@" else "")
