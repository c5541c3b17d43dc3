"""Pure rules of the item library."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from .content import ItemContent, Limit

APPLIED_POWERS = frozenset({"01", "05", "07", "08", "09", "10"})  # 依申请六类行政权力 (GB/T 39046—2020 A.1)
PUBLIC_SERVICE = "20"


def applied_service(content: ItemContent) -> bool:
    """依申请: the six powers exercised on application, and public services that are applied for."""
    if content.item_type in APPLIED_POWERS:
        return True
    return content.item_type == PUBLIC_SERVICE and content.public_service_mode != "proactive"


def comparable_days(limit: Limit) -> int | None:
    """A limit in fifths of a natural day, so that both units add up: a working day is 7/5 natural days.

    Returns:
        workdays × 7 or natural days × 5; None without a statutory limit.
    """
    if limit.value is None:
        return None
    return limit.value * (7 if limit.unit == "workday" else 5)


def free_without_link(content: Mapping[str, Any]) -> bool:
    """免证办 ticked while no material is linked to a certificate (R26)."""
    ticked = (content.get("online") or {}).get("is_cert_free")
    return bool(ticked) and not any(str(m.get("ecert_type_id") or "").strip() for m in content.get("materials") or ())


LOCKED = (
    "name", "basic_code", "item_type", "sub_type", "legal_basis", "accept_conditions", "materials", "process_steps",
    "special_procedures", "legal_limit", "result", "has_situations", "situations",
)  # fmt: skip
"""Elements a lower level takes over from its base item unchanged (国发〔2022〕5号 同一事项同标准; 三级N同)."""


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a version's content: the same elements give the same hash anywhere."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def altered_locked(content: Mapping[str, Any], base: Mapping[str, Any]) -> list[str]:
    """The locked elements in which a lower level's content differs from its base item's."""
    return [name for name in LOCKED if content.get(name) != base.get(name)]


NOTHING: tuple[object, ...] = (None, "", [], {}, ())


def pruned(value: Any) -> Any:
    """A value without what says nothing, so that an empty cell and a missing one are the same."""
    if isinstance(value, Mapping):
        kept = {k: pruned(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in NOTHING}
    return [pruned(v) for v in value] if isinstance(value, (list, tuple)) else value


def locked_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the locked elements: equal for every implementation that is equal to its base item (三级N同)."""
    return content_hash(pruned({name: content.get(name) for name in LOCKED}))


def unequal(content: Mapping[str, Any], base: Mapping[str, Any]) -> list[str]:
    """The locked elements in which two contents differ, an empty one being the same as a missing one."""
    return [name for name in LOCKED if pruned({"": content.get(name)}) != pruned({"": base.get(name)})]


def laxer(content: Mapping[str, Any], base: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where a lower level is laxer than the item above: local elements may only tighten (承诺只能更短，只能往即办改).

    Returns:
        the path of the element and why, as a clause.
    """
    found = []
    mine, above = _promised(content), _promised(base)
    days, least = comparable_days(mine), comparable_days(above)
    if days is not None and least is not None and days > least:
        found.append(
            ("promised_limit.value", f"承诺时限“{mine.words}”比上级事项的“{above.words}”长，本级只能承诺得更短")
        )
    if base.get("case_type") == "instant" and content.get("case_type") in ("promised", "other"):
        found.append(("case_type", "上级事项是即办件，本级不能改为承诺件或者其他"))
    return found


def loosened(content: Mapping[str, Any], base: Mapping[str, Any]) -> list[str]:
    """What of a lower level is laxer than the item above, as clauses."""
    return [why for _, why in laxer(content, base)]


def _promised(content: Mapping[str, Any]) -> Limit:
    """The promised limit as far as it can be read; what is written wrongly is for other rules to say."""
    said = content.get("promised_limit")
    value = said.get("value") if isinstance(said, Mapping) else None
    is_days = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return Limit(value if is_days else None, said.get("unit") if isinstance(said, Mapping) else None)


def altered(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The top-level elements that differ between two contents, in the order of the newer one."""
    return [name for name in {**after, **before} if before.get(name) != after.get(name)]


def promise_too_long(content: ItemContent) -> bool:
    """Whether the promised limit is longer than the statutory one (R01), both counted in the same measure."""
    legal, promised = comparable_days(content.legal_limit), comparable_days(content.promised_limit)
    return legal is not None and promised is not None and promised > legal


def impl_code(uscc: str, level: int, basic_code: str) -> str:
    """实施编码: 统一社会信用代码 18 + 行使层级 1 + 基本编码 12 (GB/T 39554.1—2020)."""
    return f"{uscc}{level}{basic_code}"


def territory(region: str) -> str:
    """The part of a region code shared by all that lies in it: league, banner, sumu or gacha."""
    code = region.ljust(12, "0")
    for size in (2, 4, 6, 9):
        if not code[size:].strip("0"):
            return code[:size]
    return code
