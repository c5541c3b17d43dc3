"""Loading an item library from files: what the banner, its sumus and gachas publish, checked before anything is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from siban.identity.api import Org, Role
from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.actor import staff as staff_actor
from siban.kernel.imports import Imported, ImportRefused

from . import actions, rules, rules_guide, wording
from .content import ItemContent, read
from .elements import elements
from .flow import ITEM_FLOW, STANDARD, ItemState
from .libraries import completed, plain, read_yaml
from .models import (
    CatalogItem,
    DataElement,
    ImplementationItem,
    ItemVersion,
    MaterialGrain,
    PowerListItem,
    Venue,
    columns,
)
from .variants import translated, variants

REFERENCE = Path(__file__).resolve().parent / "reference"
LOWER = (("townships.yaml", "township", 5), ("villages.yaml", "village", 6))
LIFE = ("claim", "draft", "self_check", "submit", "review", "publish")
BY_AUTHORITY = frozenset({"review", "publish"})
AUTHORITY = "gov_service"  # 旗政务服务局 reviews and publishes
OWN = ("version", "status", "effective_at", "guide_published_at", "guide_versions")  # set anew by every publication
SHOWN_FAULTS = 50


@dataclass(slots=True)
class Listed:
    """One implementation item as the files have it."""

    slug: str
    org: Org
    content: dict[str, Any]
    elements: ItemContent
    base_slug: str = ""

    @property
    def hash(self) -> str:
        return rules.content_hash(self.content)


@dataclass(slots=True)
class Library:
    """Everything the files say, typed and cross-checked."""

    items: list[Listed] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def library(folder: Path) -> Library:
    """Read and check all items of a folder."""
    found = Library()
    orgs = {o.code: o for o in Org.objects.select_related("region")}
    for file in sorted((folder / "departments").glob("*.yaml")):
        said = read_yaml(file)
        code = said.get("department", {}).get("id", "")
        if code not in orgs:
            found.faults.append(f"{file.name}：部门“{code}”不存在，请先运行 siban import organisations。")
            continue
        variant = said.get("code_variant")
        if variant is not None and variant not in variants():
            found.faults.append(f"{file.name}：没有名为“{variant}”的代码对照表，可用的有{'、'.join(variants())}。")
            continue
        for item in said.get("items", ()):
            if variant:
                item, wrong = translated(plain(item), variant)
                found.faults += [f"{file.name} {item.get('id')}：{fault}。" for fault in wrong]
            _list(found, plain(item), slug=str(item.get("id")), org=orgs[code], where=file.name)
    for name, kind, level in LOWER:
        if (folder / name).exists():
            _lower(found, read_yaml(folder / name), orgs, kind=kind, level=level, where=name)
    if not found.items and not found.faults:
        found.faults.append(f"“{folder}”里没有事项，应有 departments 文件夹，每个部门一个文件。")
    _cross_check(found)
    return found


def _list(found: Library, content: dict[str, Any], *, slug: str, org: Org, where: str, base_slug: str = "") -> None:
    here = f"{where} {slug}"
    try:
        typed = read(content)
    except msgspec.ValidationError as fault:
        found.faults.append(f"{here}：要素的类型不对（{fault}）。")
        return
    expected = rules.impl_code(org.uscc or "", typed.exercise_level, typed.basic_code)
    if typed.impl_code != expected:
        found.faults.append(f"{here}：实施编码应为 {expected}，现为 {typed.impl_code}。")
    unknown = sorted({f.element for m in typed.materials for f in m.form_fields} - elements().keys())
    if unknown:
        found.faults.append(f"{here}：表单使用了数据元字典里没有的 {'、'.join(unknown)}。")
    found.items.append(Listed(slug, org, content, typed, base_slug))


def _lower(found: Library, said: dict[str, Any], orgs: dict[str, Org], *, kind: str, level: int, where: str) -> None:
    """One implementation for each organisation of a level, completed with its window, hours and telephones."""
    seats = {o["region_code"]: o for o in said.get("organisations", ())}
    for shared in said.get("items", ()):
        content = {k: v for k, v in plain(shared).items() if k != "implementations"}
        for place in shared.get("implementations", ()):
            region = str(place["region_code"])
            org, seat = orgs.get(f"{kind}-{region}"), seats.get(region)
            if org is None or seat is None:
                found.faults.append(f"{where} {shared['id']}：实施机构 {region} 不存在。")
                continue
            local = {
                **completed(content, place, plain(seat), level=level),
                "dept_id": org.code,
                "dept_name": org.name,
                "dept_uscc": org.uscc,
            }
            slug = f"{shared['id']}.{region}"
            _list(found, local, slug=slug, org=org, where=where, base_slug=shared["base_item_id"])


def _cross_check(found: Library) -> None:
    """Codes are once only, and a lower level's locked elements equal its base item's (三级N同)."""
    slugs = {i.slug: i for i in found.items}
    codes: dict[str, str] = {}
    for item in found.items:
        if other := codes.get(item.elements.impl_code):
            found.faults.append(f"{item.slug} 与 {other} 的实施编码相同（{item.elements.impl_code}）。")
        codes[item.elements.impl_code] = item.slug
        if not item.base_slug:
            continue
        base = slugs.get(item.base_slug)
        if base is None:
            found.faults.append(f"{item.slug}：旗级事项 {item.base_slug} 不存在。")
        elif altered := [n for n in ("name", "basic_code", "item_type") if item.content[n] != base.content[n]]:
            found.faults.append(f"{item.slug}：{'、'.join(altered)} 与旗级事项 {item.base_slug} 不一致。")


@transaction.atomic
def load(folder: Path | None, at: datetime) -> list[Imported]:
    """Keep a library: catalogues, then items, new ones published through the moves of the procedure.

    Raises:
        ImportRefused: naming each fault; nothing is kept then.
    """
    place = folder or REFERENCE
    found = library(place)
    if found.faults:
        more = [f"……共 {len(found.faults)} 处。"] if len(found.faults) > SHOWN_FAULTS else []
        raise ImportRefused([*found.faults[:SHOWN_FAULTS], *more])
    done = [keep_elements(), keep_grains(place), keep_venues(place, found.items)]
    return [*done, keep_catalogue(found.items), keep_items(found.items, at=at)]


def _upsert(model: Any, rows: Iterable[Any], what: str, *, leave: tuple[str, ...] = ()) -> Imported:
    """Insert or overwrite rows of a catalogue by primary key; columns to `leave` are not the file's to say."""
    wanted = list(rows)
    names = [f.attname for f in model._meta.concrete_fields if not f.primary_key and f.name not in leave]
    now = {o.pk: o for o in model.objects.filter(pk__in=[r.pk for r in wanted])}
    fresh = [r for r in wanted if r.pk not in now]
    moved = [r for r in wanted if r.pk in now and any(getattr(r, n) != getattr(now[r.pk], n) for n in names)]
    model.objects.bulk_create(fresh)
    if moved:
        model.objects.bulk_update(moved, names)
    return Imported(what, len(fresh), len(moved), len(wanted) - len(fresh) - len(moved))


