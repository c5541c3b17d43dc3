"""《热线类别及主责单位统计清单》: loaded as a whole, changed row by row, tried on past orders before a change is in force."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused
from siban.kernel.imports import Imported, ImportRefused

from .. import access, rules
from ..models import Category, Order, RuleDraft
from .stepping import said

LAW = "三张清单（热线类别及主责单位统计清单）"
FIELDS = (
    "name", "keywords", "natures", "lead_unit", "co_units", "default_level", "limit_value", "limit_unit", "basis", "is_urgent",
    "is_acceptable", "is_public",
)  # fmt: skip
CHANGEABLE = ("lead_unit", "co_units", "default_level", "limit_value", "natures", "is_urgent", "is_acceptable")
LONGEST_TRIAL = 366
ROW = "热线类别"


def _leaves(tree: list[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str, str]]:
    for top in tree:
        for second in top["children"]:
            for leaf in second["children"]:
                yield leaf, str(top["name"]), str(second["name"])


def known_units() -> set[str]:
    """What a row may name: codes of organisations, townships by their region code too."""
    codes = set(Org.objects.filter(is_active=True).values_list("code", flat=True))
    return codes | {c.removeprefix("township-") for c in codes if c.startswith("township-")}


def read(path: Path | None = None, *, valid_from: date) -> list[Category]:
    """The rows of a file, not saved. Raises ImportRefused with every fault."""
    path = path or rules.REFERENCE / "categories.yaml"
    try:
        said_ = yaml.safe_load(path.read_text(encoding="utf-8"))
        region, basis = str(said_["region"]), str(said_["basis"])
        rows = [
            _row(leaf, top, second, region, basis, valid_from) for leaf, top, second in _leaves(said_["categories"])
        ]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as fault:
        raise ImportRefused(
            [f"{path.name} 读不出来（{type(fault).__name__}），请对照随产品提供的清单检查。"]
        ) from fault
    if faults := [f for f in rules.conflicts(rows, known_units()) if f.is_grave]:
        raise ImportRefused([f"{f.code}：{f.words}" for f in faults])
    return rows


def _row(leaf: Mapping[str, Any], top: str, second: str, region: str, basis: str, valid_from: date) -> Category:
    limit = leaf.get("time_limit") or {}
    return Category(
        code=str(leaf["id"]), name=leaf["name"], top_name=top, second_name=second, keywords=list(leaf.get("keywords", ())),
        natures=list(leaf["natures"]), lead_unit=str(leaf["lead_unit"]), co_units=[str(u) for u in leaf.get("co_units", ())],
        default_level=leaf["default_level"], limit_value=limit.get("value"), limit_unit=limit.get("unit", ""), basis=basis,
        is_urgent=bool(leaf.get("urgent")), is_acceptable=bool(leaf.get("acceptable", True)), region_id=region,
        valid_from=valid_from,
    )  # fmt: skip


@transaction.atomic
def load(path: Path | None = None, *, by: Actor, at: datetime, valid_from: date | None = None) -> Imported:
    """Bring the list to what a file says from a day on; rows that do not change stay, the others end that day."""
    valid_from = valid_from or local_day(at)
    rows = read(path, valid_from=valid_from)
    region = rows[0].region_id
    now = {c.code: c for c in Category.objects.select_for_update().filter(region_id=region, valid_to=None)}
    fresh = [r for r in rows if r.code not in now]
    changed = [r for r in rows if r.code in now and any(getattr(r, f) != getattr(now[r.code], f) for f in FIELDS)]
    gone = now.keys() - {r.code for r in rows}
    for code in [r.code for r in changed] + sorted(gone):
        _close(now[code], valid_from)
    Category.objects.bulk_create([*fresh, *changed])
    if fresh or changed or gone:
        journal.write(
            subject=("hotline.Category", region), move="load", by=by, at=at, law=LAW,
            facts={"added": len(fresh), "changed": sorted(r.code for r in changed), "ended": sorted(gone)},
        )  # fmt: skip
    unclear = [f"{f.code}：{f.words}" for f in rules.conflicts(rows, known_units())]
    return Imported(ROW, len(fresh), len(changed), len(rows) - len(fresh) - len(changed), notes=tuple(unclear))


def _close(row: Category, day: date) -> None:
    if row.valid_from >= day:
        raise Refused(f"“{row.name}”的现行规定从 {row.valid_from} 起才生效，新的规定要从它以后的日子起生效。")
    row.valid_to = day
    row.save(update_fields=["valid_to"])


def in_force(code: str, region: str, *, on: date) -> Category:
    """The row of a category on a day. Raises Refused."""
    found = Category.objects.in_force(on).filter(code=code, region_id=f"{region[:6]}000000").first()
    if found is None:
        raise Refused(f"清单里没有现在有效的类别“{code}”，请刷新以后重新选择。")
    return found


@transaction.atomic
def draft(*, code: str, region: str, change: Mapping[str, Any], reason: str, by: Actor, at: datetime) -> RuleDraft:
    """Write down what a row shall become; nothing is dispatched by it yet. Raises Refused."""
    if not access.may_set_rules(by) or not by.covers(region):
        raise Refused(f"您当前的岗位不能修改派单清单。{access.may_set_rules.__doc__}")
    row = in_force(code, region, on=local_day(at))
    wanted = {k: v for k, v in change.items() if k in CHANGEABLE and v != getattr(row, k)}
    if not wanted:
        raise Refused(f"“{row.name}”没有改动。请先修改主责单位、协办单位、级别、时限或者性质。")
    _check(row, wanted)
    kept = RuleDraft.objects.select_for_update().filter(code=code, region_id=row.region_id, done_at=None).first()
    kept = kept or RuleDraft(code=code, region_id=row.region_id)
    assert by.id is not None
    kept.change, kept.reason, kept.by_id, kept.by_name, kept.at = wanted, reason.strip()[:300], by.id, by.name, at
    kept.save()
    journal.write(subject=kept, move="draft", by=by, at=at, law=LAW, note=reason.strip(), facts={"change": wanted})
    return kept


def _check(row: Category, wanted: Mapping[str, Any]) -> None:
    changed = Category(**{f: getattr(row, f) for f in ("code", *FIELDS)}, valid_from=row.valid_from)
    for name, value in wanted.items():
        setattr(changed, name, value)
    if changed.default_level not in rules.LEVELS:
        raise Refused("级别无法识别，请从网格、社区、街道、吹哨里选择。")
    others = Category.objects.filter(region_id=row.region_id, valid_to=None).exclude(code=row.code)
    if faults := [f for f in rules.conflicts([changed, *others], known_units()) if f.code == row.code and f.is_grave]:
        raise Refused("；".join(f.words for f in faults))


@transaction.atomic
def enforce(*, draft_id: Any, by: Actor, at: datetime, valid_from: date | None = None) -> Category:
    """Put a change in force from a day on: the old row ends, orders of before stay as they were."""
    kept = RuleDraft.objects.select_for_update().get(pk=draft_id)
    if not access.may_set_rules(by) or not by.covers(kept.region_id):
        raise Refused(f"您当前的岗位不能修改派单清单。{access.may_set_rules.__doc__}")
    if kept.done_at is not None:
        raise Refused("这个修改已经处理过了。")
    said(kept.reason, "修改的理由")
    valid_from = valid_from or local_day(at) + timedelta(days=1)
    if valid_from <= local_day(at):
        raise Refused("新的规定最早从明天起生效，已经派出的工单不受影响。")
    row = in_force(kept.code, kept.region_id, on=local_day(at))
    _check(row, kept.change)
    fresh = Category(**{f.attname: getattr(row, f.attname) for f in Category._meta.concrete_fields if f.name != "id"})
    for name, value in kept.change.items():
        setattr(fresh, name, value)
    fresh.valid_from, fresh.valid_to = valid_from, None
    _close(row, valid_from)
    fresh.save(force_insert=True)
    kept.done_at = at
    kept.save(update_fields=["done_at"])
    journal.write(
        subject=("hotline.Category", f"{fresh.region_id}:{fresh.code}"), move="change", by=by, at=at, law=LAW, note=kept.reason,
        facts={"change": kept.change, "valid_from": valid_from.isoformat()},
    )  # fmt: skip
    return fresh


@transaction.atomic
def drop_draft(*, draft_id: Any, by: Actor, at: datetime) -> None:
    """The change is given up."""
    kept = RuleDraft.objects.select_for_update().get(pk=draft_id)
    if not access.may_set_rules(by) or not by.covers(kept.region_id):
        raise Refused(f"您当前的岗位不能修改派单清单。{access.may_set_rules.__doc__}")
    kept.done_at = kept.done_at or at
    kept.save(update_fields=["done_at"])
    journal.write(subject=kept, move="drop", by=by, at=at, law=LAW)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would have done to past orders."""

    since: date
    until: date
    orders: int
    moved: tuple[tuple[str, str, int], ...]
    """(from unit, to unit, orders)."""
    examples: tuple[tuple[str, str, str, str], ...]
    """(number, words, from unit, to unit), at most 50."""
    shorter: int
    longer: int
    levels: int


