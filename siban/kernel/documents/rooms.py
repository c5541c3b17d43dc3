"""The map of the rooms: what each owns and which doors it opens."""

import ast
from pathlib import Path

from .flows import HEAD


def _owns(folder: Path) -> str:
    """First sentence of the room's README (after its title)."""
    readme = folder / "README.md"
    if not readme.exists():
        return ""
    lines = [x.strip() for x in readme.read_text().splitlines() if x.strip() and not x.startswith("#")]
    return lines[0].replace("|", "/") if lines else ""


def _doors(folder: Path) -> list[str]:
    api = folder / "api.py"
    if not api.exists():
        return []
    for node in ast.parse(api.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [ast.literal_eval(e) for e in node.value.elts]  # type: ignore[attr-defined]
    return []


def rooms_page(root: Path, layers: list[str]) -> str:
    """Markdown table of the rooms, highest first."""
    lines = [HEAD, "# 模块图", "", "上层可以使用下层，反之不行；模块之间只走 `api`。", ""]
    lines += ["| 模块 | 负责 | 门（api） |", "|---|---|---|"]
    for line in layers:
        for name in (n.strip() for n in line.split("|")):
            folder = root / name
            doors = "、".join(f"`{d}`" for d in _doors(folder))
            lines.append(f"| `{name}` | {_owns(folder)} | {doors} |")
    return "\n".join(lines) + "\n"
