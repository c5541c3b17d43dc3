"""First stage: an item of the base list is put before the organisation that must exercise it, and claimed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access, directory, rules
from ..flow import ITEM_FLOW, STANDARD
from ..models import CatalogItem, ImplementationItem


@transaction.atomic
def assign(
    *, catalog_item: CatalogItem, org: Org, slug: str, base: ImplementationItem | None = None, by: Actor, at: datetime
) -> ImplementationItem:
    """Put an item of the base list before an organisation for claiming (应由本级本部门实施的事项逐一认领).

    Raises:
        Refused: not the post for it, the organisation has no code, or it has the item already.
    """
    if not by.is_system and not (by.has_role("service_admin") and by.covers(org.region_id)):
        raise Refused(f"您当前的岗位不能下达认领任务。{access.service_admin.__doc__}")
    return _put_before(catalog_item, org, slug=slug, base=base, by=by, at=at)


def _put_before(
    catalog_item: CatalogItem, org: Org, *, slug: str, base: ImplementationItem | None, by: Actor, at: datetime
) -> ImplementationItem:
    if catalog_item.status != CatalogItem.Status.ACTIVE or not catalog_item.is_handleable:
        raise Refused(f"“{catalog_item.name}”在基本目录中不是在用的事项，不能认领。")
    if not org.uscc:
        raise Refused(f"“{org.name}”还没有统一社会信用代码，编不出实施编码，请先补上。")
    code = rules.impl_code(org.uscc, org.region.level, catalog_item.basic_code)
    if ImplementationItem.objects.filter(impl_code=code).exists():
        raise Refused(f"“{org.name}”已有“{catalog_item.name}”，不用再次下达。")
    item = ImplementationItem(
        slug=slug,
        impl_code=code,
        catalog_item=catalog_item,
        org=org,
        region_id=org.region_id,
        base=base or above(catalog_item, org),
        name=catalog_item.name,
        item_type=catalog_item.item_type,
        level=org.region.level,
    )
    return ITEM_FLOW.begin(item, by=by, at=at, move="assign", law=STANDARD)  # type: ignore[no-any-return]


def above(catalog_item: CatalogItem, org: Org) -> ImplementationItem | None:
    """The same item in force at the nearest level above an organisation, whose elements it takes over."""
    code = org.region_id.ljust(12, "0")
    higher = {code[:size].ljust(12, "0") for size in (2, 4, 6, 9)} - {code}
    return (
        ImplementationItem.objects.published()
        .filter(catalog_item=catalog_item, region_id__in=higher, level__lt=org.region.level)
        .order_by("-level", "slug")
        .first()
    )


@transaction.atomic
def claim_listed(*, catalog_item: str, by: Actor, at: datetime) -> ImplementationItem:
    """Claim an item of the base list straight from the directory, as one's unit's own.

    Raises:
        Refused: not an item manager's post, or the item is not among those the unit should exercise.
    """
    if not by.has_role("dept_admin") or by.org_id is None:
        raise Refused(f"您当前的岗位不能认领事项。{access.item_manager.__doc__}")
    org = Org.objects.select_related("region").get(pk=by.org_id)
    row = directory.unclaimed(org).filter(pk=catalog_item).first()
    if row is None:
        raise Refused("这个事项不在本单位应认领的目录里，或者已经认领。请刷新页面；确需办理时请政务服务管理机构下达。")
    item = _put_before(row, org, slug=f"{org.code}.{row.pk}"[:120], base=None, by=by, at=at)
    return claim(item=item.pk, by=by, at=at)


def claim(*, item: UUID, by: Actor, at: datetime) -> ImplementationItem:
    """The department takes the item on."""
    with ITEM_FLOW.step("claim", by=by, at=at, pk=item) as step:
        pass
    return step.subject  # type: ignore[no-any-return]
