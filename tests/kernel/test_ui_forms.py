"""Forms: labels, hints, errors, and days typed in three boxes."""

import datetime as dt

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from siban.kernel.ui import forms as ui_forms


class Contact(ui_forms.Form):
    phone = forms.CharField(label="手机号码", help_text="收短信用。")
    note = forms.CharField(label="备注", required=False, max_length=5)
    agree = forms.BooleanField(label="我已知晓")
    place = forms.ChoiceField(label="地点", choices=[("a", "甲"), ("b", "乙")])
    count = forms.IntegerField(label="份数")
    kept = forms.CharField(label="自带话", error_messages={"required": "这里有自己的话。"})


def contact(**data: str) -> Contact:
    return Contact(data, renderer=ui_forms.SibanRenderer())


def test_missing_fields_are_named_in_plain_sentences() -> None:
    errors = {name: list(lines) for name, lines in contact(place="c", count="许多").errors.items()}
    assert errors == {
        "phone": ["请填写手机号码。"],
        "agree": ["请勾选“我已知晓”。"],
        "place": ["地点只能从列出的选项中选择，请重新选择。"],
        "count": ["份数应填数字，请检查。"],
        "kept": ["这里有自己的话。"],
    }


def test_field_binds_hint_and_error_to_the_box() -> None:
    html = contact()["phone"].as_field_group()
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="tel"' in html
    assert "govuk-input--error" in html


def test_only_optional_fields_are_marked() -> None:
    assert "选填" in contact()["note"].as_field_group()
    assert "选填" not in contact()["phone"].as_field_group()


def test_entered_text_is_kept_and_escaped() -> None:
    assert 'value="&lt;甲&gt;"' in contact(note="<甲>")["note"].as_field_group()


def test_file_box_declares_its_limits() -> None:
    class Proof(ui_forms.Form):
        paper = forms.FileField(label="照片", widget=ui_forms.UploadInput(max_bytes=1024, accept=".pdf", kinds="PDF"))

    html = Proof(renderer=ui_forms.SibanRenderer())["paper"].as_field_group()
    assert 'data-max-bytes="1024"' in html
    assert 'accept=".pdf"' in html
    assert "data-upload" in html


@given(st.dates())
def test_any_day_survives_the_three_boxes(day: dt.date) -> None:
    field = ui_forms.DayField(label="日期")
    assert field.clean(field.widget.decompress(day)) == day
    assert field.clean([f" {day.year:04d}", f"{day.month:02d}", f"{day.day} "]) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["", "", ""], "请填写出生日期。"),
        (None, "请填写出生日期。"),
        (["2023", "", "1"], "出生日期还缺“月”，请补上。"),
        (["2023", "", ""], "出生日期还缺“月、日”，请补上。"),
        (["2023", "2", "29"], "出生日期“2023 年 2 月 29 日”不是日历上有的一天，请检查。"),
        (["2023", "十", "1"], "出生日期“2023 年 十 月 1 日”不是日历上有的一天，请检查。"),
        (["0", "1", "1"], "出生日期“0 年 1 月 1 日”不是日历上有的一天，请检查。"),
    ],
)
def test_a_wrong_day_says_which_box_is_wrong(typed: list[str] | None, sentence: str) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        ui_forms.DayField(label="出生日期").clean(typed)
    assert caught.value.messages == [sentence]


def test_an_optional_day_may_stay_empty() -> None:
    assert ui_forms.DayField(label="日期", required=False).clean(["", "", ""]) is None
