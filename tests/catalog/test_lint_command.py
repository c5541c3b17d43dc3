"""`siban lint` on files: cells, formats, exit codes, selection, safe mends."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from config.cli.django_commands import needs_database
from siban.catalog.linting import switches
from siban.catalog.linting.files import Read, read_all
from siban.catalog.linting.inspection import Inspection
from siban.catalog.linting.positions import Positions
from siban.catalog.linting.sources import of_rows

from .mutations import FOLDER, documents, item

NOTHING_SAID: dict[str, str] = {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small library: two departments and the sumus that rest on one of them."""
    (tmp_path / "departments").mkdir()
    for name in ("departments/finance.yaml", "departments/civil_affairs.yaml", "departments/human_resources_social_security.yaml",
                 "departments/medical_insurance.yaml", "townships.yaml"):  # fmt: skip
        shutil.copyfile(FOLDER / name, tmp_path / name)
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, output, error output."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("lint", *words, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def edit(file: Path, old: str, new: str) -> int:
    """Replace the first occurrence and tell its line."""
    text = file.read_text(encoding="utf-8")
    at = text.index(old)
    file.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
    return text[:at].count("\n") + 1


def test_clean_files_end_with_zero_and_say_so(folder: Path) -> None:
    code, out, _ = run(str(folder / "departments" / "finance.yaml"))
    assert code == 0
    assert "没有发现问题" in out
    assert "R36" in out  # what could not be checked is said


