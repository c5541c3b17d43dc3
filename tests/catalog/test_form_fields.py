"""Every field of every form: what it takes, what it refuses, and how it says so."""

from datetime import date
from typing import Any

import pytest

from siban.catalog.elements import GIVEN_NOW, elements, field
from siban.kernel.codes import citizen, uscc

TODAY = date(2026, 3, 2)
SOMEONE = citizen.make("999999", date(1990, 1, 1), 1)
FIRM = "11150724MB0E002146"

GOOD_BY_RULE: dict[str, Any] = {
    "^.{2,50}$": "演示甲",
    "GB 11643 校验位": SOMEONE,
    r"^1[3-9]\d{9}$": "13800000001",
    r"^\d{6}$": "021100",
    r"^[A-Z]\d{9}$": "A150000001",
    r"^\d{10,25}$": "6200000000000001",
    "含@": "yanshi@example.org",
    "18位校验位": FIRM,
    "证件校验": SOMEONE,
    "20位": "1" * 20,
    "28位": "150724001001GB00001F00010001",
    "24位": "2026-150724-01-01-000001",
    "17位": "LSVAA4182E2184847",
    "12位": "150700000001",
    "格式校验": "蒙E12345",
    "≥50": "50",
    "≥1": "1",
    "晚于当日": "2026-03-03",
    "等于提交日": "2026-03-02",
    "写明补正日期": "2026-03-09",
}
GOOD_BY_TYPE: dict[str, Any] = {
    "string": "示例",
    "text": "示例内容",
    "address": "巴彦托海镇示例街1号",
    "integer": "3",
    "decimal": "3.5",
    "date": "2026-03-01",
    "date_range": {"from": "2026-03-01", "to": "2026-04-01"},
    "boolean": True,
    "signature": "演示甲",
    "commitment": True,
    "consent": True,
    "enum": "自填",
    "code": "自填",
    "multi_enum": "甲、乙",
}
TABLES: dict[str, list[dict[str, Any]]] = {
    "family_members": [{"name": "演示乙", "relation": "10", "id_number": SOMEONE, "income": "0"}],
    "shareholders": [
        {"name": "演示甲", "id_number": SOMEONE, "amount": "30", "share": "60"},
        {"name": "演示乙", "id_number": SOMEONE, "amount": "20", "share": "40"},
    ],
    "directors_supervisors": [{"name": "演示甲", "id_number": SOMEONE, "post": "董事"}],
    "vehicle_list": [{"plate": "蒙E12345", "model": "重型货车", "grade": "一级"}],
    "driver_list": [{"name": "演示甲", "certificate": "150000000001"}],
    "performers": [{"name": "演示艺术团", "id_number": SOMEONE}],
    "tax_item": [{"item": "劳务", "amount": "100.00"}],
    "military_service": [{"joined_on": "2010-09-01", "left_on": "2012-09-01", "unit": "演示部队"}],
}


def good(element_id: str) -> Any:
    spec = field(element_id)
    if spec.type == "table":
        return TABLES[element_id]
    if spec.options:
        return [spec.options[0][0]] if spec.type == "multi_enum" else spec.options[-1][0]
    return GOOD_BY_RULE.get(spec.rule, GOOD_BY_TYPE.get(spec.type))


def said(element_id: str, value: Any, **values: Any) -> str | None:
    return field(element_id, required=True).check(value, values={element_id: value, **values}, today=TODAY)


@pytest.mark.parametrize("element_id", sorted(elements()))
def test_every_element_takes_a_proper_answer_and_asks_for_a_missing_one(element_id: str) -> None:
    spec = field(element_id, required=True)
    assert said(element_id, good(element_id)) is None
    for nothing in (None, "", "  ", [], {}):
        sentence = spec.check(nothing, values={}, today=TODAY)
        assert sentence
        assert spec.name in sentence
        assert sentence.endswith("。")
    assert field(element_id).check(None, values={}, today=TODAY) is None
    assert spec.label_of(good(element_id))


@pytest.mark.parametrize("element_id", sorted(elements()))
def test_no_element_takes_nonsense(element_id: str) -> None:
    spec = field(element_id, required=True)
    nonsense: dict[str, Any] = {"boolean": "也许", "commitment": "也许", "consent": False, "table": "甲"}
    sentence = spec.check(nonsense.get(spec.type, "※" * 2100), values={}, today=TODAY)
    assert sentence
    assert spec.name in sentence


