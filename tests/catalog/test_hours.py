"""The grammar of office hours: what it reads, what it refuses, what can be put right without asking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.catalog import hours
from siban.catalog.checks.places import plain_number
from siban.kernel.codes.phone import CONSULT


@pytest.mark.parametrize(
    ("text", "days", "ranges"),
    [
        ("星期一至星期五：上午09:00-12:00，下午13:00-17:00", (1, 2, 3, 4, 5), ((540, 720), (780, 1020))),
        ("周一至周五：09:00-17:00（中午不休息）", (1, 2, 3, 4, 5), ((540, 1020),)),
        ("星期六、日：09:00-12:00", (6, 7), ((540, 720),)),
        ("星期一、三、五：09:00-12:00", (1, 3, 5), ((540, 720),)),
        ("星期一至三、星期五：09:00-12:00", (1, 2, 3, 5), ((540, 720),)),
        ("星期一至星期日：00:00-24:00", (1, 2, 3, 4, 5, 6, 7), ((0, 1440),)),
    ],
)
def test_hours_are_read(text: str, days: tuple[int, ...], ranges: tuple[tuple[int, int], ...]) -> None:
    (one,) = hours.parse(text)
    assert (one.days, one.ranges) == (days, ranges)


@pytest.mark.parametrize(
    "text",
    [
        "夏季：星期一至星期五：08:30-12:00；冬季：星期一至星期五：09:00-12:00",
        "夏季（5月1日至9月30日）星期一至星期五：08:30-12:00；冬季星期一至星期五：09:00-12:00",
        "夏季作息（5月1日至9月30日）：周一至周五：08:30-12:00；冬季作息（10月1日至次年4月30日）：周一至周五：09:00-12:00",
        "星期一至星期五：08:30-12:00（夏季作息）；星期一至星期五：09:00-12:00（冬季作息，法定节假日除外）",
        "5月1日至9月30日：星期一至星期五：08:30-12:00；10月1日至次年4月30日：星期一至星期五：09:00-12:00",
    ],
)
def test_two_sets_of_hours_are_read(text: str) -> None:
    assert hours.fault(text) is None
    assert len(hours.parse(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "工作日", "周一到周五 9点至17点", "09:00-17:00", "星期一至星期五", "星期一至星期五：全天",
        "星期一至星期五：9:00-17:00", "星期一至星期五:09:00-17:00", "星期一至星期五：09：00-17：00",
        "星期一至星期五：17:00-09:00", "星期一至星期五：09:60-17:00", "星期一至星期五：09:00-25:00",
        "星期一至星期五：09:00-12:00，11:00-17:00", "星期五至星期一：09:00-12:00", "星期八：09:00-12:00",
        "星期一至星期五：下午09:00-12:00", "星期一至星期五：上午13:00-17:00", "星期一至星期五：09:00-12:00；",
        "星期一至星期五：09:00-12:00（看情况）", "星期一至星期五：09:00-12:00 法定节假日除外",
    ],
)  # fmt: skip
def test_other_writings_are_refused_in_words(text: str) -> None:
    assert hours.fault(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("星期一至星期五：０９:00-12:00", "星期一至星期五：09:00-12:00"),
        ("星期一至星期五：09：00-12：00", "星期一至星期五：09:00-12:00"),
        ("星期一至星期五: 9:00—12:00, 13:30~17:00 (法定节假日除外)",
         "星期一至星期五：09:00-12:00，13:30-17:00（法定节假日除外）"),
        (" 星期一至星期五：09:00-12:00 ", "星期一至星期五：09:00-12:00"),
        ("周一至周五：09:00至12:00", "周一至周五：09:00-12:00"),
    ],
)  # fmt: skip
def test_characters_are_put_right(text: str, right: str) -> None:
    assert hours.mended(text) == right


@pytest.mark.parametrize(
    "text", ["周一到周五 9点至17点", "工作日", "星期一至星期五：17:00-09:00", "星期一至星期五：09:00-12:00"]
)
def test_what_wants_a_person_is_left_alone(text: str) -> None:
    assert hours.mended(text) is None


@given(st.text(alphabet="星期周一二三五六日至、：:，；0129-－（）法定节假日除外 上午下午", max_size=40))
def test_a_mend_is_always_of_the_grammar_and_reading_never_breaks(text: str) -> None:
    mended = hours.mended(text)
    assert mended is None or hours.fault(mended) is None


@pytest.mark.parametrize(
    "number", ["０４７０－0000116", " 0470-0000116", "0470—0000116", "0470 0000116", "４００-0000000"]
)
def test_numbers_are_put_into_plain_form(number: str) -> None:
    assert CONSULT.fullmatch(number) is None
    assert CONSULT.fullmatch(plain_number(number))