def test_a_finding_names_file_line_and_column(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    line = edit(file, "  office_hours: 星期一至星期五：", "  office_hours: 工作日：")
    code, out, _ = run(str(file))
    first = out.splitlines()[0]
    assert code == 1
    assert first.startswith(f"{file}:{line}:17: R14 错误 ")
    assert "改法：" in first
    assert "按规则" in out
    assert "按单位" in out


def test_a_cell_that_is_missing_is_shown_at_the_group_it_belongs_to(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    text = file.read_text(encoding="utf-8")
    line = edit(file, "onsite_visits: 0, ", "")
    code, out, _ = run(str(file))
    assert code == 1
    told = out.splitlines()[0]
    at = int(told.removeprefix(f"{file}:").split(":")[0])
    assert at <= line
    assert "online: {" in text.splitlines()[at - 1]


def test_json_is_one_document_of_exactly_these_fields(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    edit(file, "  consult_phones: [", "  consult_phones: [无, ")
    code, out, err = run(str(folder), "--format", "json")
    rows = json.loads(out)
    assert code == 1
    assert [sorted(row) for row in rows] == [["file", "fix", "item", "message", "path", "rule", "severity", "value"]]
    assert (rows[0]["rule"], rows[0]["path"], rows[0]["file"]) == ("R16", "consult_phones", str(file))
    assert "检查了" in err


def test_json_of_clean_files_is_an_empty_list(folder: Path) -> None:
    assert json.loads(run(str(folder), "--format", "json")[1]) == []


def test_warnings_alone_end_with_zero(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    edit(file, "  power_list:\n", "  power_list: []\n  unused_list:\n")
    code, out, _ = run(str(file))
    assert "R08 提醒" in out
    assert code == 0


def test_rules_are_selected_and_ignored(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    edit(file, "  office_hours: 星期一", "  office_hours: 每星期一")
    assert run(str(file), "--select", "R16")[0] == 0
    assert run(str(file), "--ignore", "r14")[0] == 0
    assert run(str(file), "--select", "R14,R16")[0] == 1


def test_public_service_guides_are_counted_when_asked(folder: Path) -> None:
    code, out, _ = run(str(folder), "--select", "R07")
    assert code == 0
    assert out.count("R07 提醒") == 4


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["nowhere.yaml"], "没有找到"),
        ([], "请写明要检查的"),
        (["{folder}", "--select", "R99"], "R99"),
        (["{folder}", "--format", "csv"], "csv"),
        (["{folder}", "--format", "xlsx"], "--output"),
        (["{folder}", "--yes"], "--fix"),
        (["{folder}/departments/finance.yaml", "{folder}/bad.yaml"], "第 1 行"),
        (["{folder}/plain.yaml"], "不是事项清单"),
        (["{folder}/latin.yaml"], "UTF-8"),
        (["{folder}/empty"], "没有 YAML"),
        (["{folder}", "--format", "json", "--output", "{folder}/none/a.json"], "写不到"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_ends_with_two_and_a_sentence(folder: Path, words: list[str], part: str) -> None:
    (folder / "plain.yaml").write_text("a: 1\n")
    if any("bad" in w for w in words):
        (folder / "bad.yaml").write_text("department: {id: [}\n")
    if any("latin" in w for w in words):
        (folder / "latin.yaml").write_bytes("部门".encode("gbk"))
    (folder / "empty").mkdir()
    code, out, err = run(*(w.format(folder=folder) for w in words))
    assert code == 2
    assert part in err
    assert "Traceback" not in err
    assert out == ""


def test_a_shared_fault_is_told_once_and_an_organisations_at_the_organisation(folder: Path) -> None:
    file = folder / "townships.yaml"
    line = edit(file, "consult_phone: 0470-0000202", "consult_phone: 见门口")
    edit(file, "  has_intermediary: false", "  has_intermediary: null")
    code, out, _ = run(str(file), "--format", "json")
    rows = json.loads(out)
    assert code == 1
    assert sorted((r["rule"], r["path"]) for r in rows) == [
        ("R16", "organisations[region_code=150724110000].consult_phone"), ("R17", "has_intermediary")
    ]  # fmt: skip
    assert {r["item"] for r in rows if r["rule"] == "R16"} == {"大雁镇人民政府"}
    assert f"{file}:{line}:" in run(str(file))[1]


def test_a_shared_list_alone_is_compared_with_the_departments_beside_it(folder: Path) -> None:
    file = folder / "townships.yaml"
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    said["items"][0]["name"] = "另一个名称"
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    rows = json.loads(run(str(file), "--format", "json")[1])
    assert [(r["rule"], r["path"]) for r in rows] == [("R09", "name")]
    shutil.rmtree(folder / "departments")
    code, out, _ = run(str(file))
    assert code == 0
    assert "R09" in out  # said not to have run


def test_the_folders_own_catalogue_says_what_is_out_of_force(folder: Path) -> None:
    code = yaml.safe_load((folder / "departments/finance.yaml").read_text(encoding="utf-8"))["items"][0]["basic_code"]
    (folder / "catalogue.yaml").write_text(f"items:\n- {{basic_code: '{code}', status: cancelled}}\n")
    rows = json.loads(run(str(folder / "departments"), "--format", "json")[1])
    assert [(r["rule"], r["path"]) for r in rows] == [("R36", "status")]


def test_findings_make_a_workbook(folder: Path) -> None:
    from python_calamine import load_workbook

    edit(folder / "departments" / "finance.yaml", "  office_hours: 星期一", "  office_hours: =星期一")
    target = folder / "found.xlsx"
    assert run(str(folder), "--format", "xlsx", "--output", str(target))[0] == 1
    book = load_workbook(str(target))
    rows = book.get_sheet_by_name("问题").to_python()
    assert rows[0][5] == "规则"
    assert rows[1][5] == "R14"
    assert str(rows[1][8]).startswith("=星期一")  # as text, never as a formula
    assert book.get_sheet_by_name("汇总").to_python()


MESSY = (
    ("  office_hours: 星期一至星期五：上午09:00-12:00", "  office_hours: 星期一至星期五：上午０9：00-12:00"),
    ("  consult_phones: [0470-", "  consult_phones: [０４７０－"),
    ("kiosk: 1", "kiosk: 0"),
)


def test_safe_mends_are_shown_first_and_written_only_when_confirmed(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    clean = file.read_text(encoding="utf-8")
    for old, new in MESSY:
        edit(file, old, new)
    messy = file.read_text(encoding="utf-8")
    code, out, _ = run(str(file), "--fix")
    assert code == 1
    assert file.read_text(encoding="utf-8") == messy
    assert "可以安全改正 3 处" in out
    assert any(line.startswith("-  office_hours") for line in out.splitlines())
    code, out, _ = run(str(file), "--fix", "--yes")
    assert code == 0
    assert "已改正 3 处" in out
    assert file.read_text(encoding="utf-8") == clean  # comments, layout and all other bytes are as they were


def test_what_wants_a_person_is_not_mended(folder: Path) -> None:
    file = folder / "departments" / "finance.yaml"
    edit(file, "  office_hours: 星期一至星期五：", "  office_hours: 工作日")
    before = file.read_text(encoding="utf-8")
    code, out, _ = run(str(file), "--fix", "--yes")
    assert code == 1
    assert "没有可以自动改正的写法" in out
    assert file.read_text(encoding="utf-8") == before


def test_the_shared_cells_of_an_organisation_are_mended_where_they_stand(folder: Path) -> None:
    file = folder / "townships.yaml"
    clean = file.read_text(encoding="utf-8")
    edit(file, "consult_phone: 0470-0000202", "consult_phone: ０470-0000202")
    edit(file, "office_hours: 星期一至星期五：上午09:00-12:00", "office_hours: 星期一至星期五：上午09：00-12:00")
    assert run(str(file), "--fix", "--yes")[0] == 0
    assert file.read_text(encoding="utf-8") == clean


def every_cell(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [c for k, v in value.items() for c in every_cell(v, f"{path}.{k}".lstrip("."))]
    if isinstance(value, list):
        return [c for n, v in enumerate(value) for c in every_cell(v, f"{path}[{n}]")]
    return [(path, value)]


def test_every_cell_of_a_file_is_found_where_it_stands() -> None:
    text = (FOLDER / "departments/finance.yaml").read_text(encoding="utf-8")
    cells, lines = Positions(text), text.splitlines()
    for path, value in every_cell(documents()["departments/finance.yaml"]):
        cell = cells.cell(path)
        assert cell.is_exact
        said = text[cell.start : cell.end]
        assert yaml.safe_load(said) == value, path
        assert lines[cell.line - 1][cell.column - 1 :].startswith(said.split("\n")[0])


def test_many_files_are_read_by_two_and_come_in_order() -> None:
    files = sorted((FOLDER / "departments").glob("*.yaml"))
    told: list[tuple[int, int]] = []
    reads = read_all(files, lambda done, of: told.append((done, of)))
    assert [one.path for one in reads] == files
    assert all(isinstance(one, Read) and one.said for one in reads)
    assert told[-1] == (len(files), len(files))


def test_rows_of_a_workbook_reader_are_located_by_sheet_row_and_column() -> None:
    bad = {**item("agriculture_science.animal_epidemic"), "consult_phones": []}
    source = of_rows("事项.xlsx", [(bad, lambda path: ("事项", 7, 12))])
    (row,) = [r for r in Inspection([source]).rows() if r.rule == "R16"]
    assert (f"{row.file}:{row.place}", row.path) == ("事项.xlsx:事项:7:12", "consult_phones")


@pytest.fixture
def switched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def write(text: str) -> None:
        file = tmp_path / "switches.yaml"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv(switches.OWN_FILE, str(file))
        for kept in (switches.of_region, switches._entries):
            kept.cache_clear()

    yield write
    for kept in (switches.of_region, switches._entries):
        kept.cache_clear()


def test_a_region_may_switch_a_rule_off_or_make_it_milder(folder: Path, switched: Any) -> None:
    file = folder / "departments" / "finance.yaml"
    edit(file, "  office_hours: 星期一", "  office_hours: 每星期一")
    edit(file, "  consult_phones: [", "  consult_phones: [无, ")
    switched(
        "switches:\n- {region: '1507', rule: R14, severity: off, reason: 演示}\n"
        "- {region: '150724', rule: R16, severity: W, reason: 演示}\n"
    )
    code, out, _ = run(str(file))
    assert code == 0
    assert "R14" not in out
    assert "R16 提醒" in out
    assert run(str(file), "--region", "150500000000")[0] == 1


@pytest.mark.parametrize(
    ("entry", "part"),
    [
        ("{region: '15', rule: R99, severity: off, reason: 演示}", "R99"),
        ("{region: '15', rule: R14, severity: X, reason: 演示}", "severity"),
        ("{region: '15', rule: R14, severity: W}", "reason"),
        ("R14", "应写明"),
    ],
)
def test_a_wrong_switch_is_refused_in_words(folder: Path, switched: Any, entry: str, part: str) -> None:
    switched(f"switches:\n- {entry}\n")
    code, _, err = run(str(folder))
    assert code == 2
    assert part in err


def test_progress_is_told_when_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from siban.catalog.management.commands import lint

    monkeypatch.setattr(lint, "EVERY", 0)
    assert "个事项" in run(str(folder), "--progress")[2]
    assert "已检查" not in run(str(folder))[2]


@pytest.mark.parametrize(
    ("words", "wanted"), [(["a.yaml"], False), (["a.yaml", "--fix"], False), (["--database"], True)]
)
def test_files_are_checked_without_a_database(words: list[str], wanted: bool) -> None:
    assert needs_database("lint", words) is wanted
    assert needs_database("import", words) is True


@pytest.mark.parametrize("line", ["catalogue: {status: cancelled}", "catalogue_status: suspended"])
def test_an_item_may_say_the_status_of_its_base_item_itself(folder: Path, line: str) -> None:
    file = folder / "departments" / "finance.yaml"
    text = file.read_text(encoding="utf-8")
    at = text.index("- id: ")
    end = text.index("\n", at)
    file.write_text(f"{text[:end]}\n  {line}{text[end:]}", encoding="utf-8")
    code, out, _ = run(str(file))
    assert code == 1
    assert [said for said in out.splitlines() if " R36 错误 " in said]
