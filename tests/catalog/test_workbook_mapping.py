"""A workbook with another bureau's headings: proposals are likely ones, a person corrects them, next time they are known."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from siban.catalog.models import ColumnMapping, ImplementationItem, ItemVersion, WorkbookImport
from siban.catalog.workbook import mapping
from siban.catalog.workbook.sheets import BY_NAME, ITEMS
from siban.catalog.workbook.synonyms import NATIONAL_AND_OTHERS, SHEET_SYNONYMS, SYNONYMS

from . import workbooks as w
from .conftest import logged_in

DEPT, SLUG = "civil_affairs", "civil_affairs.marriage"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.HOME_FILES = str(tmp_path / "files")


def foreign(path: Path, **cells: Any) -> Path:
    """What another province's system writes about one item."""
    item = ImplementationItem.objects.select_related("version").get(slug=SLUG)
    said = {
        "序号": 1, "任务名称": item.name, "实施清单编码": item.impl_code, "办公时间": "星期一至星期五：09:00-17:00", "是否收取费用": 0,
        "面向对象": "1,5", "办理类型": 1, "联系电话": "0470-8810000", "备注": "无", **cells,
    }  # fmt: skip
    return w.made(path, {"实施清单基本信息": [list(said), list(said.values())], "其他": [["甲", "乙"], [1, 2]]})


def sent(browser: Client, path: Path) -> str:
    answer = browser.post("/desk/items/workbook/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    return str(answer["Location"])


def fields(browser: Client, here: str) -> dict[str, str]:
    """What the page of columns sends when nothing is touched."""
    from lxml import html

    page = html.fromstring(browser.get(f"{here}columns/").content)
    return {s.get("name"): (s.value or "") for s in page.xpath("//main//select")}


def test_synonyms_name_titles_of_the_layout() -> None:
    titles = {title for sheet in BY_NAME.values() for title in sheet.titles}
    assert set(SYNONYMS) - titles == set()
    assert set(SHEET_SYNONYMS) - set(BY_NAME) == set()
    for title, meant in NATIONAL_AND_OTHERS.items():
        column = next(c for s in BY_NAME.values() for c in s.columns if c.title == title)
        assert column.codes
        assert set(meant.values()) <= set(map(str, column.codes.words.values()))


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("实施清单编码", "实施编码"), ("任务名称", "事项名称"), ("办公时间", "办理时间"), ("承诺办结时限", "承诺时限"),
        ("承诺办结时限单位", "承诺时限单位"), ("法定办结时限", "法定时限"), ("网上办理深度", "网办深度"), ("面向对象", "服务对象"),
        ("办事者到现场次数", "到现场次数"), ("审批结果名称", "结果名称"), ("是否支持物流快递", "是否支持物流快递"), ("投诉电话", "监督投诉电话"),
    ],
)  # fmt: skip
def test_usual_headings_of_others_are_recognised(heading: str, title: str) -> None:
    sheet = mapping.ForeignSheet("x", [mapping.Foreign(0, heading)])
    assert mapping.proposed_columns(ITEMS, sheet) == {0: title}


def test_a_heading_without_likeness_is_proposed_nothing() -> None:
    assert mapping.proposed_columns(ITEMS, mapping.ForeignSheet("x", [mapping.Foreign(0, "经办人签字")])) == {}


def test_what_stands_in_a_column_speaks_for_or_against_it() -> None:
    codes = mapping.Foreign(0, "编码", values=["1" * 31], raw=["1" * 31])
    names = mapping.Foreign(1, "实施编码", values=["结婚登记"], raw=["结婚登记"])
    assert mapping.fitting("实施编码", ITEMS, codes) > mapping.fitting("实施编码", ITEMS, names)


