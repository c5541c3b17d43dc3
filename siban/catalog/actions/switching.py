"""Rules and the following of addresses switched on and off by the authority of a region, each with its reason."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from siban.identity.api import Region
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

from .. import access
from ..checks import ITEM, UNIT
from ..models import AddressProbe, RuleSwitch

LAW = "政务服务事项质量规则"
NEEDED = frozenset({"TYPE"})  # the others cannot be asked of elements of a wrong kind
SHORTEST = 4


def may_switch(by: Actor, region: Region) -> None:
    """Refuse whoever is not the authority of the region."""
    if not access.switches_rules(by, region.code):
        raise Refused(f"您当前的岗位不能调整“{region.name}”的规则。{access.switches_rules.__doc__}")


def _reason(said: str) -> str:
    if len(said.strip()) < SHORTEST:
        raise Refused(f"请写明原因（至少 {SHORTEST} 个字），例如：本地午休时段不同，按当地规定。")
    return said.strip()[:300]


@transaction.atomic
def switch_rule(*, rule: str, region: str, severity: str, reason: str, by: Actor, at: datetime) -> RuleSwitch:
    """Switch a rule off in a region, or have it taken as an error or as a warning; what was decided before is replaced.

    Raises:
        Refused: not the region's authority, no such rule, one that the others rest on, no reason.
    """
    place = Region.objects.filter(pk=region).first()
    if place is None:
        raise Refused("没有这个地区，请重新选择。")
    may_switch(by, place)
    if rule not in ITEM and rule not in UNIT:
        raise Refused(f"没有编号为“{rule[:10]}”的规则，请重新选择。")
    if rule in NEEDED:
        raise Refused(f"其他规则都以 {rule} 为前提，不能调整。")
    if severity not in RuleSwitch.Level.values:
        raise Refused("请选择怎样处理：按错误、按提醒，或者不检查。")
    why = _reason(reason)
    before = RuleSwitch.objects.select_for_update().filter(region=place, rule=rule, ended_at=None).first()
    if before is not None:
        before.ended_at, before.ended_by = at, by.name
        before.save(update_fields=["ended_at", "ended_by"])
    try:
        with transaction.atomic():
            made = RuleSwitch.objects.create(
                region=place, rule=rule, severity=severity, reason=why, set_at=at, set_by=by.name
            )
    except IntegrityError:
        raise Refused("这条规则刚刚被别人调整过，请刷新页面后再看。") from None
    journal.write(
        subject=made, move="switch_rule", by=by, at=at, law=LAW, note=why,
        changes={"severity": [before.severity if before else None, severity]},
        facts={"rule": rule, "region": place.code, "region_name": place.name},
    )  # fmt: skip
    return made


@transaction.atomic
def end_switch(*, switch: UUID, reason: str, by: Actor, at: datetime) -> RuleSwitch:
    """Take a decision about a rule back; the rule holds again as declared."""
    found = RuleSwitch.objects.select_for_update(of=("self",)).select_related("region").get(pk=switch)
    may_switch(by, found.region)
    if found.ended_at is not None:
        raise Refused("这一条调整已经恢复过了。")
    why = _reason(reason)
    found.ended_at, found.ended_by = at, by.name
    found.save(update_fields=["ended_at", "ended_by"])
    journal.write(
        subject=found, move="end_switch", by=by, at=at, law=LAW, note=why,
        changes={"severity": [found.severity, None]}, facts={"rule": found.rule, "region": found.region_id},
    )  # fmt: skip
    return found


@transaction.atomic
def follow_addresses(*, region: str, on: bool, reason: str, by: Actor, at: datetime) -> None:
    """Have the addresses of this platform followed when items of a region are checked, or no longer."""
    place = Region.objects.filter(pk=region).first()
    if place is None:
        raise Refused("没有这个地区，请重新选择。")
    may_switch(by, place)
    why = _reason(reason)
    there = AddressProbe.objects.select_for_update().filter(pk=region)
    if on == there.exists():
        return
    if on:
        AddressProbe.objects.create(region=place, reason=why, set_at=at, set_by=by.name)
    else:
        there.delete()
    journal.write(
        subject=("catalog.addressprobe", region), move="follow_addresses", by=by, at=at, law=LAW, note=why,
        changes={"on": [not on, on]}, facts={"region": region},
    )  # fmt: skip
