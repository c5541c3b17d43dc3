"""What is read about changes: requests, to-dos from base items, elements that are unequal, and two versions side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from siban.identity.api import Org
from siban.kernel.actor import Actor

from . import differences, rules, wording
from .checks.differing import places_that_differ
from .content import read
from .flow import ChangeKind, ItemState
from .labels import ELEMENTS
from .linting import naming
from .models import BaseChange, ChangeRequest, ImplementationItem, ItemVersion
from .models_changes import OfAnItemQuerySet


@dataclass(frozen=True, slots=True)
class Asked:
    """What narrows a list of changes."""

    q: str = ""
    dept: str = ""
    kind: str = ""
    state: str = ""
    element: str = ""


def _narrowed(rows: Any, asked: Asked, *, item: str = "item__") -> Any:
    if asked.dept:
        rows = rows.filter(**{f"{item}org__code": asked.dept})
    if asked.q:
        text = wording.fold(asked.q.strip())
        rows = rows.filter(
            Q(**{f"{item}name__icontains": text})
            | Q(**{f"{item}initials__startswith": text})
            | Q(**{f"{item}impl_code__startswith": asked.q.strip().upper()})
        )
    return rows


def requests_found(asked: Asked, *, by: Actor) -> "OfAnItemQuerySet":
    """Requests to change items, newest first."""
    rows = ChangeRequest.objects.visible_to(by).select_related("item__org", "version")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.state:
        rows = rows.filter(outcome=asked.state)
    return _narrowed(rows, asked).order_by("-requested_at", "-id")  # type: ignore[no-any-return]


OVERDUE = "overdue"


def base_changes_found(asked: Asked, *, today: date, by: Actor) -> "OfAnItemQuerySet":
    """To-dos from base items, the most pressing first. `state` overdue = unconfirmed though the day has passed."""
    rows = BaseChange.objects.visible_to(by).select_related("item__org", "item__base__org", "base_version")
    if asked.state == OVERDUE:
        rows = rows.filter(outcome=BaseChange.Outcome.OPEN, due_on__lt=today)
    elif asked.state:
        rows = rows.filter(outcome=asked.state)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return _narrowed(rows, asked).order_by("due_on", "id")  # type: ignore[no-any-return]


def base_change_counts(*, today: date, by: Actor) -> dict[str, int]:
    """How many to-dos stand at which point, and how many are overdue, in one statement."""
    rows = BaseChange.objects.visible_to(by).order_by()
    counted: dict[str, Any] = {str(o): Count("id", filter=Q(outcome=o)) for o in BaseChange.Outcome}
    late = Q(outcome=BaseChange.Outcome.OPEN, due_on__lt=today)
    return rows.aggregate(**counted, **{OVERDUE: Count("id", filter=late)})


def unequal_items(asked: Asked, *, by: Actor) -> "QuerySet[ImplementationItem]":
    """Implementations whose locked elements are not those of the item above: marked when either was published."""
    rows = (
        ImplementationItem.objects.visible_to(by)
        .published()
        .filter(is_unequal=True)
        .select_related("org", "base__org", "version", "base__version", "catalog_item")
    )
    if asked.element in rules.LOCKED:
        mine = KeyTransform(asked.element, "version__content")
        above = KeyTransform(asked.element, "base__version__content")
        rows = rows.annotate(mine=mine, above=above).exclude(mine=F("above"))
    return _narrowed(rows, asked, item="").order_by("catalog_item_id", "region_id", "slug")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Unequal:
    """One unequal element of one unit: what it says here and above."""

    item: ImplementationItem
    element: str
    where: str
    here: str
    above: str


def unequal_elements(item: ImplementationItem, element: str = "") -> Iterator[Unequal]:
    """Every unequal element of an item with both values in words."""
    if item.version is None or item.base is None or item.base.version is None:
        return
    mine, above = item.version.content, item.base.version.content
    names = [n for n in rules.unequal(mine, above) if not element or n == element]
    if not names:
        return
    followed = {**mine, **{n: above[n] for n in names if n in above}}
    told = differences.between(read(followed), read(mine))
    for name in names:
        lines = [d for d in told if d.where.startswith(CHAPTERS[name])]
        if not lines:  # a cell the guide does not show by itself: told by its path
            for path, value, said in places_that_differ(name, mine.get(name), above.get(name)):
                yield Unequal(item, ELEMENTS[name], naming.in_words(path), str(value or "（空）"), said)
        for line in lines:
            yield Unequal(
                item,
                ELEMENTS[name],
                "" if line.where == ELEMENTS[name] else line.where,
                line.after or "（没有）",
                line.before or "（没有）",
            )


CHAPTERS: dict[str, tuple[str, ...]] = {
    "name": ("事项信息 · 事项名称",), "basic_code": ("事项信息 · 基本编码",), "item_type": ("事项信息 · 事项类型",),
    "sub_type": ("事项信息 · 事项子类",), "legal_basis": ("设定依据",), "accept_conditions": ("受理条件",),
    "materials": ("材料“",), "process_steps": ("办理流程",), "special_procedures": ("特别程序",),
    "legal_limit": ("办理时限 · 法定时限",), "result": ("办理结果",), "has_situations": ("情形和材料",),
    "situations": ("情形和材料",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of an item side by side."""

    item: ImplementationItem
    versions: tuple[ItemVersion, ...]
    older: ItemVersion | None
    newer: ItemVersion | None
    sentences: tuple[str, ...]
    details: tuple[differences.Difference, ...]


