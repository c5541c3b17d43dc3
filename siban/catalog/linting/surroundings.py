"""What the rules have to know around an item when it comes from files: certificates, grains, base items."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import rules
from ..checks.declared import IN_FORCE
from ..libraries import read_yaml

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
CATALOGUE = "catalogue.yaml"  # optional: base items with their status, `items: [{basic_code, name, status}]`
OF_A_BASE = {IN_FORCE: "active", "suspended": "suspended", "cancelled": "cancelled"}


@lru_cache(maxsize=8)
def certificates(folder: Path) -> dict[str, Any]:
    """Callable certificates and the certificate of each material grain; the product's own where the folder has none."""
    types = read_yaml(_file(folder, "certificate_types.yaml")).get("certificate_types") or []
    grains = read_yaml(_file(folder, "materials.yaml")).get("grains") or []
    names = {t["id"]: t.get("name") or t["id"] for t in types if t.get("callable")}
    return {
        "callable_types": names,
        "callable_names": {name: kind for kind, name in names.items()},
        "grain_types": {g["id"]: g.get("ecert_type_id") for g in grains},
    }


def _file(folder: Path, name: str) -> Path:
    return next((f for f in (folder / name, folder.parent / name) if f.exists()), REFERENCE / name)


@lru_cache(maxsize=8)
def statuses(folder: Path) -> dict[str, str] | None:
    """Status of the base items by code, if the folder says them."""
    for place in (folder, folder.parent):
        if (place / CATALOGUE).exists():
            return {
                str(row.get("basic_code")): str(row.get("status") or "active")
                for row in read_yaml(place / CATALOGUE).get("items") or []
            }
    return None


def siblings_in(items: Iterable[dict[str, Any]]) -> dict[str, dict[str, str | None]]:
    """Of the items of one organisation: for each basic code in force more than once, the handling codes by item."""
    rows = [i for i in items if isinstance(i, dict) and i.get("status") == IN_FORCE]
    often = {code for code, n in Counter(str(i.get("basic_code")) for i in rows).items() if n > 1}
    found: dict[str, dict[str, str | None]] = {}
    for row in rows:
        if (code := str(row.get("basic_code"))) in often:
            found.setdefault(code, {})[str(row.get("id"))] = row.get("handling_code")
    return found


def public_guides(items: Iterable[dict[str, Any]]) -> int:
    """How many guides of public services are published (002 表 8)."""
    return sum(
        isinstance(i, dict) and i.get("item_type") == rules.PUBLIC_SERVICE and i.get("status") == IN_FORCE
        for i in items
    )


def status_said(item: Any) -> str | None:
    """The status of its base item, where an item says it itself: `catalogue: {status: …}` or `catalogue_status`."""
    if not isinstance(item, dict):
        return None
    beside = item.get("catalogue")
    said = item.get("catalogue_status") or (beside.get("status") if isinstance(beside, dict) else None)
    return said if said in ("active", "suspended", "cancelled") else None
