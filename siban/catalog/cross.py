"""跨域通办: where else an item may be handed in than at the place that decides it. Pure, except for the list of agreements."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LAW = "内政办发〔2023〕39号（线下全区通办）"
COUNTY, REGION, NATION = "county", "region", "nation"
OF_WORDS = {
    "跨县": COUNTY, "全市": COUNTY, "跨市": REGION, "全区": REGION, "跨省": NATION, "全国": NATION,
}  # fmt: skip
"""通办范围 as item_elements.md §2 and §4 word it; everything else, “无” too, is no wider than its own banner."""
TITLES = {COUNTY: "全市通办", REGION: "全区通办", NATION: "跨省通办"}
SAME = {COUNTY: 4, REGION: 2, NATION: 0}  # leading digits of GB/T 2260 that both places share
REACH = {COUNTY: (COUNTY, REGION, NATION), REGION: (REGION, NATION), NATION: (NATION,)}
"""Which scopes reach so far at least."""
REFERENCE = Path(__file__).parent / "reference" / "mutual_recognition.yaml"


def reaching(place: str) -> dict[str, str]:
    """Of each scope the beginning that codes of regions share whose items a counter at a place may take in."""
    return {scope: place[:digits] for scope, digits in SAME.items()}


def scope_of(words: str | None) -> str:
    """The scope an item's element 通办范围 stands for; empty for none."""
    return OF_WORDS.get((words or "").strip(), "")


def narrowest(scope: str, *, decides: str, receives: str) -> str:
    """What the two places call it: 全市通办, 全区通办 or 跨省通办; empty where the scope does not reach so far.

    Args:
        decides: region code of the place whose item it is.
        receives: region code of the counter.
    """
    if not scope:
        return ""
    for kind in (COUNTY, REGION, NATION):
        if decides[: SAME[kind]] == receives[: SAME[kind]]:
            return TITLES[kind] if SAME[scope] <= SAME[kind] else ""
    return ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """互认: places that recognise each other's handling, for the items they list."""

    name: str
    regions: tuple[str, ...]
    source: str
    items: tuple[str, ...]

    def includes(self, region: str) -> bool:
        return any(region.startswith(prefix) for prefix in self.regions)


@cache
def agreements() -> tuple[Agreement, ...]:
    """The agreements on file, as the reference has them."""
    loaded = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["agreements"]
    return tuple(
        Agreement(a["name"], tuple(a["regions"]), a["source"], tuple(str(i) for i in a.get("items", ())))
        for a in loaded
    )


def recognised(basic_code: str, *, decides: str, receives: str) -> str:
    """The agreement under which both places handle an item; empty for none."""
    for one in agreements():
        if basic_code in one.items and one.includes(decides) and one.includes(receives):
            return one.name
    return ""
