"""The power list and the negative list: entries kept by those responsible, links followed by the items in force."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..content import ItemContent
from ..flow import ITEM_FLOW
from ..models import ImplementationItem, LinkCheck, NegativeEntry, PowerListItem
from ..reaching import Reached, fault_of_address, locally

LIST_LAW = "中办发〔2015〕21号"  # 推行地方各级政府工作部门权力清单制度的指导意见
HALL_LAW = "国办发〔2016〕23号"  # 应进必进；不进驻的列负面清单


def follow(item: ImplementationItem, content: ItemContent) -> None:
    """Link an item with the entries of the power list that its guide names, its own unit's or those of the unit above."""
    codes = {link.id for link in content.power_list}
    if codes:
        owners = [item.org_id, *([item.base.org_id] if item.base else [])]
        item.powers.add(*PowerListItem.objects.filter(code__in=codes, org_id__in=owners))


def _may(by: Actor, org: Org) -> None:
    if not access.keeps_powers(by, org):
        raise Refused(f"您当前的岗位不能维护这个单位的权责清单。{access.keeps_powers.__doc__}")


def _sound(code: str, name: str, url: str, item_type: str, types: Collection[str]) -> None:
    if not code.strip() or len(code) > 60:
        raise Refused("请填写权责编号（最多 60 个字）。")
    if not name.strip() or len(name) > 200:
        raise Refused("请填写权责事项名称（最多 200 个字）。")
    if item_type not in types:
        raise Refused("请选择权力类型。")
    if url and (fault := fault_of_address(url)):
        raise Refused(f"链接{fault}请填写以 http:// 或者 https:// 开头的完整网址，或者本站以 / 开头的地址。")


@transaction.atomic
def keep_power(
    *, power: UUID | None, org: Org, code: str, name: str, item_type: str, basis: str, url: str,
    items: Collection[UUID], by: Actor, at: datetime,
) -> PowerListItem:  # fmt: skip
    """Add an entry to the power list, or change one, with the items by which it is exercised.

    Raises:
        Refused: not one's own unit, a number twice, an unreadable link, or an item of somebody else.
    """
    from ..labels import POWER_TYPES

    _may(by, org)
    code, name, url, basis = code.strip(), name.strip(), url.strip(), basis.strip()
    _sound(code, name, url, item_type, POWER_TYPES)
    same = PowerListItem.objects.filter(org=org, code=code)
    if (same if power is None else same.exclude(pk=power)).exists():
        raise Refused(f"本单位的权责清单里已有编号“{code}”，请核对编号，或者修改原来的条目。")
    if power is None:
        entry = PowerListItem(org=org, updated_at=at)
    else:
        entry = PowerListItem.objects.select_for_update(of=("self",)).get(pk=power, org=org)
    before = journal.picture(entry) if power else {}
    if entry.url != url:
        entry.is_reachable, entry.checked_at, entry.finding = None, None, ""
    entry.code, entry.name, entry.item_type, entry.basis, entry.url = code, name, item_type, basis[:500], url
    entry.status, entry.updated_at, entry.updated_by = PowerListItem.Status.ACTIVE, at, by.name
    entry.save()
    own = list(ImplementationItem.objects.visible_to(by).filter(pk__in=items, region_id__startswith=by.region_prefix))
    if len(own) != len(set(items)):
        raise Refused("选择的事项里有不属于您管理范围的，请重新选择。")
    linked = [str(pk) for pk in entry.items.order_by("pk").values_list("pk", flat=True)]
    entry.items.set(own)
    now = sorted(str(i.pk) for i in own)
    journal.write(
        subject=entry, move="change_power" if power else "add_power", by=by, at=at, law=LIST_LAW, note=name,
        changes={**journal.changes(before, journal.picture(entry)), **({"items": [linked, now]} if linked != now else {})},
    )  # fmt: skip
    return entry


@transaction.atomic
def remove_power(*, power: UUID, org: Org, reason: str, by: Actor, at: datetime) -> PowerListItem:
    """Take an entry off the list; it stays in the journal."""
    _may(by, org)
    if len(reason.strip()) < 4:
        raise Refused("请写明移出清单的依据或者原因（至少 4 个字）。")
    entry = PowerListItem.objects.select_for_update(of=("self",)).get(pk=power, org=org)
    entry.status, entry.updated_at, entry.updated_by = PowerListItem.Status.REMOVED, at, by.name
    entry.save()
    journal.write(subject=entry, move="remove_power", by=by, at=at, law=LIST_LAW, note=reason.strip()[:300], facts={})
    return entry


