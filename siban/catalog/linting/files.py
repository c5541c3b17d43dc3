"""Items from the YAML files of a library: a department's file, the shared lists of sumus and gachas, or a folder."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from siban.kernel.checks import CheckError

from ..libraries import KINDS, LOADER, completed
from . import surroundings
from .paths import touches
from .positions import Positions
from .sources import Place, Subject, Unit, Written

REFERENCES = frozenset(
    {"certificate_types.yaml", "data_elements.yaml", "defects.yaml", "letters.yaml", "materials.yaml", "synonyms.yaml", "venues.yaml",
     surroundings.CATALOGUE}
)  # fmt: skip
LEVEL_NAMES = {5: "苏木乡镇（街道）", 6: "嘎查村（社区）"}
WORTH_TWO = 400_000  # bytes; below it starting a second process takes longer than it saves
SEAT = {
    "windows[0]": "window", "office_hours": "office_hours", "consult_phones": "consult_phone",
    "complain_phones": "complaint_phone", "dept_uscc": "uscc", "dept_name": "name",
}  # fmt: skip
SEATED = frozenset({"windows", "office_hours", "consult_phones", "complain_phones"})  # a shared item may have its own


class Unreadable(CheckError):
    """A file that cannot be checked at all; its text says which, where and what to do."""


@dataclass(slots=True)
class Read:
    """One file as it was read."""

    path: Path
    said: dict[str, Any]
    fault: str = ""


def read(path: Path) -> Read:
    """A file's values; a fault in words instead of an exception, so that it can come from another process."""
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except FileNotFoundError:
        return Read(path, {}, f"没有找到文件“{path}”，请核对路径。")
    except OSError as fault:
        return Read(path, {}, f"文件“{path}”打不开（{fault.strerror}），请检查权限。")
    except UnicodeDecodeError:
        return Read(path, {}, f"文件“{path}”不是 UTF-8 编码，请另存为 UTF-8 后再检查。")
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else "里面"
        return Read(path, {}, f"文件“{path}”{where}不是正确的 YAML，请检查缩进、引号和括号。")
    except RecursionError:
        return Read(path, {}, f"文件“{path}”的层次太深，读不出来，请检查括号。")
    except ValueError:
        return Read(path, {}, f"文件“{path}”里有不存在的日期或者数字，读不出来，请检查。")
    return Read(path, said if isinstance(said, dict) else {})


def is_library(said: dict[str, Any]) -> bool:
    """Whether a file lists items: of a department, or shared by organisations."""
    return isinstance(said.get("items"), list) and (
        isinstance(said.get("department"), dict) or isinstance(said.get("organisations"), list)
    )


def read_all(files: list[Path], tell: Callable[[int, int], None]) -> list[Read]:
    """All files, on two cores where it is worth it."""
    size = sum(f.stat().st_size for f in files if f.exists())
    workers = min(2, os.cpu_count() or 1)
    if len(files) < 2 or size < WORTH_TWO or workers < 2:
        done = []
        for file in files:
            done.append(read(file))
            tell(len(done), len(files))
        return done
    order = sorted(files, key=lambda f: -f.stat().st_size)  # the longest first, so that both end together
    found: dict[Path, Read] = {}
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        for one in pool.imap_unordered(read, order):
            found[one.path] = one
            tell(len(found), len(files))
    return [found[file] for file in files]