def keep_elements() -> Imported:
    """The dictionary of data elements, as the package reads it."""
    shared = ("id", "name", "type", "code_set", "validation", "reusable", "personal_information", "sensitive")
    rows = (DataElement(**{n: getattr(e, n) for n in shared}) for e in elements().values())
    return _upsert(DataElement, rows, "数据元")


def keep_grains(folder: Path) -> Imported:
    """Common materials (颗粒化标准材料)."""
    file = folder / "materials.yaml"
    said = read_yaml(file).get("grains", []) if file.exists() else []
    by_hand = {g.pk: g for g in MaterialGrain.objects.filter(content__has_key="linked_by")}  # what people linked stays
    rows = (
        by_hand.get(g["id"])
        or MaterialGrain(
            id=g["id"], name=g["name"], category=g["category"], is_form=bool(g.get("is_form")),
            ecert_type_id=g.get("ecert_type_id") or "", content=plain(g),
        )
        for g in said
    )  # fmt: skip
    return _upsert(MaterialGrain, rows, "标准材料")


def keep_venues(folder: Path, items: list[Listed]) -> Imported:
    """Venues of the file, and those of the sumus' and gachas' own windows."""
    file = folder / "venues.yaml"
    rows = {v["venue_id"]: plain(v) for v in (read_yaml(file).get("venues", []) if file.exists() else [])}
    for item in items:
        for window in item.content.get("windows") or ():
            if window.get("venue_id") and window["venue_id"] not in rows:
                rows[window["venue_id"]] = {**window, "office_hours": item.content.get("office_hours") or ""}
    venues = (
        Venue(
            id=key, building=v.get("building") or "", street=v.get("street") or "", house_no=v.get("house_no") or "",
            office_hours=v.get("office_hours") or "", traffic_guide=v.get("traffic_guide") or "", content=v,
        )
        for key, v in rows.items()
    )  # fmt: skip
    return _upsert(Venue, venues, "办理场所")


