"""Everything read about items: the guide of one, the doors of the home page, the manager's list."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Prefetch, Q, Sum
from django.db.models.functions import Coalesce

from siban.identity.api import Org
from siban.kernel import journal, straight
from siban.kernel.actor import Actor

from . import access, rules, search, wording
from .content import ItemContent, read
from .flow import ItemState
from .models import GroupChange, ImplementationItem, ItemQuerySet, ItemVersion, WorkbookImport, WorkbookLine

PAGE = 50
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class InForce:
    """Which version of an item the public sees now."""

    version_id: Any
    content_hash: str
    suspended: bool
    coming_id: Any = None
    coming_hash: str = ""
    usual: str = ""


IN_FORCE = """
SELECT v.id, v.content_hash, i.state = 'suspended' OR i.is_suspended, n.id, coalesce(n.content_hash, ''),
       coalesce(i.usual ->> 'words', '')
FROM catalog_implementationitem i JOIN catalog_itemversion v ON v.id = i.version_id
LEFT JOIN catalog_itemversion n ON i.state = 'scheduled' AND n.item_id = i.id AND NOT n.is_published
WHERE i.impl_code = %s AND i.state <> 'cancelled'
"""


def in_force(impl_code: str) -> InForce | None:
    """The version in force of an item, in one small statement; None for an unknown, unpublished or cancelled one."""
    found = straight.fetch(IN_FORCE, (impl_code,))
    return InForce(*found[0]) if found else None


def region_of(impl_code: str) -> str:
    """The region an item belongs to."""
    return ImplementationItem.objects.values_list("region_id", flat=True).get(impl_code=impl_code)


def content_of(version_id: Any) -> ItemContent:
    """The typed elements of a version."""
    return read(ItemVersion.objects.values_list("content", flat=True).get(pk=version_id))


def raw_content(version_id: Any) -> dict[str, Any]:
    """The elements of a version as they are exchanged."""
    return dict(ItemVersion.objects.values_list("content", flat=True).get(pk=version_id))


def org_names(content: ItemContent) -> dict[str, str]:
    """Names of the departments an item mentions by code."""
    codes = {*content.joint_depts, *([content.guidance_dept_id] if content.guidance_dept_id else [])}
    return dict(Org.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


@dataclass(frozen=True, slots=True)
class Door:
    """A way into the list: what it is called, its query, how many items are behind it."""

    label: str
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page offers."""

    natural: tuple[Door, ...]
    legal: tuple[Door, ...]
    departments: tuple[Door, ...]
    popular: tuple[tuple[str, str], ...]
    items: int
    full_online: int
    instant: int


DOORS = """
SELECT kind, label, code, count(*) FROM (
  SELECT 'natural' AS kind, t AS label, t AS code FROM catalog_implementationitem i,
    jsonb_array_elements_text(i.natural_topics) t WHERE {shown}
  UNION ALL
  SELECT 'legal', t, t FROM catalog_implementationitem i, jsonb_array_elements_text(i.legal_topics) t WHERE {shown}
  UNION ALL
  SELECT 'dept', o.short_name, o.code FROM catalog_implementationitem i JOIN identity_org o ON o.id = i.org_id
  WHERE {shown}
  UNION ALL
  SELECT 'figure', 'items', '' FROM catalog_implementationitem i WHERE {shown}
  UNION ALL
  SELECT 'figure', 'full_online', '' FROM catalog_implementationitem i WHERE {shown} AND is_full_online
  UNION ALL
  SELECT 'figure', 'instant', '' FROM catalog_implementationitem i WHERE {shown} AND case_type = 'instant'
) doors GROUP BY kind, label, code ORDER BY count(*) DESC, label
""".replace(
    "{shown}",
    "i.version_id IS NOT NULL AND i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended AND i.level = 4"
    " AND i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s",
)


def _doors() -> list[tuple[str, str, str, int]]:
    with connection.cursor() as cursor:
        prefix = rules.territory(settings.SITE_REGION)
        cursor.execute(DOORS, {"from": prefix, "to": prefix + ":"})
        return list(cursor.fetchall())


