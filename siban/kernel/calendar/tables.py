"""A year's holiday table: reading it from a file, and building a calendar from several."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from siban.kernel.codes import region

from .workdays import SATURDAY, WorkCalendar

Kind = Literal["rest", "work"]
KINDS: Mapping[str, Kind] = {"rest": "rest", "放假": "rest", "work": "work", "上班": "work", "调休上班": "work"}
MARGIN = timedelta(days=31)  # a year's notice may name days of the neighbouring months
LONGEST = 31  # days of one named holiday; more is a slip of the pen


class TableError(ValueError):
    """A holiday table that cannot be used; `sentences` names every wrong line."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass(frozen=True, slots=True, order=True)
class TableDay:
    """One named day of a table."""

    on: date
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class YearTable:
    """The days that one year's arrangement names, for the nation or for one region and all it contains."""

    year: int
    region_code: str
    source: str
    days: tuple[TableDay, ...]

    def checksum(self) -> str:
        """Hash of the content: the same table read twice has the same."""
        lines = [f"{self.year}|{self.region_code}|{self.source}"]
        lines += [f"{day.on}|{day.kind}|{day.name}" for day in self.days]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def build(tables: Iterable[YearTable]) -> WorkCalendar:
    """The calendar of several tables. A narrower region overrules a wider one, a later year an earlier one."""
    kinds: dict[date, TableDay] = {}
    published: set[int] = set()
    for table in sorted(tables, key=lambda table: (len(region.prefix(table.region_code)), table.year)):
        kinds.update({day.on: day for day in table.days})
        if table.region_code == region.NATIONAL:
            published.add(table.year)
    return WorkCalendar(
        frozenset(day.on for day in kinds.values() if day.kind == "rest"),
        frozenset(day.on for day in kinds.values() if day.kind == "work"),
        frozenset(published),
        {day.on: day.name for day in kinds.values()},
    )


@cache
def national_tables() -> tuple[YearTable, ...]:
    """The national tables that come with the product."""
    text = resources.files(__package__).joinpath("national.yaml").read_text(encoding="utf-8")
    return tuple(from_mapping(entry) for entry in yaml.safe_load(text))


@cache
def national() -> WorkCalendar:
    """The national calendar that comes with the product."""
    return build(national_tables())