def keep_catalogue(items: list[Listed]) -> Imported:
    """One base item for each basic code."""
    rows: dict[str, CatalogItem] = {}
    for item in items:
        said = item.elements
        row = rows.setdefault(
            said.basic_code,
            CatalogItem(
                basic_code=said.basic_code, name=said.name, item_type=said.item_type, sub_type=said.sub_type or "",
                legal_basis=item.content.get("legal_basis") or [], exercise_levels=[],
            ),
        )  # fmt: skip
        row.exercise_levels = sorted({*row.exercise_levels, *said.levels, said.exercise_level})
    return _upsert(CatalogItem, rows.values(), "基本目录事项", leave=("presented_by",))


def manager_of(org: Org) -> Actor:
    """Who claims and compiles in an import: the organisation's item manager, by the channel of the import."""
    return staff_actor(
        name="数据导入", role=Role.DEPT_ADMIN, role_label=Role.DEPT_ADMIN.label, org_id=org.pk, org_name=org.name,
        region_code=org.region_id, channel="import",
    )  # fmt: skip


def authority() -> Actor:
    """Who reviews and publishes in an import: the service authority."""
    org = Org.objects.filter(code=AUTHORITY).first()
    if org is None:
        raise ImportRefused(["没有政务服务管理机构（gov_service），请先运行 siban import organisations。"])
    return staff_actor(
        name="数据导入", role=Role.SERVICE_ADMIN, role_label=Role.SERVICE_ADMIN.label, org_id=org.pk,
        org_name=org.name, region_code=org.region_id, channel="import",
    )  # fmt: skip


def keep_items(items: list[Listed], *, at: datetime) -> Imported:
    """New items at once, changed ones by a new version each, the rest untouched."""
    chief = authority()
    now = {i.impl_code: i for i in ImplementationItem.objects.select_related("version", "org")}
    fresh = [i for i in items if i.elements.impl_code not in now]
    changed, notes = 0, []
    publish_many(fresh, {i.slug: i for i in now.values()}, by=chief, at=at)
    for item in items:
        kept = now.get(item.elements.impl_code)
        if kept is None or kept.version is None or same(kept.version.content, item.content):
            continue
        if kept.state != ItemState.PUBLISHED:
            notes.append(f"“{kept.name}”（{kept.org.name}）现在是“{ITEM_FLOW.label(kept.state)}”，没有更新。")
            continue
        renew(kept, item, by=chief, at=at)
        changed += 1
    return Imported("实施清单", len(fresh), changed, len(items) - len(fresh) - changed, tuple(notes))


def same(kept: dict[str, Any], listed: dict[str, Any]) -> bool:
    """Whether two contents say the same, apart from what each publication sets anew."""
    return not [name for name in rules.altered(kept, listed) if name not in OWN]


def renew(kept: ImplementationItem, listed: Listed, *, by: Actor, at: datetime) -> None:
    """The next version of an item, through every step of the procedure."""
    manager = manager_of(kept.org)
    CatalogItem.objects.filter(pk=kept.catalog_item_id).update(name=listed.elements.name)
    draft = actions.request_change(item=kept.pk, reason="数据导入：事项要素有更新", by=manager, at=at)
    actions.save_draft(item=kept.pk, content=listed.content, seen=draft.content_hash, by=manager, at=at)
    actions.self_check(item=kept.pk, by=manager, at=at)
    actions.submit(item=kept.pk, by=manager, at=at)
    actions.review(item=kept.pk, by=by, at=at)
    actions.publish(item=kept.pk, by=by, at=at)