def home() -> Home:
    """Themes for persons and enterprises, departments, and what most people come for (banner items only)."""
    rows = _doors()
    doors: dict[str, list[Door]] = {"natural": [], "legal": [], "dept": []}
    figures: dict[str, int] = {}
    for kind, label, code, count in rows:
        if kind == "figure":
            figures[label] = count
        else:
            name = "dept" if kind == "dept" else f"who={kind}&topic"
            doors[kind].append(Door(label, f"{name}={code}", count))
    shown = ImplementationItem.objects.published().filter(slug__in=wording.popular())
    known = {slug: (name, code) for slug, name, code in shown.values_list("slug", "name", "impl_code")}
    popular = tuple(known[slug] for slug in wording.popular() if slug in known)
    for group in doors.values():
        group.sort(key=lambda door: door.label == OTHER)  # 其他 stands last, however many it holds
    return Home(
        tuple(doors["natural"]), tuple(doors["legal"]), tuple(doors["dept"]), popular, figures.get("items", 0),
        figures.get("full_online", 0), figures.get("instant", 0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """Choices offered beside a list: departments and territories that have items, themes."""

    departments: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]


def filters() -> Filters:
    """What the list of items can be narrowed by."""
    rows = (
        ImplementationItem.objects.published()
        .filter(region_id__startswith=rules.territory(settings.SITE_REGION))
        .order_by("org__order", "org__code")
        .values_list("org__code", "org__short_name", "region_id", "region__name", "level")
        .distinct()
    )
    departments, regions = {}, {}
    for code, name, region, region_name, level in rows:
        if level == 4:
            departments[code] = name
        regions[region] = region_name
    topics = dict.fromkeys(label for kind, label, _, _ in _doors() if kind in ("natural", "legal"))
    return Filters(tuple(departments.items()), tuple(sorted(regions.items())), tuple(topics))


@dataclass(frozen=True, slots=True)
class Sought:
    """What narrows the manager's list."""

    q: str = ""
    state: str = ""
    dept: str = ""
    sort: str = "name"


LISTED = 2000  # rows a list leads through; more wants a narrower question
BANNER = 6  # digits of a territory whose items are few enough to be looked through word by word
SORTS = {"name": ("name", "slug"), "org": ("org__order", "slug"), "published": ("-published_at", "slug")}


def managed(sought: Sought, *, by: Actor) -> ItemQuerySet:
    """Items whose management an actor may see, narrowed and in order."""
    found = ImplementationItem.objects.visible_to(by).select_related("org", "version")
    if sought.state:
        found = found.filter(state=sought.state)
    if sought.dept:
        found = found.filter(org__code=sought.dept)
    if sought.q:
        found = _said(found, sought.q.strip(), wide=is_wide(by))
    order = SORTS.get(sought.sort, SORTS["name"])
    if is_wide(by) and sought.sort == "org":
        order = SORTS["name"]  # the order of offices is a banner's own
    return found.order_by(*order)


def is_wide(by: Actor) -> bool:
    """Whether an actor sees more than one banner, so that no list may look at every row."""
    return access.sees_territory(by) and len(by.region_prefix) < BANNER


def _said(found: ItemQuerySet, question: str, *, wide: bool) -> ItemQuerySet:
    """Items called so, else those people mean by it; in many banners the catalogue is asked first, and the index brings theirs."""
    text = wording.fold(question)
    code = Q(impl_code__startswith=question.upper())
    meant = code | Q(catalog_item__in=search.codes(question))
    if wide:
        return found.filter(meant)
    called = found.filter(code | (Q(search_words__contains=text) if text.isascii() else Q(name__icontains=text)))
    return called if called.exists() else found.filter(meant)


def departments_of(by: Actor) -> list[tuple[str, str]]:
    """Departments an actor may choose between in the manager's list; whoever sees many banners asks in words."""
    if is_wide(by):
        return []
    shown = ImplementationItem.objects.visible_to(by).order_by().values("org_id")
    return list(Org.objects.filter(pk__in=shown).values_list("code", "short_name"))


def counts_by_state(by: Actor) -> dict[str, int]:
    """How many of an actor's items stand in each state, counted up to `LISTED`."""
    shown = ImplementationItem.objects.visible_to(by).order_by()
    counted = {s: shown.filter(state=s)[:LISTED].count() for s in ItemState} if is_wide(by) else {}
    rows = counted or dict(shown.values_list("state").annotate(Count("pk")))
    return {state: count for state, count in rows.items() if count}


@dataclass(frozen=True, slots=True)
class Counts:
    """The three counts of a unit's items: 认领数, 清单数, 业务办理项数."""

    claimed: int
    listed: int
    handled: int


def counts(by: Actor) -> Counts | None:
    """How many items were claimed, how many lists are published, how many handling items they have; None for many banners."""
    if is_wide(by):
        return None
    mine = ImplementationItem.objects.visible_to(by).order_by()
    public = Q(version__isnull=False, is_suspended=False) & ~Q(state__in=[ItemState.SUSPENDED, ItemState.CANCELLED])
    found = mine.aggregate(
        claimed=Count("pk", filter=~Q(state__in=[ItemState.TO_CLAIM, ItemState.CANCELLED])),
        listed=Count("pk", filter=public),
        handled=Coalesce(Sum("handling_count", filter=public), 0),
    )
    return Counts(**found)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The management page of an item: its two newest versions, its draft, its journal."""

    item: ImplementationItem
    versions: tuple[ItemVersion, ...]
    draft: ItemVersion | None
    entries: tuple[Any, ...]


def item_page(pk: Any, *, by: Actor) -> ItemPage:
    """Raises DoesNotExist for who may not see the item."""
    item = (
        ImplementationItem.objects.visible_to(by).select_related("org", "version", "base", "catalog_item").get(pk=pk)
    )
    versions = tuple(item.versions.order_by("-number")[:2])  # what is worked on is the newest
    draft = next((v for v in versions if not v.is_published), None)
    return ItemPage(item, versions, draft, tuple(journal.timeline(item)))


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A published item with just the columns a new case needs."""

    pk: UUID
    version_id: UUID
    org_id: UUID
    region_id: str


OPEN = """
SELECT id, version_id, org_id, region_id FROM catalog_implementationitem
WHERE impl_code = %s AND version_id IS NOT NULL AND state NOT IN ('suspended', 'cancelled') AND NOT is_suspended
"""


def open_item(impl_code: str) -> OpenItem | None:
    """The item that may be applied for under this code, in one small statement (see `ItemQuerySet.published`)."""
    found = straight.fetch(OPEN, (impl_code,))
    return OpenItem(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class WorkbookPage:
    """A received workbook with one page of its lines."""

    workbook: WorkbookImport
    lines: tuple[WorkbookLine, ...]
    total: int


LINES = 20


def workbook_page(pk: Any, *, verdict: str, page: int, by: Actor) -> WorkbookPage:
    """Raises DoesNotExist for who may not see the workbook."""
    workbook = WorkbookImport.objects.visible_to(by).select_related("file", "mapping").get(pk=pk)
    wanted = [verdict] if verdict else [v for v in WorkbookLine.Verdict.values if v != WorkbookLine.Verdict.UNCHANGED]
    lines = workbook.lines.filter(verdict__in=wanted).defer("content").order_by("place")
    total = sum(workbook.counts.get(v, 0) for v in wanted)
    return WorkbookPage(workbook, tuple(lines[(page - 1) * LINES : page * LINES]), total)


def recent_workbooks(by: Actor) -> list[WorkbookImport]:
    """The organisation's latest imports."""
    return list(WorkbookImport.objects.visible_to(by).select_related("file").order_by("-received_at")[:10])


def how_far(workbook: WorkbookImport) -> int:
    """How many items of a confirmed workbook are done."""
    return workbook.lines.filter(applied_at__isnull=False).count()


def with_drafts(found: ItemQuerySet, most: int) -> list[tuple[ImplementationItem, ItemVersion]]:
    """Items with what is being worked on, or else the version in force; three statements however many."""
    drafts = ItemVersion.objects.filter(is_published=False).order_by("number")
    rows = found.select_related("org", "version", "base__version").prefetch_related(
        Prefetch("versions", queryset=drafts, to_attr="drafts")
    )[:most]
    shown = ((item, next(iter(item.drafts), None) or item.version) for item in rows)  # type: ignore[attr-defined]
    return [(item, version) for item, version in shown if version is not None]


def recent_changes(by: Actor) -> list[GroupChange]:
    """The organisation's latest changes of many items."""
    return list(GroupChange.objects.visible_to(by).order_by("-made_at")[:10])


def shown_after(slug: str, *, most: int) -> list[tuple[str, str, ItemContent]]:
    """The banner's published items after one of them, with hash and elements, for what turns through all of them."""
    prefix = rules.territory(settings.SITE_REGION)
    rows = (
        ImplementationItem.objects.published()
        .filter(level=4, region_id__startswith=prefix, slug__gt=slug)
        .order_by("slug")
        .values_list("slug", "version__content_hash", "version__content")[:most]
    )
    return [(name, hash_, read(content)) for name, hash_, content in rows]


def names_of_departments(contents: list[ItemContent]) -> dict[str, str]:
    """Names of all departments these items mention by code, in one statement."""
    codes = {code for c in contents for code in (*c.joint_depts, c.guidance_dept_id) if code}
    return dict(Org.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
