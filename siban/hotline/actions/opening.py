"""The open interface: keys are issued and revoked, demands are filed from outside, once each."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from siban.kernel import journal
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.flow import Refused

from .. import access
from .. import rules_open311 as rules
from ..models_categories import Category
from ..models_open311 import InterfaceKey
from ..models_orders import Order
from . import intake

PREFIX = "o311_"


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(*, by: Actor, at: datetime, name: str) -> tuple[InterfaceKey, str]:
    """A new key for a partner; the key itself is given once and kept nowhere. Raises Refused."""
    _may(by)
    if len(name.strip()) < 2:
        raise Refused("请写明使用单位。")
    text = PREFIX + secrets.token_urlsafe(24)
    key = InterfaceKey.objects.create(
        name=name.strip()[:60], digest=digest(text), ending=text[-4:], region_id=by.region_code, issued_at=at, issued_by=by.name
    )  # fmt: skip
    journal.write(subject=key, move="issue", by=by, at=at, law=rules.LAW, fresh=True)
    return key, text


@transaction.atomic
def revoke(*, by: Actor, at: datetime, key_id: UUID) -> InterfaceKey:
    """The key opens nothing any more. Raises Refused."""
    _may(by)
    key = InterfaceKey.objects.select_for_update().filter(pk=key_id, region_id__startswith=by.region_prefix).first()
    if key is None or key.revoked_at is not None:
        raise Refused("这个密钥已经停用，请刷新页面。")
    key.revoked_at, key.revoked_by = at, by.name
    key.save(update_fields=["revoked_at", "revoked_by"])
    journal.write(subject=key, move="revoke", by=by, at=at, law=rules.LAW)
    return key


def _may(by: Actor) -> None:
    if not access.may_set_rules(by):
        raise Refused("由本地区的热线派单员、政务服务管理机构发放和停用接口密钥。")


@transaction.atomic
def file(
    *, key: InterfaceKey, at: datetime, service: Category, nature: str, region: str, said: Mapping[str, str],
    latitude: Decimal | None, longitude: Decimal | None, photos: Sequence[Any], given: str = "",
) -> Order:  # fmt: skip
    """A demand through the open interface; the same again within minutes is the same demand. Raises Refused, FileRefused."""
    mark = rules.same(str(key.pk), said, [_mark(photo) for photo in photos], given=given)
    slot = int(at.timestamp() // rules.REPEATED.total_seconds())
    names = [f"o:{mark}"] if given else [f"o:{mark}:{slot - 1}", f"o:{mark}:{slot}"]
    known = Order.objects.filter(
        key__in=names, received_at__gte=at - (timedelta(days=3650) if given else rules.REPEATED)
    ).first()
    if known is not None:
        return known
    by = SYSTEM.through("api")
    order = intake.receive(
        by=by, at=at, channel="open311", text=said["description"], region_code=region, place=said.get("address_string", ""),
        caller_name=(said.get("last_name", "") + said.get("first_name", "")), caller_phone=said.get("phone", ""),
        caller_key=said.get("account_id") or said.get("device_id") or said.get("email") or "", latitude=latitude,
        longitude=longitude, key=names[-1],
    )  # fmt: skip
    if order.received_at != at or order.files.exists():
        return order  # somebody was quicker with the same
    for photo in photos:
        intake.attach(order=order, content=photo.file, name=photo.name or "照片", kind="caller", by=by, at=at)
    InterfaceKey.objects.filter(pk=key.pk).update(uses=F("uses") + 1, last_used_at=at)
    return intake.register(order_id=order.pk, by=by, at=at, leaf=service.code, nature=nature)


def _mark(photo: Any) -> bytes:
    photo.seek(0)
    found = hashlib.sha256(photo.read()).digest()
    photo.seek(0)
    return found