def publish_many(
    listed: list[Listed], known: dict[str, ImplementationItem], *, by: Actor, at: datetime
) -> list[ImplementationItem]:
    """Publish many new items in a few statements; the moves, their refusals and journal rows are those of one."""
    made: list[tuple[ImplementationItem, Listed]] = []
    for entry in listed:  # banner items come first, so that a base is known before what rests on it
        item = ImplementationItem(
            slug=entry.slug, impl_code=entry.elements.impl_code, catalog_item_id=entry.elements.basic_code,
            org=entry.org, region_id=entry.org.region_id, base=known.get(entry.base_slug),
            **columns(entry.elements, callable_certs=wording.callable_certificates()),
        )  # fmt: skip
        item.locked_hash = rules.locked_hash(entry.content)
        item.basics_hash = rules_guide.basics_hash(entry.content)
        item.is_unequal = bool(item.base and item.base.locked_hash not in ("", item.locked_hash))
        item.search_words = wording.search_words(entry.elements, item)
        item.initials = wording.initials(item.name)
        known[entry.slug] = item
        made.append((item, entry))
    ImplementationItem.objects.bulk_create([i for i, _ in made], batch_size=500)
    versions = [
        ItemVersion(
            item=item, number=entry.elements.version, content=entry.content, content_hash=entry.hash,
            is_published=True, published_at=at, effective_on=_day(entry.elements.effective_at, at), created_at=at,
            created_by=by.name, reason="数据导入",
        )
        for item, entry in made
    ]  # fmt: skip
    ItemVersion.objects.bulk_create(versions, batch_size=200)
    rows = [row for (item, _), v in zip(made, versions, strict=True) for row in _life(item, v, by=by, at=at)]
    ImplementationItem.objects.bulk_update([i for i, _ in made], ["state", "version", "published_at"], batch_size=200)
    journal.write_many(rows)
    actions.present([i for i, _ in made])
    keep_powers([(i, entry.elements) for i, entry in made], by=by, at=at)
    return [i for i, _ in made]


def keep_powers(made: list[tuple[ImplementationItem, ItemContent]], *, by: Actor, at: datetime) -> None:
    """The power list as the guides name it: one entry for each number of a unit, linked with all items of it."""
    known = {(p.org_id, p.code): p for p in PowerListItem.objects.filter(org_id__in={i.org_id for i, _ in made})}
    fresh: list[PowerListItem] = []
    links: list[tuple[ImplementationItem, PowerListItem]] = []
    for item, said in made:
        owner = item.base.org_id if item.base else item.org_id
        for link in said.power_list:
            entry = known.get((owner, link.id))
            if entry is None:
                entry = known[owner, link.id] = PowerListItem(
                    org_id=owner, code=link.id, name=said.name, item_type=said.item_type, url=link.url or "",
                    basis="；".join(f"《{b.law.strip('《》')}》{b.article}" for b in said.legal_basis[:1])[:500],
                    updated_at=at, updated_by=by.name,
                )  # fmt: skip
                fresh.append(entry)
            links.append((item, entry))
    PowerListItem.objects.bulk_create(fresh, batch_size=500)
    through = PowerListItem.items.through
    through.objects.bulk_create(
        [through(powerlistitem_id=p.pk, implementationitem_id=i.pk) for i, p in dict.fromkeys(links)],
        batch_size=1000,
        ignore_conflicts=True,
    )


def _day(said: str | None, at: datetime) -> date:
    return date.fromisoformat(said) if said else at.date()


def _life(item: ImplementationItem, version: ItemVersion, *, by: Actor, at: datetime) -> Iterator[dict[str, Any]]:
    """The journal of a new item from its assignment to its publication; each move is asked of the machine first."""
    kind, key = journal.key(item)
    facts = {"version": version.number, "content_hash": version.content_hash}
    row = journal.row(
        subject_type=kind, subject_id=key, seq=1, prev_hash=journal.GENESIS, move="assign", by=SYSTEM, at=at,
        law=STANDARD, target=ITEM_FLOW.start, note="数据导入",
    )  # fmt: skip
    yield row
    manager = manager_of(item.org)
    for seq, name in enumerate(LIFE, start=2):
        actor, move = (by if name in BY_AUTHORITY else manager), ITEM_FLOW.moves[name]
        if why := ITEM_FLOW.refusal(name, item, by=actor, at=at):
            raise ImportRefused([f"“{item.name}”（{item.org.name}）：{why}"])
        source = str(item.state)
        item.state = move.target
        if name == "publish":
            item.version, item.published_at = version, at
        row = journal.row(
            subject_type=kind, subject_id=key, seq=seq, prev_hash=row["hash"], move=name, by=actor, at=at, law=move.law,
            source=source, target=move.target, changes={"state": [source, str(move.target)]},
            facts=facts if name == "publish" else {},
        )  # fmt: skip
        yield row
