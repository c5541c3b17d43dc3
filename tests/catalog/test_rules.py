"""Every rule on its own examples, on many ways to break it, and on lawful variants that must stay clean."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siban.catalog.checks import ITEM, UNIT
from siban.catalog.linting import lint_content, lint_unit, naming, paths, surroundings
from siban.catalog.linting.running import sentence
from siban.kernel.checks import Check

from .mutations import FOLDER, item

LICENCE = "agriculture_science.animal_epidemic"  # licence, IV level, situations, gov-issued materials
GONE = object()

# rule | item | changes (a path without value is taken away) | where it must be found
BROKEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("R01", LICENCE, {"promised_limit.value": 16}, "promised_limit.value"),
    ("L02", LICENCE, {"handling_items": [{"code": "1", "name": "首次申请"}]}, "handling_items[0].code"),
    ("L02", LICENCE, {"handling_items": [{"code": f"{item(LICENCE)['impl_code']}00", "name": "首次申请"}]},
     "handling_items[0].code"),
    ("L02", LICENCE, {"handling_items": [{"code": f"{item(LICENCE)['impl_code']}01", "name": " "}]},
     "handling_items[0].name"),
    ("L02", LICENCE, {"handling_items": [{"code": f"{item(LICENCE)['impl_code']}01", "name": "甲", "materials": ["x"]}]},
     "handling_items[0].materials"),
    ("R01", LICENCE, {"promised_limit": {"value": 22, "unit": "natural_day"}}, "promised_limit.value"),
    ("R01", LICENCE, {"legal_limit.value": 7}, "promised_limit.value"),
    ("R02", LICENCE, {"promised_limit.value": -1}, "promised_limit.value"),
    ("R02", LICENCE, {"promised_limit.value": 2.5}, "promised_limit.value"),
    ("R02", LICENCE, {"promised_limit.value": True}, "promised_limit.value"),
    ("R02", LICENCE, {"legal_limit.value": "二十"}, "legal_limit.value"),
    ("R03", LICENCE, {"case_type": "instant"}, "promised_limit.value"),
    ("R03", LICENCE, {"case_type": GONE}, "case_type"),
    ("R04", LICENCE, {"guide_published_at": ""}, "guide_published_at"),
    ("R06", LICENCE, {"guide_published_at": GONE}, "guide_published_at"),
    ("R05", LICENCE, {"online.online_depth": 5}, "online.online_depth"),
    ("R05", LICENCE, {"online.online_depth": GONE}, "online.online_depth"),
    ("R05", LICENCE, {"online.online_depth": 2, "online.onsite_visits": 3}, "online.onsite_visits"),
    ("R08", LICENCE, {"power_list": None}, "power_list"),
    ("R08", LICENCE, {"power_list[0].url": GONE}, "power_list[0].url"),
    ("R08", LICENCE, {"power_list[0].url": "javascript:void(0)"}, "power_list[0].url"),
    ("R08", LICENCE, {"power_list[0].url": "http://"}, "power_list[0].url"),
    ("R10", LICENCE, {"situations": None}, "situations"),
    ("R10", LICENCE, {"situations.leaves": [], "situations.questions": []}, "situations.leaves"),
    ("R10", LICENCE, {"situations.leaves[1].materials": []}, "situations.leaves[1].materials"),
    ("R10", LICENCE, {"situations.leaves[1].materials": GONE}, "situations.leaves[1].materials"),
    ("R10", LICENCE, {"situations.leaves[0]": GONE}, "situations.leaves[0].materials"),
    ("R11", LICENCE, {"legal_limit.unit": "日"}, "legal_limit.unit"),
    ("R11", LICENCE, {"legal_limit": GONE}, "legal_limit"),
    ("R11", LICENCE, {"legal_limit.value": None}, "legal_limit.value"),
    ("R12", LICENCE, {"promised_limit.unit": "month"}, "promised_limit.unit"),
    ("R12", LICENCE, {"promised_limit.value": None}, "promised_limit.value"),
    ("R12", LICENCE, {"promised_limit": GONE}, "promised_limit"),
    ("R13", LICENCE, {"windows": []}, "windows"),
    ("R13", LICENCE, {"windows": ""}, "windows"),
    ("R13", LICENCE, {"windows[0].window_no": "无"}, "windows[0].window_no"),
    ("R22", LICENCE, {"process_steps[seq=2].standard": "略"}, "process_steps[seq=2].standard"),
    ("R24", LICENCE, {"materials[id=m01].blank_form_file": "暂无"}, "materials[id=m01].blank_form_file"),
    ("R27", LICENCE, {"materials[id=m02].ecert_type_id": None, "materials[id=m02].grain_id": None},
     "materials[id=m02].ecert_type_id"),
    ("R13", LICENCE, {"windows[0].street": "  "}, "windows[0].street"),
    ("R14", LICENCE, {"office_hours": None}, "office_hours"),
    ("R14", LICENCE, {"office_hours": "工作日"}, "office_hours"),
    ("R15", LICENCE, {"office_hours": "星期一至星期日：09:00-17:00", "is_delayed_service": False}, "office_hours"),
    ("R16", LICENCE, {"consult_phones": ["见官网"]}, "consult_phones"),
    ("R16", LICENCE, {"consult_phones": ["8810000"]}, "consult_phones"),
    ("R16", LICENCE, {"consult_phones": ["0470-0000116", "无"]}, "consult_phones"),
    ("R16", LICENCE, {"consult_phones": ["010-88100000"]}, "consult_phones"),
    ("R16", LICENCE, {"complain_phones": ["04700000116", "12345"]}, "complain_phones"),
    ("R17", LICENCE, {"has_intermediary": GONE}, "has_intermediary"),
    ("R17", LICENCE, {"has_intermediary": True}, "intermediaries"),
    ("R18", LICENCE, {"materials[id=m02].source_type": "政府"}, "materials[id=m02].source_type"),
    ("R18", LICENCE, {"materials[id=m02].issuing_body": " "}, "materials[id=m02].issuing_body"),
    ("R19", LICENCE, {"materials[id=m02].copy_count": 0}, "materials[id=m02].copy_count"),
    ("R19", LICENCE, {"materials[id=m04].original_count": None}, "materials[id=m04].original_count"),
    ("R19", LICENCE, {"materials[id=m04].original_count": -1}, "materials[id=m04].original_count"),
    ("R20", LICENCE, {"materials[id=m02].kind": "复印件"}, "materials[id=m02].kind"),
    ("R20", LICENCE, {"materials[id=m02].copy_requirement": GONE}, "materials[id=m02].copy_requirement"),
    ("R21", LICENCE, {"service_objects": ["2", "6"]}, "natural_topics"),
    ("R21", LICENCE, {"legal_topics": []}, "legal_topics"),
    ("R22", LICENCE, {"process_steps": None}, "process_steps"),
    ("R22", LICENCE, {"process_steps[seq=1]": GONE}, "process_steps"),
    ("R22", LICENCE, {"process_steps[seq=2].name": "其他"}, "process_steps"),
    ("R22", LICENCE, {"process_steps[seq=3].time_limit_unit": None}, "process_steps[seq=3].time_limit_unit"),
    ("R22", LICENCE, {"process_steps[seq=3].name": ""}, "process_steps[seq=3].name"),
    ("R22", LICENCE, {"process_steps[seq=3].time_limit_value": 9}, "process_steps[seq=3].time_limit_value"),
    ("R23", LICENCE, {"online.onsite_visits": None}, "online.onsite_visits"),
    ("R23", LICENCE, {"online.onsite_visits": "一次"}, "online.onsite_visits"),
    ("R24", LICENCE, {"materials[id=m01].blank_form_file": ""}, "materials[id=m01].blank_form_file"),
    ("R25", LICENCE, {"materials[id=m01].sample_form_file": None}, "materials[id=m01].sample_form_file"),
    ("R28", LICENCE, {"online.portal_url": None}, "online.portal_url"),
    ("R28", LICENCE, {"online.is_express": GONE}, "online.is_express"),
    ("R28", LICENCE, {"online.mail_result": False}, "online.mail_result"),
    ("R28", "public_security.id_card_apply",
     {"online.online_depth": 4, "online.onsite_visits": 0, "online.is_online_payment": False},
     "online.is_online_payment"),
    ("R29", LICENCE, {"online.mobile_url": "m.example"}, "online.mobile_url"),
    ("R29", LICENCE, {"online.dept_system_url": GONE}, "online.dept_system_url"),
    ("R29", LICENCE, {"online.build_mode": "外包"}, "online.build_mode"),
    ("R30", LICENCE, {"charging": {"is_charging": True, "items": []}}, "charging.items"),
    ("R31", LICENCE, {"online.online_depth": 1, "online.mail_result": False}, "online.mail_result"),
    ("R32", LICENCE, {"result.sample_file": None}, "result.sample_file"),
    ("R32", LICENCE, {"result.type": "其他"}, "result.type"),
    ("R33", LICENCE, {"is_commitment": True}, "commitment"),
    ("R33", "market_regulation.food_business", {"commitment.letter_grain": ""}, "commitment.letter_grain"),
    ("R33", "market_regulation.food_business", {"commitment.content": GONE}, "commitment.content"),
    ("R34", "market_regulation.food_business",
     {"accept_on_receipt": True, "authorisation_letter": {"no": "", "file": "auth/a.pdf"}},
     "authorisation_letter.no"),
    ("R35", LICENCE, {"guide_versions.tv": GONE}, "guide_versions.tv"),
    ("R35", LICENCE, {"guide_versions": None}, "guide_versions"),
    ("R35", LICENCE, {"guide_versions.pc": 2}, "guide_versions.pc"),
    ("R35", LICENCE, {"guide_versions": dict.fromkeys(("pc", "mobile", "window", "kiosk", "tv"), 0)}, "guide_versions"),
    ("R37", LICENCE, {"is_delayed_service": GONE}, "is_delayed_service"),
    ("CODE", LICENCE, {"basic_code": "15017600100"}, "basic_code"),
    ("CODE", LICENCE, {"basic_code": "15017600100Y"}, "basic_code"),
    ("CODE", LICENCE, {"basic_code": "150176002000"}, "basic_code"),
    ("CODE", LICENCE, {"impl_code": "11150724MB0E0016964150176001000"}, "impl_code"),
    ("CODE", LICENCE, {"impl_code": "11150724MB0E0016955150176001000"}, "impl_code"),
    ("CODE", LICENCE, {"impl_code": "11150724MB0E001695415017600100"}, "impl_code"),
    ("CODE", LICENCE, {"exercise_level": 5}, "exercise_level"),
    ("CODE", LICENCE, {"dept_uscc": "11150724MB0E001696"}, "dept_uscc"),
    ("CODE", LICENCE, {"handling_code": "11150724MB0E00169541501760010000"}, "handling_code"),
    ("CODE", LICENCE, {"handling_code": "11150724MB0E001695415017600200001"}, "handling_code"),
    ("TYPE", LICENCE, {"materials": "见附件"}, "materials"),
    ("TYPE", LICENCE, {"promised_limit": "五个工作日"}, "promised_limit"),
    ("TYPE", LICENCE, {"process_steps[seq=2]": "审查"}, "process_steps[1]"),
    ("TYPE", LICENCE, {"online.is_express": "是"}, "online.is_express"),
    ("TYPE", LICENCE, {"item_type": 1}, "item_type"),
    ("TYPE", LICENCE, {"situations.leaves[0].materials": "全部"}, "situations.leaves[0].materials"),
]  # fmt: skip

TWO_SETS = "夏季：星期一至星期五：08:30-12:00，14:30-17:30；冬季：星期一至星期五：09:00-12:00，14:00-17:00"
LAWFUL: list[tuple[str, str, dict[str, Any]]] = [
    ("the first example of the task list", LICENCE, {"office_hours": "星期一至星期五：上午09:00-12:00，下午13:00-17:00"}),
    ("the second example", LICENCE, {"office_hours": "星期一至星期五：09:00-17:00（法定节假日除外，中午不休息）"}),
    ("summer and winter hours", LICENCE, {"office_hours": TWO_SETS}),
    ("weekend hours of a delayed service", LICENCE,
     {"office_hours": "周一至周五：09:00-17:00；星期六、日：09:00-12:00（节假日延时）"}),
    ("a 400 number", LICENCE, {"consult_phones": ["400-0000000"]}),
    ("the hotline for both", LICENCE, {"consult_phones": ["12345"]}),
    ("a mobile and an extension", LICENCE, {"consult_phones": ["13900000000", "0470-0000116转8001"]}),
    ("area codes of the leagues", LICENCE, {"consult_phones": ["0479-0000116", "0482-0000116", "0483-0000116"]}),
    ("a number YAML reads as a number", LICENCE, {"complain_phones": [12345]}),
    ("other units that come to the same", LICENCE,
     {"legal_limit": {"value": 20, "unit": "workday"}, "promised_limit": {"value": 28, "unit": "natural_day"}}),
    ("no statutory limit", LICENCE, {"legal_limit": {"value": None, "unit": None, "note": "无法定期限"}}),
    ("promised as long as the law allows", LICENCE, {"promised_limit.value": 15}),
    ("electronic only, no copies", LICENCE,
     {"materials[id=m04].medium": "electronic", "materials[id=m04].original_count": 0}),
    ("a fifth step", LICENCE, {"process_steps[seq=2].name": "审查（现场勘验）"}),
    ("steps of other units", LICENCE, {"process_steps[seq=2].time_limit_unit": "natural_day",
                                       "process_steps[seq=2].time_limit_value": 9}),
    ("IV level without a result", LICENCE, {"result": {"type": "无", "name": "告知"}, "online.is_express": False}),
    ("a voucher is no certificate", LICENCE, {"result.type": "其他", "result.name": "登记凭证（电子）"}),
    ("a draft has no guide yet", LICENCE,
     {"status": "draft", "guide_published_at": None, "guide_versions": {}}),
    ("an intranet address", LICENCE, {"online.dept_system_url": "http://10.1.2.3:8080/login?x=1"}),
    ("two windows", LICENCE,
     {"windows": [{"street": "甲街", "house_no": "1号", "room_no": "1室", "window_no": "1号"},
                  {"street": "乙街", "house_no": "无号", "room_no": "2室", "window_no": "综合窗口"}]}),
    ("its own handling code", LICENCE, {"handling_code": "11150724MB0E001695415017600100001"}),
    ("one version later on all ends", LICENCE,
     {"version": 2, "guide_versions": dict.fromkeys(("pc", "mobile", "window", "kiosk", "tv"), 2)}),
    ("visits at the first level", LICENCE,
     {"online.online_depth": 1, "online.is_online": False, "online.onsite_visits": 3, "online.onsite_reason": "核验"}),
    ("a proactive public service", "justice.notarization",
     {"public_service_mode": "proactive", "is_delayed_service": False}),
    ("keys that say nothing", LICENCE, {"materials[id=m04].issuing_body": GONE, "deficiency": GONE}),
]  # fmt: skip


def around() -> dict[str, Any]:
    return {**surroundings.certificates(FOLDER), "base": None, "catalogue_status": "active", "siblings": {}}


def changed(slug: str, changes: dict[str, Any]) -> dict[str, Any]:
    one = copy.deepcopy(item(slug))
    for path, value in changes.items():
        if value is GONE:
            paths.drop(one, path)
        else:
            paths.put(one, path, value)
    return one


@pytest.mark.parametrize(("rule", "slug", "changes", "path"), BROKEN, ids=lambda v: v if isinstance(v, str) else "")
def test_each_way_to_break_a_rule_is_found_at_its_cell(
    rule: str, slug: str, changes: dict[str, Any], path: str
) -> None:
    found = lint_content(changed(slug, changes), around())
    assert (rule, path) in [(f.number, f.path) for f in found], [(f.number, f.path) for f in found]


def test_every_rule_is_broken_somewhere() -> None:
    elsewhere = {"L01", "R07", "R09", "R26", "R36", "R38"}  # they look beyond one item: test_defects and below
    own = {"S01", "S02", "S03", "S04"}  # of the situations: test_situations
    assert {c.number for c in (*ITEM, *UNIT)} - own == {rule for rule, *_ in BROKEN} | elsewhere


@pytest.mark.parametrize(("slug", "changes"), [c[1:] for c in LAWFUL], ids=[c[0] for c in LAWFUL])
def test_lawful_variants_stay_clean(slug: str, changes: dict[str, Any]) -> None:
    assert [(f.number, f.path, f.message) for f in lint_content(changed(slug, changes), around())] == []


@pytest.mark.parametrize("check", [*ITEM, *UNIT], ids=lambda c: c.number)
def test_the_examples_of_every_rule_are_true(check: Check) -> None:
    assert check.example is not None
    assert list(check.find(check.example.good, check.example.context)) == []
    found = list(check.find(check.example.bad, check.example.context))
    assert found
    for one in found:
        assert paths.parse(one.path)
        assert one.message.endswith("。")


def test_the_numbers_are_complete_and_permanent() -> None:
    own = {"S01", "S02", "S03", "S04"}  # of the situations: test_situations
    assert {c.number for c in (*ITEM, *UNIT)} - own == {f"R{n:02d}" for n in range(1, 39)} | {
        "CODE",
        "TYPE",
        "L01",
        "L02",
    }


def test_a_rule_without_what_it_needs_is_said_not_to_have_run() -> None:
    found = lint_content(item(LICENCE), {})
    assert set(found.not_run) == {"L01", "R09", "R27", "R36", "R38"}
    assert len(found) == 0


LOCKED_BASE = "human_resources_social_security.social_card"


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"name": "社保卡"}, {"name"}),
        ({"item_type": "07"}, {"item_type"}),
        ({"legal_basis[0]": GONE}, {"legal_basis[0]"}),
        ({"legal_basis[0].article": "第一条"}, {"legal_basis[0].article"}),
        ({"materials[id=m02]": GONE}, {"materials[id=m02]"}),
        ({"materials[id=m02].copy_count": 3}, {"materials[id=m02].copy_count"}),
        ({"process_steps[seq=2].standard": "另一标准"}, {"process_steps[seq=2].standard"}),
        ({"accept_conditions": ["别的条件"]}, {"accept_conditions"}),
        ({"legal_limit.value": 3}, {"legal_limit.value"}),
        ({"result.name": "卡"}, {"result.name"}),
        ({"office_hours": "星期一至星期五：09:00-16:00", "consult_phones": ["0470-0000999"]}, set()),
        ({"promised_limit.note": "更快"}, set()),
    ],
)
def test_a_lower_level_differs_exactly_where_it_was_changed(changes: dict[str, Any], at: set[str]) -> None:
    lower = changed(LOCKED_BASE, changes)
    found = lint_content(lower, {**around(), "base": item(LOCKED_BASE)})
    assert {f.path for f in found if f.number == "R09"} == at


def test_the_base_catalogue_is_compared_too() -> None:
    said = {"name": "别的名称", "basic_code": item(LICENCE)["basic_code"], "item_type": "01", "sub_type": ""}
    found = lint_content(item(LICENCE), {**around(), "catalogue": said})
    assert [(f.number, f.path) for f in found] == [("R09", "name")]


@pytest.mark.parametrize("status", ["suspended", "cancelled"])
def test_a_base_item_out_of_force_is_found_only_while_published(status: str) -> None:
    context = {**around(), "catalogue_status": status}
    assert [(f.number, f.path) for f in lint_content(item(LICENCE), context)] == [("R36", "status")]
    assert len(lint_content(changed(LICENCE, {"status": "cancelled"}), context)) == 0


def test_two_lists_of_one_base_item_are_told_apart_by_handling_codes() -> None:
    code = item(LICENCE)["impl_code"]
    context = {**around(), "siblings": {"copy": f"{code}02"}}
    assert [f.number for f in lint_content(item(LICENCE), context)] == ["R38"]
    assert len(lint_content(changed(LICENCE, {"handling_code": f"{code}01"}), context)) == 0
    assert [f.number for f in lint_content(changed(LICENCE, {"handling_code": f"{code}02"}), context)] == ["R38"]


@pytest.mark.parametrize(("count", "found"), [(0, 1), (19, 1), (20, 0), (21, 0)])
def test_public_service_guides_of_a_department_are_counted(count: int, found: int) -> None:
    assert len(lint_unit({"id": "a", "name": "甲局", "public_guides": count})) == found


class Unreachable:
    def url(self, url: str) -> bool | None:
        return not url.endswith("gone")

    def file(self, file: str) -> bool | None:
        return "lost" not in file


def test_links_and_files_are_asked_when_there_is_a_probe() -> None:
    broken = changed(
        LICENCE,
        {
            "power_list[0].url": "https://zwfw.example.org/gone",
            "online.portal_url": "https://zwfw.example.org/gone",
            "materials[id=m01].blank_form_file": "lost.docx",
        },
    )
    found = lint_content(broken, {**around(), "probe": Unreachable()})
    assert [f.number for f in found] == ["R08", "R24", "R29"]
    assert len(lint_content(broken, around())) == 0


def every_path(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in [f"{path}.{k}".lstrip("."), *every_path(v, f"{path}.{k}")]]
    if isinstance(value, list):
        return [p for n, v in enumerate(value) for p in [f"{path}[{n}]", *every_path(v, f"{path}[{n}]")]]
    return []


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 400), st.text(max_size=8), st.just([]), st.just({}), st.just([None]),
    st.just([[]]), st.just({"a": 1}), st.floats(allow_nan=False),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(every_path(item(LICENCE))), value=JUNK)
def test_whatever_stands_in_a_cell_the_rules_answer_with_findings(path: str, value: Any) -> None:
    one = copy.deepcopy(item(LICENCE))
    paths.put(one, path.lstrip("."), value)
    for finding in lint_content(one, {**around(), "base": item(LICENCE)}):
        assert finding.message
        assert paths.parse(finding.path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("consult_phones", "咨询电话"),
        ("materials[id=m02].issuing_body", "申请材料 m02 的出具单位"),
        ("process_steps[seq=2].standard", "办理环节第 2 步的标准"),
        ("windows[0].street", "办理地点第 1 条的街道"),
        ("situations.leaves[0].materials", "情形的情形第 1 条的材料"),
    ],
)
def test_a_place_is_said_in_words(path: str, words: str) -> None:
    assert naming.in_words(path) == words


def test_every_place_a_rule_names_has_words() -> None:
    for _, slug, changes, _ in BROKEN:
        for finding in lint_content(changed(slug, changes), around()):
            said = sentence(finding)
            place = said[said.index("（位置：") :]
            assert "其他要素" not in place
            assert not set(place) & set("abcdefghijklnopqrstuvwxyz_"), place  # m is the letter of material ids
