"""Which rules a region has switched off or made stricter or milder: by the site's file, and by its authority on the desk."""

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

Stored = tuple[tuple[str, str, str], ...]
"""What the desk has decided: (prefix of the region, rule, severity)."""

InForce = tuple[frozenset[str], tuple[tuple[str, Severity], ...]]
"""Rules that are off, severities that are changed; the same for all regions that have nothing of their own."""


@lru_cache(maxsize=4096)
def of_region(region: str, stored: Stored = ()) -> InForce:
    """What holds in a region; of two entries that fit, the longer prefix, then the desk's."""
    entries = [(e["region"], e["rule"], e["severity"]) for e in _entries(os.environ.get(OWN_FILE) or "")]
    said: dict[str, str] = {}
    for prefix, rule, level in sorted((*entries, *stored), key=lambda e: len(e[0])):
        if region.startswith(prefix):
            said[rule] = level
    off = frozenset(rule for rule, level in said.items() if level == OFF)
    changed = tuple(sorted((rule, level) for rule, level in said.items() if level != OFF))
    return off, changed  # type: ignore[return-value]


@lru_cache(maxsize=8)
def _entries(own: str) -> tuple[Mapping[str, str], ...]:
    file = Path(own) if own else SHIPPED
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise CheckError(f"规则开关表 {file} 读不出来，请检查是否存在、是否为 UTF-8 编码的 YAML。") from fault
    return tuple(_entry(row, n, file) for n, row in enumerate((said.get("switches") or []), start=1))


def prefix_of(region: str) -> str:
    """The significant digits of a region code of any length: pairs down to the banner, then threes."""
    for width in (2, 4, 6, 9, 12):
        if len(region) >= width and not region[width:].strip("0"):
            return region[:width] if region[:width].strip("0") else ""
    return region


def _entry(row: Any, number: int, file: Path) -> dict[str, str]:
    from ..checks import ITEM, UNIT

    here = f"规则开关表 {file.name} 第 {number} 条"
    if not isinstance(row, dict):
        raise CheckError(f"{here}应写明 region、rule、severity、reason。")
    level = OFF if row.get("severity") is False else row.get("severity")  # YAML reads a bare `off` as no
    entry = {
        "region": prefix_of(str(row.get("region") or "")), "rule": str(row.get("rule")), "severity": str(level),
        "reason": str(row.get("reason") or ""),
    }  # fmt: skip
    if entry["rule"] not in ITEM and entry["rule"] not in UNIT:
        raise CheckError(f"{here}的规则“{entry['rule']}”不存在。")
    if entry["severity"] not in LEVELS:
        raise CheckError(f"{here}的 severity 应为 E（错误）、W（提醒）或者 off（关闭），现为“{entry['severity']}”。")
    if not entry["reason"].strip():
        raise CheckError(f"{here}没有写 reason（原因），关闭或者改变一条规则要说明为什么。")
    return entry
