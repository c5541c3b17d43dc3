"""Components say what they must say, and refuse what no page should show."""

from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.template import TemplateSyntaxError, engines

from siban.kernel.ui import loose, parts
from siban.kernel.ui.forms import DayField, SibanRenderer


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    refusal: str | None = None


def draw(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render(context)


def test_refused_button_says_why_and_cannot_submit() -> None:
    html = draw('{% button "准予许可" reason="还缺 2 份材料。" %}')
    why = html.split('aria-describedby="')[1].split('"')[0]
    assert 'type="button"' in html
    assert 'aria-disabled="true"' in html
    assert f'id="{why}">还缺 2 份材料。' in html
    assert "submit" not in html


def test_button_passes_attributes_on_escaped() -> None:
    html = draw("{% button '查' hx_get=url data_key='q' %}", url='/x?a=1&b="2"')
    assert 'hx-get="/x?a=1&amp;b=&quot;2&quot;"' in html
    assert 'data-key="q"' in html


@pytest.mark.parametrize("source", ['{% button "x" variant="huge" %}', '{% lamp "pink" "x" %}'])
def test_unknown_looks_are_refused(source: str) -> None:
    with pytest.raises((TemplateSyntaxError, ValueError), match="unknown"):
        draw(source)


def test_choices_post_to_their_own_address_and_the_first_live_one_leads() -> None:
    offered = [Choice("grant", "准予", "还缺材料。"), Choice("accept", "受理"), Choice("refuse", "不予受理")]
    html = draw('{% choices c base="/case/7/" danger="refuse" %}', c=offered)
    assert "/case/7/grant/" not in html
    assert 'sb-button--primary" type="submit" formaction="/case/7/accept/"' in html
    assert 'sb-button--danger" type="submit" formaction="/case/7/refuse/"' in html
    assert "还缺材料。" in html


def test_choices_can_send_their_name_instead() -> None:
    html = draw('{% choices c name="move" %}', c=[Choice("accept", "受理")])
    assert 'name="move" value="accept"' in html
    assert "formaction" not in html


def test_table_refuses_a_row_of_another_width() -> None:
    table = parts.Table("表", ("一", "二"), [("只有一格",)])
    with pytest.raises(ValueError, match="shorter"):
        table.lines()


def test_table_labels_each_cell_for_the_phone() -> None:
    table = parts.Table("表", (parts.Column("件数", numeric=True), "事项"), [(3, "<食品>")])
    html = draw("{% data_table t %}", t=table)
    assert 'data-label="件数" class="is-numeric"' in html
    assert "&lt;食品&gt;" in html


def test_empty_table_says_so_and_draws_no_head() -> None:
    html = draw("{% data_table t %}", t=parts.Table("表", ("一",), [], empty="现在没有待办。"))
    assert "现在没有待办。" in html
    assert "<table" not in html


@pytest.mark.parametrize(
    ("page", "said", "not_said"),
    [
        (parts.Page(20, "", "?after=1", 5000), ["共 5000 条", "下一页"], ["上一页"]),
        (parts.Page(3, "?before=1", ""), ["本页 3 条", "上一页"], ["下一页", "共 "]),
        (parts.Page(0, "", "", 0), ["共 0 条"], ["上一页", "下一页"]),
    ],
)
def test_pagination_offers_only_what_exists(page: parts.Page, said: list[str], not_said: list[str]) -> None:
    html = draw("{% pagination p %}", p=page)
    assert all(word in html for word in said)
    assert not any(word in html for word in not_said)


def test_masked_value_without_an_address_cannot_be_revealed() -> None:
    assert "<form" not in draw('{% masked "1507****17" %}')
    assert 'method="post" action="/reveal/"' in draw('{% masked "1507****17" url="/reveal/" %}')


def test_chart_data_cannot_end_its_script() -> None:
    html = draw("{% chart o t %}", o={"name": "</script><b>"}, t=parts.Table("图", ("一",), [(1,)]))
    assert "</script><b>" not in html
    assert 'type="application/json"' in html


def test_error_summary_leads_to_each_field() -> None:
    class Visit(forms.Form):
        name = forms.CharField(label="姓名")
        born_on = DayField(label="出生日期")
        way = forms.ChoiceField(label="方式", choices=[("a", "甲")], widget=forms.RadioSelect)

    form = Visit({}, renderer=SibanRenderer())
    html = draw("{% error_summary form %}{{ form }}", form=form)
    for target in ("id_name", "id_born_on_0", "id_way_0"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_error_summary_stays_silent_without_errors() -> None:
    assert draw("{% error_summary %}").strip() == ""


@pytest.mark.parametrize(
    "kind", ["text", "textarea", "select", "radios", "checkboxes", "checkbox", "day", "date", "upload"]
)
def test_every_loose_field_has_label_hint_and_error_bound_to_it(kind: str) -> None:
    made = loose.make(kind, "名称", hint="提示语", required=False, choices=[("a", "甲")])
    html = loose.field_html("thing", made, value="", error="有误。")
    assert "名称" in html
    assert 'id="id_thing_helptext"' in html
    assert 'id="id_thing_error"' in html
    assert "id_thing_helptext id_thing_error" in html
    assert "有误。" in html
