"""共同申请: which items several people apply for together, and how many. The numbers are configuration, the rule the platform's.

Nobody applies for another without consent (行政许可法第二十九条; for marriages, property 民法典, 不动产登记暂行条例第十四条): each
co-applicant consents on the own account or in person at the counter, to the very content that is handed in.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from . import rules

ITEMS = Path(__file__).resolve().parent / "reference" / "joint_items.yaml"


@dataclass(frozen=True, slots=True)
class Joint:
    """How many others than the first applicant an item wants and takes."""

    least: int
    most: int
    law: str
    why: str

    @property
    def words(self) -> str:
        return f"{self.why}（{self.law}）"


@cache
def _listed() -> dict[str, Joint]:
    said = yaml.safe_load(ITEMS.read_text(encoding="utf-8"))["joint_items"]
    return {item: Joint(**rule) for item, rule in said.items()}


def rule_of(item_id: str) -> Joint | None:
    """The rule of an item; None where one person applies."""
    return _listed().get(item_id)


def fingerprint(form: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """What somebody consented to; what the act of handing in answers itself is left out."""
    said = [
        {k: v for k, v in form.items() if k not in rules.SETTLED and v not in (None, "", [], {}, False)},
        dict(answers),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
