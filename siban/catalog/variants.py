"""Codes of other systems turned into those of the national standard, by tables (reference/code_variants.yaml). Pure but for reading them."""

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .libraries import read_yaml

FILE = Path(__file__).resolve().parent / "reference" / "code_variants.yaml"


@cache
def variants() -> dict[str, dict[str, Any]]:
    """The known tables by name."""
    return dict(read_yaml(FILE))


def translated(content: Mapping[str, Any], variant: str) -> tuple[dict[str, Any], list[str]]:
    """An item with the codes of another system turned into ours, and a sentence for each code no table knows.

    Raises:
        KeyError: no table is called so.
    """
    made, faults = copy.deepcopy(dict(content)), []
    for path, table in variants()[variant]["elements"].items():
        *holder, name = path.split(".")
        for row in [made] if not holder else made.get(holder[0]) or []:
            value = row.get(name)
            if value is None:
                continue
            said = value if isinstance(value, list) else [value]
            faults += [f"要素 {path} 的代码“{v}”在对照表里没有" for v in said if str(v) not in table]
            now = list(dict.fromkeys(table.get(str(v), v) for v in said))
            row[name] = now if isinstance(value, list) else now[0]
    return made, faults
