"""划转: what one organisation did is done by another from now on, under a new code; the old code stops in the same instant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from siban.identity.api import Org
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import Refused

from .. import rules
from ..flow import CONCENTRATED, ITEM_FLOW, ItemState
from ..models import CatalogItem, ImplementationItem, ItemVersion
from . import inheriting
from .compiling import as_published
from .publishing import _put_in_force


def refusal_to_transfer(item: ImplementationItem, to: Org) -> str | None:
    """Why this item can't go to that organisation now, as a sentence; None when it can."""
    if item.version_id is None or item.state not in (ItemState.PUBLISHED, ItemState.SUSPENDED):
        return f"“{item.name}”现在是“{item.get_state_display()}”，只有已发布、没有在调整的事项才能划转。"
    if item.org_id == to.pk:
        return f"“{item.name}”已经由{to.short_name}实施。"
    if not to.uscc:
        return f"{to.short_name}没有统一社会信用代码，编不出新的实施编码。请先在机构信息里补上。"
    code = rules.impl_code(to.uscc, item.level, item.catalog_item_id)
    if ImplementationItem.objects.filter(impl_code=code).exists():
        return f"{to.short_name}已经有“{item.name}”（{code}）。同一事项不能两家都办，请先取消其中一个。"
    return None


@transaction.atomic
def transfer(*, item: UUID, to: Org, document_number: str, by: Actor, at: datetime) -> ImplementationItem:
    """Close the item under its old code and publish it under the new organisation's, in one transaction.

    Cases under way stay bound to the version they were made under. Items of lower levels follow the new one.

    Args:
        by: who hands over, kept in the journal; the moves themselves are the system's, made by the signed memo.

    Raises:
        Refused: see `refusal_to_transfer`; no document number.
    """
    old = (
        ImplementationItem.objects.select_for_update(of=("self",))
        .select_related("version", "catalog_item")
        .get(pk=item)
    )
    if not document_number.strip():
        raise Refused("划转要有备忘录的文号。")
    if why := refusal_to_transfer(old, to):
        raise Refused(why)
    assert old.version is not None
    assert to.uscc is not None
    code = rules.impl_code(to.uscc, old.level, old.catalog_item_id)
    facts: dict[str, Any] = {
        "document_number": document_number.strip(), "from": old.impl_code, "to": code, "by": str(by.id or ""),
        "by_name": by.name,
    }  # fmt: skip
    was_suspended = old.is_suspended
    new = ImplementationItem(
        slug=_slug(to, old), impl_code=code, catalog_item=old.catalog_item, org=to, region_id=old.region_id,
        base=old.base, name=old.name, item_type=old.item_type, level=old.level,
    )  # fmt: skip
    ITEM_FLOW.begin(new, by=SYSTEM, at=at, law=CONCENTRATED, note=f"由“{old.org.name}”划转")
    ImplementationItem.objects.filter(base=old).update(base=new)
    with ITEM_FLOW.step("transfer_out", by=SYSTEM, at=at, note=f"划转给“{to.name}”", pk=old.pk) as step:
        step.facts.update(facts)
        inheriting.ended(step.subject, at=at)
        step.subject.versions.filter(is_published=True, retired_at=None).update(
            retired_at=at, drafts_until=local_day(at)
        )
    version = ItemVersion(
        item=new, number=1, content={}, content_hash="", created_at=at, created_by=by.name,
        effective_on=local_day(at), reason=f"划转：{document_number.strip()}"[:300],
    )  # fmt: skip
    version.content = as_published(_rewritten(old.version.content, old, new, to), number=1, day=local_day(at))
    version.content_hash = rules.content_hash(version.content)
    version.save(force_insert=True)
    with ITEM_FLOW.step("transfer_in", by=SYSTEM, at=at, note=f"由“{old.org.name}”划转", pk=new.pk) as step:
        _put_in_force(step.subject, version, by=by, at=at)
        step.subject.is_suspended = was_suspended
        step.facts.update(facts)
    new = step.subject
    new.powers.add(*old.powers.all())
    CatalogItem.objects.filter(presented_by=old).update(presented_by=new)
    return new  # type: ignore[no-any-return]


def _slug(to: Org, old: ImplementationItem) -> str:
    """`approval_bureau/item-from-old`, unique."""
    wanted = f"{to.code}/{old.slug.rpartition('/')[2].rpartition('.')[2]}"[:100]
    taken = ImplementationItem.objects.filter(slug__startswith=wanted).count()
    return f"{wanted}-{taken + 1}" if taken else wanted


def _rewritten(content: dict[str, Any], old: ImplementationItem, new: ImplementationItem, to: Org) -> dict[str, Any]:
    """The same elements under the new organisation and code; what people are to call is the new office."""
    handling = [
        {**h, "code": str(h.get("code", "")).replace(old.impl_code, new.impl_code)}
        for h in content.get("handling_items") or ()
    ]
    return {
        **content, "id": new.slug, "impl_code": new.impl_code, "dept_id": to.code, "dept_name": to.name,
        "dept_uscc": to.uscc, "dept_nature": to.nature, "version": 1, "handling_items": handling,
        "handling_code": (content.get("handling_code") or "").replace(old.impl_code, new.impl_code) or None,
        "authorisation_letter": None, "accept_on_receipt": False,
        "consult_phones": [to.consult_phone] if to.consult_phone else content.get("consult_phones") or [],
        "complain_phones": [to.complaint_phone] if to.complaint_phone else content.get("complain_phones") or [],
    }  # fmt: skip