def dry_run(change: Mapping[str, Mapping[str, Any]], *, region: str, since: date, until: date) -> Trial:
    """Last month's orders under changed rows: which would have gone to another unit, had another limit or level.

    Args:
        change: by category code, the fields that differ.
        since, until: days of the call, both included; at most a year.
    """
    if not since <= until <= since + timedelta(days=LONGEST_TRIAL):
        raise Refused("试算的日期先后颠倒，或者超过一年。请重新选择。")
    rows = {
        c.code: c for c in Category.objects.filter(region_id=f"{region[:6]}000000", code__in=change, valid_to=None)
    }
    orders = Order.objects.filter(
        region_id__startswith=region[:6], leaf__in=rows, received_at__date__gte=since, received_at__date__lte=until
    ).order_by("received_at", "pk")
    names = {o.code: o.short_name for o in Org.objects.all()}
    moved: Counter[tuple[str, str]] = Counter()
    examples: list[tuple[str, str, str, str]] = []
    seen = shorter = longer = levels = 0
    for number, text, leaf, town in orders.values_list("number", "text", "leaf", "region_id").iterator(2000):
        row, wanted = rows[leaf], change[leaf]
        seen += 1
        before = rules.lead_code(row.lead_unit, town)
        after = rules.lead_code(str(wanted.get("lead_unit", row.lead_unit)), town)
        if before != after:
            pair = (names.get(before, before), names.get(after, after))
            moved[pair] += 1
            if len(examples) < 50:
                examples.append((number, text[:40], *pair))
        limit = wanted.get("limit_value", row.limit_value)
        shorter += limit is not None and row.limit_value is not None and limit < row.limit_value
        longer += limit is not None and row.limit_value is not None and limit > row.limit_value
        levels += wanted.get("default_level", row.default_level) != row.default_level
    return Trial(
        since,
        until,
        seen,
        tuple((a, b, n) for (a, b), n in moved.most_common()),
        tuple(examples),
        shorter,
        longer,
        levels,
    )
