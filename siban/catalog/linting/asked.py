"""What was asked to be checked: workbooks and lists told apart, and where results about a workbook are put."""

from pathlib import Path

from .files import Unreadable
from .workbooks import SUFFIXES

MARKED, MENDED = "检查结果", "已修改"


def beside(path: Path, what: str) -> Path:
    """The file beside a workbook that says something about it."""
    return path.with_name(f"{path.stem}-{what}.xlsx")


def parted(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """(lists and folders of lists, workbooks). Raises Unreadable for what is not there or neither of them."""
    lists: list[Path] = []
    workbooks: list[Path] = []
    for path in paths:
        if not path.exists():
            raise Unreadable(f"没有找到“{path}”，请核对路径。")
        if path.is_dir():
            inside = [f for f in sorted(path.rglob("*.xlsx")) if not _is_ours(f)]
            workbooks += [f for f in inside if f not in workbooks]
            if not inside or any(path.rglob("*.yaml")) or any(path.rglob("*.yml")):
                lists.append(path)
        elif path.suffix.lower() in SUFFIXES:
            if path not in workbooks:
                workbooks.append(path)
        elif path.suffix in (".yaml", ".yml"):
            lists.append(path)
        else:
            raise Unreadable(f"“{path.name}”不是工作簿（.xlsx），也不是 YAML 写的事项清单（.yaml），不能检查。")
    return lists, workbooks


def _is_ours(file: Path) -> bool:
    """What the linter itself or an open spreadsheet program has put there."""
    return file.name.startswith((".", "~$")) or file.stem.endswith((f"-{MARKED}",))