def compared(pk: Any, *, older: int | None, newer: int | None, by: Actor) -> Compared:
    """Any two versions of an item, the last two by default. Raises DoesNotExist for who may not see the item."""
    item = (
        ImplementationItem.objects.visible_to(by).select_related("org", "version", "base", "catalog_item").get(pk=pk)
    )
    versions = tuple(item.versions.defer("content").order_by("-number"))
    numbers = [v.number for v in versions]
    after = newer if newer in numbers else (numbers[0] if numbers else None)
    before = older if older in numbers else next((n for n in numbers if after is not None and n < after), None)
    found = {v.number: v for v in item.versions.filter(number__in=[n for n in (before, after) if n is not None])}
    a, b = found.get(before or -1), found.get(after or -1)
    if a is None or b is None:
        return Compared(item, versions, a, b, (), ())
    old, new = read(a.content), read(b.content)
    return Compared(item, versions, a, b, tuple(differences.in_words(old, new)), tuple(differences.between(old, new)))


@dataclass(frozen=True, slots=True)
class Coming:
    """A version that is announced: from which day, and what is different."""

    number: int
    on: date
    sentences: tuple[str, ...]


def coming(version_id: Any, now_id: Any) -> Coming | None:
    """What the announced version changes against the one in force."""
    rows = {v.pk: v for v in ItemVersion.objects.filter(pk__in=[version_id, now_id])}
    new, now = rows.get(version_id), rows.get(now_id)
    if new is None or now is None or new.effective_on is None:
        return None
    said = differences.in_words(read(now.content), read(new.content))
    return Coming(new.number, new.effective_on, tuple(said))


def units_below(by: Actor) -> list[tuple[str, str]]:
    """Units an item can be assigned to, for a select box."""
    rows = Org.objects.filter(region_id__startswith=by.region_prefix, uscc__gt="").order_by("order", "code")
    return list(rows.values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is under way around an item: the open request, the to-do from above, the version announced."""

    request: ChangeRequest | None
    base_change: BaseChange | None
    announced: ItemVersion | None

    @property
    def is_cancelling(self) -> bool:
        return bool(self.request and self.request.kind == ChangeKind.CANCEL)


def standing(item: ImplementationItem, draft: ItemVersion | None) -> Standing:
    """What is under way around one item, in two statements."""
    asked = ChangeRequest.objects.filter(item=item, outcome="open").first()
    due = (
        BaseChange.objects.filter(item=item, outcome__in=["open", "confirmed"]).select_related("base_version").first()
    )
    return Standing(asked, due, draft if item.state == ItemState.SCHEDULED else None)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A draft's version is no longer the one in force: until when it may still be handed in, and what changed since."""

    until: date | None
    is_over: bool
    since: date | None
    sentences: tuple[str, ...]


def renewal(version: ItemVersion, item: ImplementationItem, *, today: date) -> Renewal | None:
    """What somebody who fills in a draft has to know about its version; None while it is the one in force."""
    if version.retired_at is None or item.version_id is None or item.version_id == version.pk:
        return None
    now = ItemVersion.objects.get(pk=item.version_id)
    until = version.drafts_until
    said = differences.in_words(version.elements, now.elements)
    return Renewal(until, until is not None and today > until, now.effective_on, tuple(said))
