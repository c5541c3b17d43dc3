"""Whatever is sent in as a form can be kept, shown again and read back the same."""

import json

import pytest
from django.http import QueryDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from siban.cases import application_form
from siban.catalog.elements import elements, field

SPECS = [field(name) for name in elements()]
NAMES = st.sampled_from([spec.element for spec in SPECS])
SUFFIX = st.sampled_from(
    ["", "_year", "_month", "_day", "-from_year", "-to_day", "-0-name", "-7-income", "-x-name", "--1-"]
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)


def query(pairs):
    data = QueryDict(mutable=True)
    for name, suffix, value in pairs:
        data.appendlist(name + suffix, value)
    return data


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, SUFFIX, TEXT), max_size=12))
@example([("birth_date", "_year", "\x00")])
@example([(spec.element, suffix, "a\x00") for spec in SPECS for suffix in ("", "_month", "-from_year", "-0-name")])
def test_whatever_is_sent_is_kept_as_json_and_shown_again(pairs):
    reading = application_form.read(SPECS, query(pairs))
    kept = json.loads(json.dumps(reading.values))
    assert "\\u0000" not in json.dumps(kept)
    touched = {name for name, _, _ in pairs}
    for asked in application_form.asked([s for s in SPECS if s.element in touched], kept):
        if asked.is_table:
            assert all(cell.html for row in asked.rows for cell in row)
        elif asked.is_period:
            assert all(asked.ends)
        else:
            assert asked.html


@given(st.dates())
def test_a_day_comes_back_as_it_went(day):
    spec = field("birth_date")
    data = query([("birth_date", f"_{box}", str(getattr(day, box))) for box in ("year", "month", "day")])
    assert application_form.read([spec], data).values["birth_date"] == day.isoformat()


@pytest.mark.parametrize("name", [s.element for s in SPECS if s.is_given_now])
def test_what_is_given_now_is_never_taken_from_elsewhere(name):
    known = {name: application_form.Known(True, "来自别处")}
    (asked,) = application_form.asked([field(name)], {}, known=known)
    assert not asked.value


def test_the_boxes_of_a_day_are_read_by_the_names_the_page_gives_them():
    from siban.kernel.ui.loose import field_html

    page = field_html("birth_date", application_form.TypedDayField(label="日期"), value="2026-03-02")
    for box in application_form.BOXES:
        assert f'name="birth_date_{box}"' in page
