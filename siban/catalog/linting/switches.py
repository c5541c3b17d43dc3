"""Which rules a region has switched off or made stricter or milder."""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from siban.kernel.checks import CheckError, Severity

SHIPPED = Path(__file__).parent / "switches.yaml"
OWN_FILE = "SIBAN_LINT_SWITCHES"
OFF = "off"
LEVELS = ("E", "W", OFF)


@lru_cache(maxsize=256)
def of_region(region: str) -> tuple[frozenset[str], Mapping[str, Severity]]:
    """Rules off and severities changed for a region; of two entries that fit, the longer prefix holds."""
    said: dict[str, str] = {}
    for entry in sorted(_entries(os.environ.get(OWN_FILE) or ""), key=lambda e: len(e["region"])):
        if region.startswith(entry["region"]):
            said[entry["rule"]] = entry["severity"]
    off = frozenset(rule for rule, level in said.items() if level == OFF)
    return off, {rule: level for rule, level in said.items() if level != OFF}  # type: ignore[misc]


@lru_cache(maxsize=8)
def _entries(own: str) -> tuple[dict[str, str], ...]:
    file = Path(own) if own else SHIPPED
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CheckError(f"规则开关表 {file} 读不出来，请检查是否存在、是否为 UTF-8 编码的 YAML。") from fault
    return tuple(_entry(row, n, file) for n, row in enumerate((said.get("switches") or []), start=1))


def _entry(row: Any, number: int, file: Path) -> dict[str, str]:
    from ..checks import ITEM, UNIT

    here = f"规则开关表 {file.name} 第 {number} 条"
    if not isinstance(row, dict):
        raise CheckError(f"{here}应写明 region、rule、severity、reason。")
    level = OFF if row.get("severity") is False else row.get("severity")  # YAML reads a bare `off` as no
    entry = {
        "region": str(row.get("region") or "").rstrip("0"), "rule": str(row.get("rule")), "severity": str(level),
        "reason": str(row.get("reason") or ""),
    }  # fmt: skip
    if entry["rule"] not in ITEM and entry["rule"] not in UNIT:
        raise CheckError(f"{here}的规则“{entry['rule']}”不存在。")
    if entry["severity"] not in LEVELS:
        raise CheckError(f"{here}的 severity 应为 E（错误）、W（提醒）或者 off（关闭），现为“{entry['severity']}”。")
    if not entry["reason"].strip():
        raise CheckError(f"{here}没有写 reason（原因），关闭或者改变一条规则要说明为什么。")
    return entry