def test_a_foreign_workbook_is_mapped_once_and_known_the_next_time(library: None, tmp_path: Path) -> None:
    browser = logged_in("dept_admin", DEPT)
    here = sent(browser, foreign(tmp_path / "a.xlsx"))
    assert "表头与本系统的不同" in browser.get(here).content.decode()
    said = fields(browser, here)
    page = browser.get(f"{here}columns/").content.decode()
    assert "例如：" in page
    assert said["s-0"] == "事项"
    assert said["s-1"] == ""
    chosen = {k: v for k, v in said.items() if k.startswith("c-0")}
    assert chosen == {
        "c-0-0": "", "c-0-1": "事项名称", "c-0-2": "实施编码", "c-0-3": "办理时间", "c-0-4": "是否收费", "c-0-5": "服务对象",
        "c-0-6": "办件类型", "c-0-7": "咨询电话", "c-0-8": "",
    }  # fmt: skip
    assert {said["v-0-4-0"], said["v-0-5-0"], said["v-0-5-1"], said["v-0-6-0"]} == {
        "否",
        "个人",
        "其他组织（含个体工商户）",
        "即办件",
    }
    answer = browser.post(f"{here}columns/", {**said, "v-0-5-1": "企业"})
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(here).content.decode()
    assert "星期一至星期五：09:00-17:00" in page
    browser.post(f"{here}confirm/")
    now = ItemVersion.objects.get(item__slug=SLUG, is_published=False).content
    assert now["office_hours"] == "星期一至星期五：09:00-17:00"
    assert now["service_objects"] == ["1", "2"]
    assert now["materials"] == ImplementationItem.objects.get(slug=SLUG).version.content["materials"]  # type: ignore[union-attr]
    again = sent(browser, foreign(tmp_path / "b.xlsx", 办公时间="星期六"))
    assert "星期六" in browser.get(again).content.decode()
    assert ColumnMapping.objects.count() == 1


def test_a_column_newly_chosen_is_asked_for_its_codes_before_it_is_kept(library: None, tmp_path: Path) -> None:
    browser = logged_in("dept_admin", DEPT)
    here = sent(browser, foreign(tmp_path / "a.xlsx", 甲乙丙="9"))
    said = {**fields(browser, here), "c-0-9": "网办深度"}
    answer = browser.post(f"{here}columns/", said)
    assert answer.status_code == 422
    assert "里的代码各是什么意思" in answer.content.decode()
    assert ColumnMapping.objects.count() == 0
    answer = browser.post(f"{here}columns/", {**said, "v-0-9-0": "全程网办"})
    assert answer.status_code == 302
    assert ColumnMapping.objects.get().sheets["实施清单基本信息"]["values"]["网办深度"] == {"9": "全程网办"}


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ({"c-0-2": ""}, "请指定哪一列是“实施编码”"),
        ({"c-0-8": "办理时间"}, "有两列都指定为“办理时间”"),
        ({"s-0": ""}, "请至少指定一张表作为“事项”表"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_told_and_nothing_chosen_is_lost(
    library: None, tmp_path: Path, typed: dict[str, str], part: str
) -> None:
    browser = logged_in("dept_admin", DEPT)
    here = sent(browser, foreign(tmp_path / "a.xlsx"))
    said = {**fields(browser, here), "c-0-8": "通办范围", **typed}
    answer = browser.post(f"{here}columns/", said)
    assert answer.status_code == 422
    assert part in answer.content.decode()
    assert ColumnMapping.objects.count() == 0
    if typed.get("s-0") != "":
        assert 'value="通办范围" selected' in answer.content.decode() or "c-0-8" in typed


def test_another_organisations_mapping_is_not_used(library: None, tmp_path: Path) -> None:
    browser = logged_in("dept_admin", DEPT)
    here = sent(browser, foreign(tmp_path / "a.xlsx"))
    browser.post(f"{here}columns/", fields(browser, here))
    assert ColumnMapping.objects.count() == 1
    sent(logged_in("dept_admin", "transport"), foreign(tmp_path / "b.xlsx"))
    assert WorkbookImport.objects.get(org__code="transport").foreign
