"""National codes: the published vectors, the sentences of refusal, and what every check must detect."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.kernel.codes import CodeError, certificate, citizen, items, organisation, phone, region, uscc

USCC_VECTORS = [
    "11370800MB28559184",
    "11100000000013338W",
    "11430000006122244L",
    "11220000013544541J",
    "11110000000021135M",
]
CERTIFICATE_VECTORS = [
    ("11100000000013338W011", "11430000006122244L", "20230000403", 1, "U"),
    ("11100000000013338W032", "11220000013544541J", "2430599", 1, "F"),
    ("11100000000013338W011", "11110000000021135M", "20230329701", 3, "Y"),
]
IMPL = "11370800MB285591843370117002011"

births = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31))
region6s = st.integers(100000, 899999).map(str)
citizens = st.builds(citizen.make, region6s, births, st.integers(0, 999))
organisations8 = st.text(uscc.ALPHABET, min_size=8, max_size=8)
usccs = st.builds(
    lambda first2, region6, org8: uscc.make(first2 + region6, org8),
    st.text(uscc.ALPHABET, min_size=2, max_size=2),
    region6s,
    organisations8,
)


@st.composite
def one_character_changed(draw, valid, alphabet):
    code = draw(valid)
    place = draw(st.integers(0, len(code) - 1))
    other = draw(st.sampled_from([char for char in alphabet if char != code[place]]))
    return code, code[:place] + other + code[place + 1 :]


@pytest.mark.parametrize(
    ("number", "born_on", "sex"),
    [("11010519491231002X", date(1949, 12, 31), "女"), ("440524188001010014", date(1880, 1, 1), "男")],
)
def test_the_standard_s_own_citizen_numbers_are_read(number, born_on, sex):
    read = citizen.parse(number)
    assert (read.number, read.region6, read.born_on, read.sex) == (number, number[:6], born_on, sex)


def test_a_citizen_number_is_folded_before_it_is_judged():
    assert citizen.parse(" １１０１０５19491231002x ").number == "11010519491231002X"


def test_a_masked_citizen_number_shows_first_three_and_last_four():
    assert citizen.parse("11010519491231002X").masked() == "110***********002X"
    assert citizen.masked("1234567") == "*******"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "没有填写"),
        (None, "没有填写"),
        ("1101051949123100", "应为 18 位，现有 16 位"),
        ("1101O519491231002X", "第 5 位是“O”"),
        ("11010519491231002Y", "第 18 位是“Y”"),
        ("110105194902300025", "不是存在的出生日期"),
        ("110105194912310021", "末位校验码不符"),
        ("٤40524188001010014", "第 1 位"),
    ],
)
def test_a_wrong_citizen_number_is_refused_with_its_reason(number, said):
    sentence = citizen.check(number)
    assert sentence is not None
    assert said in sentence
    assert sentence.endswith("。")
    with pytest.raises(CodeError, match="公民身份号码"):
        citizen.parse(number)


def test_the_sentence_of_refusal_hides_the_middle_of_a_citizen_number():
    assert "19491231" not in (citizen.check("110105194912310021") or "")


@given(region6s, births, st.integers(0, 999))
def test_a_made_citizen_number_reads_back(region6, born_on, seq):
    read = citizen.parse(citizen.make(region6, born_on, seq))
    assert (read.region6, read.born_on, read.sex) == (region6, born_on, "男" if seq % 2 else "女")


@given(one_character_changed(citizens, citizen.CHECKS))
def test_any_changed_character_of_a_citizen_number_is_detected(pair):
    valid, changed = pair
    assert citizen.check(valid) is None
    assert citizen.check(changed) is not None


@pytest.mark.parametrize("code", USCC_VECTORS)
def test_real_credit_codes_and_the_organisation_codes_inside_are_read(code):
    read = uscc.parse(code.lower())
    assert read.code == code
    assert (read.registrar, read.region6) == ("1", code[2:8])
    assert organisation.parse(read.organisation).code == code[8:17]


@pytest.mark.parametrize(("first8", "check"), [("MB285591", "8"), ("00001333", "8")])
def test_the_organisation_code_s_check_character_is_computed(first8, check):
    assert organisation.check_character(first8) == check
    assert organisation.parse(f"{first8}-{check}").written() == f"{first8}-{check}"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "没有填写"),
        ("11370800MB2855918", "现有 17 位"),
        ("1137O800MB28559184", "第 5 位是“O”"),
        ("11A70800MB28559184", "第 3 位是“A”"),
        ("11370800MB28559185", "末位校验码不符"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_its_reason(code, said):
    sentence = uscc.check(code)
    assert sentence is not None
    assert said in sentence
    with pytest.raises(CodeError):
        uscc.parse(code)


def test_a_credit_code_with_a_wrong_organisation_code_inside_is_refused():
    first17 = "11370800MB2855917"
    assert "组织机构代码" in (uscc.check(first17 + uscc.check_character(first17)) or "")


@given(one_character_changed(usccs, uscc.ALPHABET))
def test_any_changed_character_of_a_credit_code_is_detected(pair):
    valid, changed = pair
    assert uscc.check(valid) is None
    assert uscc.check(changed) is not None


@given(one_character_changed(st.text("0123456789", min_size=8, max_size=8).map(organisation.make), "0123456789X"))
def test_any_changed_digit_of_an_organisation_code_is_detected(pair):
    valid, changed = pair
    assert organisation.check(valid) is None
    if "X" not in changed[:8]:
        assert organisation.check(changed) is not None


@pytest.mark.parametrize(
    ("code", "said"), [("", "没有填写"), ("1234", "现有 4 位"), ("MB28559-8", "第 8 位是“-”"), ("MB2855919", "不符")]
)
def test_a_wrong_organisation_code_is_refused_with_its_reason(code, said):
    assert said in (organisation.check(code) or "")


@pytest.mark.parametrize(
    ("code", "area", "item_type", "department", "main", "sub"),
    [
        ("000117112000", "00", "01", "17", "112", "000"),
        ("370117002011", "37", "01", "17", "002", "011"),
        ("442199806003", "44", "21", "99", "806", "003"),
    ],
)
def test_a_basic_code_is_read_into_its_parts(code, area, item_type, department, main, sub):
    read = items.parse_basic(code)
    assert (read.area, read.item_type, read.department, read.main, read.sub) == (
        area,
        item_type,
        department,
        main,
        sub,
    )
    assert read.is_handleable
    assert items.check_basic(code) is None


def test_a_parent_ending_in_y_is_recognised_and_named_as_not_handleable():
    assert "不能直接办理" in (items.check_basic("00011310100Y") or "")
    assert items.check_basic("00011310100Y", handleable=False) is None
    assert not items.parse_basic("00011310100Y").is_handleable
    assert "不能直接办理" in (items.check_impl(IMPL[:19] + "00011310100Y") or "")


def test_implementation_and_handling_codes_are_read_into_their_parts():
    impl = items.parse_impl(IMPL)
    assert (impl.organisation, impl.level, impl.basic.code) == ("11370800MB28559184", 3, "370117002011")
    handling = items.parse_handling(IMPL + "01")
    assert (handling.implementation, handling.sequence) == (impl, 1)
    assert items.make_impl("11370800MB28559184", 3, "370117002011") == IMPL
    assert items.make_handling(IMPL, 1) == IMPL + "01"


@pytest.mark.parametrize(
    ("check", "code", "said"),
    [
        (items.check_basic, "", "没有填写"),
        (items.check_basic, "00011711200", "现有 11 位"),
        (items.check_basic, "0001A7112000", "第 5 位是“A”"),
        (items.check_impl, "", "没有填写"),
        (items.check_impl, IMPL[:-1], "现有 30 位"),
        (items.check_impl, "11370800MB28559185" + IMPL[18:], "前 18 位有误"),
        (items.check_impl, IMPL[:18] + "8" + IMPL[19:], "行使层级"),
        (items.check_handling, "", "没有填写"),
        (items.check_handling, IMPL, "现有 31 位"),
        (items.check_handling, IMPL + "00", "顺序号"),
        (items.check_handling, IMPL[:18] + "8" + IMPL[19:] + "01", "前 31 位有误"),
    ],
)
def test_a_wrong_item_code_is_refused_with_its_reason(check, code, said):
    assert said in (check(code) or "")


@pytest.mark.parametrize(("type_code", "issuer", "serial", "version", "check"), CERTIFICATE_VECTORS)
def test_real_certificate_identifiers_are_built_and_read(type_code, issuer, serial, version, check):
    identifier = certificate.build(type_code, issuer, serial, version)
    read = certificate.parse(identifier)
    assert read.check == check
    assert (read.type_code, read.issuer, read.serial, read.version) == (type_code, issuer, serial, version)


@given(usccs, st.integers(0, 999), usccs, st.text(certificate.ALPHABET, min_size=1, max_size=20), st.integers(0, 999))
def test_a_built_certificate_identifier_reads_back(owner, order, issuer, serial, version):
    read = certificate.parse(certificate.build(f"{owner}{order:03d}", issuer, serial, version))
    assert (read.type_code, read.issuer, read.serial, read.version) == (f"{owner}{order:03d}", issuer, serial, version)


@given(one_character_changed(st.text(certificate.ALPHABET, min_size=1, max_size=60), certificate.ALPHABET))
def test_any_changed_character_changes_the_mod_37_36_check(pair):
    original, changed = pair
    assert certificate.mod37_36(original) != certificate.mod37_36(changed)


@given(st.data(), st.sampled_from(CERTIFICATE_VECTORS))
def test_any_changed_character_of_a_certificate_identifier_is_detected(data, vector):
    whole = certificate.build(*vector[:4])
    _, changed = data.draw(one_character_changed(st.just(whole), certificate.ALPHABET + "."))
    assert certificate.check(changed) is not None


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("", "没有填写"),
        ("1.2.3", "开头"),
        (f"{certificate.ROOT}.A.B", "现有 2 段"),
        (f"{certificate.ROOT}.A.B.C.D.E", "证照类型"),
        (f"{certificate.ROOT}.11100000000013338W011.11430000006122244L..001.U", "流水号"),
        (f"{certificate.ROOT}.11100000000013338W011.11430000006122244L.1.1.U", "版本号"),
        (f"{certificate.ROOT}.11100000000013338W011.114300000061222440.1.001.U", "颁发机构"),
        (f"{certificate.ROOT}.11100000000013338W011.11430000006122244L.20230000403.001.V", "校验位"),
    ],
)
def test_a_wrong_certificate_identifier_is_refused_with_its_reason(identifier, said):
    assert said in (certificate.check(identifier) or "")


def test_an_identifier_with_a_fourth_version_digit_is_not_built():
    with pytest.raises(CodeError, match="版本号"):
        certificate.build("11100000000013338W011", "11430000006122244L", "1", 1000)


@pytest.mark.parametrize(
    ("code", "level", "prefix"),
    [
        ("000000000000", 1, ""),
        ("150000000000", 2, "15"),
        ("150700000000", 3, "1507"),
        ("150100000000", 3, "1501"),
        ("150724000000", 4, "150724"),
        ("150724100000", 5, "150724100"),
        ("150724100001", 6, "150724100001"),
        ("150724100200", 6, "150724100200"),
    ],
)
def test_a_region_code_has_the_level_and_prefix_of_its_zeros(code, level, prefix):
    assert (region.level(code), region.prefix(code)) == (level, prefix)


def test_a_region_contains_its_subtree_and_nothing_else():
    chain = region.lineage("150724100001")
    assert chain == (
        "000000000000",
        "150000000000",
        "150700000000",
        "150724000000",
        "150724100000",
        "150724100001",
    )
    for place, outer in enumerate(chain):
        for inner_place, inner in enumerate(chain):
            assert region.contains(outer, inner) == (place <= inner_place)
    assert not region.contains("150626000000", "150724100000")
    assert not region.contains("150700000000", "150600000000")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "没有填写"),
        ("150724", "现有 6 位"),
        ("15072410000A", "第 12 位"),
        ("050724100000", "首位"),
        ("150724000001", "没有苏木乡镇"),
    ],
)
def test_a_wrong_region_code_is_refused_with_its_reason(code, said):
    assert said in (region.check(code) or "")
    with pytest.raises(CodeError):
        region.prefix(code)


def test_short_region_codes_are_padded_to_twelve_digits():
    assert region.pad("150724") == "150724000000"
    assert region.pad("150724100") == "150724100000"
    with pytest.raises(CodeError, match="现有 5 位"):
        region.pad("15072")


def test_mobile_numbers_are_read_and_masked():
    assert phone.parse(" 13800001234 ") == "13800001234"
    assert phone.masked("13800001234") == "138****1234"
    assert phone.masked("12345") == "*****"


@pytest.mark.parametrize("number", ["", "1380000123", "12800001234", "138000012345", "1380000123四"])
def test_a_wrong_mobile_number_is_refused(number):
    with pytest.raises(CodeError, match="手机号码"):
        phone.parse(number)


@pytest.mark.parametrize(
    "number",
    ["0470-8800000", "04708800000", "0482-8800000转12", "13800001234", "12345", "400-8800000", "8008800000"],
)
def test_consulting_numbers_that_can_be_dialled_pass(number):
    assert phone.parse_consult(number) == number


@pytest.mark.parametrize("number", ["", "无", "见官网", "8800000", "010-88000000", "0470-880000", "0484-8800000"])
def test_consulting_numbers_that_cannot_be_dialled_are_refused(number):
    with pytest.raises(CodeError, match="咨询电话"):
        phone.parse_consult(number)