@pytest.mark.parametrize(
    ("element_id", "value", "others", "part"),
    [
        ("applicant_id_no", SOMEONE[:-1] + ("0" if SOMEONE[-1] != "0" else "1"), {}, "校验码不符"),
        ("applicant_id_no", "12345", {"applicant_id_type": "111"}, "18 位"),
        ("applicant_id_no", "E1", {"applicant_id_type": "414"}, "5 至 30 位"),
        ("uscc", FIRM[:-1] + "0", {}, "统一社会信用代码"),
        ("mobile_phone", "1380000", {}, "11 位"),
        ("postal_code", "02110", {}, "6 位数字"),
        ("birth_date", "2026-03-03", {}, "不能晚于今天"),
        ("birth_date", "2026-02-30", {}, "不是存在的日期"),
        ("lease_end_date", "2026-03-02", {}, "应晚于今天"),
        ("application_date", "2026-03-01", {}, "提交当天"),
        ("premises_area", "0", {}, "应大于 0"),
        ("premises_area", "1,000", {}, "不是数字"),
        ("employee_count", "1.5", {}, "整数"),
        ("employee_count", "-1", {}, "不小于 0"),
        ("members_count", "49", {}, "不小于 50"),
        ("travel_period", {"from": "2026-04-01", "to": "2026-03-01"}, {}, "早于开始日期"),
        ("travel_period", {"from": "2026-04-01", "to": ""}, {}, "完整"),
        ("fireworks_term", {"from": "2026-01-01", "to": "2028-02-01"}, {}, "不能超过 2 年"),
        ("admission_date", "2026-02-03", {"discharge_date": "2026-02-01"}, "不能晚于出院"),
        ("project_end_date", "2026-02-03", {"project_start_date": "2026-02-03"}, "应晚于拟开工"),
        ("gender", "3", {}, "没有“3”这一项"),
        ("animal_type", ["牛", "龙"], {}, "没有“龙”"),
        ("work_unit", "长" * 101, {}, "最多 100 个字"),
        ("applicant_signature", "演示乙", {"applicant_name": "演示甲"}, "不一致"),
        ("truth_commitment", False, {}, "勾选"),
        ("shareholders", [{"name": "甲", "id_number": SOMEONE, "amount": "1", "share": "99"}], {}, "100%"),
        ("family_members", [{"name": "演示乙"}], {}, "第 1 行"),
        ("email", "yanshi", {}, "邮箱"),
        ("vehicle_vin", "LSVAA4182E218484O", {}, "17 位"),
        ("applicant_name", ["甲", "乙"], {}, "一项"),
    ],
)
def test_a_wrong_answer_is_refused_in_words(element_id: str, value: Any, others: dict[str, Any], part: str) -> None:
    sentence = said(element_id, value, **others)
    assert sentence
    assert part in sentence
    assert field(element_id).name in sentence


@pytest.mark.parametrize(
    ("element_id", "value", "others"),
    [
        ("applicant_id_no", "E12345678", {"applicant_id_type": "414"}),
        ("obligor_id_no", FIRM, {}),
        ("applicant_signature", GIVEN_NOW, {"applicant_name": "演示甲"}),
        ("applicant_signature", "演示甲", {"applicant_name": "演示甲"}),
        ("applicant_signature", "演示牧场", {"org_name": "演示牧场"}),
        ("fireworks_term", {"from": "2026-01-01", "to": "2028-01-01"}, {}),
        ("birth_date", date(2026, 3, 2), {}),
    ],
)
def test_a_right_answer_of_a_special_kind_is_taken(element_id: str, value: Any, others: dict[str, Any]) -> None:
    assert said(element_id, value, **others) is None


def test_mail_address_is_wanted_only_when_sent_by_mail() -> None:
    spec = field("mail_address")
    assert spec.check("", values={"delivery_way": "窗口领取"}, today=TODAY) is None
    assert "邮寄" in (spec.check("", values={"delivery_way": "邮寄"}, today=TODAY) or "")


def test_a_wrong_citizen_number_is_never_repeated_in_full() -> None:
    wrong = SOMEONE[:-1] + ("0" if SOMEONE[-1] != "0" else "1")
    assert wrong not in (said("spouse_id_no", wrong) or "")


def test_signatures_commitments_and_consents_are_never_prefilled() -> None:
    given = [field(e) for e, known in elements().items() if known.type in ("signature", "commitment", "consent")]
    assert given
    assert not any(spec.reusable for spec in given)


def test_code_lists_are_complete_where_the_counter_needs_them() -> None:
    peoples = dict(field("ethnic_group").options)
    assert len([code for code in peoples if code <= "56"]) == 56
    assert peoples["45"] == "鄂温克族"
    assert dict(field("gender").options) == {"1": "男", "2": "女"}
    assert uscc.check(FIRM) is None