def read(name: str, content: bytes) -> YearTable:
    """Read a table from the content of a YAML, JSON or CSV file; raises `TableError`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError([f"文件“{name}”不是 UTF-8 编码，请另存为 UTF-8 后重新导入。"]) from error
    suffix = name.rpartition(".")[2].lower()
    if suffix == "csv":
        return from_mapping(_csv_mapping(name, text))
    try:
        if suffix == "json":
            loaded = json.loads(text, parse_float=str)
        elif suffix in ("yaml", "yml"):
            loaded = yaml.safe_load(text)
        else:
            raise TableError([f"文件“{name}”的格式不支持，请用 YAML、JSON 或 CSV 文件。"])
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        raise TableError([f"文件“{name}”无法读取，可能缺少括号、引号或缩进不齐，请检查后重新导入。"]) from error
    return from_mapping(loaded)


def from_mapping(loaded: object) -> YearTable:
    """A table from `{year, region_code?, source, rest: [{name, from, to?}], work: [...]}`; raises `TableError`."""
    if isinstance(loaded, list) and len(loaded) == 1:
        loaded = loaded[0]
    if not isinstance(loaded, dict):
        raise TableError(["文件内容应是一个年度的安排，包含年份、来源、放假和上班日期，请按模板填写。"])
    faults: list[str] = []
    year = _year(loaded.get("year"), faults)
    region_code = str(loaded.get("region_code") or region.NATIONAL)
    region_fault = region.check(region_code)
    if region_fault is not None:
        faults.append(f"适用地区有误：{region_fault}")
    source = str(loaded.get("source") or "").strip()
    if not source:
        faults.append("没有写明来源，请填写放假安排的文件名称。")
    days: dict[date, TableDay] = {}
    for kind, label in (("rest", "放假"), ("work", "上班")):
        entries = loaded.get(kind) or []
        if not isinstance(entries, list):
            faults.append(f"“{label}”应是逐条列出的日期，请按模板填写。")
            continue
        for place, entry in enumerate(entries, start=1):
            where = str(entry.get("line")) if isinstance(entry, dict) and "line" in entry else f"{label}第 {place} 条"
            for day in _days(entry, KINDS[kind], where, year, faults):
                if day.on in days:
                    faults.append(f"{where}：{day.on} 与前面重复，请只保留一条。")
                days[day.on] = day
    if not faults and not days:
        faults.append("没有列出任何放假或上班日期，请核对文件。")
    if not faults and region_code == region.NATIONAL and all(day.kind == "work" for day in days.values()):
        faults.append("全国安排中没有放假日期，请核对文件。")
    if faults or year is None:
        raise TableError(faults)
    return YearTable(year, region_code, source, tuple(sorted(days.values())))


def _year(value: object, faults: list[str]) -> int | None:
    try:
        year = int(str(value))
    except ValueError:
        year = 0
    if not 1990 <= year <= 2999:
        faults.append(f"年份“{'' if value is None else value}”无法识别，请填写四位年份，如 2027。")
        return None
    return year


def _days(entry: object, kind: Kind, where: str, year: int | None, faults: list[str]) -> list[TableDay]:
    if not isinstance(entry, dict):
        faults.append(f"{where}：应写明名称和起止日期，请按模板填写。")
        return []
    name = str(entry.get("name") or "").strip()
    if not name:
        faults.append(f"{where}：没有写节日名称，请补上。")
    first = _date(entry.get("from"), where, faults)
    last = _date(entry["to"], where, faults) if "to" in entry else first
    if first is None or last is None:
        return []
    if not first <= last < first + timedelta(days=LONGEST):
        faults.append(f"{where}：{first} 至 {last} 的先后或长度不对，请核对起止日期。")
        return []
    span = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    if year is not None and not date(year, 1, 1) - MARGIN <= first <= last <= date(year, 12, 31) + MARGIN:
        faults.append(f"{where}：{first} 至 {last} 不在 {year} 年，请核对年份。")
    if kind == "work":
        for day in span:
            if day.weekday() < SATURDAY:
                faults.append(f"{where}：{day} 不是周六或周日，本来就上班，不必列为调休上班，请核对。")
    return [TableDay(day, kind, name) for day in span]


def _date(value: object, where: str, faults: list[str]) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError:
        faults.append(f"{where}：日期“{'' if value is None else value}”无法识别，请写成 2027-01-01 的样子。")
        return None


def _csv_mapping(name: str, text: str) -> dict[str, Any]:
    """CSV rows 日期,类别,名称,来源[,年份][,地区] as the mapping of `from_mapping`, each with its line."""
    rows = csv.DictReader(io.StringIO(text))
    lacking = [column for column in ("日期", "类别", "名称", "来源") if column not in (rows.fieldnames or ())]
    if lacking:
        raise TableError([f"文件“{name}”首行缺少“{'、'.join(lacking)}”列，请按模板填写。"])
    found: dict[str, list[dict[str, str]]] = {"rest": [], "work": []}
    faults: list[str] = []
    headings: dict[str, Counter[str]] = {"年份": Counter(), "地区": Counter(), "来源": Counter()}
    years: Counter[str] = Counter()
    for row in rows:
        where = f"第 {rows.line_num} 行"
        kind = KINDS.get((row["类别"] or "").strip())
        if kind is None:
            faults.append(f"{where}：类别“{row['类别'] or ''}”无法识别，请填“放假”或“上班”。")
            continue
        day = (row["日期"] or "").strip()
        found[kind].append({"line": where, "name": row["名称"] or "", "from": day})
        years[day[:4]] += 1
        for heading, counter in headings.items():
            value = (row.get(heading) or "").strip()
            if value:
                counter[value] += 1
    for heading, counter in headings.items():
        if len(counter) > 1:
            faults.append(f"“{heading}”列前后不一致：{'、'.join(counter)}，一个文件只能写一种。")
    if faults:
        raise TableError(faults)
    first = {heading: next(iter(counter), "") for heading, counter in headings.items()}
    year = first["年份"] or (years.most_common(1)[0][0] if years else "")
    return {"year": year, "region_code": first["地区"], "source": first["来源"], **found}