def check_links(
    *, org: Org | None, by: Actor, at: datetime, reach: Callable[[str], Reached] = locally, most: int = 5000
) -> LinkCheck:
    """Open every link of the power list once and keep what was found; nothing is guessed about links not opened.

    Args:
        org: one unit's list; None for the whole territory of the actor.
        reach: how a link is opened; by itself the platform opens only its own addresses.
    """
    entries = PowerListItem.objects.filter(status="active", org__region_id__startswith=by.region_prefix).exclude(
        url=""
    )
    if org is not None:
        _may(by, org)
        entries = entries.filter(org=org)
    elif not access.sees_territory(by) and not by.is_system:
        raise Refused("您当前的岗位只能检查本单位的链接。")
    run = LinkCheck(org=org, made_at=at, made_by=by.name)
    seen: dict[str, Reached] = {}
    checked = list(entries.order_by("code", "pk")[:most])
    for entry in checked:
        if entry.url not in seen:
            seen[entry.url] = reach(entry.url)
        found = seen[entry.url]
        entry.is_reachable, entry.finding, entry.checked_at = found.ok, found.words, at
        run.reachable += found.ok is True
        run.unreachable += found.ok is False
        run.unknown += found.ok is None
    with transaction.atomic():
        PowerListItem.objects.bulk_update(checked, ["is_reachable", "finding", "checked_at"], batch_size=500)
        run.save()
        journal.write(
            subject=run, move="check_links", by=by, at=at, law=LIST_LAW,
            facts={"reachable": run.reachable, "unreachable": run.unreachable, "unknown": run.unknown},
        )  # fmt: skip
    return run


@transaction.atomic
def list_as_negative(*, item: UUID, reason: str, document_number: str = "", by: Actor, at: datetime) -> NegativeEntry:
    """Put an item that is not handled in the hall on the negative list, with the reason.

    Raises:
        Refused: not the authority's post, an item that is in the hall, no reason, or listed already.
    """
    subject = ImplementationItem.objects.select_for_update(of=("self",)).get(pk=item)
    if not access.service_admin(by, subject):
        raise Refused(f"您当前的岗位不能维护负面清单。{access.service_admin.__doc__}")
    if subject.version_id is None or subject.is_closed:
        raise Refused(f"这个事项现在是“{ITEM_FLOW.label(subject.state)}”，没有对外公布，不用列入负面清单。")
    if subject.is_in_hall:
        raise Refused("这个事项的现行版本写明进驻大厅，不能列入负面清单。请先请部门调整事项。")
    if len(reason.strip()) < 4:
        raise Refused("请写明不进驻大厅的原因（至少 4 个字），例如：场地有特殊要求、涉密。")
    if NegativeEntry.objects.filter(item=subject, removed_at=None).exists():
        raise Refused("这个事项已在负面清单里。")
    entry = NegativeEntry.objects.create(
        item=subject, reason=reason.strip()[:300], document_number=document_number.strip()[:80], listed_at=at,
        listed_by=by.name,
    )  # fmt: skip
    journal.write(
        subject=subject, move="list_as_negative", by=by, at=at, law=HALL_LAW, note=entry.reason,
        facts={"document_number": entry.document_number},
    )  # fmt: skip
    return entry


@transaction.atomic
def take_off_negative(*, entry: UUID, reason: str, by: Actor, at: datetime) -> NegativeEntry:
    """Take an item off the negative list."""
    listed = NegativeEntry.objects.select_for_update(of=("self",)).select_related("item").get(pk=entry)
    if not access.service_admin(by, listed.item):
        raise Refused(f"您当前的岗位不能维护负面清单。{access.service_admin.__doc__}")
    if listed.removed_at:
        raise Refused("这个事项已经移出负面清单。请刷新页面。")
    if len(reason.strip()) < 4:
        raise Refused("请写明移出的原因（至少 4 个字），例如：已进驻大厅。")
    listed.removed_at, listed.removed_by = at, by.name
    listed.save(update_fields=["removed_at", "removed_by"])
    journal.write(
        subject=listed.item, move="take_off_negative", by=by, at=at, law=HALL_LAW, note=reason.strip()[:300], facts={}
    )
    return listed
