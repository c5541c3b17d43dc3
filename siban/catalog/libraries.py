"""How an item library is written in files: one for each department, one each for the sumus and the gachas."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from siban.kernel.imports import ImportRefused

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KINDS = {5: "township", 6: "village"}  # exercise level of a shared list -> kind of its organisations
HOTLINE = "12345"


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a mapping; raises ImportRefused in words."""
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "文件"
        raise ImportRefused([f"{path.name} {where}读不出来，请检查格式（UTF-8 编码的 YAML）。"]) from fault
    if not isinstance(said, dict):
        raise ImportRefused([f"{path.name} 的内容不是要素表，请对照随产品提供的文件检查。"])
    return said


def plain(value: Any) -> Any:
    """The value as JSON keeps it: days as text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return str(value) if isinstance(value, date) else value


def completed(shared: dict[str, Any], place: dict[str, Any], seat: dict[str, Any], *, level: int) -> dict[str, Any]:
    """A shared item as one organisation implements it: with its codes, and its window, hours and telephones unless the item has its own."""
    seated = {
        "windows": [seat["window"]] if seat["window"] else [],
        "office_hours": seat["office_hours"],
        "consult_phones": [seat["consult_phone"]] if seat["consult_phone"] else [],
        "complain_phones": [*([seat["complaint_phone"]] if seat["complaint_phone"] else []), HOTLINE],
    }
    return {
        **seated,
        **shared,
        "impl_code": place["impl_code"],
        "handling_code": None,
        "dept_id": f"{KINDS[level]}-{place['region_code']}",
        "dept_name": seat.get("name"),
        "dept_uscc": seat.get("uscc"),
        "joint_depts": [],
        "exercise_level": level,
    }