@dataclass(slots=True)
class Files:
    """A source of library files."""

    paths: list[Path]
    tell: Callable[[int, int], None] = lambda done, of: None
    name: str = "文件"
    is_complete: bool = False
    _units: list[Unit] = field(default_factory=list)
    _bases: dict[str, dict[str, Any]] = field(default_factory=dict)

    def subjects(self) -> Iterator[Subject]:
        """Departments first, so that what rests on them can be compared. Raises Unreadable."""
        reads = self._read()
        for one in reads:
            for item in one.said["items"]:
                if isinstance(one.said.get("department"), dict) and isinstance(item, dict):
                    self._bases.setdefault(str(item.get("id")), item)
        for one in reads:
            if isinstance(one.said.get("department"), dict):
                yield from self._department(one)
        for one in reads:
            if not isinstance(one.said.get("department"), dict):
                yield from self._shared(one)

    def units(self) -> Iterable[Unit]:
        return self._units

    def _read(self) -> list[Read]:
        wanted: dict[Path, bool] = {}  # file -> named by itself
        for path in self.paths:
            if path.is_dir():
                inside = [f for f in sorted(path.rglob("*.y*ml")) if f.name not in REFERENCES]
                wanted |= {f: False for f in inside if f not in wanted and f.suffix in (".yaml", ".yml")}
                if not inside:
                    raise Unreadable(f"文件夹“{path}”里没有 YAML 文件，也没有工作簿（.xlsx）。")
            else:
                wanted[path] = True
        reads = read_all(list(wanted), self.tell)
        if faults := [one.fault for one in reads if one.fault]:
            raise Unreadable("\n".join(faults))
        for one in reads:
            if wanted[one.path] and not is_library(one.said):
                raise Unreadable(
                    f"文件“{one.path}”不是事项清单：应有 department（或者 organisations）和 items，"
                    "可以对照随产品提供的 departments 文件夹。"
                )
        libraries = [one for one in reads if is_library(one.said)]
        if not libraries:
            raise Unreadable(f"“{'、'.join(map(str, self.paths))}”里没有事项清单。")
        return libraries

    def _base(self, slug: Any, beside: Path) -> dict[str, Any] | None:
        """The banner's item, from the files read or from the department's file beside the shared list."""
        name = str(slug)
        if name not in self._bases:
            file = beside / "departments" / f"{name.split('.')[0]}.yaml"
            for item in read(file).said.get("items") or ():
                if isinstance(item, dict):
                    self._bases.setdefault(str(item.get("id")), item)
        return self._bases.get(name)

    def _department(self, one: Read) -> Iterator[Subject]:
        folder, items = one.path.parent, one.said["items"]
        dept = one.said["department"]
        known = surroundings.certificates(folder)
        statuses = surroundings.statuses(folder)
        twice = surroundings.siblings_in(items)
        unit = str(dept.get("name") or dept.get("id") or one.path.stem)
        region = str(dept.get("region_code") or "")
        self._units.append(
            Unit({"id": dept.get("id"), "name": unit, "public_guides": surroundings.public_guides(items)},
                 str(one.path), region, has_lines=True)
        )  # fmt: skip
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                raise Unreadable(f"文件“{one.path}”的第 {index + 1} 个事项不是一组要素，请检查缩进。")
            slug = str(item.get("id") or f"第 {index + 1} 个事项")
            code = str(item.get("basic_code"))
            others = {k: v for k, v in twice.get(code, {}).items() if k != slug}
            context = {**known, "base": None, "siblings": others}
            if statuses is not None:
                context["catalogue_status"] = statuses.get(code, "active")
            if said := surroundings.status_said(item):
                context["catalogue_status"] = said
            yield Subject(
                id=slug, unit=unit, content=item, context=context, file=str(one.path), region=region,
                written=partial(_in_items, slug, index),
            )  # fmt: skip

    def _shared(self, one: Read) -> Iterator[Subject]:
        """Each shared item as each of its organisations implements it."""
        folder = one.path.parent
        known, statuses = surroundings.certificates(folder), surroundings.statuses(folder)
        rows = [o for o in one.said["organisations"] if isinstance(o, dict)]
        seats = {str(o.get("region_code")): o for o in rows}
        twice = surroundings.siblings_in(one.said["items"])
        for index, shared in enumerate(one.said["items"]):
            slug = str(shared.get("id")) if isinstance(shared, dict) else ""
            places = shared.get("implementations") if isinstance(shared, dict) else None
            if not isinstance(places, list) or not places:
                raise Unreadable(f"文件“{one.path}”的第 {index + 1} 个事项没有 implementations（由哪些机构实施）。")
            level = shared.get("exercise_level")
            base = self._base(shared.get("base_item_id"), folder) if shared.get("base_item_id") else None
            code = str(shared.get("basic_code"))
            context: dict[str, Any] = {
                **known, "siblings": {k: v for k, v in twice.get(code, {}).items() if k != slug}
            }  # fmt: skip
            if base is not None or not shared.get("base_item_id"):
                context["base"] = base
            if statuses is not None or base is not None:
                of_base = surroundings.OF_A_BASE.get(str((base or {}).get("status")), "active")
                context["catalogue_status"] = (statuses or {}).get(code, of_base)
            if said := surroundings.status_said(shared):
                context["catalogue_status"] = said
            for number, place in enumerate(places):
                region = str(place.get("region_code")) if isinstance(place, dict) else ""
                seat = seats.get(region)
                if seat is None:
                    raise Unreadable(
                        f"文件“{one.path}”事项 {slug} 的实施机构“{region}”不在 organisations 里，请核对区划代码。"
                    )
                content = completed(
                    shared, {"impl_code": None, **place}, {**dict.fromkeys(SEAT.values()), **seat},
                    level=level if level in KINDS else 5,
                ) | {"exercise_level": level}  # fmt: skip
                yield Subject(
                    id=slug, unit=LEVEL_NAMES.get(level, "基层"), content=content, context=context,
                    file=str(one.path), region=region,
                    written=partial(_in_shared, slug, index, region, str(seat.get("name") or region), number, SEATED & shared.keys()),
                )  # fmt: skip


def _in_items(slug: str, index: int, path: str) -> Written:
    return Written(slug, path, f"items[{index}].{path}")


def _in_shared(
    slug: str, index: int, region: str, org: str, number: int, spoken: frozenset[str], path: str
) -> Written:
    """Whose cell it is and where it is written: the organisation's own, its code, or the shared item's (`spoken`)."""
    if any(touches(path, own) for own in spoken):
        return Written(slug, path, f"items[{index}].{path}")
    for own, seat in SEAT.items():
        if touches(path, own):
            rest = path[len(own) :] if own == "windows[0]" else ""
            at = f"organisations[region_code={region}].{seat}{rest}"
            return Written(org, at, at)
    if path == "windows":
        at = f"organisations[region_code={region}].window"
        return Written(org, at, at)
    if path == "impl_code":
        at = f"implementations[region_code={region}].impl_code"
        return Written(slug, at, f"items[{index}].implementations[{number}].impl_code")
    return Written(slug, path, f"items[{index}].{path}")


@dataclass(slots=True)
class Locator:
    """Lines and columns of findings, file by file; a file is composed at its first finding."""

    _kept: dict[str, Positions] = field(default_factory=dict)

    def place(self, file: str, written: str) -> Place:
        if file not in self._kept:
            self._kept.clear()  # findings come file by file
            self._kept[file] = Positions(Path(file).read_text(encoding="utf-8"))
        cell = self._kept[file].cell(written)
        return Place(cell.line, cell.column)
