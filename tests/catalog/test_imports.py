"""Regions and organisations come in as a whole or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from siban.identity import imports, seeds
from siban.identity.models import Account, Org, OrgAlias, Region
from siban.identity.queries import org_by_name
from siban.identity.roles import Role
from siban.kernel.codes import citizen
from siban.kernel.imports import ImportRefused

from .conftest import AT


def write(folder: Path, name: str, value: Any) -> None:
    (folder / name).write_text(json.dumps(value, ensure_ascii=False))


def test_national_tables_are_taken_down_to_the_village(library: None, tmp_path: Path) -> None:
    write(tmp_path, "provinces.json", [{"code": "15", "name": "内蒙古自治区"}, {"code": "11", "name": "北京市"}])
    write(tmp_path, "cities.json", [{"code": "1507", "name": "呼伦贝尔市"}, {"code": "1101", "name": "市辖区"}])
    write(tmp_path, "areas.json", [{"code": "150799", "name": "演示旗"}, {"code": "150724", "name": "另一种写法"}])
    write(tmp_path, "streets.json", [{"code": "150799100", "name": "演示镇"}])
    write(tmp_path, "villages.json", [{"code": "150799100201", "name": "演示嘎查"}])
    before = Region.objects.count()
    assert [d.added for d in imports.import_regions(tmp_path, AT)] == [0, 3]  # 北京市 is not ours
    village = Region.objects.get(code="150799100201")
    assert (village.level, village.parent_id) == (6, "150799100000")
    assert Region.objects.get(code="150724000000").name == "鄂温克族自治旗"
    assert [d.added + d.changed for d in imports.import_regions(tmp_path, AT)] == [0, 0]
    assert Region.objects.count() == before + 3


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([{"code": "15072", "name": "短"}], "第 1 条"),
        ([{"code": "150799000000", "name": ""}], "没有名称"),
        ([{"code": "990101000000", "name": "无上级"}], "上级 990100000000 不存在"),
        ([{"code": "150799000000", "name": "甲"}, {"code": "150799000000", "name": "乙"}], "出现两次"),
    ],
)
def test_wrong_regions_are_refused_in_words(library: None, tmp_path: Path, rows: list[Any], part: str) -> None:
    file = tmp_path / "regions.yaml"
    file.write_text(yaml.safe_dump({"regions": rows}, allow_unicode=True))
    before = Region.objects.count()
    with pytest.raises(ImportRefused, match=part):
        imports.import_regions(file, AT)
    assert Region.objects.count() == before


def test_a_renamed_organisation_is_changed_and_keeps_its_other_names(library: None) -> None:
    row = {
        "code": "finance", "name": "演示财政局", "short_name": "财政局", "kind": "government", "region": "150724000000",
        "uscc": Org.objects.get(code="finance").uscc, "aliases": ["财政"],
    }  # fmt: skip
    assert imports.keep_organisations([row], at=AT).changed == 1
    assert imports.keep_organisations([row], at=AT).unchanged == 1
    assert OrgAlias.objects.filter(org__code="finance", name="财政").count() == 1


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"kind": "club"}, "类别"),
        ({"region": "999999000000"}, "不存在"),
        ({"uscc": "1" * 18}, "统一社会信用代码"),
        ({"name": ""}, "缺少"),
    ],
)
def test_wrong_organisations_are_refused_in_words(library: None, change: dict[str, str], part: str) -> None:
    row = {"code": "x", "name": "甲", "short_name": "甲", "kind": "government", "region": "150724000000", **change}
    with pytest.raises(ImportRefused, match=part):
        imports.keep_organisations([row], at=AT)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("市场监管局", "market_regulation"),
        ("交通局", "transport"),
        ("旗政务服务局", "gov_service"),
        ("巴彦托海镇", "township-150724100000"),
    ],
)
def test_a_department_is_known_by_each_of_its_names(library: None, name: str, code: str) -> None:
    org = org_by_name(name, region_prefix="150724")
    assert org is not None
    assert org.code == code


def test_the_cast_is_built_once_and_says_it_is_a_demonstration(library: None) -> None:
    seeds.build(AT)
    known = Account.objects.count()
    seeds.build(AT)
    assert Account.objects.count() == known
    assert {role for m in seeds.STAFF for role, _ in m.posts} == set(Role) - {Role.APPLICANT}
    assert all("演示" in a.name for a in Account.objects.all())
    for one in seeds.CITIZENS:
        assert citizen.check(one.id_number) is None
        assert seeds.person_of(one.key).name == one.name


def test_the_accounts_command_lists_roles_in_chinese(library: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("accounts")
    assert "还没有演示账号" in capsys.readouterr().out
    seeds.build(AT)
    call_command("accounts")
    said = capsys.readouterr().out
    assert "窗口人员" in said
    assert "chuangkou" in said


def test_the_import_command_names_what_it_knows(db: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import")
    said = capsys.readouterr().out
    assert all(name in said for name in ("calendar", "regions", "organisations", "items"))
    with pytest.raises(CommandError, match="选择一种"):
        call_command("import", "nothing")
    with pytest.raises(CommandError, match="找不到文件"):
        call_command("import", "regions", "/nowhere/at/all.yaml")
