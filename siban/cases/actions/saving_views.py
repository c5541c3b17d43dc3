"""Lists kept under a name: saved, made the first one to open, shared within the unit, let go."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siban.cases.models_desk import SavedView
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused

MOST = 20  # views of one person


@transaction.atomic
def save_view(
    *, name: str, query: str, is_default: bool = False, is_shared: bool = False, by: Actor, at: datetime
) -> SavedView:
    """Keep the conditions of a list under a name; the same name again replaces what it stood for.

    Args:
        query: as `Filter.query()` writes it, never longer than a list can be narrowed.

    Raises:
        Refused: no name, too many views, a post without a unit.
    """
    name = " ".join(name.split())[:20]
    if not name:
        raise Refused("请给视图起个名字，例如：我的食品经营。")
    if by.account_id is None or by.org_id is None:
        raise Refused("您当前的岗位不属于某个单位，不能保存视图。")
    own = SavedView.objects.select_for_update().filter(owner_id=by.account_id)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise Refused(f"最多保存 {MOST} 个视图，请先删除不用的。")
    if is_default:
        own.update(is_default=False)
    view, _ = SavedView.objects.update_or_create(
        owner_id=by.account_id, name=name,
        defaults={
            "org_id": by.org_id, "query": query[:600], "is_default": is_default, "is_shared": is_shared, "saved_at": at,
        },
    )  # fmt: skip
    return view


@transaction.atomic
def drop_view(*, view_id: UUID, by: Actor) -> str:
    """Let one of one's own views go. Returns its name. Raises DoesNotExist for anybody else's."""
    view = SavedView.objects.select_for_update().get(pk=view_id, owner_id=by.account_id)
    view.delete()
    return view.name


@transaction.atomic
def open_first(*, view_id: UUID | None, by: Actor) -> None:
    """Make one of one's own views the one the list opens with; none makes it open with everything."""
    own = SavedView.objects.select_for_update().filter(owner_id=by.account_id)
    own.update(is_default=False)
    if view_id is not None:
        view = own.get(pk=view_id)
        view.is_default = True
        view.save(update_fields=["is_default"])
